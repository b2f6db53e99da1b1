"""What a stranger's text may cost: at most 50 times an ordinary text, on every page and in every reader.

Both are measured in the same run, by the processor's time of this process, the best of three. `pytest -s` prints the
worst ratio of each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from db.reports.misreads import Misreading
from db.schema import OperatorRole, inbound
from db.store.engine import Database
from handlers.context import ServiceFacts
from sms_gateway.channels.http.stored_request import keep_request
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_short_message
from sms_gateway.channels.smpp.pdu.tlv import Tlvs
from sms_gateway.pages.messages.misreads import group_alike
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.conftest import NOON, SECRET, form_token
from tests.sms_gateway.pages.acting import act, post
from tests.sms_gateway.pages.costs import LONG, MADE_DEAR, MOST_TIMES, SEED, Ratio, evil, patterns, worst
from tests.sms_gateway.pages.evil_texts import (
    LONGEST_BY_HTTP,
    LONGEST_BY_SMPP,
    ORDINARY,
    PATTERNS,
    TEN_SEGMENTS,
    random_texts,
    repeated,
)
from tests.sms_gateway.pages.message_rows import MessageRows

pytestmark = pytest.mark.no_cover  # the same lines many times


def deliver(text: str, *, tlvs: Tlvs = ()) -> bytes:
    """Return the PDUs that a text comes in, in parts of 153 octets."""
    octets = text.encode("latin-1", "replace")
    pieces = [octets[start : start + 153] for start in range(0, len(octets), 153)]
    pdus = [
        encode_short_message(
            ShortMessage(
                source="84905123456",
                source_ton=1,
                source_npi=1,
                destination="8188",
                esm_class=codes.ESM_UDHI,
                data_coding=0,
                user_data=bytes((5, 0, 3, 9, len(pieces) % 256, number % 256)) + piece,
                tlvs=tlvs,
            )
        )
        for number, piece in enumerate(pieces, 1)
    ]
    return b"".join(write_pdu(codes.DELIVER_SM, 77, pdu) for pdu in pdus)[: 128 * 1024]


def requested(text: str, **fields: str) -> bytes | None:
    """Return what is kept of a request that brings a text."""
    content = urlencode({"from": "84905123456", "to": "8188", "text": text, **fields}, errors="replace").encode()
    return keep_request(
        method="POST",
        content_type="application/x-www-form-urlencoded",
        content=content[: 64 * 1024],
        secrets=(SECRET,),
        own=("from", "to", "text", "id", "charset"),
    )


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: what is measured is the same on both."""
    return sqlite_database


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    """A service that asks for secrets: its pages read each text once more."""
    return replace(parts, service=ServiceFacts(asks_secret=True))


@dataclass(kw_only=True)
class Log:
    """The log of messages, and an administrator who reads it; each text is of a sender of its own."""

    client: FlaskClient
    database: Database
    new_id: Callable[[], int]

    def store(self, text: str, *, copies: int = 1, by_http: bool = False, wire: bytes | None = None) -> int:
        reading = "look_up_status" if len(text) % 2 else "misread:unknown_keyword"
        with self.database.write() as connection:
            rows = MessageRows(connection=connection, new_id=self.new_id, now=NOON)
            for _ in range(copies):
                link = "gapit" if by_http else "viettel"
                octets = text.encode("utf-8" if by_http else "utf-16-be", "surrogatepass")[: 64 * 1024]
                made = rows.text(
                    text,
                    sender=sender_of(text),
                    reading=reading,
                    link=link,
                    octets=octets,
                    data_coding=0 if by_http else 8,
                )
                rows.answer(made, "Chua hieu tin nhan.")
            kept = wire or (requested(text) if by_http else deliver(text))
            connection.execute(update(inbound).where(inbound.c.id == made).values(wire=kept))
        return made


def sender_of(text: str) -> str:
    """Return a sender for each text."""
    return f"849{abs(hash(text)) % 10**8:08d}"


@pytest.fixture
def log(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int], make: Callable[[OperatorRole], None]
) -> Log:
    make(OperatorRole.ADMINISTRATOR)
    return Log(client=logged_in, database=database, new_id=new_id)


def fine(response: object) -> None:
    assert getattr(response, "status_code", 0) in {200, 303}, response


