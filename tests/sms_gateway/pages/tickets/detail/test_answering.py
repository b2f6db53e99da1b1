"""Answering a ticket: the preview beside the button, one SMS, the next ticket, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from db.schema import EntryKind, TicketState, outbound
from db.staff.operators import find_operator
from db.store.address import Address
from db.store.engine import Database
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.city_office import WARD
from tests.sms_gateway.conftest import NOON, SECRET, form_token
from tests.sms_gateway.pages.acting import ENGLISH, did, get
from tests.sms_gateway.pages.tickets.office import NEIGHBOUR, TicketOffice

ANSWER = "Den da duoc sua sang nay."


class Shown(NamedTuple):
    """What the answer box of a page holds."""

    version: str
    seen: str
    words: str
    faults: list[str]


def box(page: TestResponse) -> Shown:
    hidden = dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page.text.split('id="answer"', 1)[1]))
    words = page.text.split('name="words"', 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]
    faults = re.findall(r'class="fault" role="alert">([^<]*)<', page.text.split('id="words-faults"', 1)[1])
    return Shown(hidden["version"], hidden["seen"], words, faults)


def write(
    client: FlaskClient, ticket_id: int, words: str, *, way: str = "resolve", place: str = "", **fields: object
) -> TestResponse:
    """Write an answer as on a page without scripts: the preview first, then the button."""
    page = get(client, f"/admin/tickets/{ticket_id}")
    version = fields.pop("version", None) or box(page).version
    sent = {"csrf": form_token(page), "way": way, "words": words, "version": version}
    preview = client.post(f"/admin/tickets/{ticket_id}/answer", data={**sent, "preview": "1"}, headers=ENGLISH)
    assert preview.status_code == 200
    sent = {**sent, "seen": box(preview).seen, **fields}
    return client.post(f"/admin/tickets/{ticket_id}/answer{place}", data=sent, headers=ENGLISH)


def write_blind(client: FlaskClient, ticket_id: int, words: str, *, way: str, version: str) -> TestResponse:
    """Send an answer from a page that was opened before."""
    fields = {"csrf": form_token(get(client, "/admin/tickets")), "way": way, "words": words, "version": version}
    return client.post(f"/admin/tickets/{ticket_id}/answer", data=fields, headers=ENGLISH)


def test_an_agent_who_asks_many_citizens_is_led_through_own_tickets_and_to_none_twice(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    office.agent("an", WARD)
    with office.database.read() as connection:
        mai, other = (found.id for name in ("mai", "an") if (found := find_operator(connection, name)))
    takes = NewEntry(kind=EntryKind.STAFF, at=NOON, body="took", operator="mai")
    tickets = [office.open(final_due=NOON + timedelta(hours=1 + place)) for place in range(40)]
    for made in tickets[:-1]:
        office.happen(made, TicketEvent.TAKE, takes, assignee_id=mai)
    office.happen(tickets[-1], TicketEvent.TAKE, takes, assignee_id=other)
    for place, (made, following) in enumerate(pairwise(tickets[:4])):
        sent = write(client, made, "So nha bao nhieu?", way="ask", place="?list=mine")
        assert sent.location == f"/admin/tickets/{following}?list=mine#words", place
    assert get(client, "/admin/tickets?list=mine").text.index('accesskey="n"') > 0
    for made in tickets[3:-1]:
        office.happen(made, TicketEvent.ASK, NewEntry(kind=EntryKind.QUESTION, at=NOON, body="?"))
    free = office.open(final_due=NOON + timedelta(days=9))
    office.write(tickets[0], "so 12")
    assert write(client, tickets[0], ANSWER).location == f"/admin/tickets/{free}#words"  # not the colleague's
    assert write(client, free, ANSWER).location == "/admin/tickets"


def test_an_answer_resolves_and_the_next_ticket_opens(office: TicketOffice) -> None:
    first, second = office.open(), office.open(sender=NEIGHBOUR)
    client = office.agent("mai", WARD)
    response = write(client, first, ANSWER)
    assert response.location == f"/admin/tickets/{second}#words"
    number = office.read(first).number
    assert f"{number} is answered and resolved." in get(client, response.location).text
    assert office.read(first).state is TicketState.RESOLVED
    (sms,) = office.sent()
    assert number in sms
    assert ANSWER in sms
    assert ("ticket_answered", f"ticket:{first}") in did(office.database)
    said = get(client, f"/admin/tickets/{first}").text.split('id="said-title"', 1)[1].split("</section>", 1)[0]
    assert re.search(r"now resolved\s+·\s+\w", said), said  # the state, a blank, and what became of the SMS
    last = write(client, second, ANSWER)
    assert last.location == "/admin/tickets"
    assert len(office.sent()) == 2


def test_a_message_that_is_no_sms_is_shown_without_segments(
    parts: WebDependencies, database: Database, new_id: Callable[[], int]
) -> None:
    chat = ChannelSettings(network="zalo", secret=SecretStr(SECRET), send_url="default", options={"app_id": "1"})
    settings = parts.settings.model_copy(update={"channels": {"zalo": chat}})
    office = TicketOffice(app=create_app(replace(parts, settings=settings)), database=database, new_id=new_id)
    made = office.open(reply_link="zalo")
    client = office.agent("mai", WARD)
    page = get(client, f"/admin/tickets/{made}")
    fields = {"csrf": form_token(page), "way": "resolve", "words": ANSWER, "version": box(page).version, "preview": ""}
    shown = client.post(f"/admin/tickets/{made}/answer", data=fields, headers=ENGLISH).text
    assert "characters" in shown
    assert "segment" not in shown


def test_the_page_shows_the_exact_sms_with_its_segments_before_it_is_sent(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    page = get(client, f"/admin/tickets/{made}")
    fields = {"csrf": form_token(page), "way": "resolve", "words": ANSWER, "version": box(page).version}
    unseen = client.post(f"/admin/tickets/{made}/answer", data=fields, headers=ENGLISH)
    assert unseen.status_code == 400
    assert "Read the SMS below" in unseen.text
    assert box(unseen).words == ANSWER
    assert office.sent() == []
    shown = re.search(r'<p class="body answer" lang="vi">([^<]*)</p>', unseen.text)
    assert shown is not None
    assert "1 segment" in unseen.text
    changed = client.post(
        f"/admin/tickets/{made}/answer", data={**fields, "words": "Khac", "seen": box(unseen).seen}, headers=ENGLISH
    )
    assert (changed.status_code, office.sent()) == (400, [])
    assert write(client, made, ANSWER).status_code == 303
    assert office.sent() == [shown[1]]


@pytest.mark.parametrize(
    ("way", "state", "stays"),
    [
        ("answer", TicketState.OPEN, True),
        ("ask", TicketState.PENDING_CITIZEN, False),
        ("wait", TicketState.PENDING_THIRD, False),
        ("not_ours", TicketState.CLOSED, False),
    ],
)
def test_words_can_also_answer_ask_wait_or_send_elsewhere(
    office: TicketOffice, way: str, state: TicketState, *, stays: bool
) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    response = write(client, made, "Cho Dien luc den sua" if way == "wait" else "Ban cho biet so nha", way=way)
    assert response.status_code == 303
    assert (response.location == f"/admin/tickets/{made}") is stays
    assert office.read(made).state is state
    assert len(office.sent()) == (0 if way == "wait" else 1)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        pytest.param("chu " * 150, "too long", id="four segments"),
        pytest.param("Xem tai http://evil.example/a", "evil.example", id="a foreign link"),
        pytest.param("Ban gui mat khau cho toi", "secret", id="a request for a password"),
        pytest.param("", "empty", id="nothing"),
    ],
)
def test_what_must_not_be_sent_is_refused_at_the_field_and_stays_in_the_box(
    office: TicketOffice, words: str, fault: str
) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    response = write(client, made, words)
    assert response.status_code == 400
    assert box(response).words == words.strip()
    assert any(fault in one for one in box(response).faults), box(response).faults
    assert office.sent() == []
    assert office.read(made).state is TicketState.NEW


def test_how_to_get_a_new_password_can_be_said(office: TicketOffice) -> None:
    made = office.open()
    words = "Muon cap lai mat khau, mang CCCD den bo phan mot cua"
    assert write(office.agent("mai", WARD), made, words).status_code == 303


def test_a_link_to_our_own_site_is_confirmed_by_name(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    words = "Xem https://danang.gov.vn/den"
    asked = write(client, made, words)
    assert asked.status_code == 400
    assert 'name="links" value="https://danang.gov.vn/den"' in asked.text
    assert office.sent() == []
    assert write(client, made, words, links="https://danang.gov.vn/den").status_code == 303
    assert len(office.sent()) == 1


def test_of_two_agents_the_second_sees_what_the_first_did_and_keeps_the_words(office: TicketOffice) -> None:
    made = office.open()
    mai, minh = office.agent("mai", WARD), office.agent("minh", WARD)
    version = box(get(minh, f"/admin/tickets/{made}")).version
    assert write(mai, made, ANSWER).status_code == 303
    late = write(minh, made, "Chung toi se den xem", way="answer", version=version)
    assert late.status_code == 409
    assert re.search(r"mai answered and resolved YC\d{9} at \d\d:\d\d \d\d/\d\d\.", late.text)
    assert ANSWER in late.text
    assert box(late).words == "Chung toi se den xem"
    assert len(office.sent()) == 1
    again = write(minh, made, "Chung toi se den xem", way="answer")
    assert again.status_code == 303
    assert len(office.sent()) == 2


@pytest.mark.parametrize("way", ["resolve", "ask", "wait"])
def test_who_did_what_is_told_also_where_the_state_allows_the_act_no_more(office: TicketOffice, way: str) -> None:
    made = office.open()
    mai, minh = office.agent("mai", WARD), office.agent("minh", WARD)
    version = box(get(minh, f"/admin/tickets/{made}")).version
    write(mai, made, ANSWER)
    late = write(minh, made, "Chung toi se den xem", way=way, version=version)
    assert late.status_code == 409
    assert "mai answered and resolved" in late.text
    assert "Chung toi se den xem" in late.text
    spam = office.open(sender=NEIGHBOUR)
    version = box(get(minh, f"/admin/tickets/{spam}")).version
    write(mai, spam, "Cong ty cap nuoc", way="not_ours")
    late = write_blind(minh, spam, "Chung toi se den xem", way=way, version=version)
    assert (late.status_code, "mai answered" in late.text) == (409, True)
    assert "Chung toi se den xem</textarea>" in late.text  # it is closed, so it has no box any more


def test_a_citizen_who_writes_meanwhile_is_read_first(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    version = box(get(client, f"/admin/tickets/{made}")).version
    office.write(made, "van chua co ai den")
    late = write(client, made, ANSWER, version=version)
    assert late.status_code == 409
    assert "The citizen wrote to" in late.text
    assert "van chua co ai den" in late.text
    assert office.sent() == []


def test_a_sent_answer_is_not_sent_again_by_back_or_reload(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    version = box(get(client, f"/admin/tickets/{made}")).version
    assert write(client, made, ANSWER).status_code == 303
    again = write(client, made, ANSWER, way="answer", version=version)
    assert again.status_code == 409
    assert len(office.sent()) == 1


def test_an_answer_that_did_not_arrive_is_shown_red_with_what_to_do(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    write(client, made, ANSWER, way="answer")
    office.fail_all()
    assert "Call instead" in get(client, f"/admin/tickets/{made}").text


def test_a_citizen_without_a_telephone_is_answered_where_they_wrote_and_cannot_be_called(office: TicketOffice) -> None:
    made = office.open(sender=Address("zalo:6142494823000001"), reply_link="zalo")
    client = office.agent("mai", WARD)
    write(client, made, ANSWER, way="answer")
    with office.database.read() as connection:
        sent = connection.execute(select(outbound.c.link, outbound.c.recipient)).all()
    assert [tuple(row) for row in sent] == [("zalo", "zalo:6142494823000001")]
    office.fail_all()
    page = get(client, f"/admin/tickets/{made}").text
    assert "zalo:6142***01" in page
    assert "6142494823000001" not in page
    assert "There is no telephone number to call." in page
    assert "Call instead" not in page


def test_what_no_page_offers_is_refused(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert write(client, made, ANSWER, way="merge").status_code == 400
    assert write(client, made, ANSWER, way="dance").status_code == 400
    page = get(client, f"/admin/tickets/{made}")
    fields = {"csrf": form_token(page), "version": box(page).version, "way": "answer", "words": "x" * 3_000}
    assert client.post(f"/admin/tickets/{made}/answer", data=fields).status_code == 413
    assert office.sent() == []
