"""The wiring: settings to a running service."""
