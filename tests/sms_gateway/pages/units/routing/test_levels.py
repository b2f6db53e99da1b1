"""Levels on their page."""

from __future__ import annotations

from flask.testing import FlaskClient

from db.schema import LevelClock
from db.store.engine import Database
from tests.sms_gateway.pages.acting import act, get, noted, post


def test_levels_are_shown_and_written(administrator: FlaskClient, database: Database) -> None:
    page = get(administrator, "/admin/units/levels").text
    assert 'name="report-first" value="240"' in page
    fields = {
        f"{code}-{which}": "2" for code in ("urgent", "question", "report", "proposal") for which in ("first", "final")
    }
    fields |= {f"{name}-clock": LevelClock.WORKING_DAYS.value for name in fields}
    assert "The levels were saved." in act(administrator, "/admin/units/levels", **fields).text
    assert 'name="report-first" value="2"' in get(administrator, "/admin/units/levels").text
    wrong = post(administrator, "/admin/units/levels", **{**fields, "report-final": "0"})
    assert (wrong.status_code, "Type a number from 1 to 10000." in wrong.text) == (400, True)
    assert [(entry.action, entry.subject) for entry in noted(database)] == [("routing_changed", "level")]
