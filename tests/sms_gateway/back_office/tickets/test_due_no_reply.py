"""A ticket that waits for its citizen: when it closes without a reply, and when an agent gets it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import update

from db.schema import CloseReason, OutboundState, TicketState, outbound
from db.store.engine import Database
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acting
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    BINH,
    EVERY_UNIT,
    LAN,
    WARD_UNIT,
    CityHall,
    city_hall,
    opened,
)

ask = partial(answering.ask, words="So nha?")


def run_for(hall: CityHall, days: int) -> None:
    """Look at the timers every day."""
    for _ in range(days):
        hall.pass_(days=1)
        hall.look_at_timers()


def fail(hall: CityHall) -> None:
    """Let all that waits to be sent fail."""
    with hall.database.write() as connection:
        waiting = update(outbound).where(outbound.c.state == OutboundState.QUEUED)
        connection.execute(waiting.values(state=OutboundState.EXPIRED))


def sent_or_not(hall: CityHall, *, is_sent: bool) -> None:
    hall.send() if is_sent else fail(hall)


def waited(hall: CityHall, number: str, *, question: bool, reminder: bool, turned_away: bool = False) -> None:
    """Ask the citizen, and let the time pass; each of our texts was sent or not."""
    row = hall.ticket(number)
    acting = Acting(
        ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT, unit_id=WARD_UNIT
    )
    with hall.database.write() as connection:
        ask(connection, hall.office(), acting)
    sent_or_not(hall, is_sent=question)
    hall.pass_(days=4)
    hall.act_on_due()
    sent_or_not(hall, is_sent=reminder)
    if turned_away:
        open_parts = hall.parts
        hall.parts = hall.desk.conversation = replace(open_parts, switched_off=lambda: {"conversation": ""})
        hall.text(AN, "so nha 25 Le Duan")
        hall.parts = hall.desk.conversation = open_parts
    hall.pass_(days=10)
    hall.look_at_timers()


def test_a_ticket_closes_without_a_reply_only_where_the_citizen_was_asked_and_could_reply(database: Database) -> None:
    hall = city_hall(database)
    table: Sequence[tuple[str, bool, bool, bool, bool]] = (
        ("both were sent", True, True, False, True),
        ("the question was sent", True, False, False, True),
        ("the reminder was sent, which quotes it", False, True, False, True),
        ("nothing was sent", False, False, False, False),
        ("a reply was refused while the conversation was off", True, True, True, False),
    )
    for label, question, reminder, turned_away, is_closed in table:
        number = opened(hall, f"HOI {label}")
        waited(hall, number, question=question, reminder=reminder, turned_away=turned_away)
        ticket = hall.ticket(number)
        reached = (TicketState.CLOSED, CloseReason.NO_REPLY) if is_closed else (TicketState.OPEN, None)
        assert (ticket.state, ticket.close_reason) == reached, label
        assert is_closed or ticket.final_due > hall.now - timedelta(days=10), label


def test_a_reply_opens_a_ticket_while_its_reminder_waits_or_when_it_failed(database: Database) -> None:
    hall = city_hall(database)
    for label, is_sent in (("waits", None), ("failed", False), ("sent", True)):
        number = opened(hall, f"HOI {label} lam ho chieu")
        hall.act(ask, number)
        hall.pass_(days=6)
        assert hall.act_on_due() == 1
        if is_sent is not None:
            sent_or_not(hall, is_sent=is_sent)
        hall.pass_(seconds=5)
        assert hall.desk.text(AN, "so nha 25 Le Duan").outcome == "text_filed_for_agent", label
        hall.send()
        assert hall.ticket(number).state is TicketState.OPEN, label
        hall.pass_(days=6)
        hall.look_at_timers()
        assert hall.ticket(number).state is TicketState.OPEN, label
        hall.act(partial(answering.resolve, words="Da xong."), number)
        hall.pass_(days=8)
        hall.look_at_timers()


def test_words_that_came_before_the_question_was_sent_keep_the_ticket_open_for_an_agent(
    hall: CityHall, number: str
) -> None:
    row = hall.ticket(number)
    acting = Acting(
        ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT, unit_id=WARD_UNIT
    )
    with hall.database.write() as connection:
        ask(connection, hall.office(), acting)
    hall.pass_(seconds=1)
    hall.text(AN, "den o so 25 Le Duan")
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    run_for(hall, days=12)
    assert hall.ticket(number).state is TicketState.OPEN


def test_a_reply_that_nobody_sorted_yet_keeps_the_tickets_open_that_it_may_be_for(hall: CityHall, number: str) -> None:
    other = opened(hall, "HOI lam ho chieu can giay to gi")
    for one in (number, other):
        hall.act(ask, one)
        hall.pass_(minutes=5)
    resolved = opened(hall, "PA rac chat dong o phuong Hai Chau", sender=BINH)
    hall.act(ask, resolved)
    hall.pass_(hours=1)
    assert hall.text(AN, "kiet 25 nha so 3 duong Le Duan").outcome == "which_asked"
    run_for(hall, days=12)
    assert [hall.ticket(one).state for one in (number, other)] == [TicketState.OPEN] * 2
    assert hall.ticket(resolved).state is TicketState.CLOSED


def test_an_answered_ticket_stays_open_to_objections_after_one_was_refused(hall: CityHall, number: str) -> None:
    """Not for ever: only for a week after the texts that were refused."""
    hall.act(partial(answering.resolve, words="Da thay den."), number)
    other = opened(hall, "PA rac chat dong o phuong Hai Chau", sender=BINH)
    hall.act(partial(answering.resolve, words="Da don rac."), other)
    hall.pass_(days=6)
    open_parts = hall.parts
    hall.parts = hall.desk.conversation = replace(open_parts, switched_off=lambda: {"conversation": ""})
    assert hall.text(AN, "KN den van chua sang").outcome == "conversation_off"
    hall.parts = hall.desk.conversation = open_parts
    run_for(hall, days=3)
    assert [hall.ticket(one).state for one in (number, other)] == [TicketState.RESOLVED, TicketState.CLOSED]
    assert hall.entries(number)[-1].body == "objection open"
    run_for(hall, days=7)
    assert hall.ticket(number).close_reason is CloseReason.ANSWERED
