"""The page of one ticket, and everything that is done there."""
