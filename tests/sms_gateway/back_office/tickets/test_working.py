"""What agents do without writing to the citizen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from db.schema import EntryKind, OperatorRole, Priority, TicketState, operator
from db.store.engine import Database
from db.tickets.whole_ticket import Scope
from db.units.memberships import Membership, set_membership
from sms_gateway.back_office.tickets import answering, working
from sms_gateway.back_office.tickets.results import Acted, Acting, Refused, Result
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    FOCAL,
    LAN,
    ON_DUTY,
    WARD_UNIT,
    CityHall,
    city_hall,
    opened,
)


def staff_lines(hall: CityHall, number: str) -> list[str]:
    return [one.body or "" for one in hall.entries(number) if one.kind is EntryKind.STAFF]


def test_a_ticket_is_taken_and_given_back(hall: CityHall, number: str) -> None:
    assert isinstance(hall.act(working.take, number), Acted)
    taken = hall.ticket(number)
    assert (taken.state, taken.assignee_id) == (TicketState.OPEN, LAN)
    hall.act(working.release, number)
    assert hall.ticket(number).assignee_id is None
    assert staff_lines(hall, number) == ["took", "gave back"]


def test_a_ticket_is_assigned_to_an_agent_of_its_unit_alone(hall: CityHall, number: str) -> None:
    refused = hall.act(lambda link, office, acting: working.assign(link, office, acting, LAN), number)
    assert isinstance(refused, Refused)
    with hall.database.write() as connection:
        set_membership(connection, Membership(operator_id=LAN, unit_id=WARD_UNIT))
    done = hall.act(lambda link, office, acting: working.assign(link, office, acting, LAN), number)
    assert isinstance(done, Acted)
    assert hall.ticket(number).assignee_id == LAN


def test_a_transfer_goes_into_the_other_unit_s_queue_and_keeps_the_due_time(hall: CityHall, number: str) -> None:
    hall.act(working.take, number)
    due = hall.ticket(number).final_due
    hall.act(
        lambda link, office, acting: working.transfer(link, office, acting, FOCAL, "khong phai den cua phuong"), number
    )
    ticket = hall.ticket(number)
    assert (ticket.unit_id, ticket.assignee_id, ticket.transfers, ticket.final_due) == (FOCAL, None, 1, due)
    unknown = hall.act(lambda link, office, acting: working.transfer(link, office, acting, 999), number)
    assert isinstance(unknown, Refused)


def test_an_accusation_is_not_transferred(hall: CityHall) -> None:
    hall.text(AN, "KN to cao ong X nhan tien")
    number = hall.tickets()[0].number
    done = hall.act(lambda link, office, acting: working.transfer(link, office, acting, WARD_UNIT), number)
    assert isinstance(done, Refused)


def test_waiting_for_another_body_tells_who_asks_and_the_clock_goes_on(hall: CityHall, number: str) -> None:
    due = hall.ticket(number).final_due
    hall.act(lambda link, office, acting: working.wait_third(link, office, acting, "cho cong ty dien luc"), number)
    assert hall.ticket(number).state is TicketState.PENDING_THIRD
    assert "cho cong ty dien luc" in (hall.text(AN, f"TT {number}").answer or "")
    hall.act(working.resume, number)
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.final_due, ticket.public_reason) == (TicketState.OPEN, due, None)


def test_an_agent_ends_the_waiting_for_the_citizen(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    hall.pass_(days=1)
    hall.act(working.resume, number)
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.minutes_left) == (TicketState.OPEN, None)


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_note_is_refused(hall: CityHall, number: str, words: str) -> None:
    assert isinstance(hall.act(lambda link, office, acting: working.note(link, office, acting, words), number), Refused)


def test_a_note_reaches_no_citizen(hall: CityHall, number: str) -> None:
    before = hall.texts_to(AN)
    hall.act(lambda link, office, acting: working.note(link, office, acting, "da goi, khong nghe may"), number)
    assert hall.texts_to(AN) == before
    assert [one.body for one in hall.entries(number) if one.kind is EntryKind.NOTE] == ["da goi, khong nghe may"]


def test_an_agent_confirms_that_it_is_urgent_and_people_are_called(hall: CityHall, number: str) -> None:
    assert isinstance(hall.act(working.confirm_urgent, number), Acted)
    assert hall.ticket(number).priority is Priority.URGENT
    (called,) = hall.texts_to(ON_DUTY)
    assert number in called


def test_calling_people_on_duty_breaks_no_promise_to_the_citizen(hall: CityHall, number: str) -> None:
    told = hall.ticket(number)
    hall.act(working.confirm_urgent, number)
    after = hall.ticket(number)
    assert (after.final_due, after.promised_at) == (told.final_due, told.promised_at)
    assert after.first_due < told.first_due
    while hall.now < told.promised_at - timedelta(hours=2):
        hall.pass_(hours=1)
        hall.look_at_timers()
        assert not any("xin loi" in text for text in hall.texts_to(AN)), hall.now
    hall.pass_(days=1)
    hall.look_at_timers()
    assert sum("xin loi" in text for text in hall.texts_to(AN)) == 1


def test_nobody_is_called_where_urgent_is_off_or_for_what_does_not_wait_for_us(hall: CityHall, number: str) -> None:
    def refusal() -> list[str]:
        done = hall.act(working.confirm_urgent, number)
        assert isinstance(done, Refused)
        return [one.key for one in done.faults]

    hall.parts = replace(hall.parts, urgent=False)
    assert refusal() == ["act.refused.urgent_off"]
    hall.parts = replace(hall.parts, urgent=True)
    hall.act(partial(answering.ask, words="So nha?"), number)
    left = hall.ticket(number).minutes_left
    assert refusal() == ["act.refused.state"]
    assert hall.ticket(number).minutes_left == left  # the clock stands still
    hall.act(partial(answering.resolve, words="Da sua xong."), number)
    assert refusal() == ["act.refused.state"]
    assert hall.texts_to(ON_DUTY) == []


@pytest.mark.parametrize("act", [answering.answer, answering.ask, answering.resolve, working.wait_third])
def test_where_leads_assign_an_agent_who_writes_is_not_the_assignee(
    sqlite_database: Database, act: Callable[..., Result]
) -> None:
    """Who leads the unit, or sees every unit, is."""
    hall = city_hall(sqlite_database)
    units = hall.parts.units()
    assert units is not None
    unit = replace(units.directory.units[WARD_UNIT], assigns=True)
    directory = replace(units.directory, units={**units.directory.units, WARD_UNIT: unit})
    assigned = replace(units, directory=directory)
    hall.parts = replace(hall.parts, units=lambda: assigned)
    cases = ((True, False, None), (True, True, WARD_UNIT), (False, False, WARD_UNIT))
    for place, (is_assigned, leads, sees) in enumerate(cases):
        number = opened(hall, "PA den duong hong o phuong Hai Chau", f"8490500010{place}")
        scope = Scope(units=None if sees is None else frozenset({sees}), led=frozenset({WARD_UNIT} if leads else ()))
        row = hall.ticket(number)
        acting = Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=scope)
        assert isinstance(hall.act_as(lambda c, o, a: act(c, o, a, "Dang xem."), acting), Acted)
        assert (hall.ticket(number).assignee_id == LAN) is is_assigned


def test_another_priority_calls_nobody(hall: CityHall, number: str) -> None:
    hall.act(lambda link, office, acting: working.set_priority(link, office, acting, Priority.URGENT), number)
    assert hall.texts_to(ON_DUTY) == []


def test_a_dossier_is_linked_by_its_printed_code(hall: CityHall, number: str) -> None:
    hall.desk.dossiers(["000.00.12.H17-230815-0007"])

    def link(code: str) -> Result:
        return hall.act(lambda link, office, acting: working.link_dossier(link, office, acting, code), number)

    assert isinstance(link("000.00.12.H17-230815-0007"), Acted)
    assert hall.ticket(number).dossier_id is not None
    assert isinstance(link("000.00.12.H17-230815-9999"), Refused)


def test_an_unsure_route_is_confirmed(hall: CityHall) -> None:
    hall.text(AN, "HOI lam ho chieu can giay to gi")
    number = hall.tickets()[0].number
    assert hall.ticket(number).is_unsure
    hall.act(working.confirm_route, number)
    hall.act(lambda link, office, acting: working.sort(link, office, acting, ward_id=1), number)
    ticket = hall.ticket(number)
    assert (ticket.is_unsure, ticket.ward_id) == (False, 1)


def test_the_tickets_of_an_agent_go_back_to_the_unit_after_the_last_day(hall: CityHall, number: str) -> None:
    """Not those of a unit that the agent still works for, nor those of an operator, who sees every unit."""
    hall.act(working.take, number)
    before = hall.ticket(number)
    last = hall.now + timedelta(hours=1)
    for label, role, until, hours, expected in (
        ("an operator", OperatorRole.OPERATOR, last, 2, 0),
        ("without an end", OperatorRole.AGENT, None, 0, 0),
        ("the last day", OperatorRole.AGENT, hall.now + timedelta(hours=6), 1, 0),
        ("the day after", OperatorRole.AGENT, hall.now + timedelta(hours=6), 5, 1),
        ("again", OperatorRole.AGENT, hall.now, 0, 0),
    ):
        hall.pass_(hours=hours)
        with hall.database.write() as connection:
            connection.execute(update(operator).where(operator.c.id == LAN).values(role=role))
            set_membership(connection, Membership(operator_id=LAN, unit_id=WARD_UNIT, until=until))
            released = working.release_of_gone(connection, now=hall.now, new_id=hall.desk.new_id)
        assert released == expected, label
    after = hall.ticket(number)
    assert (after.assignee_id, after.unit_id, after.version) == (None, WARD_UNIT, before.version + 1)
    line = hall.entries(number)[-1]
    assert (line.kind, line.body, line.operator) == (EntryKind.SYSTEM, "member ended", None)


def test_the_tickets_of_an_agent_who_is_disabled_go_back(hall: CityHall, number: str) -> None:
    hall.act(working.take, number)
    for keeps, expected in (([WARD_UNIT], 0), ([FOCAL], 1), ([], 0)):
        with hall.database.write() as connection:
            released = working.release_all(
                connection, LAN, keeps=keeps, by="chief", now=hall.now, new_id=hall.desk.new_id
            )
        assert released == expected, keeps
    assert hall.ticket(number).assignee_id is None
