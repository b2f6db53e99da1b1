"""The limits: what one number and all numbers have used of them."""
