"""The reports: lists and counts that the pages show."""
