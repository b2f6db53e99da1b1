"""The grammars of the conversation, one command a file, and their table. A vocabulary has them when it is on."""

from __future__ import annotations

from parsers.grammar import AnyGrammar
from parsers.grammars.conversation import (
    acknowledge,
    contacts,
    language,
    privacy,
    proposal,
    question,
    rating,
    remark,
    reply,
    report,
    suggestion,
    ticket_status,
    urgent,
    withdrawal,
)

CONVERSATION: tuple[AnyGrammar, ...] = (
    question.GRAMMAR,
    report.GRAMMAR,
    proposal.GRAMMAR,
    suggestion.GRAMMAR,
    urgent.GRAMMAR,
    ticket_status.GRAMMAR,
    reply.GRAMMAR,
    rating.GRAMMAR,
    contacts.GRAMMAR,
    withdrawal.GRAMMAR,
    privacy.GRAMMAR,
    language.GRAMMAR,
    acknowledge.GRAMMAR,
    remark.GRAMMAR,
)
"""Every command of the conversation, in the order in which the help names them."""
