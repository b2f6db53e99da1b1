"""Words of accusations: no page, list or file of messages shows them to who does not lead the focal unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import EntryKind, InboundState, OperatorRole, OutboundState
from db.store.engine import Database
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.city_office import FOCAL, conversation_parts, write_units
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, get, post
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.pages.tickets.office import NEIGHBOUR, TicketOffice

WITHHELD = "only the leads of the focal unit read"
SECRETS = {
    "opening": "KN to cao canary-opening nhan tien",
    "reply": "canary-reply la can bo phong mot",
    "agent": "canary-agent: xin cho biet ngay",
    "automatic": "canary-automatic: da ghi them",
    "unfiled": "HPI to cao canary-unfiled nhan tien",
    "parked": "canary-parked bi to cao",
}
HEX = "63 61 6e 61 72 79"  # canary, as octets


@pytest.fixture
def parts(parts: WebDependencies, database: Database) -> WebDependencies:
    with database.write() as connection:
        write_units(connection)
    return replace(parts, conversation=conversation_parts(database, parts.traits))


@pytest.fixture
def office(app: Flask, database: Database, new_id: Callable[[], int]) -> TicketOffice:
    return TicketOffice(app=app, database=database, new_id=new_id)


@pytest.fixture
def texts(office: TicketOffice) -> dict[str, int]:
    """Texts and answers of an accusation, with the ids of the texts by name."""
    new_id = office.new_id
    with office.database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        ids = {
            "opening": rows.text(SECRETS["opening"], reading="proposal", outcome="ticket_opened"),
            "reply": rows.text(SECRETS["reply"], reading="remark", outcome="text_filed"),
            "unfiled": rows.text(SECRETS["unfiled"], reading="misread:unknown_keyword", outcome=None),
            "parked": rows.text(SECRETS["parked"], reading=None, outcome=None, state=InboundState.PARKED),
        }
        ids["repeated"] = rows.text(
            SECRETS["reply"], reading=None, outcome=None, state=InboundState.DOUBLE_TAP, duplicate_of=ids["reply"]
        )
        ids["own"] = rows.text("TK Nguyen To Cao, 201499999", reading="register_account", outcome="account_opened")
        ids["ordinary"] = rows.text("HOI nha to cao may tang", reading="question", outcome="ticket_opened")
        rows.answer(ids["reply"], SECRETS["automatic"], state=OutboundState.FAILED)
        lone = rows.answer(None, SECRETS["agent"])
    made = office.open(FOCAL, is_accusation=True, body=SECRETS["opening"], inbound_id=ids["opening"])
    said = NewEntry(kind=EntryKind.CITIZEN, at=NOON, body=SECRETS["reply"], inbound_id=ids["reply"])
    office.happen(made, TicketEvent.WRITE, said)
    office.happen(
        made, TicketEvent.ANSWER, NewEntry(kind=EntryKind.ANSWER, at=NOON, body=SECRETS["agent"], outbound_id=lone)
    )
    return ids


def shown(client: FlaskClient, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Return what each place shows of messages, by its name."""
    yield "log", get(client, "/admin/messages").text
    yield "misreads", get(client, "/admin/misreads").text
    for name, text_id in ids.items():
        yield f"message {name}", get(client, f"/admin/messages/{text_id}").text
        yield f"revealed {name}", act(client, f"/admin/messages/{text_id}/reveal").text
    yield "chat", get(client, f"/admin/messages/{ids['own']}/conversation").text
    yield "revealed chat", act(client, f"/admin/messages/{ids['own']}/conversation/reveal").text
    yield "run again", get(client, f"/admin/messages/{ids['parked']}/run-again").text
    yield "csv", post(client, "/admin/messages/export", kind="csv").text
    book = post(client, "/admin/messages/export", kind="xlsx", unmasked="1").data
    sheet = openpyxl.load_workbook(BytesIO(book)).active
    assert sheet is not None
    yield "clear xlsx", str(list(sheet.iter_rows(values_only=True)))


@pytest.mark.parametrize("leads", [False, True])
def test_words_of_an_accusation_are_read_by_leads_of_the_focal_unit_alone(
    office: TicketOffice, texts: dict[str, int], *, leads: bool
) -> None:
    """Whatever the role: here an administrator, who may reveal and take files unmasked."""
    client = office.agent("chief", FOCAL, leads=leads, role=OperatorRole.ADMINISTRATOR)
    places = dict(shown(client, texts))
    seen = {name for name, page in places.items() if "canary" in page or HEX in page}
    if not leads:
        assert seen == set()
        assert {name for name, page in places.items() if WITHHELD in page} == {
            *("log", "chat", "revealed chat", "run again", "csv", "clear xlsx"),
            *(f"message {name}" for name in texts if name not in {"own", "ordinary"}),
        }
        assert "HOI nha to cao may tang" in places["log"]  # high, and of no accusation
    else:
        assert set(places) - seen == {"message own", "message ordinary", "revealed own", "revealed ordinary"}
        assert not any(WITHHELD in page for page in places.values())
    for name in ("log", "chat", "clear xlsx"):
        told = [secret for secret in SECRETS.values() if secret.partition("canary")[2] in places[name]]
        assert told == (list(SECRETS.values()) if leads else []), name


def test_texts_to_sort_that_accuse_are_read_and_filed_by_leads_of_the_focal_unit_alone(office: TicketOffice) -> None:
    ordinary = office.read(office.open(FOCAL, sender=NEIGHBOUR)).number
    kept = office.keep("chi Canary bi to cao nhan tien", NEIGHBOUR)
    agent, lead = office.agent("mai", FOCAL), office.agent("lan", FOCAL, leads=True)
    for role in (agent, office.agent("chief", role=OperatorRole.ADMINISTRATOR)):
        page = get(role, "/admin/tickets/sort").text
        assert "Canary" not in page
        assert WITHHELD in page
        assert post(role, f"/admin/tickets/sort/{kept}/file", target="new:report").status_code == 403
        assert post(role, f"/admin/tickets/sort/{kept}/aside").status_code == 403
    assert "Canary" in get(lead, "/admin/tickets/sort").text
    refused = post(lead, f"/admin/tickets/sort/{kept}/file", target=ordinary)
    assert (refused.status_code, "stays with the focal unit" in refused.text) == (400, True)
    assert post(lead, f"/admin/tickets/sort/{kept}/file", target="new:report").status_code == 303
    assert office.count() == 2
