"""Answers to a text that was filed: as a new ticket, on a ticket, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from db.store.record import record
from handlers.context import ServiceFacts
from handlers.conversation.answers.moments import moment_in_words
from handlers.conversation.answers.sentence import how_to_reply, known, one_segment
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.wording.phrases import Phrase


class OpenedBy(StrEnum):
    """What opened a ticket."""

    QUESTION = "question"  # HOI, or a kept text that the citizen sent
    REPORT = "report"  # PA
    PROPOSAL = "proposal"  # KN
    SUGGESTION = "suggestion"  # GY
    CALLER = "caller"  # an agent, for somebody who called or came


class UrgentCall(StrEnum):
    """What was done about an urgent text."""

    CALLED = "called"  # the people on duty were texted
    FILED = "filed"  # one phrase alone: a unit has it


_OPENED = {
    OpenedBy.QUESTION: Phrase.QUESTION_OPENED,
    OpenedBy.REPORT: Phrase.REPORT_OPENED,
    OpenedBy.PROPOSAL: Phrase.PROPOSAL_OPENED,
    OpenedBy.SUGGESTION: Phrase.SUGGESTION_OPENED,
    OpenedBy.CALLER: Phrase.CALLER_OPENED,
}
_URGENT = {UrgentCall.CALLED: Phrase.URGENT_CALLED, UrgentCall.FILED: Phrase.URGENT_FILED}


@record
class OpenedTicket:
    """A ticket that was opened by a text, and what its answer depends on."""

    ticket: TicketFacts
    due: datetime
    """When it will be answered, as the citizen is told; aware."""
    opening: OpenedBy
    urgent: UrgentCall | None = None
    is_accusation: bool = False
    lacks_ward: bool = False
    """Whether the place of a report is not known; it is asked for once."""
    is_open_now: bool = True
    """Whether the unit's calendar is open."""
    ahead: int | None = None
    """Tickets that wait before it, when the unit is overloaded."""


def opened(new: OpenedTicket, service: ServiceFacts) -> str:
    """Return the one answer to a text that opened a ticket: filing, hours and load are forms of one sentence.

    What the citizen must know comes first: danger to life, the law, what is missing, then the waiting time.
    """
    values = {"number": new.ticket.number, "how_to_reply": how_to_reply(new.ticket.number, service)}
    return one_segment(_phrase(new), service, *_with_due(new.ticket, new.due, service, values, ahead=new.ahead))


def _phrase(new: OpenedTicket) -> Phrase:
    if new.urgent is not None:
        return _URGENT[new.urgent]
    if new.is_accusation:
        return Phrase.ACCUSATION_OPENED
    if new.opening in (OpenedBy.PROPOSAL, OpenedBy.CALLER):
        return _OPENED[new.opening]
    if new.lacks_ward:
        return Phrase.WARD_WANTED
    if not new.is_open_now:
        return Phrase.OUT_OF_HOURS
    return Phrase.OVERLOADED if new.ahead is not None else _OPENED[new.opening]


def reopened(ticket: TicketFacts, due: datetime, service: ServiceFacts) -> str:
    """Return that a text opened a ticket again, with the new due time."""
    return one_segment(Phrase.REOPENED, service, *_with_due(ticket, due, service, {"number": ticket.number}))


def filed(number: str, service: ServiceFacts, *, holds_code: bool = False) -> str:
    """Return that a text was added to a ticket; one that holds a dossier's code also learns how to look it up."""
    return one_segment(Phrase.FILED_LOOK_UP if holds_code else Phrase.FILED, service, {"number": number})


def repeated(number: str, service: ServiceFacts) -> str:
    """Return that the same words are filed already."""
    return one_segment(Phrase.REPEATED, service, {"number": number})


def day_full(count: int, service: ServiceFacts) -> str:
    """Return that the day's tickets are used up; `count` are filed."""
    return one_segment(Phrase.DAY_FULL, service, {"count": str(count)})


def urgent(ticket: TicketFacts, call: UrgentCall, service: ServiceFacts) -> str:
    """Return whom to call, and that words of danger are on a ticket that exists."""
    return one_segment(_URGENT[call], service, {"number": ticket.number, **known(unit=ticket.said_unit)})


def urgent_off(service: ServiceFacts) -> str:
    """Return whom to call where urgent texts are not taken."""
    return one_segment(Phrase.URGENT_OFF, service)


def _with_due(
    ticket: TicketFacts, due: datetime, service: ServiceFacts, values: Mapping[str, str], *, ahead: int | None = None
) -> Sequence[Mapping[str, str]]:
    """Return the values with the due time in its forms, the fullest first."""
    every = {**values, **known(unit=ticket.said_unit, ahead=None if ahead is None else str(ahead))}
    return [{**every, "due_time": moment} for moment in moment_in_words(due, service)]
