"""A ticket for somebody who called: the SMS is shown first, then the ticket opens and its number goes out."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.schema import TicketChannel, TicketKind
from db.store.engine import Database
from tests.sms_gateway.city_office import OTHER, WARD
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import ENGLISH, did, get
from tests.sms_gateway.pages.tickets.office import TicketOffice

FORM = {
    "phone": "0905 123 456",
    "name": "Canary Van A",
    "kind": "report",
    "channel": "call",
    "unit": str(WARD),
    "words": "Den duong hong\r\ntruoc nha 25 Le Duan",
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def send(client: FlaskClient, *, looks: bool = True, **fields: str) -> TestResponse:
    """Fill the form in, look at the SMS, and press the button."""
    sent = {**_filled(client), **fields}
    if looks:
        page = client.post("/admin/tickets/new", data={**sent, "preview": "1"}, headers=ENGLISH)
        found = re.search(r'name="seen" value="([\w-]*)"', page.text)
        assert found is not None
        sent["seen"] = found[1]
    return client.post("/admin/tickets/new", data=sent, headers=ENGLISH)


def test_the_ticket_opens_after_its_sms_was_on_the_page(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    unseen = send(client, looks=False)
    assert unseen.status_code == 400
    assert "Read the SMS below" in unseen.text
    shown = re.search(r'<p class="body answer">([^<]*)</p>', unseen.text)
    assert shown is not None
    assert (office.count(), office.sent()) == (0, [])
    response = send(client)
    made = int(response.location.rsplit("/", 1)[1])
    found = office.read(made)
    assert (found.channel, found.kind, found.unit_id) == (TicketChannel.CALL, TicketKind.REPORT, WARD)
    assert office.said(made)[0] == ("citizen", "Den duong hong truoc nha 25 Le Duan")
    (sms,) = office.sent()
    assert sms == shown[1].replace("YC482173051", found.number)
    assert ("ticket_opened", f"ticket:{made}") in did(office.database)
    page = get(client, response.location).text
    assert found.number in page
    assert "its number is on its way" in page


def test_a_form_that_is_sent_twice_opens_one_ticket(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    page = client.post("/admin/tickets/new", data={**_filled(client), "preview": "1"}, headers=ENGLISH).text
    seen = re.search(r'name="seen" value="([\w-]*)"', page)
    assert seen is not None
    sent = {**_filled(client), "seen": seen[1]}
    first, second = (client.post("/admin/tickets/new", data=sent, headers=ENGLISH) for _ in range(2))
    assert (first.status_code, second.location) == (303, first.location)
    assert (office.count(), len(office.sent())) == (1, 1)
    assert len([one for one, _ in did(office.database) if one == "ticket_opened"]) == 1
    other = office.agent("lan", WARD)  # the form of another agent opens nothing
    assert other.post("/admin/tickets/new", data={**_filled(other), "seen": seen[1]}).status_code == 400
    assert send(client).status_code == 303  # a new form opens a new ticket, also for the same words
    assert office.count() == 2


def _filled(client: FlaskClient) -> dict[str, str]:
    return {"csrf": form_token(get(client, "/admin/tickets/new")), **FORM}


def test_a_ticket_that_is_routed_to_another_unit_leads_to_the_inbox(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    response = send(client, unit="")  # nothing is sure: the focal unit
    assert response.location == "/admin/tickets"
    assert office.count() == 1
    assert send(client, looks=False, unit=str(OTHER)).status_code == 400  # not offered to this agent


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"phone": "8188"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"words": " "}, "words"),
        ({"words": "x" * 1001}, "words"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_a_fault_is_shown_at_its_field_and_all_that_was_typed_stays(
    office: TicketOffice, fields: dict[str, str], field: str
) -> None:
    client = office.agent("mai", WARD)
    page = send(client, looks=False, **fields)
    assert page.status_code == 400
    assert f'id="fault-{field}"' in page.text
    for name in {"name", "words", "phone"} - fields.keys():
        assert " ".join(FORM[name].split()) in page.text
    assert office.count() == 0


def test_a_phone_is_read_in_any_notation_and_in_no_address(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    response = send(client, phone="+84 905-123-456", channel="visit")
    assert "905" not in response.location
    assert "•••456" in get(client, response.location).text
