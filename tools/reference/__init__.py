"""Pages of docs/reference/ that are written from the program: commands, states, metrics, the interface for systems."""
