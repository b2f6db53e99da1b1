"""What is done to a ticket without a text: each act is done once, recorded and told in one line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus, EntryKind, Priority, TicketState, unit
from db.staff.operators import find_operator
from db.store.engine import Database
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from db.units.memberships import Membership, set_membership
from db.units.route_rules import TopicRow, add_topic
from db.units.unit_rows import WardRow, add_ward
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD
from tests.sms_gateway.conftest import NOON, form_token
from tests.sms_gateway.pages.acting import ENGLISH, did, get
from tests.sms_gateway.pages.tickets.office import TicketOffice

CODE = "000.00.12.H17-230815-0007"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


def do(client: FlaskClient, ticket_id: int, name: str, **fields: object) -> TestResponse:
    """Send a form of a ticket's page, as it is on the page now."""
    page = get(client, f"/admin/tickets/{ticket_id}")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    sent = {"csrf": form_token(page), "version": version[1] if version else "1", **fields}
    return client.post(f"/admin/tickets/{ticket_id}/{name}", data=sent, headers=ENGLISH)


def told(client: FlaskClient, response: TestResponse) -> str:
    """Return the line that reports what was done."""
    assert response.status_code == 303, response.text
    found = re.search(r'id="was-done">([^<]*)<', get(client, response.location).text)
    assert found is not None
    return found[1]


def id_of(office: TicketOffice, name: str) -> int:
    with office.database.read() as connection:
        found = find_operator(connection, name)
    assert found is not None
    return found.id


