"""Figures: what came and went by day, month and year, and the report of a quarter."""
