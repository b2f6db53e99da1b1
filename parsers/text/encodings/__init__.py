"""Texts that were encoded wrongly on their way, and how to repair them."""
