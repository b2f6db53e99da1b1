"""Delivery reports at `/dlr/CHANNEL`, and channels whose secret is in the address."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import insert, select

from db.schema import OutboundState, ReceiptState, inbound, outbound, segment, stray_receipt
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import Arrivals, Kind, Network, ReceiptFields, TextFields, table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.ports import Content
from sms_gateway.channels.http.proofs.shared_secret import SharedHeader
from sms_gateway.channels.http.request import Acknowledgement, RequestOutcome, fixed
from sms_gateway.channels.http.sending.departure import AcceptedText, ProviderResponse
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.log import TextFormatter
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET, Counts

HEADERS = {"X-Gateway-Secret": SECRET}
PATH_SECRET = "canary-path-secret-77"
CITIZEN = Msisdn(Address("84905123456"))
SENDS = "https://sms.example/send"


def served(parts: WebDependencies, **channels: ChannelSettings) -> FlaskClient:
    """Return a client of an application with these channels."""
    return create_app(replace(parts, settings=Settings(channels=channels))).test_client()


@pytest.fixture
def client(parts: WebDependencies) -> FlaskClient:
    return served(parts, gapit=ChannelSettings(secret=SecretStr(SECRET), send_url=SENDS))


@pytest.fixture
def sent(database: Database, new_id: Callable[[], int]) -> Callable[[str], int]:
    """Stores an answer that channel `gapit` took under an id."""

    def store(message_id: str) -> int:
        made = new_id()
        with database.write() as connection:
            connection.execute(
                insert(outbound).values(
                    id=made,
                    link="gapit",
                    sender="8188",
                    recipient=CITIZEN,
                    recipient_mark=CITIZEN,
                    body="Xin chao",
                    reference=1,
                    state=OutboundState.SENT,
                    segments=1,
                    created_at=NOON,
                    not_before=NOON,
                    expires_at=NOON + timedelta(minutes=15),
                )
            )
            connection.execute(
                insert(segment).values(
                    outbound_id=made,
                    number=1,
                    link="gapit",
                    message_id=message_id,
                    message_key=message_id,
                    sent_at=NOON,
                )
            )
        return made

    return store


def state_of(database: Database, outbound_id: int) -> tuple[OutboundState, str | None]:
    with database.read() as connection:
        row = connection.execute(select(outbound.c.state, outbound.c.error).where(outbound.c.id == outbound_id)).one()
    return row.state, row.error


REPORTS = [
    ("a word of SMPP", {"id": "m-1", "status": "DELIVRD"}, OutboundState.DELIVERED, None),
    ("a whole word", {"id": "m-1", "status": "delivered"}, OutboundState.DELIVERED, None),
    ("a number", {"id": "m-1", "status": 2}, OutboundState.DELIVERED, None),
    ("a failure", {"id": "m-1", "status": "UNDELIV", "error": "12"}, OutboundState.FAILED, "receipt:undeliverable:12"),
    ("on its way", {"id": "m-1", "status": "ENROUTE"}, OutboundState.SENT, None),
]


@pytest.mark.parametrize(
    ("report", "state", "error"), [case[1:] for case in REPORTS], ids=[case[0] for case in REPORTS]
)
def test_a_report_is_written_to_its_answer(  # noqa: PLR0917 - pytest asks for fixtures by name
    client: FlaskClient,
    database: Database,
    sent: Callable[[str], int],
    report: dict[str, object],
    state: OutboundState,
    error: str | None,
) -> None:
    answer = sent("m-1")
    response = client.post("/dlr/gapit", json=report, headers=HEADERS)
    assert (response.status_code, response.json) == (200, {"status": "stored"})
    assert state_of(database, answer) == (state, error)


def test_a_report_in_a_query_is_taken_and_its_copy_changes_nothing(
    client: FlaskClient, database: Database, sent: Callable[[str], int]
) -> None:
    answer = sent("m-1")
    for _ in range(2):
        response = client.get("/dlr/gapit?id=m-1&status=DELIVRD", headers=HEADERS)
        assert (response.status_code, response.data) == (200, b"")
    assert state_of(database, answer) == (OutboundState.DELIVERED, None)


def test_a_report_finds_its_answer_by_an_id_that_is_longer_than_any_we_keep(
    client: FlaskClient, database: Database, sent: Callable[[str], int]
) -> None:
    long_id = "m" * 99
    read = plain.departure(ChannelSettings(send_url="https://sms.example/send")).read
    taken = read(ProviderResponse(status=200, body=f'{{"id": "{long_id}"}}'.encode()))
    assert isinstance(taken, AcceptedText)
    answer = sent(taken.ids[0])
    client.post("/dlr/gapit", json={"id": long_id, "status": "DELIVRD"}, headers=HEADERS)
    assert state_of(database, answer) == (OutboundState.DELIVERED, None)


def test_a_report_of_an_unknown_answer_waits(client: FlaskClient, database: Database) -> None:
    assert client.post("/dlr/gapit", json={"id": "m-9", "status": "DELIVRD"}, headers=HEADERS).status_code == 200
    with database.read() as connection:
        found = connection.execute(select(stray_receipt.c.link, stray_receipt.c.message_id)).all()
    assert [tuple(row) for row in found] == [("gapit", "m-9")]


def test_a_word_that_nobody_knows_is_stored_as_unknown_and_counted(
    client: FlaskClient, database: Database, sent: Callable[[str], int], counts: Counts
) -> None:
    answer = sent("m-1")
    assert client.post("/dlr/gapit", json={"id": "m-1", "status": "vanished"}, headers=HEADERS).status_code == 200
    assert state_of(database, answer) == (OutboundState.SENT, None)
    with database.read() as connection:
        assert connection.scalars(select(segment.c.receipt)).all() == [ReceiptState.UNKNOWN]
    assert counts.seen == [("gapit", "unknown_state")]


FAULTY = [
    ("no id", {"status": "DELIVRD"}, "id"),
    ("no state", {"id": "m-1"}, "status"),
    ("a list for a state", {"id": "m-1", "status": ["DELIVRD"]}, "status"),
]


@pytest.mark.parametrize(("report", "field"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
def test_a_faulty_report_names_its_field(client: FlaskClient, report: dict[str, object], field: str) -> None:
    response = client.post("/dlr/gapit", json=report, headers=HEADERS)
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["field"] == field


def test_a_report_without_the_secret_is_refused_like_one_to_no_channel(client: FlaskClient, database: Database) -> None:
    report = {"id": "m-1", "status": "DELIVRD"}
    refused = [client.post(path, json=report) for path in ("/dlr/gapit", "/dlr/nobody", "/dlr/gapit/guess")]
    assert {(each.status_code, each.data) for each in refused} == {(401, refused[0].data)}
    with database.read() as connection:
        assert connection.execute(select(stray_receipt.c.id)).all() == []


def test_a_report_to_a_channel_that_sends_nothing_is_refused_and_not_kept(
    parts: WebDependencies, database: Database
) -> None:
    silent = ChannelSettings(secret=SecretStr(SECRET), reply_link="viettel")
    client = served(parts, gapit=silent)
    refused = client.post("/dlr/gapit", json={"id": "m-1", "status": "DELIVRD"}, headers=HEADERS)
    stranger = client.post("/dlr/nobody", json={"id": "m-1", "status": "DELIVRD"}, headers=HEADERS)
    assert (refused.status_code, refused.data) == (401, stranger.data)
    text = {"from": "0905123456", "to": "8188", "text": "HD"}
    assert client.post("/mo/gapit", json=text, headers=HEADERS).status_code == 200
    lists = served(replace(parts, networks=table_of([LISTS])), gapit=silent.model_copy(update={"network": "lists"}))
    events = [{"type": "report", "ids": ["m-1"], "state": "ok"}]
    assert lists.post("/mo/gapit", json={"events": events}, headers={"X-Key": SECRET}).text == "DONE"
    with database.read() as connection:
        assert connection.execute(select(stray_receipt.c.id)).all() == []


@pytest.fixture
def by_path(parts: WebDependencies) -> FlaskClient:
    return served(parts, old=ChannelSettings(secret=SecretStr(PATH_SECRET), auth="path", send_url=SENDS))


def test_a_secret_in_the_address_opens_both_endpoints(by_path: FlaskClient, database: Database) -> None:
    text = {"from": "0905123456", "to": "8188", "text": "HD"}
    assert by_path.post(f"/mo/old/{PATH_SECRET}", json=text).status_code == 200
    assert by_path.get(f"/dlr/old/{PATH_SECRET}?id=m-1&status=DELIVRD").status_code == 200
    for path in ("/mo/old", "/mo/old/", "/mo/old/guess", f"/mo/old/{PATH_SECRET}x", "/mo/old/%00"):
        assert by_path.post(path, json=text).status_code == 401, path
    with database.read() as connection:
        assert len(connection.execute(select(inbound.c.id)).all()) == 1


def test_a_secret_in_the_address_is_neither_kept_nor_logged(
    parts: WebDependencies, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def take(self, *_: Content) -> Verdict:
            raise RuntimeError(PATH_SECRET)

    channel = ChannelSettings(secret=SecretStr(PATH_SECRET), auth="path", reply_link="viettel")
    settings = Settings(channels={"old": channel})
    text = {"from": "0905123456", "to": "8188", "text": "HD", "callback": f"https://x/mo/old/{PATH_SECRET}"}
    with caplog.at_level(logging.DEBUG):
        taking = create_app(replace(parts, settings=settings)).test_client()
        assert taking.post(f"/mo/old/{PATH_SECRET}", json=text).status_code == 200
        broken = create_app(replace(parts, settings=settings, text_intake=Broken())).test_client()
        assert broken.post(f"/mo/old/{PATH_SECRET}", json=text).status_code == 500
    assert any(record.levelno >= logging.ERROR for record in caplog.records)
    with database.read() as connection:
        kept = connection.scalars(select(inbound.c.wire)).one()
    assert PATH_SECRET.encode() not in kept
    assert quote(PATH_SECRET) not in "".join(map(formatted, caplog.records))


def formatted(record: logging.LogRecord) -> str:
    """Return what the service's log would hold of a record."""
    return TextFormatter().format(record)


