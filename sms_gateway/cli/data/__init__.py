"""Commands that read or change the data."""
