"""PA (phan anh): a report of something in the city."""

from __future__ import annotations

from parsers.commands.conversation import FileReport
from parsers.grammars.conversation.content import ticket_text

GRAMMAR = ticket_text(FileReport, service="report", keywords=("PA",))
