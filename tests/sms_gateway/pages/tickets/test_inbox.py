"""The inbox: lists with their counts, filters that combine, numbers and words that stay out of addresses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.schema import EntryKind, Priority, TicketKind
from db.store.address import Address
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from tests.sms_gateway.city_office import OTHER, WARD
from tests.sms_gateway.conftest import NOON, Clock, form_token
from tests.sms_gateway.pages.acting import ENGLISH, did, get
from tests.sms_gateway.pages.tickets.office import NEIGHBOUR, TicketOffice

USUAL = {"list": "waiting", "kind": "", "priority": "", "unit": "", "topic": ""}


def listed(page: TestResponse) -> list[str]:
    """Return the numbers of the tickets on a page."""
    return re.findall(r'<a[^>]* href="/admin/tickets/\d+[^"]*">(YC\d{9})</a>', page.text)


def counts(page: TestResponse) -> dict[str, int]:
    """Return the count of each list."""
    return {name: int(count) for name, count in re.findall(r'id="list-(\w+)">.*?<strong>(\d+)</strong>', page.text)}


def choose(client: FlaskClient, **fields: str) -> TestResponse:
    """Send the filter, and return the page that it leads to."""
    token = form_token(get(client, "/admin/tickets"))
    response = client.post("/admin/tickets/filter", data={"csrf": token, **USUAL, **fields}, headers=ENGLISH)
    return get(client, response.location) if response.status_code == 303 else response


def test_each_list_has_its_tickets_and_their_number(office: TicketOffice, clock: Clock) -> None:
    mine, free, asked, over = office.open(), office.open(), office.open(), office.open()
    late = office.open(final_due=NOON + timedelta(minutes=10))
    unsure = office.open(is_unsure=True)
    client = office.agent("mai", WARD)
    page = get(client, f"/admin/tickets/{mine}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version is not None
    fields = {"csrf": form_token(page), "version": version[1]}
    assert client.post(f"/admin/tickets/{mine}/take", data=fields).status_code == 303
    office.happen(asked, TicketEvent.ASK, NewEntry(kind=EntryKind.QUESTION, at=NOON, body="?"))
    office.happen(over, TicketEvent.RESOLVE, NewEntry(kind=EntryKind.ANSWER, at=NOON, body="!"))
    clock.advance(timedelta(minutes=20))
    number = {one: office.read(one).number for one in (mine, free, asked, over, late, unsure)}
    found = counts(get(client, "/admin/tickets"))
    assert found == {
        "mine": 1,
        "unassigned": 3,
        "waiting": 4,
        "due_soon": 0,
        "late": 1,
        "pending": 1,
        "resolved": 1,
        "to_sort": 1,
    }
    for view, tickets in {
        "mine": [mine],
        "late": [late],
        "pending": [asked],
        "resolved": [over],
        "to_sort": [unsure],
        "waiting": [late, mine, free, unsure],
    }.items():
        assert sorted(listed(get(client, f"/admin/tickets?list={view}"))) == sorted(number[one] for one in tickets), (
            view
        )
    assert listed(get(client, "/admin/tickets"))[0] == number[late]  # the first due time first


def test_conditions_combine(office: TicketOffice) -> None:
    urgent = office.open(priority=Priority.HIGH, kind=TicketKind.QUESTION)
    office.open(priority=Priority.HIGH)
    office.open(kind=TicketKind.QUESTION)
    client = office.agent("mai", WARD)
    page = choose(client, kind="question", priority="high")
    assert listed(page) == [office.read(urgent).number]
    assert listed(choose(client, kind="question", priority="high", **{"from": "23/11/2026"})) == []
    assert len(listed(choose(client, **{"from": "22/11/2026", "to": "22/11/2026"}))) == 3


def test_a_number_and_words_are_found_and_are_in_no_address(office: TicketOffice) -> None:
    made = office.open(sender=NEIGHBOUR, subject="ho ga mat nap", body="PA ho ga mat nap o kiet 12")
    office.open()
    client = office.agent("mai", WARD)
    token = form_token(get(client, "/admin/tickets"))
    for fields in (
        {"number": "0935 111 222"},
        {"words": "Hố ga"},
        {"words": "kiet 12"},
        {"number": "0935111222", "words": "ga"},
    ):
        response = client.post("/admin/tickets/filter", data={"csrf": token, **USUAL, **fields}, headers=ENGLISH)
        assert not re.search(r"935|ga\b|12\b", response.location.partition("?")[2].split("=", 1)[0])
        page = get(client, response.location)
        assert listed(page) == [office.read(made).number], fields
        assert NEIGHBOUR not in page.text
        opened = re.search(r'href="(/admin/tickets/\d+[^"]*)">YC', page.text)
        assert opened is not None
        assert get(client, opened[1].replace("&amp;", "&")).status_code == 200
    assert ("number_searched", "ticket") in did(office.database)


def test_a_citizen_of_zalo_is_found_by_the_address_which_is_shown_masked(office: TicketOffice) -> None:
    address = Address("zalo:6142494823000001")
    made = office.open(sender=address, reply_link="zalo")
    office.open()
    page = choose(office.agent("mai", WARD), number=address)
    assert listed(page) == [office.read(made).number]
    assert "zalo:6142***01" in page.text
    assert "6142494823000001" not in page.text


def test_the_number_of_a_ticket_leads_to_it(office: TicketOffice) -> None:
    made, elsewhere = office.open(), office.open(OTHER)
    client = office.agent("mai", WARD)
    token = form_token(get(client, "/admin/tickets"))
    for written in (office.read(made).number, office.read(made).number.replace("YC", "yc ")):
        response = client.post("/admin/tickets/filter", data={"csrf": token, **USUAL, "number": written})
        assert response.location == f"/admin/tickets/{made}"
    number = office.read(elsewhere).number
    refused = choose(client, number=number)
    assert (refused.status_code, f"There is no ticket {number} in your units." in refused.text) == (404, True)
    assert "There is no ticket" in choose(client, number="YC000000000").text  # the same words for a number of nobody
    assert "telephone number cannot be read" in choose(client, number="so nao").text


def test_what_no_page_of_ours_sends_is_not_found(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    for query in (
        "list=dance",
        "kind=x",
        "priority=x",
        "unit=x",
        f"unit={OTHER}",
        "unit=99999999999999999999",
        "from=x",
        "after=x",
        "after=2026-11-22T00:00:00~1",
        "after=2026-11-22T00:00:00%2B07:00~x",
        "after=2026-11-22T00:00:00%2B07:00~1~soon",
    ):
        assert client.get(f"/admin/tickets?{query}").status_code == 404, query
    assert client.get("/admin/tickets?who=x").status_code == 410
    assert client.get("/admin/tickets?words=x").status_code == 410


def test_faults_are_shown_at_their_fields(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    for fields, field in (({"number": "abc"}, "number"), ({"words": "x"}, "words"), ({"from": "40/40/2026"}, "from")):
        page = choose(client, **fields)
        assert page.status_code == 400
        assert f'id="fault-{field}"' in page.text


@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.URGENT])
def test_more_tickets_than_a_page_holds_are_on_the_next_one(
    office: TicketOffice, priority: Priority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.tickets.inbox.COUNTED", 59)
    monkeypatch.setattr("sms_gateway.pages.tickets.inbox.COUNTED", 59)
    made = [office.open(final_due=NOON + timedelta(minutes=one), priority=priority) for one in range(60)]
    client = office.agent("mai", WARD)
    first = get(client, "/admin/tickets")
    assert "data-live" in first.text
    assert "<strong>59+</strong>" in first.text
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = get(client, following[1].replace("&amp;", "&"))
    assert "data-live" not in second.text
    assert listed(first) + listed(second) == [office.read(one).number for one in made]


@pytest.mark.parametrize("name", ["waiting", "every", "closed"])
def test_an_empty_list_says_so(office: TicketOffice, name: str) -> None:
    assert "There is no ticket in this list" in get(office.agent("mai", WARD), f"/admin/tickets?list={name}").text


def test_urgent_tickets_come_first_then_those_that_are_due_first(office: TicketOffice) -> None:
    first, last = office.open(final_due=NOON + timedelta(hours=1)), office.open(final_due=NOON + timedelta(hours=2))
    urgent = office.open(final_due=NOON + timedelta(hours=9), priority=Priority.URGENT)
    client = office.agent("mai", WARD)
    expected = [office.read(one).number for one in (urgent, first, last)]
    for name in ("waiting", "unassigned"):
        page = get(client, f"/admin/tickets?list={name}")
        assert listed(page) == expected, name
        first_one = rf'accesskey="n"[^>]*>{expected[0]}</a> <span class="state" data-state="failed">urgent<'
        assert re.search(first_one, page.text), name
