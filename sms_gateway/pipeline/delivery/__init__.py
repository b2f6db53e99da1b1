"""Delivery: answers are sent, and their receipts matched."""
