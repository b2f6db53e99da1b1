"""Calendars on their pages: hours, days, and the year that a person confirms."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from db.units.calendars import CalendarRow, Hours, is_confirmed, list_calendars
from tests.sms_gateway.pages.acting import act, get, noted, post

WEEK = {f"hours-{weekday}": "" for weekday in range(7)}


def calendar(database: Database, name: str) -> CalendarRow:
    with database.read() as connection:
        return next(one for one in list_calendars(connection) if one.name == name)


def test_a_calendar_is_added_and_changed(administrator: FlaskClient, database: Database) -> None:
    page = act(administrator, "/admin/units/calendars/add", **{**WEEK, "name": "Trực", "hours-6": "0h-24h"})
    assert "The calendar was added." in page.text
    made = calendar(database, "Trực")
    assert made.hours == [Hours(weekday=6, opens=0, closes=1440)]
    fields = {**WEEK, "name": "Trực ban", "hours-0": "7h30-11h30, 13:30 - 17:30"}
    page = act(administrator, f"/admin/units/calendars/{made.id}/change", **fields)
    assert "Due times that were set before stay." in page.text
    assert [(one.opens, one.closes) for one in calendar(database, "Trực ban").hours] == [(450, 690), (810, 1050)]
    assert [(entry.action, entry.detail) for entry in noted(database)] == [
        ("calendar_changed", "added"),
        ("calendar_changed", "hours"),
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Type a name."),
        ({"name": "office hours"}, "There is a calendar of this name."),
        ({"hours-0": "7:30"}, "These hours cannot be read."),
        ({"hours-0": "11:30-7:30"}, "These hours cannot be read."),
        ({"hours-0": "7-12, 11-13"}, "These hours cannot be read."),
        ({"hours-0": ""}, "At least one weekday must have hours."),
    ],
)
def test_what_is_wrong_with_hours_is_told(administrator: FlaskClient, fields: dict[str, str], told: str) -> None:
    page = post(administrator, "/admin/units/calendars/add", **{**WEEK, "name": "x", "hours-0": "7-11", **fields})
    assert (page.status_code, told in page.text) == (400, True)


def test_a_year_is_proposed_corrected_and_confirmed(administrator: FlaskClient, database: Database) -> None:
    address = "/admin/units/calendars/1"
    assert "2027 is not confirmed." in get(administrator, f"{address}?year=2027").text
    assert post(administrator, f"{address}/confirm", year="2027").status_code == 409  # nothing to look at
    page = act(administrator, f"{address}/propose", year="2027")
    assert "Check them, then confirm the year." in page.text
    assert "02/09/2027" in page.text
    page = act(administrator, f"{address}/day", year="2027", day="2/9/2027", remove="1")
    assert "as its weekday again" in page.text
    page = act(administrator, f"{address}/day", year="2027", day="4/9/2027", state="open", day_name="Làm bù")
    assert "The day was entered." in page.text
    page = act(administrator, f"{address}/confirm", year="2027")
    assert "2027 is confirmed." in page.text
    days = {one.day: one for one in calendar(database, "Office hours").days}
    assert (date(2027, 9, 2) in days, days[date(2027, 9, 4)].open) == (False, True)
    page = act(administrator, f"{address}/propose", year="2027")
    assert "Proposed 0 days." in page.text  # what a person removed does not come back
    with database.read() as connection:
        assert is_confirmed(connection, 1, 2027)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"day": ""}, "Type the day."),
        ({"day": "32/1/2027"}, "This day cannot be read."),
        ({"day_name": ""}, "Type a name."),
    ],
)
def test_what_is_wrong_with_a_day_is_told(administrator: FlaskClient, fields: dict[str, str], told: str) -> None:
    sent = {"year": "2027", "day": "4/9/2027", "state": "shut", "day_name": "x", **fields}
    page = post(administrator, "/admin/units/calendars/1/day", **sent)
    assert (page.status_code, told in page.text) == (400, True)


def test_a_calendar_in_use_is_not_deleted(administrator: FlaskClient, database: Database) -> None:
    refused = post(administrator, "/admin/units/calendars/1/remove")
    assert (refused.status_code, "3 units have this calendar" in refused.text) == (409, True)
    act(administrator, "/admin/units/calendars/add", **{**WEEK, "name": "x", "hours-0": "7-11"})
    made = calendar(database, "x")
    assert "The calendar was deleted." in act(administrator, f"/admin/units/calendars/{made.id}/remove").text
    assert get(administrator, f"/admin/units/calendars/{made.id}").status_code == 404
    assert get(administrator, "/admin/units/calendars/1?year=1999").status_code == 404


def test_a_lead_sees_the_calendar_of_the_own_unit(lead: FlaskClient, database: Database) -> None:
    page = get(lead, "/admin/units/calendars/1")
    assert page.status_code == 200
    assert "7:30-11:30, 13:30-17:30" in page.text
    assert "Propose the holidays" not in page.text
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM operator_unit")
    assert get(lead, "/admin/units/calendars/1").status_code == 404


def test_a_calendar_that_is_always_open_needs_no_year(administrator: FlaskClient, database: Database) -> None:
    hours = {f"hours-{weekday}": "0h-24h" for weekday in range(7)}
    act(administrator, "/admin/units/calendars/add", **{**hours, "name": "Cả ngày"})
    listed = get(administrator, "/admin/units/calendars").text
    assert listed.split("Cả ngày", 1)[1].split("</tr>", 1)[0].count("open every day") == 2
    page = get(administrator, f"/admin/units/calendars/{calendar(database, 'Cả ngày').id}").text
    assert "No holidays need to be confirmed" in page
