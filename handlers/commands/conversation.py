"""The commands of the conversation: what is said of them. They are filed, and carried out by handlers.conversation."""

from __future__ import annotations

from dataclasses import replace

from handlers.commands import HANDLERS
from handlers.conversation.effects.outcomes import FRUITFUL, UNANSWERED, WITH_AGENT, FilingOutcome
from handlers.handler import AnyHandler, Handler, Handlers
from handlers.wording.phrases import Phrase
from parsers.commands import Command
from parsers.commands.conversation import (
    AcknowledgeUrgent,
    AskQuestion,
    CallUrgently,
    ChooseLanguage,
    FileProposal,
    FileReport,
    FileSuggestion,
    FindContact,
    RateTicket,
    Remark,
    ReplyToTicket,
    ShowPrivacy,
    ShowTicketStatus,
    WithdrawTicket,
)


def _handler(command: type[Command], said: Phrase | None = None, line: Phrase | None = None) -> AnyHandler:
    return Handler(
        command=command,
        service=command.name,
        help=said,
        line=line,
        outcomes=frozenset(FilingOutcome),
        fruitful=frozenset(FRUITFUL),
        unsaid=frozenset(UNANSWERED),
        between_people=frozenset(WITH_AGENT),
    )


CONVERSATION: tuple[AnyHandler, ...] = (
    _handler(AskQuestion, Phrase.HELP_QUESTION, Phrase.LINE_QUESTION),
    _handler(FileReport, Phrase.HELP_REPORT, Phrase.LINE_REPORT),
    _handler(FileProposal, Phrase.HELP_PROPOSAL, Phrase.LINE_PROPOSAL),
    _handler(FileSuggestion, Phrase.HELP_SUGGESTION, Phrase.LINE_SUGGESTION),
    replace(_handler(CallUrgently, Phrase.HELP_URGENT, Phrase.LINE_URGENT), help_off=Phrase.URGENT_OFF),
    _handler(ShowTicketStatus, Phrase.HELP_TICKET_STATUS, Phrase.LINE_TICKET_STATUS),
    _handler(ReplyToTicket, Phrase.HELP_REPLY),
    _handler(RateTicket, Phrase.HELP_RATING),
    _handler(FindContact, Phrase.HELP_CONTACTS, Phrase.LINE_CONTACTS),
    _handler(WithdrawTicket, Phrase.HELP_WITHDRAWAL),
    _handler(ShowPrivacy, Phrase.HELP_PRIVACY),
    _handler(ChooseLanguage, Phrase.HELP_LANGUAGE),
    _handler(AcknowledgeUrgent, Phrase.HELP_ACKNOWLEDGE),
    _handler(Remark),
)
"""Every command of the conversation, in the order in which the help lists them."""

WITHOUT_URGENT: tuple[AnyHandler, ...] = tuple(
    replace(one, help=one.help_off, line=None) if one.help_off is not None else one for one in CONVERSATION
)
"""The same where urgent texts get the emergency numbers only: no answer teaches SOS."""

ALL_HANDLERS = Handlers((*HANDLERS.every, *CONVERSATION))
"""The commands of a service with conversation."""
