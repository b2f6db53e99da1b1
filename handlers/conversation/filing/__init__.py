"""Filing: which rule takes a text, and what is done with it. Pure: no rows, no clock, no settings but the policy.

The rules are tried in one order, and the first that fits decides. So every text is filed by exactly one rule.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from db.schema.ticket_states import TicketKind, TicketState
from handlers.conversation.filing.by_ask import answer, join_kept, join_which
from handlers.conversation.filing.by_keyword import as_meant, keyword
from handlers.conversation.filing.by_number import number_in_text
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.filing.heard import Heard, hear
from handlers.conversation.filing.opening import UNANSWERED, Opening, newest, open_ticket
from handlers.conversation.filing.policy import FreeText, Policy
from handlers.conversation.filing.reactions import COURTESY
from handlers.conversation.filing.unnamed import continued, one, several, several_waiting, waiting
from handlers.conversation.situation import Situation
from parsers.commands import Command
from parsers.commands.conversation import Remark
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from parsers.reading.conversation import is_bare
from parsers.text.normal_form import normalise
from parsers.text.reactions import ReactionKind
from parsers.vocabulary import CONVERSATION_VOCABULARY

_FEWEST_WORDS = 3
"""Words of a text without keyword that may be for people; a question may have fewer."""
_DEFAULT_POLICY = Policy()


def file(
    reading: Command | Misread,
    text: str,
    situation: Situation,
    *,
    vocabulary: Vocabulary = CONVERSATION_VOCABULARY,
    short_codes: Collection[str] = ("8188",),
    policy: Policy = _DEFAULT_POLICY,
) -> Filed:
    """Decide what is done with a text; `reading` is that of `parsers.read` with the same vocabulary.

    >>> from datetime import date
    >>> from parsers import read
    >>> text = "HOI may gio phuong mo cua"
    >>> reading = read(text, today=date(2026, 11, 28), vocabulary=CONVERSATION_VOCABULARY)
    >>> filed = file(reading, text, Situation())
    >>> filed.rule.value, filed.does.value, filed.command
    ('F1', 'new_ticket', 'question')
    """
    if situation.guard is not None:
        return replace(Filed(rule=Rule.GUARD, does=Does.SILENT), command=_name(reading))
    heard = as_meant(hear(reading, text, situation, vocabulary=vocabulary, short_codes=short_codes), situation)
    return replace(_decide(heard, situation, policy), command=_name(heard.reading))


def needs_situation(reading: Command | Misread, text: str, vocabulary: Vocabulary) -> bool:
    """Return whether filing must know the sender's tickets: not for TK, DVC and HD behind their keywords."""
    if not vocabulary.conversation:
        return False
    if not isinstance(reading, Misread) and vocabulary.of(reading).is_conversation:
        return True
    return is_bare(reading, normalise(text), vocabulary)


def _name(reading: Command | Misread) -> str | None:
    return None if isinstance(reading, Misread | Remark) else reading.name


def _decide(heard: Heard, situation: Situation, policy: Policy) -> Filed:
    """Try the rules in their order: F14 was tried before; F12 and F13 are in whatever opens a ticket."""
    return (
        _nothing_said(heard)
        or keyword(heard, situation, policy)
        or number_in_text(heard, situation)
        or _stop(heard)
        or _urgent(heard, situation, policy)
        or continued(heard, situation)
        or answer(heard, situation, policy)
        or join_which(heard, situation)
        or waiting(heard, situation)
        or several_waiting(heard, situation)
        or one(heard, situation)
        or several(heard, situation)
        or _reaction_to_nothing(heard)
        or join_kept(heard, situation)
        or _free_text(heard, situation, policy)
    )


def _nothing_said(heard: Heard) -> Filed | None:
    return Filed(rule=Rule.NOTHING, does=Does.SILENT) if heard.is_empty else None


def _stop(heard: Heard) -> Filed | None:
    """End the notices (F9), whatever is open."""
    is_stop = heard.reaction is not None and heard.reaction.kind is ReactionKind.STOP
    return Filed(rule=Rule.STOP, does=Does.STOP) if is_stop else None


def _urgent(heard: Heard, situation: Situation, policy: Policy) -> Filed | None:
    """Take words of danger to life for an urgent report (F11), without asking."""
    if heard.reaction is not None or not heard.has_urgent_phrase:
        return None
    if not policy.has_urgent:
        return Filed(rule=Rule.URGENT, does=Does.HELP)
    ticket = newest([one for one in situation.tickets if one.state in UNANSWERED])
    if ticket is None:
        words = heard.whole.shown
        opening = Opening(rule=Rule.URGENT, kind=TicketKind.REPORT, words=words, is_urgent=True, is_unlimited=True)
        return open_ticket(opening, situation, policy)
    state = TicketState.OPEN if ticket.state is TicketState.PENDING_CITIZEN else ticket.state
    return replace(on(ticket, Rule.URGENT, Does.ENTRY, state), is_urgent=True)


def _reaction_to_nothing(heard: Heard) -> Filed | None:
    """Answer a reaction when nothing is at hand (F8): courtesy needs no answer."""
    if heard.reaction is None:
        return None
    return Filed(rule=Rule.NOTHING, does=Does.SILENT if heard.reaction.kind in COURTESY else Does.HELP)


def _free_text(heard: Heard, situation: Situation, policy: Policy) -> Filed:
    """Keep a text without keyword and without ticket, and ask whether it is to be sent (F10)."""
    is_enough = heard.count >= _FEWEST_WORDS or heard.remark.is_question
    if not is_enough or policy.free_text is FreeText.OFF:
        return Filed(rule=Rule.FREE_TEXT, does=Does.HELP)
    if policy.free_text is FreeText.OPEN:
        opening = Opening(rule=Rule.FREE_TEXT, kind=TicketKind.QUESTION, words=heard.whole.shown)
        return open_ticket(opening, situation, policy)
    return Filed(rule=Rule.FREE_TEXT, does=Does.ASK_SEND, is_kept=True)
