"""Intake: texts are stored once, whatever their source repeats."""
