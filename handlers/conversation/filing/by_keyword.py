"""F1: texts with an exact keyword of a service that is on, and near misses that are asked back."""

from __future__ import annotations

from db.schema.ticket_states import TicketKind
from handlers.conversation.filing.by_number import (
    acknowledgement,
    is_no_rating,
    note,
    number_in_text,
    rating,
    reply,
    status,
    withdrawal,
)
from handlers.conversation.filing.filed import Does, Filed, Rule
from handlers.conversation.filing.heard import Heard
from handlers.conversation.filing.opening import Opening, open_ticket
from handlers.conversation.filing.policy import Policy
from handlers.conversation.filing.unnamed import continued, details_are_asked, one, several, several_waiting, waiting
from handlers.conversation.situation import Situation
from parsers.commands import Command, LookUpStatus, ShowHelp
from parsers.commands.conversation import (
    AcknowledgeUrgent,
    AskQuestion,
    CallUrgently,
    FileProposal,
    FileReport,
    FileSuggestion,
    RateTicket,
    Remark,
    ReplyToTicket,
    ShowTicketStatus,
    TicketText,
    WithdrawTicket,
)
from parsers.misread import Misread

KINDS: dict[str, TicketKind] = {
    AskQuestion.name: TicketKind.QUESTION,
    FileReport.name: TicketKind.REPORT,
    FileProposal.name: TicketKind.PROPOSAL,
    FileSuggestion.name: TicketKind.PROPOSAL,
    CallUrgently.name: TicketKind.REPORT,
}
"""The kind of ticket that a command opens."""


def as_meant(heard: Heard, situation: Situation) -> Heard:
    """Take a command for a remark where its keyword is ordinary words, or DG without a score and nothing to rate.

    Ordinary words count as a keyword only where no rule for remarks would take the text.
    """
    match heard.reading:
        case TicketText(is_framed=True):
            remark = heard.as_remark()
            rules = (number_in_text, continued, waiting, several_waiting, one, several)
            return remark if any(rule(remark, situation) is not None for rule in rules) else heard
        case RateTicket() as command if is_no_rating(command, situation):
            return heard.as_remark()
    return heard


def keyword(heard: Heard, situation: Situation, policy: Policy) -> Filed | None:
    """Carry out what a keyword begins; ask back about what is nearly a command, whatever is open."""
    if situation.is_duty and not isinstance(heard.reading, AcknowledgeUrgent | Misread | LookUpStatus):
        noted = note(heard, situation)
        if noted is not None:
            return noted
    match heard.reading:
        case Remark():
            return _near_miss(heard, situation)
        case Misread():
            return None if _is_details(heard, situation) else Filed(rule=Rule.KEYWORD, does=Does.ASK_BACK)
        case LookUpStatus() | ShowHelp() if _is_details(heard, situation):
            return None
        case TicketText() as text:
            return _open(heard, text, situation, policy)
        case command:
            filed = _for_a_ticket(heard, command, situation)
            return filed if filed is not None else Filed(rule=Rule.KEYWORD, does=Does.COMMAND)


def _for_a_ticket(heard: Heard, command: Command, situation: Situation) -> Filed | None:
    """Carry out a command that is about one ticket; None for the others."""
    match command:
        case ShowTicketStatus():
            return status(heard, command, situation)
        case ReplyToTicket():
            return reply(heard, command, situation)
        case RateTicket():
            return rating(command, situation)
        case WithdrawTicket():
            return withdrawal(command, situation)
        case AcknowledgeUrgent():
            return acknowledgement(command, situation)
    return None


def _is_details(heard: Heard, situation: Situation) -> bool:
    """Return whether a text without keyword answers what we asked for, so that it is no near miss and no look-up."""
    return heard.is_bare and details_are_asked(situation) and waiting(heard, situation) is not None


def _near_miss(heard: Heard, situation: Situation) -> Filed | None:
    """Keep a text whose first word is nearly a keyword, and ask; danger to life is not asked about."""
    if heard.remark.near is None or heard.reaction is not None or heard.has_urgent_phrase:
        return None
    if details_are_asked(situation) and waiting(heard, situation) is not None:
        return None
    return Filed(rule=Rule.FREE_TEXT, does=Does.ASK_SEND, is_kept=True)


def _open(heard: Heard, command: TicketText, situation: Situation, policy: Policy) -> Filed:
    is_call = isinstance(command, CallUrgently)
    if is_call and not policy.has_urgent:
        return Filed(rule=Rule.KEYWORD, does=Does.HELP)
    opening = Opening(
        rule=Rule.KEYWORD,
        kind=KINDS[command.name],
        words=command.words,
        is_urgent=is_call or (policy.has_urgent and heard.has_urgent_phrase),
        is_forced=command.is_forced,
        is_unlimited=is_call,
    )
    return open_ticket(opening, situation, policy)
