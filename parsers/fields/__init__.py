"""The fields of a command, one kind a module."""
