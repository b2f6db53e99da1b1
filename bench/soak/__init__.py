"""The long run: a steady load for hours, with all that happens beside it; nothing may grow."""
