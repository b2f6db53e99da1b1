"""The alarms of the conversation on Today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from db.schema import Priority
from db.store.engine import Database
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.opened_ticket import open_ticket


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
