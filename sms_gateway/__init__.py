"""THE EDGES: sockets, HTTP, environment, clock, threads."""

__version__ = "0.1.0"
