"""Wards on their pages."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from db.store.engine import Database
from db.units.unit_rows import list_wards
from tests.sms_gateway.pages.acting import act, get, post


def test_a_ward_is_added_changed_and_deleted(administrator: FlaskClient, database: Database) -> None:
    fields = {"name": "Phường Hải Châu", "unit": "2", "until": ""}
    assert "The ward was added." in act(administrator, "/admin/units/wards/add", **fields).text
    with database.read() as connection:
        [made] = list_wards(connection)
    assert (made.folded, made.unit_id, made.until) == ("HAI CHAU", 2, None)
    address = f"/admin/units/wards/{made.id}"
    assert "Phường Hải Châu" in get(administrator, address).text
    act(administrator, address, **{**fields, "unit": "3", "until": "30/6/2025"})
    with database.read() as connection:
        [made] = list_wards(connection)
    assert (made.unit_id, made.until) == (3, date(2025, 6, 30))
    page = get(administrator, "/admin/units/wards?search=hai+chau").text
    assert "30/06/2025" in page
    assert "No wards." in get(administrator, "/admin/units/wards?search=thanh").text
    assert "The ward was deleted." in act(administrator, f"{address}/remove").text
    assert get(administrator, address).status_code == 404


def test_what_is_wrong_is_told(administrator: FlaskClient) -> None:
    for fields, told in (({"name": ""}, "Type a name"), ({"unit": ""}, "Choose the unit.")):
        page = post(administrator, "/admin/units/wards/add", **{"name": "Xã A", "unit": "2", "until": "", **fields})
        assert (page.status_code, told in page.text) == (400, True)
