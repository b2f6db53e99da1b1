"""Attackers of every kind, and what they get."""
