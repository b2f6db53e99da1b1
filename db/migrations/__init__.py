"""The migrations, oldest first; run by db.revision."""
