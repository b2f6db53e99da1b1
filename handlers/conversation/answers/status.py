"""Answers about tickets that exist, or do not: their state, the list, and withdrawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.schema.ticket_states import CloseReason, TicketState
from handlers.context import ServiceFacts
from handlers.conversation.answers.moments import day_in_words, moment_in_words
from handlers.conversation.answers.quotes import QUESTION_LETTERS, joined, quote_ours, quote_question
from handlers.conversation.answers.sentence import every_form, how_to_rate, how_to_reply, known, one_segment, word
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.wording.fit import cheaper, first_fit
from handlers.wording.phrases import Phrase

MOST_LISTED = 3
"""Tickets in one answer, the newest first."""

_STATES = {
    TicketState.NEW: Phrase.TICKET_NEW,
    TicketState.OPEN: Phrase.TICKET_OPEN,
    TicketState.PENDING_CITIZEN: Phrase.TICKET_PENDING_CITIZEN,
    TicketState.PENDING_THIRD: Phrase.TICKET_PENDING_THIRD,
    TicketState.RESOLVED: Phrase.TICKET_RESOLVED,
    TicketState.CLOSED: Phrase.TICKET_ENDED,
}
_REASONS = {
    CloseReason.ANSWERED: Phrase.CLOSED_ANSWERED,
    CloseReason.NO_REPLY: Phrase.CLOSED_NO_REPLY,
    CloseReason.WITHDRAWN: Phrase.CLOSED_WITHDRAWN,
    CloseReason.NOT_OURS: Phrase.CLOSED_NOT_OURS,
}
"""What citizens are told; that a ticket was taken for spam they are not."""


def status(ticket: TicketFacts, service: ServiceFacts) -> str:
    """Return the state of one ticket: where it is, until when, and what is missing."""
    match ticket.state:
        case TicketState.NEW | TicketState.OPEN:
            phrase = Phrase.TICKET_LATE if ticket.is_late else Phrase.TICKET_STATUS
            return one_segment(phrase, service, *_in_work(ticket, service))
        case TicketState.PENDING_THIRD:
            phrase = Phrase.TICKET_THIRD_LATE if ticket.is_late else Phrase.TICKET_THIRD
            return one_segment(phrase, service, *_in_work(ticket, service))
        case TicketState.PENDING_CITIZEN:
            return pending(ticket, service)
        case TicketState.RESOLVED:
            return one_segment(Phrase.RESOLVED, service, *_resolved(ticket, service))
        case TicketState.CLOSED:
            return _closed(ticket, service)


def pending(ticket: TicketFacts, service: ServiceFacts) -> str:
    """Return what the agent asked, in at most 48 letters, and until when to answer."""
    values = known(
        number=ticket.number,
        asked=quote_question(ticket.asked or ""),
        day=None if ticket.reply_by is None else day_in_words(ticket.reply_by, service),
        how_to_reply=how_to_reply(ticket.number, service),
    )
    return joined(one_segment(Phrase.PENDING, service, values))


def ticket_list(tickets: Sequence[TicketFacts], service: ServiceFacts) -> str:
    """Return the newest three of the sender's tickets, which come in that order; of more, their number."""
    if not tickets:
        return one_segment(Phrase.NO_TICKETS, service)
    texts = list(_lists(tickets, service))
    return cheaper(first_fit(texts) or min(texts, key=len), service.segments_of)


def _lists(tickets: Sequence[TicketFacts], service: ServiceFacts) -> Iterator[str]:
    """Return the list with dates, then without; then of fewer tickets."""
    for count in range(min(len(tickets), MOST_LISTED), 0, -1):
        more = len(tickets) - count
        phrase = Phrase.TICKET_LIST_MORE if more else Phrase.TICKET_LIST
        for listed in list_lines(tickets[:count], service):
            yield from every_form(phrase, service, {"tickets": listed, "more": str(more)})


def list_lines(tickets: Sequence[TicketFacts], service: ServiceFacts) -> Sequence[str]:
    """Write the tickets of a list with their days, then without."""
    lines = [_line(ticket, service) for ticket in tickets]
    return ["; ".join(line[place] for line in lines) for place in (0, -1)]


