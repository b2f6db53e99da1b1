"""The migrations, oldest first; run by db.upkeep.revision."""
