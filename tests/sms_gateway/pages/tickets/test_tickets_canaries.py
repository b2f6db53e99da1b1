"""Known words, numbers and names go through the pages of tickets; then addresses and the log are searched for them."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store.address import Address
from db.store.engine import Database
from tests.sms_gateway.city_office import FOCAL
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import ENGLISH, noted
from tests.sms_gateway.pages.tickets.detail.test_answering import write
from tests.sms_gateway.pages.tickets.office import TicketOffice

PHONE = Address("84937654321")
ID_NUMBER = "079201987654"
NAME = "Canary Van Nguyen"
WORDS = f"canary den hong, CCCD {ID_NUMBER}"
ANSWER = "canary chung toi se den"
NEVER = (PHONE, PHONE[2:], ID_NUMBER, "canary", "Canary")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what pages show."""
    return sqlite_database


def test_no_word_number_or_name_is_in_an_address_or_in_the_log(
    office: TicketOffice, caplog: pytest.LogCaptureFixture
) -> None:
    made = office.open(FOCAL, sender=PHONE, subject=WORDS, body=WORDS)
    office.write(made, f"{WORDS} lan hai")
    kept = office.keep(WORDS, PHONE)
    addresses: list[str] = []

    def note(response: TestResponse) -> TestResponse:
        addresses.extend([response.request.url, response.location or ""])
        masked = [one for one in (PHONE, PHONE[2:], ID_NUMBER) if one in response.text]
        assert masked == [], response.request.url
        return response

    def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
        token = form_token(client.get("/admin/sessions"))
        response = note(client.post(path, data={"csrf": token, **fields}, headers=ENGLISH))
        return note(client.get(response.location, headers=ENGLISH)) if response.location else response

    with caplog.at_level(logging.DEBUG):
        client = office.agent("mai", FOCAL, leads=True)
        ticket = f"/admin/tickets/{made}"
        usual = {"list": "waiting", "kind": "", "priority": "", "unit": "", "topic": ""}
        assert "YC" in post(client, "/admin/tickets/filter", **usual, number=PHONE, words="canary").text
        for path in ("/admin/tickets", ticket, f"{ticket}/block", "/admin/tickets/sort", "/admin/tickets/new"):
            note(client.get(path, headers=ENGLISH))
        entry = office.entry_ids(made)[1]
        note(client.get(f"{ticket}/entries/{entry}/move"))
        post(client, f"{ticket}/entries/{entry}/split", kind="report", version=str(office.read(made).version))
        post(client, f"{ticket}/note", note="canary", version=str(office.read(made).version))
        post(client, f"{ticket}/transfer", unit=FOCAL, why="canary", version=str(office.read(made).version))
        assert note(write(client, made, ANSWER)).status_code == 303
        post(client, f"/admin/tickets/sort/{kept}/file", target=office.read(made).number)
        form = {"name": NAME, "kind": "report", "channel": "call", "unit": "", "words": WORDS}
        token = form_token(client.get("/admin/tickets/new"))
        opened = client.post(
            "/admin/tickets/new", data={"csrf": token, **form, "phone": PHONE, "preview": "1"}, headers=ENGLISH
        )
        addresses.append(opened.request.url)
        post(client, "/admin/tickets/answers/add", title="canary", body="canary", whose="own", language="vi")
    assert len(addresses) > 25
    for secret in NEVER:
        assert [one for one in addresses if secret in one] == [], secret
        assert secret not in caplog.text
        assert [one for one in noted(office.database) if secret in f"{one.subject} {one.detail}"] == []
