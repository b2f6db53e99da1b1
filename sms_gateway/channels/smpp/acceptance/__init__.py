"""The acceptance test with a carrier."""
