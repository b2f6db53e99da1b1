"""Chaos: the gateway is killed, starved and cut off under load, and every text is counted afterwards."""
