"""Tools for anyone who releases the product; no part of it."""
