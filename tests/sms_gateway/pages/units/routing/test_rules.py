"""Rules, topics, wards and levels on their pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from db.schema import Priority
from db.store.engine import Database
from db.units.route_rules import RuleRow, list_rules
from tests.sms_gateway.pages.acting import act, confirm, get, noted, post

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
    asked = get(administrator, f"/admin/units/rules/{first.id}/remove").text
    assert ("Delete rule 2 (den duong, mat dien)?" in asked, len(rules(database))) == (True, 2)
    assert "The rule was deleted." in confirm(administrator, f"/admin/units/rules/{first.id}/remove").text
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
