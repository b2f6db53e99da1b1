"""SOS, KHAN: a report that cannot wait. It never becomes another command, whatever it holds."""

from __future__ import annotations

from parsers.commands.conversation import CallUrgently
from parsers.grammars.conversation.content import ticket_text
from parsers.grammars.keyword_writing import word_among_words

GRAMMAR = ticket_text(
    CallUrgently, service="urgent", keywords=("SOS", "KHAN"), yields_to=frozenset(), writing=word_among_words
)
