"""The page of numbers and its file: of all units for operators, of own units for those who lead them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from db.schema import OperatorRole, TicketKind, TicketState, TimerKind, ticket, ticket_timer, unit
from db.store.address import Address
from db.store.engine import Database
from db.tickets.opening import NewTicket, open_tickets
from db.tickets.ratings import Rating, rate
from db.units.memberships import Membership, set_membership
from tests.db.units.rows import units
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import ENGLISH, get

WHY = "cham qua, goi 0905 123 456"
OPENED = NOON - timedelta(days=2, hours=3)  # Friday 20/11/2026, 9:00


@pytest.fixture
def tickets(database: Database, new_id: Callable[[], int], operator_id: int) -> None:
    """Two tickets of unit 1, one of them resolved in 30 minutes and rated 4; an accusation; the operator leads 2."""
    numbers = count(1)

    def new(unit_id: int, *, is_accusation: bool = False) -> NewTicket:
        return NewTicket(
            kind=TicketKind.QUESTION,
            sender=Address("84905123456"),
            short_code="8188",
            reply_link="viettel",
            subject="=giay to",
            body="can giay to gi",
            language="vi",
            unit_id=unit_id,
            routed_by="focal",
            created_at=OPENED,
            first_due=OPENED + timedelta(hours=1),
            final_due=OPENED + timedelta(hours=8),
            promised_at=OPENED + timedelta(hours=8),
            inbound_id=new_id(),
            is_accusation=is_accusation,
        )

    with database.write() as connection:
        units(connection, 1, 2)
        made = open_tickets(
            connection,
            [new(1), new(1), new(2, is_accusation=True)],
            draw=lambda: f"YC4{next(numbers):08}",
            new_id=new_id,
        )
        half_an_hour = OPENED + timedelta(minutes=30)
        connection.execute(
            update(ticket)
            .where(ticket.c.id == made[0].id)
            .values(
                state=TicketState.RESOLVED,
                first_answer_at=half_an_hour,
                resolved_at=half_an_hour,
                working_minutes=30,
            )
        )
        rate(connection, Rating(ticket_id=made[0].id, score=4, by_words=False, unit_id=1, at=NOON))
        low = Rating(ticket_id=made[1].id, score=2, by_words=False, unit_id=1, at=NOON, operator="lan", words=WHY)
        rate(connection, low)
        rate(connection, replace(low, ticket_id=made[2].id, score=1, unit_id=2, words="canary"))
        set_membership(connection, Membership(operator_id=operator_id, unit_id=2, leads=True))


@pytest.mark.usefixtures("tickets")
def test_the_page_shows_the_figures_beside_the_targets(logged_in: FlaskClient) -> None:
    page = get(logged_in, "/admin/numbers?days=7").text
    for told in ("<strong>30</strong>", "target 85 %", "target 95 %", "target 2.2", "<strong>3.0</strong>", "50 %"):
        assert told in page, told
    assert "UBND phường 1" in page
    assert get(logged_in, "/admin/numbers?days=8").status_code == 404


@pytest.mark.usefixtures("tickets")
def test_low_ratings_lead_to_their_tickets(logged_in: FlaskClient) -> None:
    low = get(logged_in, "/admin/numbers").text.split('id="low-title"', 1)[1]
    assert low.count("<li>") == 1  # none of an accusation
    for told in ('href="/admin/tickets/', "YC400000002", "answered by lan", "cham qua", "•"):
        assert told in low, told
    assert "0905 123 456" not in low
    assert "Nobody rated" in get(logged_in, "/admin/numbers?unit=2").text


@pytest.mark.usefixtures("tickets")
def test_the_file_has_a_line_for_each_unit(logged_in: FlaskClient) -> None:
    response = logged_in.get("/admin/numbers.csv", headers=ENGLISH)
    rows = list(csv.DictReader(StringIO(response.data.decode("utf-8-sig"))))
    [row] = rows  # an accusation is not counted by unit
    assert row["Unit"] == "UBND phường 1"
    assert [row[name] for name in ("opened", "resolved", "promises kept", "rated", "waiting for us", "overdue")] == [
        *("2", "1", "50 %", "2", "1", "1"),
    ]


@pytest.mark.usefixtures("tickets")
def test_a_lead_sees_the_numbers_of_own_units_only(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.AGENT)
    page = get(logged_in, "/admin/numbers").text
    assert "UBND phường 1" not in page
    assert get(logged_in, "/admin/numbers?unit=1").status_code == 404
    assert get(logged_in, "/admin/numbers?unit=2").status_code == 200


@pytest.mark.usefixtures("tickets")
def test_late_tickets_are_listed_for_their_lead_and_very_late_ones_for_the_lead_of_the_parent_unit(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database, operator_id: int
) -> None:
    def overdue() -> str:
        return get(logged_in, "/admin/numbers").text.split('id="overdue-title"', 1)[1].split("</section>")[0]

    assert 'href="/admin/tickets/' in overdue()
    assert "YC400000001" not in overdue()  # it is resolved
    assert "YC400000003" not in overdue()  # an accusation
    make(OperatorRole.AGENT)
    assert "No ticket is overdue" in overdue()
    with database.write() as connection:
        connection.execute(update(unit).where(unit.c.id == 1).values(parent_id=2))
    assert "YC400000002" not in overdue()
    with database.write() as connection:
        late = select(ticket.c.id).where(ticket.c.number == "YC400000002").scalar_subquery()
        warning = {"kind": TimerKind.WARN_PARENT, "at": NOON, "done_at": NOON}
        connection.execute(insert(ticket_timer).values(ticket_id=late, **warning))
    for told in ("YC400000002", "UBND phường 1"):
        assert told in overdue()
    assert "href" not in overdue()  # the ticket itself is for its own unit
    with database.write() as connection:
        set_membership(connection, Membership(operator_id=operator_id, unit_id=1, leads=True))
    assert 'href="/admin/tickets/' in overdue()
