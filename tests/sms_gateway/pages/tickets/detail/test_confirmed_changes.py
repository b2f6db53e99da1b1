"""What is asked first: merging with its SMS and undoing it, spam, people on duty, blocking."""

from __future__ import annotations

import pytest

from db.citizens.block_list import is_on_list
from db.schema import CloseReason, TicketState
from db.store.address import Msisdn
from db.store.engine import Database
from db.units.contacts import ContactRow, add_contact
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import confirm, did, get, post
from tests.sms_gateway.pages.tickets.office import CITIZEN, NEIGHBOUR, TicketOffice


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def test_merging_shows_the_sms_first_and_can_be_undone(office: TicketOffice) -> None:
    made, into = office.open(), office.open()
    client = office.agent("mai", WARD)
    number, other = office.read(made).number, office.read(into).number
    address = f"/admin/tickets/{made}/merge?into={other.replace('YC', 'yc+')}"
    asked = get(client, address).text
    assert f"{number} da gop vao {other}" in asked
    assert "1" in asked
    assert office.sent() == []
    assert "goes on in" in confirm(client, address).text
    assert (office.read(made).close_reason, office.read(made).merged_into) == (CloseReason.MERGED, into)
    assert len(office.sent()) == 1
    page = get(client, f"/admin/tickets/{made}").text
    assert f"Merged into {other}" in page
    assert f"merged {number} into this ticket" in get(client, f"/admin/tickets/{into}").text
    assert "of its own again" in confirm(client, f"/admin/tickets/{made}/undo-merge").text
    assert office.read(made).state is TicketState.NEW
    assert len(office.sent()) == 2  # the citizen was told of the merging, so of this too


def test_what_cannot_be_merged_is_refused_on_the_first_page_with_the_reason(office: TicketOffice) -> None:
    made, neighbour, closed = office.open(), office.open(sender=NEIGHBOUR), office.open()
    client = office.agent("mai", WARD)
    confirm(client, f"/admin/tickets/{closed}/spam")
    for into, reason in (
        (neighbour, "Only tickets of one telephone are merged"),
        (closed, "The other ticket is closed"),
        (made, "the same ticket"),
    ):
        number = office.read(into).number
        version = office.read(made).version
        for response in (
            get(client, f"/admin/tickets/{made}/merge?into={number}"),
            post(client, f"/admin/tickets/{made}/merge", into=number, version=version),
        ):
            assert response.status_code == 400, reason
            assert reason in response.text
            assert "da gop vao" not in response.text
    assert "in which" in get(client, f"/admin/tickets/{closed}/merge?into={office.read(made).number}").text
    assert office.read(made).state is TicketState.NEW
    assert office.sent() == []


def test_no_page_asks_for_what_would_be_refused(office: TicketOffice) -> None:
    made, closed = office.open(), office.open()
    client = office.agent("mai", WARD)
    confirm(client, f"/admin/tickets/{closed}/spam")
    for address, reason in (
        (f"{made}/undo-merge", "This ticket is not merged"),
        (f"{closed}/spam", "cannot be done in the state"),
        (f"{made}/duty", "contact with duty hours"),
    ):
        response = get(client, f"/admin/tickets/{address}")
        assert response.status_code == 400, address
        assert reason in response.text
        assert 'method="post" action="/admin/tickets/' + address not in response.text


def test_a_ticket_is_not_merged_into_one_that_is_unknown_or_of_another_unit(office: TicketOffice) -> None:
    made, elsewhere = office.open(), office.open(OTHER)
    client = office.agent("mai", WARD)
    for number in ("YC482173051", "", "abc", office.read(elsewhere).number):
        response = get(client, f"/admin/tickets/{made}/merge?into={number}")
        assert response.status_code == 404, number
        assert "There is no such ticket" in response.text
    assert office.read(made).state is TicketState.NEW


def test_spam_is_closed_in_silence_and_the_next_ticket_opens(office: TicketOffice) -> None:
    made, following = office.open(), office.open()
    client = office.agent("mai", WARD)
    assert "No SMS is sent" in get(client, f"/admin/tickets/{made}/spam").text
    page = confirm(client, f"/admin/tickets/{made}/spam")
    assert "closed as spam" in page.text
    assert office.read(following).number in page.text
    assert office.read(made).close_reason is CloseReason.SPAM
    assert office.sent() == []


def test_people_on_duty_are_texted_after_a_question(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    with office.database.write() as connection:
        add_contact(
            connection,
            ContactRow(
                id=1,
                unit_id=FOCAL,
                place="truc ban",
                name="Canary",
                phone=Msisdn(NEIGHBOUR),
                position=1,
                duty_from=0,
                duty_to=0,
            ),
        )
    assert "are texted" in confirm(client, f"/admin/tickets/{made}/duty").text
    (sms,) = office.sent()
    assert office.read(made).number in sms
    assert CITIZEN[2:] not in sms
    assert office.read(made).priority == "urgent"


def test_the_number_of_a_ticket_is_blocked_for_days_and_with_a_reason(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert "•••456" in get(client, f"/admin/tickets/{made}/block").text
    assert confirm(client, f"/admin/tickets/{made}/block", days="0", reason="").status_code == 400
    confirm(client, f"/admin/tickets/{made}/block", days="7", reason="quay roi")
    with office.database.read() as connection:
        assert is_on_list(connection, CITIZEN, now=NOON)
    assert ("blocked", f"ticket:{made}") in did(office.database)