def worst_of_all(channel: str, shown: dict[str, Callable[[str], object]], texts: Sequence[str]) -> Sequence[Ratio]:
    return [worst(f"{page}, {channel}", work, texts) for page, work in shown.items()]


@pytest.mark.parametrize("channel", [pytest.param("SMPP", marks=pytest.mark.long), "SMPP, ten segments", "HTTP"])
def test_no_text_makes_its_message_page_dear(log: Log, channel: str) -> None:
    length = {"SMPP": LONGEST_BY_SMPP, "SMPP, ten segments": TEN_SEGMENTS, "HTTP": LONGEST_BY_HTTP}[channel]
    every = 12 if length == TEN_SEGMENTS else 60
    texts = [*(repeated(one, length) for one in patterns(every)), *random_texts(SEED, 30 if LONG else 2, length)]
    made = {text: log.store(text, by_http=channel == "HTTP") for text in [ORDINARY, *texts]}
    pages: dict[str, Callable[[str], object]] = {
        "message": lambda text: fine(log.client.get(f"/admin/messages/{made[text]}")),
        "message, revealed": lambda text: fine(act(log.client, f"/admin/messages/{made[text]}/reveal")),
    }
    if LONG:  # made of the same parts
        live = {"X-Live": "1"}
        pages["renewed"] = lambda text: fine(log.client.get(f"/admin/messages/{made[text]}", headers=live))
    found = worst_of_all(channel, pages, texts)
    assert max(one.times for one in found) <= MOST_TIMES, found


EVIL_WIRES: dict[str, bytes | None] = {
    "400 parameters in each of 64 PDUs": deliver("x" * 64 * 153, tlvs=tuple((0x1400, b"") for _ in range(400))),
    "one PDU of 64 KiB, full of parameters": deliver("x", tlvs=tuple((0x1400, b"") for _ in range(16000))),
    "255 parts of a letter": b"".join(deliver("x") for _ in range(2000))[: 128 * 1024],
    "PDUs of their header alone": write_pdu(codes.DELIVER_SM, 1, b"") * 8000,
    "no PDU at all": b"\x00" * 128 * 1024,
    "64 fields with long names": requested("x", **{f"{number}" + "n" * 900: "v" for number in range(60)}),
    "64 fields with long values": requested("x", **{f"{number}": "201499999," * 90 for number in range(60)}),
    "a field as long as the body": requested("x", other="201499999," * 6500),
    "a field of escapes": requested("x", other="\x01" * 20000),
    "many ampersands": requested("x" + "&" * 20000),
    "no request at all": b"{" * 64 * 1024,
}


@pytest.mark.parametrize("page", ["", pytest.param("/reveal", marks=pytest.mark.long)])
def test_no_wire_makes_its_message_page_dear(log: Log, page: str) -> None:
    made = {
        name: log.store("x" + name, by_http=not wire or wire[0] != 0, wire=wire) for name, wire in EVIL_WIRES.items()
    }
    made |= {text: log.store(text, by_http=by_http) for text, by_http in ((ORDINARY, False), (ORDINARY + " ", True))}

    def shown(name: str) -> None:
        address = f"/admin/messages/{made[name]}"
        fine(act(log.client, address + page) if page else log.client.get(address))

    by_http = [name for name, wire in EVIL_WIRES.items() if not wire or wire[0] != 0]
    found = [
        worst(f"wire {page}, SMPP", shown, [name for name in EVIL_WIRES if name not in by_http]),
        worst(f"wire {page}, HTTP", shown, by_http, ordinary=ORDINARY + " "),
    ]
    assert max(one.times for one in found) <= MOST_TIMES, found


