"""The text itself: its normal form, repaired encodings, and the words around a command."""
