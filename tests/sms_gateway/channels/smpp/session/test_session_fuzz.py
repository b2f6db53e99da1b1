"""Mutations of real PDUs: a session takes them without an exception, without a hang and without growing."""

from __future__ import annotations

import random
import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from sms_gateway.channels.smpp.incoming import Incoming, Moment
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import HEADER_LENGTH
from sms_gateway.channels.smpp.pdu.pdu import write_pdu, write_plain, write_response
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message
from sms_gateway.channels.smpp.session.events import Received
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.channels.smpp.session.terms import SessionState
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.channels.smpp.fixtures.sessions import BIND_OK, bound_session

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

FEW, MANY = 3_000, 200_000
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG = ShortMessage(
    source="84905000001",
    destination="8188",
    esm_class=codes.ESM_UDHI,
    data_coding=8,
    user_data=b"\x05\x00\x03\x07\x02\x01" + "Nguyễn".encode("utf-16-be"),
    tlvs=((codes.SAR_REFERENCE, b"\x00\x07"), (codes.MESSAGE_STATE, b"\x02")),
)
RECEIPT = ShortMessage(
    source="84905000001",
    destination="8188",
    esm_class=codes.ESM_RECEIPT,
    user_data=b"id:77 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:",
    tlvs=((codes.RECEIPTED_MESSAGE_ID, b"77\x00"), (codes.MESSAGE_STATE, b"\x02")),
)
PAYLOAD = ShortMessage(source="849", destination="8188", tlvs=((codes.MESSAGE_PAYLOAD, b"TK, Nguyen Van A"),))
SEEDS = [
    write_pdu(
        codes.DELIVER_SM, 5, encode_short_message(ShortMessage(source="849", destination="8188", user_data=b"HD"))
    ),
    write_pdu(codes.DELIVER_SM, 6, encode_short_message(LONG)),
    write_pdu(codes.DELIVER_SM, 7, encode_short_message(RECEIPT)),
    write_pdu(codes.DATA_SM, 8, encode_data_message(PAYLOAD)),
    write_response(codes.SUBMIT_SM, 2, 0, "ABC"),
    write_plain(codes.ENQUIRE_LINK, 9),
    write_plain(codes.GENERIC_NACK, 10, 3),
    BIND_OK,
]


class Source:
    def acknowledge(self, verdicts: object) -> None:
        raise AssertionError(f"only the pipeline calls its sources: {verdicts}")


def mutate(chance: random.Random, octets: bytes) -> bytes:
    """Change, cut, double or insert a few octets; mostly keep the length field true, so that the body is read."""
    changed = bytearray(octets)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(4, len(changed) + 1)
        match chance.randrange(4):
            case 0 if place < len(changed):
                changed[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            case 1:
                del changed[place : place + chance.randint(1, 8)]
            case 2:
                changed[place:place] = chance.randbytes(chance.randint(1, 8))
            case _:
                changed[place:place] = changed[place : place + 16]
    changed += bytes(max(0, HEADER_LENGTH - len(changed)))
    if chance.random() < 0.95:
        changed[:4] = len(changed).to_bytes(4, "big")
    return bytes(changed)


def run(cases: int, seed: int) -> tuple[Session, Incoming]:
    """Feed so many mutations to one session and one gate, and return them with all they still hold."""
    chance = random.Random(seed)
    session, incoming, now = bound_session(), Incoming("carrier", Alphabet.GSM, Source()), 0.0
    for _ in range(cases):
        octets = mutate(chance, chance.choice(SEEDS))
        cut = chance.randrange(len(octets) + 1)
        now += 0.01
        events = session.receive(octets[:cut], now) + session.receive(octets[cut:], now) + session.tick(now)
        received = [event for event in events if isinstance(event, Received)]
        batch = incoming.receive(received, Moment(bind=1, session=1, at=AT))
        incoming.settle([(arrival.ticket, Verdict.STORED) for arrival in batch.arrivals])
        session.take_octets()
        if session.state is not SessionState.BOUND:
            session = _revive(session)
    return session, incoming


def _revive(fallen: Session) -> Session:
    assert fallen.state is SessionState.CLOSED
    return bound_session()


def measure(cases: int, seed: int) -> tuple[float, int]:
    """Return the seconds that so many cases take, and the octets that are still held after them."""
    tracemalloc.start()
    begun = time.monotonic()
    alive = run(cases, seed)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del alive
    return time.monotonic() - begun, held


def test_mutations_do_no_harm() -> None:
    seconds, held = measure(FEW, 1)
    assert seconds < 60
    assert held < 2_000_000


@pytest.mark.long
@pytest.mark.timeout(600)
def test_many_mutations_do_no_harm() -> None:
    seconds, held = measure(MANY, 2)
    assert seconds < 500
    assert held < 4_000_000