def test_an_agent_takes_a_ticket_and_gives_it_back(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert "is yours" in told(client, do(client, made, "take"))
    assert (office.read(made).assignee_id, office.read(made).state) == (id_of(office, "mai"), TicketState.OPEN)
    assert "back in the queue" in told(client, do(client, made, "release"))
    assert office.read(made).assignee_id is None
    assert [one for one in did(office.database) if one[0] == "ticket_changed"] == [
        ("ticket_changed", f"ticket:{made}")
    ] * 2


def test_a_ticket_is_given_to_an_agent_of_its_unit_only(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    office.agent("minh", WARD)
    office.agent("hoa", OTHER)
    assert "new agent" in told(client, do(client, made, "assign", operator=id_of(office, "minh")))
    assert office.read(made).assignee_id == id_of(office, "minh")
    refused = do(client, made, "assign", operator=id_of(office, "hoa"))
    assert refused.status_code == 400
    assert "does not work for the unit" in refused.text


def test_where_leads_assign_agents_take_nothing(office: TicketOffice) -> None:
    made = office.open()
    with office.database.write() as connection:
        connection.execute(update(unit).where(unit.c.id == WARD).values(assigns=True))
    client, lead = office.agent("mai", WARD), office.agent("huy", WARD, leads=True)
    assert "Take it" not in get(client, f"/admin/tickets/{made}").text
    assert do(client, made, "take").status_code == 403
    assert do(lead, made, "assign", operator=id_of(office, "mai")).status_code == 303
    assert office.read(made).assignee_id == id_of(office, "mai")


def test_a_transferred_ticket_is_gone_for_the_agent_and_there_for_the_other_unit(office: TicketOffice) -> None:
    made = office.open()
    client, other = office.agent("mai", WARD), office.agent("hoa", OTHER)
    response = do(client, made, "transfer", unit=OTHER, why="den cao ap cua ben ban")
    assert response.location == "/admin/tickets"
    assert "other unit" in told(client, response)
    assert client.get(f"/admin/tickets/{made}").status_code == 404
    page = get(other, f"/admin/tickets/{made}").text
    assert "transferred it to H17.03. den cao ap cua ben ban" in page
    assert office.read(made).transfers == 1


def test_a_ticket_is_not_transferred_to_the_unit_that_has_it(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    choice = get(client, f"/admin/tickets/{made}").text.split('name="unit"', 1)[1].split("</select>", 1)[0]
    assert ("selected" in choice, f'value="{WARD}"' in choice, f'value="{OTHER}"' in choice) == (False, False, True)
    refused = do(client, made, "transfer", unit=WARD)
    assert (refused.status_code, "with this unit already" in refused.text) == (400, True)
    assert office.read(made).transfers == 0


def test_a_note_is_for_agents_alone(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert "note" in told(client, do(client, made, "note", note="da goi lai"))
    assert ("note", "da goi lai") in office.said(made)
    assert office.sent() == []
    assert do(client, made, "note", note=" ").status_code == 400


def test_the_priority_changes_but_not_to_urgent_without_a_question(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert "priority" in told(client, do(client, made, "priority", priority="high"))
    assert office.read(made).priority is Priority.HIGH
    assert do(client, made, "priority", priority="urgent").status_code == 400
    assert do(client, made, "priority", priority="king").status_code == 400


def test_waiting_ends_when_the_agent_resumes(office: TicketOffice) -> None:
    made = office.open()
    entry = NewEntry(kind=EntryKind.STAFF, at=NOON, body="cho", operator="mai")
    office.happen(made, TicketEvent.WAIT, entry)
    client = office.agent("mai", WARD)
    assert "goes on" in told(client, do(client, made, "resume"))
    assert office.read(made).state is TicketState.OPEN
    assert do(client, made, "resume").status_code == 400


def test_a_dossier_is_linked_by_its_whole_code(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    with office.database.write() as connection:
        facts = DossierFacts(code=CODE, status=DossierStatus.IN_PROGRESS)
        import_dossiers(connection, [facts], new_id=office.new_id, now=NOON)
    unknown = do(client, made, "dossier", code="000.00.12.H17-230815-9999")
    assert unknown.status_code == 400
    assert 'value="000.00.12.H17-230815-9999"' in unknown.text
    assert "linked" in told(client, do(client, made, "dossier", code=CODE))
    page = get(client, f"/admin/tickets/{made}").text
    assert f"{CODE}: In progress" in page


@pytest.mark.parametrize("name", ["take", "release", "resume", "note", "transfer", "priority"])
def test_an_act_on_a_ticket_that_changed_meanwhile_is_not_done(office: TicketOffice, name: str) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    fields: dict[str, object] = {"note": "x", "unit": FOCAL, "priority": "high"}
    before = office.read(made).version
    office.write(made, "van chua xong")
    late = do(client, made, name, version=before, **fields)
    assert late.status_code == 409
    assert "The citizen wrote to" in late.text
    assert office.read(made).version == before + 1


def test_a_form_without_its_version_is_refused(office: TicketOffice) -> None:
    made = office.open()
    client = office.agent("mai", WARD)
    assert do(client, made, "take", version="x").status_code == 400
    assert do(client, made, "transfer", unit="x").status_code == 400


def test_an_agent_sets_topic_ward_and_name_and_the_unit_stays(office: TicketOffice) -> None:
    made, client = office.open(), office.agent("mai", WARD)
    office.agent("an", WARD)
    with office.database.write() as connection:
        lamps = TopicRow(id=5, code="lamps", name="Đèn đường", words=())
        add_topic(connection, lamps)
        add_topic(connection, replace(lamps, id=6, code="accusation", is_accusation=True))
        add_ward(connection, WardRow(id=7, name="Phường Vỹ Dạ", folded="VY DA", unit_id=OTHER))
        set_membership(connection, Membership(operator_id=id_of(office, "an"), unit_id=WARD, topics=["lamps"]))
    assert "are set" in told(client, do(client, made, "sort", topic=5, ward=""))
    assert "are set" in told(client, do(client, made, "sort", ward=7))
    assert "name of the citizen" in told(client, do(client, made, "name", citizen_name=" Nguyễn Thị Lan "))
    found = office.read(made)
    assert (found.topic_id, found.ward_id, found.unit_id, found.citizen_name) == (5, 7, WARD, "Nguyễn Thị Lan")
    page = get(client, f"/admin/tickets/{made}").text
    for shown in ("<dd>Đèn đường</dd>", "<dd>Phường Vỹ Dạ</dd>", "<dd>Nguyễn Thị Lan</dd>", 'value="Nguyễn Thị Lan"'):
        assert shown in page, shown
    assert page.index(">an · Đèn đường") < page.index(">mai ")  # who works on the topic is offered first
    assert office.said(made).count(("staff", "sorted")) == 2
    empty = do(client, made, "sort", topic="", ward="")
    assert (empty.status_code, "Choose a topic or a ward" in empty.text) == (400, True)
    assert do(client, made, "sort", topic=6).status_code == 400  # only rules make an accusation
    do(client, made, "name", citizen_name="")
    assert office.read(made).citizen_name is None
