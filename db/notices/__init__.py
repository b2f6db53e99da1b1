"""Notices to citizens: who agreed to them, what a change makes of them, what is due, and what became of them."""
