"""ROWS, and the questions asked of them. Takes a connection, never commits."""
