"""The upkeep: backup, copying, new keys, schema revisions and statistics."""
