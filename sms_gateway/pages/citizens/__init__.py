"""Pages about citizens: accounts, dossiers, persons, blocked numbers."""
