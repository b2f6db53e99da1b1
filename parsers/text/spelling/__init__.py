"""Vietnamese syllables, and keystrokes that were not converted into them."""
