"""The button that switches the conversation off, and the alarms of the conversation on Today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from db.schema import OperatorRole, Priority
from db.staff.service_switches import find_switched_off
from db.store.engine import Database
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units
from tests.sms_gateway.conftest import NAME, NOON, Clock, log_in
from tests.sms_gateway.pages.acting import confirm, get, noted, post
from tests.sms_gateway.pages.opened_ticket import open_ticket

ADDRESS = "/admin/conversation"


def test_it_is_switched_off_and_on_after_a_question(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    asked = get(logged_in, ADDRESS).text
    assert "Switch the conversation off?" in asked
    assert "1022" in asked  # the sentence, with its exact words
    assert "The conversation is switched off." in confirm(logged_in, ADDRESS).text
    with database.read() as connection:
        off = find_switched_off(connection, "conversation")
    assert off is not None
    assert off.operator == NAME
    today = get(logged_in, "/admin").text
    assert f"{NAME} switched the conversation off at 22/11/2026 12:00." in today
    assert "switched on again" in confirm(logged_in, ADDRESS).text
    assert [(entry.action, entry.detail) for entry in noted(database)] == [
        ("conversation_switched", "off"),
        ("conversation_switched", "on"),
    ]


def test_operators_cannot_switch_it(logged_in: FlaskClient) -> None:
    assert (get(logged_in, ADDRESS).status_code, post(logged_in, ADDRESS).status_code) == (403, 403)


def test_today_tells_what_waits_for_people(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int], clock: Clock
) -> None:
    with database.write() as connection:
        units(connection, 1)
    open_ticket(database, new_id, due=NOON + timedelta(hours=1), priority=Priority.URGENT)
    page = get(logged_in, "/admin").text
    assert "1 urgent ticket is taken by nobody." in page
    assert "overdue" not in page
    assert "Calendar Office hours: 2026 is not confirmed." in page
    assert "2027" not in page
    clock.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert log_in(logged_in).status_code == 303  # the session of November has ended
    page = get(logged_in, "/admin").text
    assert "1 ticket is overdue." in page
    assert "Calendar Office hours: 2027 is not confirmed." in page


def test_without_a_focal_unit_today_says_so(logged_in: FlaskClient) -> None:
    assert "No unit is the focal unit" in get(logged_in, "/admin").text


def test_urgent_without_people_on_duty_is_an_alarm(
    parts: WebDependencies, database: Database, operator_id: int
) -> None:
    assert parts.conversation is not None
    with database.write() as connection:
        units(connection, 1)
    urgent = replace(parts.conversation, urgent=True)
    client = create_app(replace(parts, conversation=urgent)).test_client()
    assert operator_id
    assert log_in(client).status_code == 303
    assert "no contact with duty hours would be texted" in get(client, "/admin").text
