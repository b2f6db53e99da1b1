"""Texts to the short code with known meaning, and how the design files them: written without the product's help."""
