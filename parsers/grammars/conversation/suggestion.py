"""GY (gop y): a suggestion."""

from __future__ import annotations

from parsers.commands.conversation import FileSuggestion
from parsers.grammars.conversation.content import ticket_text

GRAMMAR = ticket_text(FileSuggestion, service="suggestion", keywords=("GY",))
