"""Tuning: CPU affinity, warm-up and interpreter settings."""
