"""HOI: a question to the people of the service."""

from __future__ import annotations

from parsers.commands.conversation import AskQuestion
from parsers.grammars.conversation.content import ticket_text

GRAMMAR = ticket_text(AskQuestion, service="question", keywords=("HOI", "CAU HOI"), can_be_forced=True)
