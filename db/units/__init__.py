"""Units that answer citizens: their rows, calendars, people, and the rules that lead to them."""
