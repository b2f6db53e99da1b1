"""Contacts of units: phones are masked, a reveal is recorded, and an empty phone keeps the one that is there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from db.units.contacts import list_contacts
from tests.sms_gateway.pages.acting import act, did, get, post
from tests.sms_gateway.pages.units.conftest import PHONE

FIELDS = {
    "place": "Văn thư",
    "person": "Lê Thị Cúc",
    "person_phone": "0905 111 222",
    "position": "2",
    "duty_from": "",
    "duty_to": "",
}


def test_a_phone_is_masked_until_it_is_revealed_once(administrator: FlaskClient, database: Database) -> None:
    page = get(administrator, "/admin/units/2").text
    assert "Trần Văn Bình" in page
    assert PHONE not in page
    assert "7:30" in page
    assert PHONE in act(administrator, "/admin/units/2/contacts/reveal").text
    assert PHONE not in get(administrator, "/admin/units/2").text
    assert did(database) == [("revealed", "unit:2")]


def test_a_lead_may_reveal_the_contacts_of_the_own_unit_only(lead: FlaskClient) -> None:
    assert PHONE in act(lead, "/admin/units/2/contacts/reveal").text
    assert post(lead, "/admin/units/1/contacts/reveal").status_code == 404


def test_a_contact_is_added_changed_and_deleted(administrator: FlaskClient, database: Database) -> None:
    assert "The contact was added." in act(administrator, "/admin/units/2/contacts", **FIELDS).text
    with database.read() as connection:
        made = list_contacts(connection, 2)[1]
    assert (made.place, made.name, made.phone, made.duty_from) == ("Văn thư", "Lê Thị Cúc", "84905111222", None)
    address = f"/admin/units/2/contacts/{made.id}"
    shown = get(administrator, address).text
    assert "84905111222" not in shown
    page = act(administrator, address, **{**FIELDS, "person_phone": "", "duty_from": "18h", "duty_to": "6h30"})
    assert "The contact was saved." in page.text
    with database.read() as connection:
        made = list_contacts(connection, 2)[1]
    assert (made.phone, made.duty_from, made.duty_to) == ("84905111222", 1080, 390)
    assert "The contact was deleted." in act(administrator, f"{address}/remove").text
    with database.read() as connection:
        assert [one.id for one in list_contacts(connection, 2)] == [7]
    assert [action for action, _ in did(database)] == ["unit_changed"] * 3


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("place", "", "Fill in this field."),
        ("person", "", "Fill in this field."),
        ("person_phone", "", "Fill in this field."),
        ("person_phone", "1234", "This telephone number cannot be read."),
        ("position", "x", "Type a number from 1 to 99."),
        ("duty_from", "7:30", "Type both times, or neither."),
        ("duty_to", "25:00", "This time cannot be read."),
    ],
)
def test_what_is_wrong_is_told(administrator: FlaskClient, field: str, value: str, told: str) -> None:
    page = post(administrator, "/admin/units/2/contacts", **{**FIELDS, field: value})
    assert page.status_code == 400
    assert told in page.text
    assert "Lê Thị Cúc" in page.text or field == "person"


def test_a_contact_of_another_unit_is_404(administrator: FlaskClient) -> None:
    assert get(administrator, "/admin/units/1/contacts/7").status_code == 404
    assert post(administrator, "/admin/units/1/contacts/7/remove").status_code == 404
