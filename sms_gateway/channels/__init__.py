"""The channels: SMPP links and HTTP endpoints."""
