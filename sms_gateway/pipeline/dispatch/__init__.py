"""Dispatch: stored texts are read, carried out and answered."""
