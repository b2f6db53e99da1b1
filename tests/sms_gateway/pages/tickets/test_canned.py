"""Canned answers: one's own, a unit's and everybody's; their fields, segments, and who may change them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.store.engine import Database
from tests.sms_gateway.city_office import OTHER, WARD
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import ENGLISH, act, did, get, post
from tests.sms_gateway.pages.tickets.office import TicketOffice

PLACE = "/admin/tickets/answers"
BODY = "Xin goi {hotline} hoac den {unit}, {unit_address}. So {number}."


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def add(client: FlaskClient, title: str, *, whose: str = "own", body: str = BODY) -> str:
    return act(client, f"{PLACE}/add", title=title, body=body, whose=whose, language="vi").text


def ids(client: FlaskClient) -> list[str]:
    return re.findall(r'<h2 id="a(\d+)">', get(client, PLACE).text)


def test_an_agents_own_answer_is_only_hers(office: TicketOffice) -> None:
    mai, minh = office.agent("mai", WARD), office.agent("minh", WARD)
    assert "is added" in add(mai, "Duong day nong")
    page = get(mai, PLACE).text
    assert "Xin goi 1022 hoac den UBND phuong Hai Chau, 76 Quang Trung. So YC482173051." in page
    assert "1 segment" in page
    assert "Duong day nong" not in get(minh, PLACE).text
    assert post(minh, f"{PLACE}/{ids(mai)[0]}", action="remove").status_code == 404
    assert [action for action, _ in did(office.database)] == ["canned_answer_changed"]


def test_a_units_answer_is_written_by_its_lead_and_used_by_its_agents(office: TicketOffice) -> None:
    lead, agent, other = office.agent("huy", WARD, leads=True), office.agent("mai", WARD), office.agent("hoa", OTHER)
    assert post(agent, f"{PLACE}/add", title="x", body="x", whose=f"unit:{WARD}", language="vi").status_code == 400
    assert post(lead, f"{PLACE}/add", title="x", body="x", whose=f"unit:{OTHER}", language="vi").status_code == 400
    assert "is added" in add(lead, "Cua don vi", whose=f"unit:{WARD}")
    assert "Cua don vi" in get(agent, PLACE).text
    assert "Cua don vi" not in get(other, PLACE).text
    (made,) = ids(lead)
    assert post(agent, f"{PLACE}/{made}", title="y", body="y").status_code == 404
    assert "is changed" in act(lead, f"{PLACE}/{made}", title="Moi", body="Chao ban").text
    assert "Chao ban" in get(agent, PLACE).text
    assert "is deleted" in act(lead, f"{PLACE}/{made}", action="remove").text
    assert ids(agent) == []


def test_everybodys_answer_is_written_by_operators(office: TicketOffice) -> None:
    operator = office.agent("tam", role=OperatorRole.OPERATOR)
    lead = office.agent("huy", WARD, leads=True)
    assert post(lead, f"{PLACE}/add", title="x", body="x", whose="everybody", language="vi").status_code == 400
    assert "is added" in add(operator, "Cua moi nguoi", whose="everybody")
    assert "Cua moi nguoi" in get(lead, PLACE).text
    assert post(lead, f"{PLACE}/{ids(lead)[0]}", action="remove").status_code == 404


@pytest.mark.parametrize(
    ("title", "body", "field"),
    [
        ("", "x", "title"),
        ("x", "", "body"),
        ("x", "Chao {name}", "body"),
        ("x" * 81, "x", "title"),
        ("x", "y" * 601, "body"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(office: TicketOffice, title: str, body: str, field: str) -> None:
    client = office.agent("mai", WARD)
    page = post(client, f"{PLACE}/add", title=title, body=body, whose="own", language="vi")
    assert page.status_code == 400
    assert f'id="fault-{field}-new"' in page.text
    assert ids(client) == []


def test_the_preview_counts_while_it_is_written_and_stores_nothing(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    page = post(client, f"{PLACE}/add", title="", body=BODY * 3, whose="own", language="vi", preview="1")
    assert page.status_code == 200
    assert "2 segments" in page.text
    assert ids(client) == []


def test_one_is_put_into_the_answer_with_its_fields_filled_in(office: TicketOffice) -> None:
    made = office.open(final_due=office.now - timedelta(days=1))  # after the apology
    client = office.agent("mai", WARD)
    add(client, "Duong day nong", body="Goi {hotline} ve {number}, han {due}, {unit}")
    page = get(client, f"/admin/tickets/{made}")
    number = office.read(made).number
    sent = {"csrf": form_token(page), "way": "resolve", "words": "Chao ban.", "version": "1", "canned": ids(client)[0]}
    filled = client.post(f"/admin/tickets/{made}/answer", data={**sent, "insert": "1"}, headers=ENGLISH)
    assert filled.status_code == 200
    assert f">Chao ban. Goi 1022 ve {number}, han 25/11, UBND phuong 2</textarea>" in filled.text
    assert office.sent() == []
