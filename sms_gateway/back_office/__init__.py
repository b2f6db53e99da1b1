"""Files that offices hand over, and what becomes of them."""