def _line(ticket: TicketFacts, service: ServiceFacts) -> Sequence[str]:
    is_due = ticket.state in (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)
    phrase = Phrase.LINE_TICKET_LATE if is_due and ticket.is_late else Phrase.LINE_TICKET
    day = day_in_words(ticket.due, service) if is_due and ticket.due is not None else None
    state = word(_STATES[ticket.state], service)
    return every_form(phrase, service, known(number=ticket.number, state=state, day=day))


def not_yours(number: str, service: ServiceFacts) -> str:
    """Return that this phone has no such ticket: the same words whether another phone has it or nobody."""
    return one_segment(Phrase.NOT_YOURS, service, {"number": number})


def wrong_number(number: str, service: ServiceFacts) -> str:
    """Return that a number fails its check and is near none of the sender's."""
    return one_segment(Phrase.WRONG_NUMBER, service, {"number": number})


def which_number(number: str, near: Sequence[str], service: ServiceFacts) -> str:
    """Return the sender's own numbers that a slip may stand for; nothing is kept."""
    numbers = f" {word(Phrase.OR, service)} ".join(near)
    return one_segment(Phrase.WHICH_NUMBER, service, {"number": number, "numbers": numbers})


def withdrawn(number: str, service: ServiceFacts, *, is_done: bool = False) -> str:
    """Return that a ticket was withdrawn, or closed because the citizen wrote that it is done."""
    return one_segment(Phrase.DONE_CLOSED if is_done else Phrase.WITHDRAWN, service, {"number": number})


def withdrawn_before(number: str, service: ServiceFacts) -> str:
    """Return that a ticket was closed already."""
    return one_segment(Phrase.WITHDRAWN_BEFORE, service, {"number": number})


def withdraw_slip(number: str, near: str, service: ServiceFacts) -> str:
    """Return that nothing is withdrawn by a number with a slip, and how to withdraw the one that is near."""
    return one_segment(Phrase.WITHDRAW_SLIP, service, {"number": number, "near": near})


def withdraw_wanted(service: ServiceFacts) -> str:
    """Return how to withdraw, where more was written than one number."""
    return one_segment(Phrase.WITHDRAW_WANTED, service)


def merged(number: str, other: str, service: ServiceFacts) -> str:
    """Return that a ticket was joined with another one of the sender's."""
    return one_segment(Phrase.MERGED, service, {"number": number, "other": other})


def unmerged(number: str, other: str, service: ServiceFacts) -> str:
    """Return that a ticket is not joined with the other one any more."""
    return one_segment(Phrase.UNMERGED, service, {"number": number, "other": other})


def _in_work(ticket: TicketFacts, service: ServiceFacts) -> Sequence[dict[str, str]]:
    values = known(
        number=ticket.number,
        subject=ticket.said_subject,
        state=word(_STATES[ticket.state], service),
        unit=ticket.said_unit,
        reason=quote_ours(ticket.reason or "", QUESTION_LETTERS),
        how_to_reply=how_to_reply(ticket.number, service),
    )
    if ticket.due is None:
        return [values]
    return [{**values, "due_time": due} for due in moment_in_words(ticket.due, service)]


def _resolved(ticket: TicketFacts, service: ServiceFacts) -> Sequence[dict[str, str]]:
    values = known(
        number=ticket.number,
        day=None if ticket.answered is None else day_in_words(ticket.answered, service),
        last_day=None if ticket.last_day is None else day_in_words(ticket.last_day, service),
        how_to_reply=how_to_reply(ticket.number, service),
    )
    return [{**values, "how_to_rate": rate} for rate in how_to_rate(service)] or [values]


def _closed(ticket: TicketFacts, service: ServiceFacts) -> str:
    if ticket.merged_into is not None:
        return merged(ticket.number, ticket.merged_into, service)
    why = _REASONS.get(ticket.close_reason) if ticket.close_reason is not None else None
    values = known(number=ticket.number, subject=ticket.said_subject, why=None if why is None else word(why, service))
    return one_segment(Phrase.TICKET_CLOSED, service, values)
