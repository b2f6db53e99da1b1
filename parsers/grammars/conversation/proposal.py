"""KN (kien nghi, and often khieu nai): a proposal, or a complaint that cannot be one by law."""

from __future__ import annotations

from parsers.commands.conversation import FileProposal
from parsers.grammars.conversation.content import ticket_text

GRAMMAR = ticket_text(FileProposal, service="proposal", keywords=("KN",))
