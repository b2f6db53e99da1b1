"""The grammars, one command a module."""
