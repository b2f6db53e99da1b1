"""Tickets: citizens' matters, what was said in them, and what is due."""
