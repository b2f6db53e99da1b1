"""Tools for whoever releases the product; no part of it."""
