"""Checks of settings: what does not go together, what is unsafe, host names, and files with secrets."""
