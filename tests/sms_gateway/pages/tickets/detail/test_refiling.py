"""Undoing a filing: words of a citizen move to another ticket of the phone, or become a ticket of their own."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store.engine import Database
from tests.sms_gateway.city_office import OTHER, WARD
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import ENGLISH, get
from tests.sms_gateway.pages.tickets.office import NEIGHBOUR, TicketOffice

WORDS = "ho ga truoc nha mat nap"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def refile(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    page = get(client, path)
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None, page.text
    return client.post(path, data={"csrf": form_token(page), "version": version[1], **fields}, headers=ENGLISH)


def test_words_move_to_another_ticket_of_the_same_phone(office: TicketOffice) -> None:
    made, right, strangers, elsewhere = office.open(), office.open(), office.open(sender=NEIGHBOUR), office.open(OTHER)
    office.write(made, WORDS)
    client = office.agent("mai", WARD)
    path = f"/admin/tickets/{made}/entries/{office.entry_ids(made)[1]}/move"
    shown = get(client, path).text
    assert WORDS in shown
    assert office.read(right).number in shown
    for other in (strangers, elsewhere):
        assert office.read(other).number not in shown
        assert refile(client, path, number=office.read(other).number).status_code == 400
    assert refile(client, path, number=office.read(right).number).location == f"/admin/tickets/{right}"
    assert ("citizen", WORDS) in office.said(right)
    assert ("citizen", WORDS) not in office.said(made)
    page = get(client, f"/admin/tickets/{right}").text
    assert f"moved from {office.read(made).number}" in page
    assert office.sent() == []


def test_words_become_a_ticket_of_their_own(office: TicketOffice) -> None:
    made = office.open()
    office.write(made, WORDS)
    client = office.agent("mai", WARD, 1)
    path = f"/admin/tickets/{made}/entries/{office.entry_ids(made)[1]}/split"
    response = refile(client, path, kind="report")
    assert response.status_code == 303
    new = int(response.location.rsplit("/", 1)[1])
    assert ("citizen", WORDS) in office.said(new)
    assert office.read(new).parent_id == made
    assert "has a ticket of its own" in get(client, response.location).text


def test_words_that_opened_a_ticket_and_lines_of_ours_stay(office: TicketOffice) -> None:
    made, other = office.open(), office.open()
    client = office.agent("mai", WARD)
    for entry_id in (office.entry_ids(made)[0], office.entry_ids(other)[0], 1):
        for way in ("move", "split"):
            assert client.get(f"/admin/tickets/{made}/entries/{entry_id}/{way}").status_code == 404
