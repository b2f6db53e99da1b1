"""F3: reactions that answer what we asked last, and words that join a text that is kept for a choice."""

from __future__ import annotations

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from handlers.conversation.filing.by_keyword import KINDS
from handlers.conversation.filing.entries import add_to
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.filing.heard import Heard
from handlers.conversation.filing.opening import Opening, open_ticket
from handlers.conversation.filing.policy import Policy
from handlers.conversation.filing.reactions import COURTESY, RATINGS, react, react_to_why_low
from handlers.conversation.filing.unnamed import SECONDS_OF_ONE_THOUGHT, offered, rule_of_which
from handlers.conversation.situation import NEW, Ask, OwnTicket, Situation
from parsers.text.reactions import Reaction, ReactionKind

_OVER = (TicketState.RESOLVED, TicketState.CLOSED)
_SEND, _DROP = 1, 2
_SENDS = (ReactionKind.YES, ReactionKind.OK, ReactionKind.POLITE)


def answer(heard: Heard, situation: Situation, policy: Policy) -> Filed | None:
    """File a text that answers the live ask (F3)."""
    asked = situation.live
    if asked is None or not heard.is_remark:
        return None
    match asked.kind:
        case AskKind.RATE:
            return _rating(heard, _answered(asked, situation))
        case AskKind.WHY_LOW:
            return _why_low(heard, _answered(asked, situation))
        case AskKind.WHICH if heard.reaction is not None:
            return _choice(heard.reaction, asked, situation, policy)
        case AskKind.SEND_KEPT if heard.reaction is not None:
            return _send(heard.reaction, asked, situation, policy)
    return None


def join_which(heard: Heard, situation: Situation) -> Filed | None:
    """Add words to the text that waits for a choice between tickets."""
    asked = situation.live_of(AskKind.WHICH)
    if asked is None or not heard.is_remark:
        return None
    return _joined(asked, rule_of_which(situation), Does.ASK_WHICH)


def join_kept(heard: Heard, situation: Situation) -> Filed | None:
    """Add words to the text of which we asked whether to send it."""
    asked = situation.live_of(AskKind.SEND_KEPT)
    return _joined(asked, Rule.FREE_TEXT, Does.ASK_SEND) if asked is not None and heard.is_remark else None


def _joined(asked: Ask, rule: Rule, does: Does) -> Filed:
    is_asked_again = asked.seconds >= SECONDS_OF_ONE_THOUGHT
    return Filed(rule=rule, does=does if is_asked_again else Does.SILENT, is_kept=True, choices=asked.choices)


def _answered(asked: Ask, situation: Situation) -> OwnTicket | None:
    """Return the ticket that was asked about, while it is answered; one that is open again is asked about no more."""
    ticket = situation.find(asked.ticket)
    return ticket if ticket is not None and ticket.state in _OVER else None


def _rating(heard: Heard, ticket: OwnTicket | None) -> Filed | None:
    if heard.reaction is None or ticket is None:
        return None
    filed = react(heard.reaction, ticket, Rule.ASKED, is_rating_asked=True)
    return on(ticket, Rule.NOTHING, Does.SILENT) if filed.does is Does.SILENT else filed


def _why_low(heard: Heard, ticket: OwnTicket | None) -> Filed | None:
    if ticket is None:
        return None
    if heard.reaction is not None:
        return react_to_why_low(heard.reaction, ticket, Rule.ASKED)
    return on(ticket, Rule.ASKED, Does.REOPEN, TicketState.OPEN)


def _choice(reaction: Reaction, asked: Ask, situation: Situation, policy: Policy) -> Filed:
    if reaction.kind in (*COURTESY, ReactionKind.DONE):
        return Filed(rule=Rule.ASKED, does=Does.SILENT)
    number = _digit(reaction)
    choice = asked.choices[number - 1] if number is not None and number <= len(asked.choices) else None
    if choice == NEW:
        return _open_kept(asked, situation, policy)
    ticket = situation.find(choice)
    if ticket is not None:
        return add_to(ticket, Rule.ASKED)
    choices = asked.choices or offered(situation)
    return Filed(rule=Rule.ASKED, does=Does.ASK_WHICH, is_kept=True, choices=choices)


def _send(reaction: Reaction, asked: Ask, situation: Situation, policy: Policy) -> Filed:
    number = _digit(reaction)
    if number == _SEND or reaction.kind in _SENDS:
        return _open_kept(asked, situation, policy)
    if number == _DROP or reaction.kind is ReactionKind.NO:
        return Filed(rule=Rule.ASKED, does=Does.DROP)
    if reaction.kind in (ReactionKind.THANKS, ReactionKind.DONE):
        return Filed(rule=Rule.ASKED, does=Does.SILENT)
    return Filed(rule=Rule.ASKED, does=Does.ASK_SEND, is_kept=True)


def _digit(reaction: Reaction) -> int | None:
    """Return the digit of a choice; a word of the scale is none."""
    return reaction.value if reaction.kind in RATINGS and not reaction.by_words else None


def _open_kept(asked: Ask, situation: Situation, policy: Policy) -> Filed:
    kind = KINDS.get(asked.kept_command or "", TicketKind.QUESTION)
    return open_ticket(Opening(rule=Rule.ASKED, kind=kind, words=asked.kept_text), situation, policy)
