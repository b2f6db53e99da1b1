"""Units on their pages: added, changed, marked and disabled; what is wrong is told at its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from db.schema import TicketState, ticket
from db.store.engine import Database
from db.units.unit_rows import UnitRow, find_unit, list_units
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, did, get, post
from tests.sms_gateway.pages.opened_ticket import open_ticket

FIELDS = {
    "code": "H17.40",
    "name": "UBND phường Sơn Trà",
    "sms_name": "",
    "parent": "1",
    "calendar": "1",
    "phone": "0236 3822222",
    "address": "76 Quang Trung",
    "capacity": "15",
    "assigns": "1",
}


def unit(database: Database, unit_id: int) -> UnitRow:
    with database.read() as connection:
        found = find_unit(connection, unit_id)
    assert found is not None
    return found


def test_the_list_names_every_unit_and_finds_one_by_a_part_of_its_name(administrator: FlaskClient) -> None:
    page = get(administrator, "/admin/units").text
    assert all(f"UBND phường {number}" in page for number in (1, 2, 3))
    found = get(administrator, "/admin/units?name=Phuong-3").text
    assert "UBND phường 3" in found
    assert "/admin/units/2" not in found


def test_a_unit_is_added(administrator: FlaskClient, database: Database) -> None:
    page = act(administrator, "/admin/units/new", **FIELDS)
    assert "The unit was added." in page.text
    with database.read() as connection:
        [made] = [one for one in list_units(connection) if one.code == "H17.40"]
    assert (made.name, made.folded, made.parent_id) == ("UBND phường Sơn Trà", "UBND PHUONG SON TRA", 1)
    assert (made.busy_capacity, made.assigns, made.is_focal, made.sms_name) == (15, True, False, None)
    assert did(database) == [("unit_changed", f"unit:{made.id}")]


def test_the_first_unit_is_the_focal_unit(administrator: FlaskClient, database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE unit SET is_focal = false")
    assert "No unit is the focal unit" in get(administrator, "/admin/units").text
    act(administrator, "/admin/units/new", **FIELDS)
    with database.read() as connection:
        assert [one.code for one in list_units(connection) if one.is_focal] == ["H17.40"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "", "Type the code of the unit"),
        ("code", "h17.02", "This is the code of UBND phường 2."),
        ("name", "--", "Type a name with at least one letter."),
        ("name", "Ủy ban nhân dân phường có tên rất dài", "more than 30 characters"),
        ("name", "x" * 121, "At most 120 characters"),
        ("sms_name", "UBND phường Sơn Trà", "Write, for example: UBND phuong Son Tra"),
        ("sms_name", "x" * 31, "At most 30 characters"),
        ("calendar", "", "Choose a calendar"),
        ("capacity", "0", "Type a number from 1 to 999."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(administrator: FlaskClient, field: str, value: str, told: str) -> None:
    page = post(administrator, "/admin/units/new", **{**FIELDS, field: value})
    assert page.status_code == 400
    assert told in page.text
    assert 'value="76 Quang Trung"' in page.text  # what was typed stays


def test_a_cycle_of_units_is_refused(administrator: FlaskClient, database: Database) -> None:
    act(administrator, "/admin/units/2/change", **{**FIELDS, "code": "H17.02", "parent": "3"})
    page = post(administrator, "/admin/units/3/change", **{**FIELDS, "code": "H17.03", "parent": "2"})
    assert page.status_code == 400
    assert "in a circle: H17.02 → H17.03 → H17.02" in page.text
    assert unit(database, 3).parent_id is None


def test_a_change_keeps_what_the_form_does_not_hold(administrator: FlaskClient, database: Database) -> None:
    page = act(administrator, "/admin/units/1/change", **{**FIELDS, "parent": "", "assigns": ""})
    assert "The unit was saved." in page.text
    found = unit(database, 1)
    assert (found.name, found.is_focal, found.assigns) == ("UBND phường Sơn Trà", True, False)


def test_there_is_one_focal_unit_and_it_cannot_be_disabled(administrator: FlaskClient, database: Database) -> None:
    refused = post(administrator, "/admin/units/1/mark", mark="disable")
    assert (refused.status_code, "cannot be disabled" in refused.text) == (409, True)
    act(administrator, "/admin/units/2/mark", mark="focal")
    act(administrator, "/admin/units/1/mark", mark="disable")
    assert [(unit(database, one).is_focal, unit(database, one).disabled) for one in (1, 2)] == [
        (False, True),
        (True, False),
    ]
    refused = post(administrator, "/admin/units/1/mark", mark="focal")
    assert (refused.status_code, "Use it again first" in refused.text) == (409, True)
    act(administrator, "/admin/units/1/mark", mark="enable")
    assert not unit(database, 1).disabled


def test_a_unit_with_open_tickets_is_not_disabled(
    administrator: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    """Nor one with accusations, which no count by unit shows; a ticket that is answered closes by itself."""
    open_ticket(database, new_id, due=NOON, unit_id=2)
    for values in ({}, {"is_accusation": True}, {"state": TicketState.RESOLVED}):
        with database.write() as connection:
            connection.execute(update(ticket).values({"unit_id": 2, **values}))
        marked = post(administrator, "/admin/units/2/mark", mark="disable")
        is_answered = "state" in values
        assert marked.status_code == (303 if is_answered else 409), values
        assert is_answered or "The unit has 1 open ticket." in marked.text, values
        assert unit(database, 2).disabled == is_answered, values


def test_a_duty_unit_is_chosen_and_dropped(administrator: FlaskClient, database: Database) -> None:
    act(administrator, "/admin/units/2/mark", mark="duty")
    act(administrator, "/admin/units/3/mark", mark="duty")
    assert [unit(database, one).is_duty for one in (2, 3)] == [False, True]
    act(administrator, "/admin/units/3/mark", mark="no_duty")
    assert not unit(database, 3).is_duty
    assert post(administrator, "/admin/units/3/mark", mark="other").status_code == 400


def test_a_lead_sees_the_own_unit_only_and_changes_nothing(lead: FlaskClient) -> None:
    page = get(lead, "/admin/units").text
    assert ("/admin/units/2" in page, "/admin/units/1" in page) == (True, False)
    own = get(lead, "/admin/units/2")
    assert own.status_code == 200
    assert "Save" not in own.text
    assert (get(lead, "/admin/units/1").status_code, get(lead, "/admin/units/999").status_code) == (404, 404)
    assert post(lead, "/admin/units/2/mark", mark="focal").status_code == 403


def test_the_row_of_an_unknown_unit_is_404(administrator: FlaskClient) -> None:
    assert get(administrator, "/admin/units/999").status_code == 404
    assert get(administrator, f"/admin/units/{1 << 70}").status_code == 404
    assert post(administrator, "/admin/units/999/change", **FIELDS).status_code == 404
