"""Rules, topics, wards and levels on their pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from db.schema import LevelClock, Priority
from db.store.engine import Database
from db.units.route_rules import RuleRow, TopicRow, list_rules, list_topics
from tests.sms_gateway.pages.acting import act, get, noted, post

FIELDS = {
    "any_of": "đèn đường, Mất điện",
    "all_of": "",
    "area": "",
    "kind": "",
    "unit": "2",
    "topic": "",
    "priority": "",
}


def rules(database: Database) -> list[RuleRow]:
    with database.read() as connection:
        return list(list_rules(connection))


def test_a_rule_is_added_changed_moved_and_deleted(administrator: FlaskClient, database: Database) -> None:
    assert "The rule was added." in act(administrator, "/admin/units/rules/add", **FIELDS).text
    act(administrator, "/admin/units/rules/add", **{**FIELDS, "any_of": "", "area": "Phường Hải Châu", "unit": "3"})
    first, second = rules(database)
    assert (first.any_of, first.unit_id, second.area, second.unit_id) == (
        ("DEN DUONG", "MAT DIEN"),
        2,
        ("HAI CHAU",),
        3,
    )
    wrong = post(administrator, f"/admin/units/rules/{first.id}", **{**FIELDS, "position": "9"})
    assert (wrong.status_code, "Type a number from 1 to 3." in wrong.text) == (400, True)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE route_rule SET hits = 5")
    fields = {**FIELDS, "position": "1", "unit": "", "priority": "high", "kind": "report"}
    act(administrator, f"/admin/units/rules/{second.id}", **fields)
    moved, stayed = rules(database)
    assert (moved.id, moved.priority, moved.kind, moved.hits) == (second.id, Priority.HIGH, "report", 5)
    assert (stayed.id, stayed.position) == (first.id, 2)
    page = get(administrator, "/admin/units/rules?search=den").text
    assert "den duong, mat dien" in page
    act(administrator, f"/admin/units/rules/{first.id}/remove")
    assert [one.id for one in rules(database)] == [second.id]
    assert [(entry.action, entry.detail) for entry in noted(database)] == [
        ("routing_changed", detail) for detail in ("added", "added", "changed", "removed")
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"any_of": " , "}, "Type at least one condition"),
        ({"unit": ""}, "Choose a unit, a topic or a priority."),
        ({"any_of": "x" * 1001}, "At most 1000 characters"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(administrator: FlaskClient, fields: dict[str, str], told: str) -> None:
    page = post(administrator, "/admin/units/rules/add", **{**FIELDS, **fields})
    assert (page.status_code, told in page.text) == (400, True)


def test_a_topic_is_added_changed_and_deleted(administrator: FlaskClient, database: Database) -> None:
    fields = {"code": "lamps", "name": "Đèn đường", "words": "đèn", "unit": "2", "priority": "normal"}
    assert "The topic was added." in act(administrator, "/admin/units/topics/add", **fields).text
    with database.read() as connection:
        [made] = list_topics(connection)
    assert made == TopicRow(id=made.id, code="lamps", name="Đèn đường", words=("DEN",), unit_id=2)
    again = post(administrator, "/admin/units/topics/add", **fields)
    assert (again.status_code, "This code is taken." in again.text) == (400, True)
    bad = post(administrator, "/admin/units/topics/add", **{**fields, "code": "Đèn"})
    assert (bad.status_code, "A code has small letters" in bad.text) == (400, True)
    address = f"/admin/units/topics/{made.id}"
    assert "Đèn đường" in get(administrator, address).text
    page = act(administrator, address, **{**fields, "accusation": "1", "priority": "high", "unit": ""})
    assert "The topic was saved." in page.text
    assert "(accusations)" in page.text
    assert post(administrator, address, **{**fields, "name": ""}).status_code == 400
    assert "The topic was deleted." in act(administrator, f"{address}/remove").text
    assert get(administrator, address).status_code == 404


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