def test_no_flood_makes_a_list_dear(log: Log) -> None:
    """Texts of one sender: a full page of the log, and of a conversation."""
    texts = [repeated(one, LONGEST_BY_HTTP) for one in (patterns(1) if LONG else MADE_DEAR[1::2])]
    texts.append(repeated("H17-230815-0007>TK,w", TEN_SEGMENTS, before="DK "))
    made = {text: log.store(text, copies=50 if LONG else 15) for text in [ORDINARY, *texts]}
    who = {text: address_of_filter(log, text) for text in made}
    pages: dict[str, Callable[[str], object]] = {
        "log": lambda text: fine(log.client.get(who[text])),
        "conversation": lambda text: fine(log.client.get(f"/admin/messages/{made[text]}/conversation")),
        "conversation, revealed": lambda text: fine(
            act(log.client, f"/admin/messages/{made[text]}/conversation/reveal")
        ),
        "export": lambda text: exported(log, who[text], kind="csv"),
        "export, clear": lambda text: exported(log, who[text], kind="csv", unmasked="1"),
        "export, XLSX": lambda text: exported(log, who[text], kind="xlsx"),
        "person": lambda text: fine(act(log.client, "/admin/person", kind="number", who=sender_of(text))),
        "person's file": lambda text: person_file(log, text),
    }
    found = worst_of_all("flood", pages, texts)
    assert max(one.times for one in found) <= MOST_TIMES, found


def address_of_filter(log: Log, text: str) -> str:
    return str(post(log.client, "/admin/messages/filter", number=sender_of(text)).location)


def exported(log: Log, address: str, **fields: str) -> None:
    who = parse_qs(urlsplit(address).query)["who"][0]
    response = post(log.client, "/admin/messages/export", who=who, **fields)
    fine(response)
    assert response.data


def person_file(log: Log, text: str) -> None:
    page = act(log.client, "/admin/person", kind="number", who=sender_of(text))
    sealed = re.search(r'name="person" value="([^"]+)"', page.text)
    assert sealed
    fine(post(log.client, "/admin/person/export", person=sealed.group(1)))


def test_no_flood_makes_the_misreads_dear(parts: WebDependencies, app: Flask) -> None:
    """Texts of a shape each, grouped and shown as the page does."""

    def grouped(text: str) -> object:
        flood = [
            Misreading(id=each, who=b"", reading="misread:unknown_keyword", body=f"{'?' * each}{text}")
            for each in range(60)
        ]
        with app.test_request_context():
            return [group.example for group in group_alike(flood)]

    texts = [
        *(repeated(one, LONGEST_BY_HTTP) for one in patterns(30)),
        *evil(TEN_SEGMENTS, more=0)[:: 1 if LONG else 20],
    ]
    found = worst("misreads", grouped, texts)
    assert found.times <= MOST_TIMES, found


def test_no_text_makes_trying_it_dear(log: Log) -> None:
    texts = [text for text in evil(TEN_SEGMENTS, more=20) if text.isprintable()]
    token = form_token(log.client.get("/admin/sessions"))

    def tried(text: str) -> None:
        fine(log.client.get(log.client.post("/admin/try", data={"csrf": token, "text": text}).location))

    found = worst("Try it", tried, texts[:: 1 if LONG else 8])
    assert found.times <= MOST_TIMES, found


@pytest.mark.parametrize("shape", ["json", "form"])
def test_no_request_costs_its_endpoint_much_more_than_an_ordinary_one(client: FlaskClient, shape: str) -> None:
    def take(text: str) -> None:
        fields = {"from": "84905123456", "to": "8188", "text": text}
        content = json.dumps(fields) if shape == "json" else urlencode(fields, errors="replace")
        bring(client, (text if text.startswith("{") or "=" in text[:9] else content), shape)

    texts = [*(repeated(one, LONGEST_BY_HTTP) for one in PATTERNS), *BODIES]
    found = worst(f"HTTP endpoint, {shape}", take, texts)
    assert found.times <= MOST_TIMES, found


BODIES = (
    "a=&" * 21000,
    "text=" + "%41" * 21000,
    "text=" + "+" * 65000,
    "&".join(f"{number}={'n' * 1000}" for number in range(64)),
    "&".join(f"{number}{'n' * 1000}=" for number in range(64)),
    "{" * 60000,
    '{"a":' * 10000,
    '{"text":' + "1" * 60000 + "}",
    '{"text":"' + "\\u0041" * 10000 + '"}',
    "{" + ",".join(f'"{number}":""' for number in range(5000)) + "}",
    '{"text":1e' + "9" * 60000 + "}",
)


def bring(client: FlaskClient, content: str, shape: str) -> None:
    kind = "application/json" if shape == "json" else "application/x-www-form-urlencoded"
    octets = content.encode("utf-8", "replace")[: 64 * 1024]
    response = client.post("/mo/gapit", data=octets, content_type=kind, headers={"X-Gateway-Secret": SECRET})
    assert response.status_code in {200, 400}, response
