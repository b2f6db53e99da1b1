"""Several items in one request, and long texts whose parts come one by one: committed before the response."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from db.schema import InboundState, inbound, part, stray_receipt
from db.store.engine import Database
from parsers import GAP
from sms_gateway.channels.http.answer_waiter import DirectIntake
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS, plain
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.intake.batch import Reception
from sms_gateway.pipeline.intake.reassembly import OVERDUE
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.channels.http.test_endpoint_receipts import LISTS
from tests.sms_gateway.conftest import SECRET, Clock, Counts

HEADERS = {"X-Gateway-Secret": SECRET}
PARTED = ChannelSettings(
    secret=SecretStr(SECRET), reply_link="viettel", options={"part_fields": "concat.ref concat.part concat.total"}
)
LISTED = ChannelSettings(network="lists", secret=SecretStr(SECRET), send_url="https://sms.example/send")
WHOLE = "DVC 000.00.12.H17-230815-0007 Tôi 😀 hỏi"
PIECES = (WHOLE[:10], WHOLE[10:34] + "\ud83d", "\ude00" + WHOLE[35:])


@pytest.fixture
def client(parts: WebDependencies) -> FlaskClient:
    settings = Settings(channels={"parted": PARTED, "lists": LISTED})
    networks = table_of([plain.NETWORK, LISTS])
    return create_app(replace(parts, settings=settings, networks=networks)).test_client()


def piece(number: int, reference: object = 7, total: object = 3, **more: object) -> str:
    concat = {"ref": reference, "part": number, "total": total}
    fields = {"from": "0905123456", "to": "8188", "text": PIECES[number - 1], "id": f"m{number}", "concat": concat}
    return json.dumps(fields | more)


def texts(database: Database) -> list[tuple[object, ...]]:
    query = select(inbound.c.body, inbound.c.sender, inbound.c.recipient, inbound.c.reply_link).order_by(inbound.c.id)
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(query.where(inbound.c.state == InboundState.RECEIVED))]


def test_parts_are_joined_in_any_order_and_each_twice(client: FlaskClient, database: Database) -> None:
    for reference, order in enumerate(permutations((1, 2, 3))):
        said = [
            client.post("/mo/parted", data=piece(number, f"r{reference}", token="canary"), headers=HEADERS).json
            for number in order
            for _ in range(2)
        ]
        wanted = [{"status": "stored"}, {"status": "duplicate"}] * 2
        assert said[:4] == wanted, order
        assert said[4] == {"status": "stored"}, order
        with database.write() as connection:
            (wire,) = connection.scalars(select(inbound.c.wire)).all()
            assert texts(database) == [(WHOLE, "84905123456", "8188", "viettel")], order
            connection.execute(inbound.delete())  # the same words again within ten seconds would be a repetition
        assert wire is not None
        assert b"canary" not in wire
        kept = read_kept_request(wire)
        assert kept is not None
        assert [field.value for field in kept.fields if field.name == "id"] == [b"m1", b"m2", b"m3"], order


def test_a_text_with_a_missing_part_is_read_after_the_joining_time(
    client: FlaskClient, database: Database, parts: WebDependencies, clock: Clock
) -> None:
    for number in (3, 1):
        assert client.post("/mo/parted", data=piece(number), headers=HEADERS).status_code == 200
    with database.read() as connection:
        assert len(connection.execute(select(part.c.id)).all()) == 2  # committed before each response
    reception = Reception(
        database=database,
        new_id=parts.new_id,
        lease=None,
        now=clock,
        read_parts=LongTexts({}),
        metrics=Metrics(),
    )
    reception.join_overdue()
    assert texts(database) == []
    clock.advance(OVERDUE)
    reception.join_overdue()
    assert [row[0] for row in texts(database)] == [PIECES[0] + GAP + "\ufffd" + WHOLE[35:]]


def test_what_names_no_sensible_part_is_a_whole_text(client: FlaskClient, database: Database) -> None:
    bad = [(1, "", 3), (0, "r", 3), (4, "r", 3), (1, "r", 1), (1, "r", 256), ("x", "r", 3), (1, "r", "9" * 99)]
    for index, (number, reference, total) in enumerate(bad):
        concat = {"ref": reference, "part": number, "total": total}
        fields = {"from": "0905123456", "to": "8188", "text": f"HD {index}", "concat": concat}
        assert client.post("/mo/parted", json=fields, headers=HEADERS).json == {"status": "stored"}, (number, total)
    assert [row[0] for row in texts(database)] == [f"HD {index}" for index in range(len(bad))]


def test_the_settings_of_parts_are_checked() -> None:
    cases: list[tuple[dict[str, object], str | None]] = [
        ({"options": {"part_fields": "ref part"}}, "part_fields cannot be read"),
        ({"options": {"part_fields": "ref part total"}, "reply": "body"}, "long texts come in parts"),
        ({"options": {"part_fields": "ref part total"}}, None),
        ({"options": {"part_fields": ""}, "reply": "body"}, None),
    ]
    for given, wrong in cases:
        channel = ChannelSettings.model_validate({"secret": SECRET, **given})
        faults = [str(fault) for fault in network_faults(Settings(channels={"agg": channel}), NETWORKS)]
        assert len(faults) == (wrong is not None), given
        assert all(wrong is not None and wrong in fault for fault in faults), given


EVENTS = [
    {"type": "text", "who": {"phone": "0905123456"}, "content": "HD 1", "no": 1},
    {"type": "report", "ids": ["m-1", "m-2"], "state": "ok"},
    {"type": "text", "who": {"phone": "0905123457"}, "content": "HD 2", "no": 2},
]


def test_all_items_of_a_request_are_committed_together_or_not_at_all(
    client: FlaskClient, database: Database, parts: WebDependencies, counts: Counts
) -> None:
    ids = iter([parts.new_id()])

    def lost_after_one() -> int:
        try:
            return next(ids)
        except StopIteration:
            raise OperationalError("lost", None, OSError()) from None

    failing = replace(
        parts,
        settings=Settings(channels={"lists": LISTED}),
        networks=table_of([plain.NETWORK, LISTS]),
        text_intake=DirectIntake(database=database, new_id=lost_after_one),
    )
    for sender, status in ((create_app(failing).test_client(), 503), (client, 200), (client, 200)):
        response = sender.post("/mo/lists", json={"events": EVENTS}, headers={"X-Key": SECRET})
        assert response.status_code == status
        assert [row[0] for row in texts(database)] == ([] if status == 503 else ["HD 1", "HD 2"])
    with database.read() as connection:
        waiting = connection.scalars(select(stray_receipt.c.message_id).distinct()).all()
    assert sorted(waiting) == ["m-1", "m-2"]
    assert counts.seen == [("lists", "try_later"), *[("lists", "stored")] * 4]
