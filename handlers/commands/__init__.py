"""The handlers, one command a module."""
