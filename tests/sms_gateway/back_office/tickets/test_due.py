"""Timers: each fires once, also after an outage, a clock that goes back, and an act that came in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import distinct, func, select
from sqlalchemy.exc import OperationalError

from db.reports.ticket_numbers import read_period
from db.schema import CloseReason, EntryKind, Priority, TicketState, ticket_timer
from handlers.conversation.business_time import due_in_days
from sms_gateway.back_office.tickets import answering, due, working
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    BINH,
    EVERY_UNIT,
    MONDAY,
    ON_DUTY,
    SECOND_ON_DUTY,
    WARD_UNIT,
    CityHall,
    opened,
)

ask = partial(answering.ask, words="So nha?")


def system_lines(hall: CityHall, number: str) -> list[str]:
    return [one.body or "" for one in hall.entries(number) if one.kind is EntryKind.SYSTEM]


def run_for(hall: CityHall, days: int) -> None:
    """Look at the timers every hour."""
    for _ in range(days * 24):
        hall.pass_(hours=1)
        hall.look_at_timers()


def test_after_a_pause_the_citizen_is_promised_a_later_time(hall: CityHall, number: str) -> None:
    for label, resume in (("reply", None), ("agent", working.resume)):
        before = hall.ticket(number)
        hall.act(ask, number)
        hall.pass_(days=2)
        hall.text(AN, "so 25 Le Duan") if resume is None else hall.act(resume, number)
        after = hall.ticket(number)
        assert after.state is TicketState.OPEN, label
        assert after.promised_at >= after.final_due > before.final_due, label
        assert after.first_promised_at == after.promised_at, label


def test_a_ticket_that_was_late_before_the_pause_gets_a_new_date_after_it(hall: CityHall, number: str) -> None:
    broken = hall.ticket(number).promised_at
    run_for(hall, days=6)
    hall.act(ask, number)
    hall.pass_(days=3)
    hall.text(AN, "so 25 Le Duan")
    ticket, units = hall.ticket(number), hall.parts.units()
    assert units is not None
    assert ticket.promised_at >= due_in_days(hall.now, 1, units.calendar(WARD_UNIT))
    assert ticket.first_promised_at == broken


def test_an_apology_does_not_change_the_promise_that_is_judged(hall: CityHall, number: str) -> None:
    first = hall.ticket(number).promised_at
    run_for(hall, days=6)
    assert hall.ticket(number).promised_at > first
    hall.act(partial(answering.resolve, words="Da thay den."), number)
    with hall.database.read() as connection:
        (times,) = read_period(connection, EVERY_UNIT, since=MONDAY - timedelta(days=1)).tickets
    assert times.promised_at == first
    assert times.resolved_at is not None
    assert times.resolved_at > first


def test_each_ticket_has_a_transaction_of_its_own(hall: CityHall, number: str) -> None:
    """An agent who works on a ticket waits for no other, and one that fails in the database takes back no other."""
    opened(hall, "PA den duong hong o phuong Hai Chau so 2", sender=BINH)
    opened(hall, "PA den duong hong o phuong Hai Chau so 3", sender=str(ON_DUTY))
    assert hall.tickets()[0].number == number
    hall.pass_(days=5)
    done: list[int] = []

    def counting() -> int:
        with hall.database.read() as connection:
            asked = select(func.count(distinct(ticket_timer.c.ticket_id))).where(ticket_timer.c.done_at.is_not(None))
            done.append(connection.scalar(asked) or 0)
        if done[-1] == 1:
            raise OperationalError("deadlock detected", None, ValueError())
        return hall.desk.new_id()

    assert due.act_on_due(hall.database, replace(hall.office(), new_id=counting), limit=100) == 4
    assert sorted(set(done)) == [0, 1]
    assert [bool(system_lines(hall, one.number)) for one in hall.tickets()] == [True, False, False]


def test_nothing_is_due_for_a_new_ticket(hall: CityHall, number: str) -> None:
    assert number
    assert hall.look_at_timers() == 0


def test_a_late_ticket_warns_three_and_apologises_once(hall: CityHall, number: str) -> None:
    run_for(hall, days=12)
    lines = system_lines(hall, number)
    assert [line for line in lines if line.startswith("warn")] == ["warn_unit", "warn_lead", "warn_parent"]
    assert sum("xin loi" in text for text in hall.texts_to(AN)) == 1
    assert hall.look_at_timers() == 0


def test_an_outage_of_days_fires_each_timer_once(hall: CityHall, number: str) -> None:
    hall.pass_(days=12)
    hall.look_at_timers()
    hall.look_at_timers()
    assert sum("xin loi" in text for text in hall.texts_to(AN)) == 1
    assert len([line for line in system_lines(hall, number) if line.startswith("warn")]) == 3


def test_a_clock_that_goes_back_fires_nothing_twice(hall: CityHall, number: str) -> None:
    hall.pass_(days=12)
    hall.look_at_timers()
    before = (hall.texts_to(AN), system_lines(hall, number))
    hall.pass_(hours=-2)
    hall.look_at_timers()
    hall.pass_(hours=4)
    hall.look_at_timers()
    assert (hall.texts_to(AN), system_lines(hall, number)) == before


def test_a_reply_after_the_clock_went_back_opens_the_ticket(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    hall.pass_(hours=-2)
    assert hall.text(AN, "so 25 Le Duan").outcome == "text_filed_for_agent"
    assert hall.ticket(number).state is TicketState.OPEN


def test_a_question_is_recalled_once_and_then_the_ticket_closes(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    run_for(hall, days=4)
    assert sum("dang cho ban bo sung" in text for text in hall.texts_to(AN)) == 1
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    run_for(hall, days=6)
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.close_reason) == (TicketState.CLOSED, CloseReason.NO_REPLY)
    assert sum("da dong" in text for text in hall.texts_to(AN)) == 1
    fate = hall.text(AN, f"TL {number} so 25 Le Duan")
    assert (fate.outcome, hall.ticket(number).state) == ("ticket_reopened", TicketState.OPEN)


def test_a_late_reminder_leaves_two_working_days(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    hall.pass_(days=8)
    hall.look_at_timers()
    hall.pass_(hours=1)
    hall.look_at_timers()
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    run_for(hall, days=3)
    assert hall.ticket(number).close_reason is CloseReason.NO_REPLY


def test_an_answered_ticket_closes_after_a_week_without_a_text(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da thay den."), number)
    texts = hall.texts_to(AN)
    hall.pass_(days=7, hours=1)
    hall.look_at_timers()
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.close_reason) == (TicketState.CLOSED, CloseReason.ANSWERED)
    assert hall.texts_to(AN) == texts
    assert hall.text(AN, "5").outcome == "helped"


def test_an_urgent_ticket_that_nobody_takes_calls_one_after_the_other(hall: CityHall) -> None:
    hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    calls = []
    for _ in range(20):
        hall.pass_(minutes=1)
        hall.look_at_timers()
        calls.append((len(hall.texts_to(ON_DUTY)), len(hall.texts_to(SECOND_ON_DUTY))))
    assert calls[0] == (1, 0)
    assert calls[5] == (1, 1)
    assert sum(calls[-1]) == 4


def test_a_ticket_that_is_taken_calls_nobody_any_more(hall: CityHall) -> None:
    hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    hall.act(working.take, hall.tickets()[0].number)
    hall.pass_(minutes=20)
    hall.look_at_timers()
    assert len(hall.texts_to(ON_DUTY)) + len(hall.texts_to(SECOND_ON_DUTY)) == 1


def test_notice_stops_the_calls_for_a_quarter_of_an_hour(hall: CityHall) -> None:
    hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    number = hall.tickets()[0].number
    hall.pass_(minutes=1)
    hall.text(ON_DUTY, f"NHAN {number}")
    hall.pass_(minutes=14)
    hall.look_at_timers()
    assert hall.texts_to(SECOND_ON_DUTY) == []
    hall.pass_(minutes=2)
    hall.look_at_timers()
    assert len(hall.texts_to(SECOND_ON_DUTY)) == 1


def test_one_urgent_phrase_calls_the_first_contact_once_after_ten_minutes(hall: CityHall) -> None:
    hall.text(AN, "ben canh nha toi vua co tai nan")
    assert hall.texts_to(ON_DUTY) == []
    for _ in range(30):
        hall.pass_(minutes=1)
        hall.look_at_timers()
    assert (len(hall.texts_to(ON_DUTY)), hall.texts_to(SECOND_ON_DUTY)) == (1, [])


def test_a_new_due_time_after_reopening_counts_anew(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da thay den."), number)
    hall.pass_(days=1)
    hall.text(AN, "den lai hong roi em oi")
    assert hall.ticket(number).final_due > hall.now + timedelta(days=2)


def test_while_the_conversation_is_shut_by_the_button_nothing_fires(hall: CityHall, number: str) -> None:
    """Who was asked cannot answer meanwhile."""
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    open_parts, hall.parts = hall.parts, replace(hall.parts, switched_off=lambda: {"conversation": ""})
    hall.pass_(days=30)
    assert hall.look_at_timers() == 0
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    hall.parts = open_parts
    assert hall.look_at_timers() > 0


def test_one_timer_that_fails_keeps_no_other_from_firing(hall: CityHall, number: str) -> None:
    """The apology has no language to be said in; the warnings of the same ticket are noted all the same."""
    whole, hall.parts = hall.parts, replace(hall.parts, services={})
    hall.pass_(days=12)
    hall.look_at_timers()
    assert len([line for line in system_lines(hall, number) if line.startswith("warn")]) == 3
    assert not any("xin loi" in text for text in hall.texts_to(AN))
    hall.parts = whole
    hall.look_at_timers()
    assert sum("xin loi" in text for text in hall.texts_to(AN)) == 1


def test_nobody_else_is_called_once_an_agent_found_a_ticket_not_urgent(hall: CityHall) -> None:
    hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    number = hall.tickets()[-1].number
    hall.act(lambda link, office, acting: working.set_priority(link, office, acting, Priority.NORMAL), number)
    before = hall.texts_to(SECOND_ON_DUTY)
    hall.pass_(minutes=20)
    hall.look_at_timers()
    assert hall.texts_to(SECOND_ON_DUTY) == before
