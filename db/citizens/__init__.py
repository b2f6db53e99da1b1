"""The citizens: accounts, dossiers and everything stored about one person."""
