"""Intake: texts are stored once, even when their source repeats them."""