# A network that brings several events in one request


def kind_of(item: Fields) -> Kind:
    return {b"report": Kind.RECEIPT, b"text": Kind.TEXT}.get(item.get("type", b""), Kind.IGNORED)


def arrivals(settings: ChannelSettings) -> Arrivals:
    return Arrivals(
        proof=SharedHeader(header="X-Key", secret=settings.secret.get_secret_value()),
        text=TextFields(sender="who.phone", text="content", id="no"),
        receipt=ReceiptFields(id="ids[]", state="state", read_state={"ok": ReceiptState.DELIVERED}.get),
        items="events",
        kind=kind_of,
        also=("type",),
    )


DONE = Acknowledgement(status=200, body="DONE", content_type="text/plain")
LISTS = Network(
    name="lists",
    title="Lists",
    arrivals=arrivals,
    acknowledge=fixed(dict.fromkeys(RequestOutcome, DONE) | {RequestOutcome.TRY_LATER: Acknowledgement(status=503)}),
)


@pytest.fixture
def lists(parts: WebDependencies) -> FlaskClient:
    channel = ChannelSettings(network="lists", secret=SecretStr(SECRET), send_url=SENDS)
    return served(replace(parts, networks=table_of([plain.NETWORK, LISTS])), gapit=channel)


def test_a_list_of_texts_reports_and_other_events_is_taken_apart(
    lists: FlaskClient, database: Database, sent: Callable[[str], int]
) -> None:
    answers = [sent("m-1"), sent("m-2")]
    events = [
        {"type": "text", "who": {"phone": "0905123456"}, "content": "HD", "no": 1},
        {"type": "seen", "who": {"phone": "0905123456"}},
        {"type": "text", "who": {"phone": "0905123457"}, "content": "HD", "no": 2},
        {"type": "report", "ids": ["m-1", "m-2"], "state": "ok"},
    ]
    response = lists.post("/mo/gapit", json={"events": events}, headers={"X-Key": SECRET})
    assert (response.status_code, response.text) == (200, "DONE")
    with database.read() as connection:
        texts = connection.execute(select(inbound.c.sender, inbound.c.body, inbound.c.recipient)).all()
    assert sorted(map(tuple, texts)) == [("84905123456", "HD", "8188"), ("84905123457", "HD", "8188")]
    assert [state_of(database, answer)[0] for answer in answers] == [OutboundState.DELIVERED] * 2
    with database.read() as connection:
        kept = [read_kept_request(wire) for wire in connection.scalars(select(inbound.c.wire).order_by(inbound.c.id))]
    assert [[field.value for field in each.fields] for each in kept if each] == [
        [b"0905123456", b"HD", b"1"],
        [b"0905123457", b"HD", b"2"],
    ]


def test_a_list_without_an_entry_is_acknowledged(lists: FlaskClient) -> None:
    assert lists.post("/mo/gapit", json={"events": []}, headers={"X-Key": SECRET}).text == "DONE"
