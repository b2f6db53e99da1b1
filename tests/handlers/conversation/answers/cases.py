"""Every answer of the conversation, made with usual and with the longest facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial

from db.schema.ticket_states import CloseReason, TicketState
from handlers.context import ServiceFacts
from handlers.conversation.answers import about_service, agents, asks, intake, status
from handlers.conversation.answers.about_service import ContactFacts
from handlers.conversation.answers.intake import OpenedBy, OpenedTicket, UrgentCall
from handlers.conversation.answers.ticket_facts import TicketFacts

A, B, C = "YC482173051", "YC613509427", "YC407192867"
DUE = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
OFFICE = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
WEEK = (OFFICE,) * 5 + ((), ())

TICKET = TicketFacts(
    number=A,
    unit="UBND phuong Hai Chau",
    subject="den duong hong",
    due=DUE,
    asked="so nha, ten duong",
    reply_by=date(2026, 12, 5),
    reason="Cong ty Dien luc",
    answered=date(2026, 11, 28),
    last_day=date(2026, 12, 5),
)
OTHER = replace(TICKET, number=B, subject="ho ga mat nap", state=TicketState.PENDING_CITIZEN)
LONG = replace(
    TICKET,
    unit="W" * 40,
    subject="W" * 40,
    due=datetime(2026, 12, 31, 16, 55, tzinfo=UTC),  # a Thursday
    asked="W" * 90,
    reason="W" * 90,
)
UNIT = ContactFacts(
    name="UBND phuong Hai Chau",
    phone="0236 3822222",
    address="76 Quang Trung",
    week=WEEK,
    is_open_now=False,
    opens=datetime(2026, 11, 30, 0, 30, tzinfo=UTC),
)
LONG_UNIT = replace(
    UNIT, name="W" * 40, address="W" * 90, phone="0236 3822222", week=(OFFICE, *WEEK[1:5], OFFICE[:1], ())
)

Answering = Callable[[ServiceFacts], str]


def answers_about(ticket: TicketFacts, unit: ContactFacts) -> Mapping[str, Answering]:
    """Return every answer about a ticket and a unit, by what it is; each is made for a service."""
    new = OpenedTicket(ticket=ticket, due=ticket.due or DUE, opening=OpenedBy.QUESTION)
    other = replace(ticket, number=B)
    third = replace(ticket, number=C, state=TicketState.RESOLVED)
    return {
        **{opening.name: partial(intake.opened, replace(new, opening=opening)) for opening in OpenedBy},
        **{urgent.name: partial(intake.opened, replace(new, urgent=urgent)) for urgent in UrgentCall},
        "accusation": lambda s: intake.opened(replace(new, is_accusation=True), s),
        "out of hours": lambda s: intake.opened(replace(new, is_open_now=False), s),
        "overloaded": lambda s: intake.opened(replace(new, ahead=13), s),
        "ward wanted": lambda s: intake.opened(replace(new, opening=OpenedBy.REPORT, lacks_ward=True), s),
        "urgent off": intake.urgent_off,
        "repeated": lambda s: intake.repeated(A, s),
        "day full": lambda s: intake.day_full(5, s),
        "filed": lambda s: intake.filed(A, s),
        "filed with a code": lambda s: intake.filed(A, s, holds_code=True),
        "reopened": lambda s: intake.reopened(ticket, ticket.due or DUE, s),
        **{state.value: partial(status.status, replace(ticket, state=state)) for state in TicketState},
        **{
            f"late, {state.value}": partial(status.status, replace(ticket, state=state, is_late=True))
            for state in (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)
        },
        "list of late ones": lambda s: status.ticket_list([replace(ticket, is_late=True)] * 3, s),
        **{
            f"closed, {reason}": partial(status.status, replace(ticket, state=TicketState.CLOSED, close_reason=reason))
            for reason in CloseReason
        },
        "closed, into another": lambda s: status.status(
            replace(ticket, state=TicketState.CLOSED, close_reason=CloseReason.MERGED, merged_into=B), s
        ),
        "list of none": lambda s: status.ticket_list([], s),
        "list of three": lambda s: status.ticket_list([ticket, replace(OTHER), third], s),
        "list of twelve": lambda s: status.ticket_list([replace(ticket, state=TicketState.PENDING_THIRD)] * 12, s),
        "not yours": lambda s: status.not_yours(B, s),
        "wrong number": lambda s: status.wrong_number("YC482173057", s),
        "which number": lambda s: status.which_number("YC482173057", [A, B], s),
        "withdrawn": lambda s: status.withdrawn(A, s),
        "done": lambda s: status.withdrawn(A, s, is_done=True),
        "withdrawn before": lambda s: status.withdrawn_before(A, s),
        "merged": lambda s: status.merged(A, B, s),
        "unmerged": lambda s: status.unmerged(A, B, s),
        "which of two": lambda s: asks.which([ticket, other, None], s),
        "which of many": lambda s: asks.which([ticket, other, None], s, are_all=False),
        "which of one": lambda s: asks.which([ticket, None], s),
        "send kept": asks.send_kept,
        "dropped": asks.dropped,
        "unclear": lambda s: asks.unclear(A, s),
        "rated": lambda s: asks.rated(A, 5, s),
        "low rating": lambda s: asks.rated(A, 2, s),
        "nothing to rate": asks.nothing_to_rate,
        "asked for details": lambda s: agents.ask_details(ticket, "so nha, ten duong", s),
        "reminder": lambda s: agents.reminder(ticket, date(2026, 12, 5), s),
        "late": lambda s: agents.late(ticket, date(2026, 12, 5), s),
        "no reply": lambda s: agents.no_reply(A, s),
        "not ours": lambda s: agents.not_ours(ticket, ticket.reason or "", s),
        "acknowledged": lambda s: agents.duty_acknowledged(A, time(17, 45), s),
        "note": lambda s: agents.note_filed(A, s),
        "short help": about_service.short_help,
        "conversation off": about_service.conversation_off,
        "stopped": lambda s: about_service.stopped(s, had_notices=True),
        "nothing to stop": lambda s: about_service.stopped(s, had_notices=False),
        "all stored": lambda s: about_service.privacy(s, accounts=True, tickets=True),
        "texts stored": lambda s: about_service.privacy(s, accounts=False, tickets=False),
        "language": lambda s: about_service.language_chosen("KEYWORDS", s),
        "contact": lambda s: about_service.contact(unit, s),
        "contact unknown": lambda s: about_service.contact_unknown(unit.name, s),
    }


WITH_KEYWORDS: Mapping[str, Answering] = {
    "withdraw slip": lambda s: status.withdraw_slip("YC482173057", A, s),
    "withdraw wanted": status.withdraw_wanted,
    "score wanted": lambda s: asks.score_wanted(A, s),
    "duty call": lambda s: agents.duty_call(A, "W" * 90, "W" * 40, s),
    "next on duty": lambda s: agents.duty_call(A, "W" * 90, "W" * 40, s, minutes=15),
}
"""Answers that are given only where the service that they name is on."""
