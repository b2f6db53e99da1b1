"""To sort: texts that nobody chose a ticket for, and tickets whose unit is not sure."""

from __future__ import annotations

import re

import pytest

from db.schema import TicketKind
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD
from tests.sms_gateway.pages.acting import act, did, get, post
from tests.sms_gateway.pages.tickets.office import CITIZEN, NEIGHBOUR, TicketOffice

PLACE = "/admin/tickets/sort"
WORDS = "den lai hong roi goi 0905777888"


def test_a_text_is_filed_in_a_ticket_of_its_phone(office: TicketOffice) -> None:
    made, strangers = office.open(FOCAL), office.open(FOCAL, sender=NEIGHBOUR)
    kept = office.keep(WORDS)
    client = office.agent("mai", FOCAL)
    page = get(client, PLACE).text
    assert "den lai hong roi goi •••••••888" in page
    assert CITIZEN not in page
    assert office.read(strangers).number not in page
    refused = post(client, f"{PLACE}/{kept}/file", target=office.read(strangers).number)
    assert refused.status_code == 400
    assert "is in" in act(client, f"{PLACE}/{kept}/file", target=office.read(made).number).text
    assert ("citizen", WORDS) in office.said(made)
    assert WORDS[:15] not in get(client, PLACE).text
    assert ("text_sorted", f"kept:{kept}") in did(office.database)
    again = post(client, f"{PLACE}/{kept}/file", target=office.read(made).number)
    assert again.status_code == 400
    assert "meanwhile" in again.text


def test_a_text_becomes_a_new_ticket(office: TicketOffice) -> None:
    kept = office.keep(WORDS)
    client = office.agent("mai", FOCAL)
    assert "is in" in act(client, f"{PLACE}/{kept}/file", target="new:report").text
    assert office.count() == 1
    page = get(client, "/admin/tickets?list=every").text
    made = re.search(r'href="/admin/tickets/(\d+)\?', page)
    assert made is not None
    assert office.read(int(made[1])).kind is TicketKind.REPORT
    assert office.said(int(made[1])) == [("citizen", WORDS)]


def test_a_text_that_needs_no_ticket_is_put_aside(office: TicketOffice) -> None:
    kept = office.keep(WORDS)
    client = office.agent("mai", FOCAL)
    assert "needs no ticket" in act(client, f"{PLACE}/{kept}/aside").text
    assert office.count() == 0
    assert post(client, f"{PLACE}/{kept}/aside").status_code == 400


def test_texts_that_the_citizen_is_still_asked_about_are_not_there(office: TicketOffice) -> None:
    office.keep(WORDS, hours=2)
    assert "No text waits" in get(office.agent("mai", FOCAL), PLACE).text


def test_only_the_focal_unit_sorts_texts(office: TicketOffice) -> None:
    kept = office.keep(WORDS)
    client = office.agent("mai", WARD)
    assert "den lai hong" not in get(client, PLACE).text
    for way in ("file", "aside"):
        assert post(client, f"{PLACE}/{kept}/{way}", target="new:report").status_code == 404
    assert office.count() == 0


def test_an_unsure_ticket_stays_or_goes_to_another_unit(office: TicketOffice) -> None:
    stays, goes = office.open(FOCAL, is_unsure=True), office.open(FOCAL, is_unsure=True)
    elsewhere = office.open(WARD, is_unsure=True)
    client = office.agent("mai", FOCAL)
    page = get(client, PLACE).text
    assert office.read(stays).number in page
    assert office.read(elsewhere).number not in page
    assert "is confirmed" in act(client, f"/admin/tickets/{stays}/route", version="1").text
    assert "other unit" in act(client, f"/admin/tickets/{goes}/transfer", version="1", unit=OTHER).text
    assert office.read(goes).unit_id == OTHER
    assert "No ticket has an unsure unit" in get(client, PLACE).text


@pytest.mark.parametrize("target", ["", "new:dance", "YC482173051"])
def test_a_target_that_is_none_is_refused(office: TicketOffice, target: str) -> None:
    kept = office.keep(WORDS)
    client = office.agent("mai", FOCAL)
    assert post(client, f"{PLACE}/{kept}/file", target=target).status_code == 400
    assert office.count() == 0
