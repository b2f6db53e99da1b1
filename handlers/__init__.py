"""COMMAND -> ANSWER, inside the caller's transaction; knows no socket, no HTTP, no clock."""
