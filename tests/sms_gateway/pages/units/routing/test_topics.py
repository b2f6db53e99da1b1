"""Topics on their page."""

from __future__ import annotations

from flask.testing import FlaskClient

from db.store.engine import Database
from db.units.route_rules import TopicRow, list_topics
from tests.sms_gateway.pages.acting import act, get, post


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
