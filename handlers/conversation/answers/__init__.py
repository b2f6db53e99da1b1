"""The answers of the conversation, out of plain facts; each in one segment unless a function says otherwise."""
