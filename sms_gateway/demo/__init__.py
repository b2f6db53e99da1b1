"""The demo: the whole service with a simulated carrier."""
