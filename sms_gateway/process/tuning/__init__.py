"""Tuning: CPU affinity and interpreter settings."""
