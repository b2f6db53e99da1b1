"""Presence: a page that is open, also one that renews itself; it ends with the session, and the tickets go back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from db.schema import EntryKind, OperatorRole
from db.staff.operators import find_operator
from db.staff.sessions import present_operators
from db.store.engine import Database
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from handlers.conversation.load import PRESENT_FOR
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.acting import get, post
from tests.sms_gateway.pages.tickets.office import TicketOffice


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def id_of(office: TicketOffice, name: str) -> int:
    with office.database.read() as connection:
        found = find_operator(connection, name)
    assert found is not None
    return found.id


def are_present(office: TicketOffice, clock: Clock) -> frozenset[int]:
    with office.database.read() as connection:
        return present_operators(connection, since=clock.now - PRESENT_FOR, now=clock.now)


def renew(client: FlaskClient) -> int:
    return client.get("/admin/tickets", headers={"X-Live": "1"}).status_code


def test_an_open_page_makes_an_agent_present_for_five_minutes(office: TicketOffice, clock: Clock) -> None:
    client = office.agent("mai", WARD)
    mai = id_of(office, "mai")
    get(client, "/admin/tickets")
    assert are_present(office, clock) == {mai}
    clock.advance(timedelta(minutes=4))
    assert are_present(office, clock) == {mai}
    clock.advance(timedelta(minutes=1))
    assert are_present(office, clock) == frozenset()
    assert renew(client) == 200  # our script
    assert are_present(office, clock) == {mai}


def test_a_page_that_only_renews_itself_keeps_no_session_alive(office: TicketOffice, clock: Clock) -> None:
    client = office.agent("mai", WARD)
    get(client, "/admin/tickets")
    for _ in range(16):
        clock.advance(timedelta(minutes=2))
        renew(client)
    assert renew(client) == 401
    clock.advance(timedelta(minutes=6))
    assert are_present(office, clock) == frozenset()


def test_a_disabled_agent_is_gone_and_the_tickets_are_back_in_the_queue(office: TicketOffice, clock: Clock) -> None:
    client, administrator = office.agent("mai", WARD), office.agent("an", role=OperatorRole.ADMINISTRATOR)
    get(client, "/admin/tickets")
    mai = id_of(office, "mai")
    held, over = office.open(), office.open()
    for one in (held, over):
        entry = NewEntry(kind=EntryKind.STAFF, at=NOON, body="took", operator="mai")
        office.happen(one, TicketEvent.TAKE, entry, assignee_id=mai)
    office.happen(over, TicketEvent.RESOLVE, NewEntry(kind=EntryKind.ANSWER, at=NOON, body="xong", operator="mai"))
    assert post(administrator, f"/admin/operators/{mai}", action="disable").status_code == 303
    assert mai not in are_present(office, clock)
    assert office.read(held).assignee_id is None
    assert office.read(over).assignee_id == mai
    assert office.said(held)[-1] == ("staff", "gave back")


def test_an_agent_who_sees_a_unit_no_more_keeps_no_ticket_of_it(office: TicketOffice) -> None:
    administrator = office.agent("an", role=OperatorRole.ADMINISTRATOR)
    for number, (path, fields, role, kept) in enumerate(
        (
            (f"units/{WARD}/members/remove", {}, OperatorRole.AGENT, {OTHER}),
            (f"units/{WARD}/members/remove", {}, OperatorRole.OPERATOR, {WARD, OTHER, FOCAL}),  # sees every unit
            ("operators/{}", {"action": "role", "role": "viewer"}, OperatorRole.AGENT, set()),
            ("operators/{}", {"action": "role", "role": "agent"}, OperatorRole.OPERATOR, {WARD, OTHER}),
        )
    ):
        name = f"canary{number}"
        office.agent(name, WARD, OTHER, role=role)
        operator_id = id_of(office, name)
        held = {one: office.open(one) for one in (WARD, OTHER, FOCAL) if one in kept or one != FOCAL or number == 3}
        for one in held.values():
            entry = NewEntry(kind=EntryKind.STAFF, at=NOON, body="took", operator=name)
            office.happen(one, TicketEvent.TAKE, entry, assignee_id=operator_id)
        done = post(administrator, f"/admin/{path.format(operator_id)}", operator=operator_id, **fields)
        assert done.status_code == 303, path
        assert {unit for unit, one in held.items() if office.read(one).assignee_id == operator_id} == kept, number
