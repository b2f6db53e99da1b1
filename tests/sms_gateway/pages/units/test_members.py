"""Members of units and other names of units, on the unit's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from db.units.memberships import list_memberships
from db.units.route_rules import TopicRow, add_topic
from db.units.unit_rows import list_aliases
from tests.sms_gateway.conftest import NAME
from tests.sms_gateway.pages.acting import act, get, noted, post


def test_a_member_is_set_and_removed(administrator: FlaskClient, database: Database, operator_id: int) -> None:
    page = act(
        administrator, "/admin/units/3/members", operator=operator_id, member_capacity="8", member_until="30/11/2026"
    )
    assert f"{NAME} is a member of this unit." in page.text
    with database.read() as connection:
        [made] = list_memberships(connection, 3)
    # The whole last day, in the service's zone.
    assert (made.capacity, made.leads, made.until) == (8, False, datetime(2026, 11, 30, 17, tzinfo=UTC))
    act(administrator, "/admin/units/3/members", operator=operator_id, leads="1")
    with database.read() as connection:
        [made] = list_memberships(connection, 3)
    assert (made.capacity, made.leads, made.until) == (None, True, None)
    page = act(administrator, "/admin/units/3/members/remove", operator=operator_id)
    assert f"{NAME} is no longer a member of this unit." in page.text
    with database.read() as connection:
        assert list_memberships(connection, 3) == []
    assert [entry.detail for entry in noted(database)] == [f"member {NAME}"] * 2 + [f"no member {NAME}"]


def test_the_topics_of_a_member_are_set_and_shown_to_be_changed(
    administrator: FlaskClient, database: Database, operator_id: int
) -> None:
    with database.write() as connection:
        for number, code in enumerate(("lamps", "roads"), 1):
            add_topic(connection, TopicRow(id=number, code=code, name=f"Topic {code}", words=()))
    fields = {"operator": operator_id, "member_capacity": "8", "member_until": "30/11/2026", "leads": "1"}
    act(administrator, "/admin/units/3/members", topics=["roads", "made-up"], **fields)
    with database.read() as connection:
        [made] = list_memberships(connection, 3)
    assert made.topics == ("roads",)
    assert "Topic roads" in get(administrator, "/admin/units/3").text
    page = get(administrator, f"/admin/units/3?member={operator_id}").text
    assert 'value="roads" checked' in page
    assert 'value="lamps" checked' not in page
    for shown in (f'<option value="{operator_id}" selected>', 'value="8"', 'value="30/11/2026"'):
        assert shown in page, shown
    act(administrator, "/admin/units/3/members", **fields)
    with database.read() as connection:
        assert list_memberships(connection, 3) == [replace(made, topics=None)]  # all
    assert get(administrator, "/admin/units/3?member=12").status_code == 200


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"operator": ""}, "Choose an operator."),
        ({"member_capacity": "1000"}, "Type a number from 1 to 999."),
        ({"member_until": "1/1/2020"}, "This day is over."),
        ({"member_until": "soon"}, "This day cannot be read."),
    ],
)
def test_what_is_wrong_with_a_member_is_told(
    administrator: FlaskClient, operator_id: int, fields: dict[str, str], told: str
) -> None:
    page = post(administrator, "/admin/units/3/members", **{"operator": str(operator_id), **fields})
    assert (page.status_code, told in page.text) == (400, True)


def test_nobody_who_is_not_there_is_removed(administrator: FlaskClient) -> None:
    assert post(administrator, "/admin/units/3/members/remove", operator="12").status_code == 404
    assert post(administrator, "/admin/units/3/members", operator="12").status_code == 400


def test_another_name_leads_to_one_unit_only(administrator: FlaskClient, database: Database) -> None:
    assert "The name was added." in act(administrator, "/admin/units/2/names", alias="Quận 2 (cũ)").text
    refused = post(administrator, "/admin/units/3/names", alias="QUAN 2, CU")
    assert (refused.status_code, "This name leads to UBND phường 2." in refused.text) == (400, True)
    assert post(administrator, "/admin/units/3/names", alias="?").status_code == 400
    assert "quan 2 cu" in get(administrator, "/admin/units/2").text
    assert post(administrator, "/admin/units/3/names/remove", alias="QUAN 2 CU").status_code == 409
    assert "The name was removed." in act(administrator, "/admin/units/2/names/remove", alias="QUAN 2 CU").text
    with database.read() as connection:
        assert list_aliases(connection) == []
