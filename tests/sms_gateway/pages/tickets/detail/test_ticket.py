"""The page of a ticket: who said what, masked until revealed, and the record that it was opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.schema import EntryKind, Priority
from db.store.engine import Database
from db.tickets.ratings import Rating, rate
from db.tickets.states import TicketEvent
from db.tickets.transitions import Details, NewEntry
from handlers.context import ServiceFacts
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.city_office import OTHER, WARD
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.acting import act, did, get, noted
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.pages.tickets.office import CITIZEN, WORDS, TicketOffice


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def test_citizen_service_agents_and_notes_are_told_apart_by_colour_and_word(office: TicketOffice) -> None:
    made = office.open()
    for kind, event, words in (
        (EntryKind.SYSTEM, TicketEvent.NOTE, "Da nhan phan anh"),
        (EntryKind.SYSTEM, TicketEvent.NOTE, "warn_lead"),
        (EntryKind.SYSTEM, TicketEvent.NOTE, "question not sent"),
        (EntryKind.QUESTION, TicketEvent.ASK, "So nha nao?"),
        (EntryKind.CITIZEN, TicketEvent.REPLY, "So 25"),
        (EntryKind.NOTE, TicketEvent.NOTE, "da goi doi sua chua"),
        (EntryKind.STAFF, TicketEvent.NOTE, "took"),
        (EntryKind.ANSWER, TicketEvent.ANSWER, "Mai sua xong"),
    ):
        operator = None if kind in {EntryKind.SYSTEM, EntryKind.CITIZEN} else "minh"
        office.happen(made, event, NewEntry(kind=kind, at=NOON, body=words, operator=operator))
    page = get(office.agent("mai", WARD), f"/admin/tickets/{made}").text
    for look, word, words in (
        ("theirs", "Citizen", WORDS),
        ("automatic", "Automatic", "Da nhan phan anh"),
        ("automatic", "Automatic", "the time is over"),
        ("automatic", "Automatic", "our question could not be sent"),
        ("mine", "Agent&#39;s question · minh", "So nha nao?"),
        ("theirs", "Citizen", "So 25"),
        ("note", "Internal note · minh", "da goi doi sua chua"),
        ("done", "Done · minh", "took it"),
        ("mine", "Agent&#39;s answer · minh", "Mai sua xong"),
    ):
        bubble = next(one for one in page.split('<li class="bubble ')[1:] if words in one)
        assert bubble.startswith(f'{look}"'), words
        assert f'<strong class="who-said">{word}</strong>' in bubble, words


def test_due_times_and_what_routed_it_are_shown(office: TicketOffice) -> None:
    made = office.open(priority=Priority.HIGH, routed_by="ward")
    page = get(office.agent("mai", WARD), f"/admin/tickets/{made}").text
    assert "22/11/2026 16:00" in page  # first answer
    assert "25/11/2026 12:00" in page
    assert "the ward in the text" in page
    assert 'data-state="queued">high</span>' in page


def test_numbers_are_masked_until_a_reveal_that_is_recorded(office: TicketOffice) -> None:
    made = office.open(subject="goi 0905 777 888", body="PA goi 0905 777 888, CCCD 079201987654, YC482173051")
    client = office.agent("mai", WARD)
    page = get(client, f"/admin/tickets/{made}").text
    assert "•••456" in page
    assert "YC482173051" in page
    for secret in (CITIZEN, CITIZEN[2:], "0905 777 888", "079201987654"):
        assert secret not in page
    assert ("revealed", f"ticket:{made}") not in did(office.database)
    shown = act(client, f"/admin/tickets/{made}/reveal").text
    for secret in (CITIZEN, "0905 777 888", "079201987654"):
        assert secret in shown
    assert ("revealed", f"ticket:{made}") in did(office.database)
    assert CITIZEN not in get(client, f"/admin/tickets/{made}").text


def test_that_an_agent_opened_a_ticket_is_noted_once_a_day(office: TicketOffice, clock: Clock) -> None:
    made, other = office.open(), office.open()
    client = office.agent("mai", WARD)
    for ticket_id in (made, made, other, made):
        get(client, f"/admin/tickets/{ticket_id}")
    minh = office.agent("minh", WARD)
    get(minh, f"/admin/tickets/{made}")
    seen = [(one.operator, one.subject) for one in noted(office.database) if one.action == "ticket_seen"]
    assert seen == [("mai", f"ticket:{made}"), ("mai", f"ticket:{other}"), ("minh", f"ticket:{made}")]
    clock.advance(timedelta(hours=12, minutes=1))  # past midnight in Viet Nam
    tomorrow = office.agent("hoa", WARD)
    get(tomorrow, f"/admin/tickets/{made}")
    get(tomorrow, f"/admin/tickets/{made}")
    assert len([one for one in noted(office.database) if one.action == "ticket_seen"]) == 4


def test_the_rating_and_what_is_waited_for_are_shown(office: TicketOffice) -> None:
    made = office.open()
    entry = NewEntry(kind=EntryKind.STAFF, at=NOON, body="Dien luc", operator="minh")
    office.happen(made, TicketEvent.WAIT, entry, details=Details(public_reason="cho Dien luc"))
    with office.database.write() as connection:
        rate(connection, Rating(ticket_id=made, score=2, by_words=False, unit_id=WARD, at=NOON))
    page = get(office.agent("mai", WARD), f"/admin/tickets/{made}").text
    assert "cho Dien luc" in page
    assert "2/5" in page


def test_a_closed_ticket_offers_no_answer(office: TicketOffice) -> None:
    made = office.open()
    office.happen(made, TicketEvent.SPAM, NewEntry(kind=EntryKind.STAFF, at=NOON, body="spam", operator="minh"))
    page = get(office.agent("mai", WARD), f"/admin/tickets/{made}").text
    assert "The ticket is closed" in page
    assert 'name="words"' not in page


class TestWhereALookUpNeedsASecret:
    @pytest.fixture
    def parts(self, parts: WebDependencies) -> WebDependencies:
        return replace(parts, service=replace(ServiceFacts(), asks_secret=True))

    def test_words_that_may_hold_one_are_hidden_until_a_reveal(self, office: TicketOffice) -> None:
        made = office.open(subject="ho so", body="HOI ho so 000.00.12.H17-230815-0007 mat khau KX7QWT2M")
        client = office.agent("mai", WARD)
        assert "KX7QWT2M" not in get(client, f"/admin/tickets/{made}").text
        assert "KX7QWT2M" in act(client, f"/admin/tickets/{made}/reveal").text


def test_an_automatic_answer_that_names_a_ticket_out_of_sight_is_withheld(office: TicketOffice) -> None:
    mine, theirs = office.open(WARD), office.open(OTHER, subject="benh cua toi")
    numbers = [office.read(one).number for one in (mine, theirs)]
    asked = f"Tin nay cho viec nao? 1: {numbers[0]} den duong hong. 2: {numbers[1]} benh cua toi. 3: viec moi."
    for answer in (asked, f"Da ghi them vao {numbers[0]}."):
        with office.database.write() as connection:
            rows = MessageRows(connection=connection, new_id=office.new_id, now=office.now)
            text = rows.text("van chua thay ai den", sender=CITIZEN)
            rows.answer(text, answer)
        entry = NewEntry(kind=EntryKind.CITIZEN, at=NOON, body="van chua thay ai den", inbound_id=text)
        office.happen(mine, TicketEvent.WRITE, entry)
    page = get(office.agent("mai", WARD), f"/admin/tickets/{mine}").text
    assert numbers[1] not in page
    assert "benh cua toi" not in page
    assert "(an answer that names a ticket which you may not see)" in page
    assert f"Da ghi them vao {numbers[0]}." in page
    assert "benh cua toi" in get(office.agent("nam", WARD, OTHER), f"/admin/tickets/{mine}").text


def test_the_number_of_a_ticket_out_of_sight_is_not_shown(office: TicketOffice) -> None:
    source = office.open(OTHER)
    number = office.read(source).number
    split = office.open(WARD, parent_id=source)
    for body in (f"moved_from {number}", f"merged from {number}"):
        office.happen(split, TicketEvent.NOTE, NewEntry(kind=EntryKind.STAFF, at=NOON, body=body, operator="nam"))
    page = get(office.agent("mai", WARD), f"/admin/tickets/{split}").text
    assert number not in page
    for told in ("a text came from –", "merged – into this ticket"):
        assert told in page, "what was done is told without the number"
    assert f"a text came from {number}" in get(office.agent("hoa", WARD, OTHER), f"/admin/tickets/{split}").text
