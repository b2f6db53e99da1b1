"""Zalo, from its webhook to its API: the rows of the acceptance table, and what a stranger may send."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Timer

import pytest
from sqlalchemy import select

from db.processes.access_tokens import read_tokens
from db.schema import account, inbound
from db.store.engine import open_database
from db.store.ids import IdSource
from db.tickets.whole_ticket import find_ticket
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acted, Acting, Office
from sms_gateway.channels.http.network import with_options
from sms_gateway.channels.http.networks.zalo import FRESH_SECONDS, NETWORK
from sms_gateway.channels.http.request import IncomingRequest, Way
from sms_gateway.channels.http.sending.departure import AcceptedText, DeclinedText, ProviderResponse
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.clock import utc_now
from sms_gateway.log import TextFormatter
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.process import keyfile
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.networks.zalo_service import (
    APP_SECRET,
    CODE,
    NEW,
    NEXT,
    OA_SECRET,
    OLD,
    REFRESH,
    USER,
    Zalo,
    mac,
    make_database,
    running,
    settings,
)
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import EVERY_UNIT, LAN, furnish


def proves(body: bytes, given: str, now: datetime, *, secret: str = OA_SECRET) -> bool:
    request = IncomingRequest(
        way=Way.TEXTS,
        method="POST",
        content_type="application/json",
        query=b"",
        header=lambda name: given if name == "X-ZEvent-Signature" else "",
        read_body=lambda: body,
        read_password=str,
    )
    return NETWORK.arrivals(with_options(settings(secret=secret), NETWORK)).proof(request, now) is not None


def test_the_signature_of_the_acceptance_table_is_right_and_no_other() -> None:
    body = (
        b'{"app_id":"1234567890","sender":{"id":"6142494823000001"},"recipient":{"id":"3662729599332560487"},'
        b'"event_name":"user_send_text","message":{"text":"DVC 000.00.12.H17-230815-0007",'
        b'"msg_id":"cb31dff1c39642cc1b83"},"timestamp":"1699003881354"}'
    )
    given = "mac=29042c064ab4a876ed5de501076a9ad445e2887d48d8b7b1aa5388db4dfd00a4"
    sent = datetime.fromtimestamp(1699003881, tz=UTC)
    late = timedelta(seconds=FRESH_SECONDS)
    cases = [
        ("as computed", body, given, sent, "OASECRET", True),
        ("in capital letters", body, given.upper().replace("MAC=", "mac="), sent, "OASECRET", True),
        ("the last repetition", body, given, sent + late, "OASECRET", True),
        ("too old", body, given, sent + late + timedelta(seconds=2), "OASECRET", False),
        ("another text", body.replace(b"0007", b"0008"), given, sent, "OASECRET", False),
        ("another secret", body, given, sent, "OASECRE2", False),
        ("without a secret", body, mac("", body, "1699003881354"), sent, "", False),
        ("without a signature", body, "", sent, "OASECRET", False),
    ]
    for label, octets, signature, now, secret, wanted in cases:
        assert proves(octets, signature, now, secret=secret) is wanted, label


CODES = [
    (-32, Refusal.THROTTLED, False, False),
    (-200, Refusal.TEMPORARY, False, False),
    (-211, Refusal.TEMPORARY, True, False),
    (-216, Refusal.TEMPORARY, False, True),
    (-220, Refusal.TEMPORARY, False, True),
    (-201, Refusal.PERMANENT, False, False),
    (-213, Refusal.PERMANENT, False, False),
    (-218, Refusal.PERMANENT, False, False),
    (-230, Refusal.PERMANENT, False, False),
    (-232, Refusal.PERMANENT, False, False),
    (-321, Refusal.PERMANENT, True, False),
    (-99999, Refusal.PERMANENT, False, False),
]
MEANINGS = {
    -32: "too fast",
    **dict.fromkeys((-211, -218), "money"),
    **dict.fromkeys((-216, -220), "token"),
    -213: "stopped",
    **dict.fromkeys((-230, -232), "window"),
    -321: "account",
}


def test_a_code_in_a_response_with_status_200_says_what_became_of_the_answer() -> None:
    assert NETWORK.departure is not None
    read = NETWORK.departure(with_options(settings(), NETWORK)).read
    for code, refusal, declines_all, token_refused in CODES:
        said = read(ProviderResponse(status=200, body=json.dumps({"error": code, "message": "no"}).encode()))
        wanted = DeclinedText(
            refusal=refusal,
            error=f"HTTP 200 code {code}" + (f" ({MEANINGS[code]})" if code in MEANINGS else ""),
            declines_all=declines_all,
            token_refused=token_refused,
        )
        assert said == wanted, code
    assert read(ProviderResponse(status=200, body=b'{"error":0,"data":{"message_id":"m9"}}')) == AcceptedText(
        ids=("m9",)
    )


# The whole service beside a double of Zalo


@pytest.fixture
def own_database(tmp_path: Path) -> DatabaseSettings:
    return make_database(tmp_path)


def test_a_conversation_by_zalo_from_the_first_text_to_the_last_report(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    api = Zalo()
    with caplog.at_level(logging.DEBUG), provider(api) as sms, running(own_database, sms) as service:
        for again in range(2):  # the same text of Zalo comes twice
            assert service.event("user_send_text", {"text": CODE, "msg_id": "a1"}) == (200, "{}"), again
        service.wait_for(lambda rows: [row[0] for row in rows] == ["sent"])
        [seen] = sms.wait_for(1)
        assert (seen.method, seen.target, seen.headers["access_token"]) == ("POST", "/send", OLD)
        sent = json.loads(seen.body)
        assert (sent["recipient"], list(sent["message"])) == ({"user_id": USER}, ["text"])

        assert service.event("user_received_message", {"msg_id": "m1"}) == (200, "{}")
        service.wait_for(lambda rows: [row[0] for row in rows] == ["delivered"])

        assert (
            service.event("user_send_text", {"text": "TK, Nguyen Van A, 201499999, 20/12/1990", "msg_id": "a2"})[0]
            == 200
        )
        service.wait_for(lambda rows: [row[0] for row in rows] == ["delivered", "sent"])
        assert "tin nhan SMS den 8188" in json.loads(sms.seen[-1].body)["message"]["text"]
        assert service.event("user_send_text", {"text": "HD", "msg_id": "a3"})[0] == 200
        service.wait_for(lambda rows: [row[0] for row in rows] == ["delivered", "sent", "sent"])
        helped = json.loads(sms.seen[-1].body)["message"]["text"]
        assert helped.startswith("Soan gui Zalo: DVC")  # not to a number, and no TK, which needs a telephone
        assert service.event("user_seen_message", {"msg_ids": ["m2", "m3"]}) == (200, "{}")
        service.wait_for(lambda rows: [row[0] for row in rows] == ["delivered"] * 3)

        ignored: list[tuple[str, Mapping[str, object]]] = [
            ("follow", {}),
            ("anonymous_send_text", {"text": "HD", "msg_id": "a5"}),
            ("of_next_year", {}),
            ("user_send_text", {"msg_id": "a6"}),  # cannot be read: a refusal would turn the webhook off
        ]
        for name, message in ignored:
            assert service.event(name, message) == (200, "{}"), name
        assert service.event("user_send_text", {"text": "HD", "msg_id": "a7"}, secret="another-secret-00")[0] == 401
        for number, kind in enumerate(("sticker", "image")):
            fields = {"msg_id": f"b{number}", "attachments": [{"type": kind}]}
            assert service.event(f"user_send_{kind}", fields) == (200, "{}")
            service.wait_for(lambda rows: len(rows) == 4)
        assert "Xin viet dieu ban can bang chu" in json.loads(sms.wait_for(4)[-1].body)["message"]["text"]
        assert service.event("user_send_image", {"msg_id": "b3", "text": "HD 2"}) == (200, "{}")  # with words
        service.wait_for(lambda rows: len(rows) == 5)
        assert service.texts() == [
            (f"zalo:{USER}", "handled", "status_not_found"),
            (f"zalo:{USER}", "redelivery", None),
            (f"zalo:{USER}", "handled", "phone_needed"),
            (f"zalo:{USER}", "handled", "helped"),
            (f"zalo:{USER}", "unanswerable", None),
            (f"zalo:{USER}", "handled", "words_needed"),
            (f"zalo:{USER}", "double_tap", None),
            (f"zalo:{USER}", "handled", "corrected"),
        ]
        with service.database.read() as connection:
            assert connection.execute(select(account)).all() == []
            kept = [read_kept_request(wire or b"") for wire in connection.scalars(select(inbound.c.wire))]
    written = "".join(map(TextFormatter().format, caplog.records)) + repr(kept)
    for canary in (OA_SECRET, APP_SECRET, OLD, REFRESH):
        assert canary not in written, canary


def test_an_answer_whose_token_is_refused_goes_out_once_with_a_new_one(own_database: DatabaseSettings) -> None:
    api = Zalo(access="canary-access-of-nobody")
    with provider(api) as sms, running(own_database, sms) as service:
        service.event("user_send_text", {"text": "HD", "msg_id": "a1"})
        service.wait_for(lambda rows: rows == [("sent", None, False)])
        assert [(seen.target, seen.headers.get("access_token")) for seen in sms.seen] == [
            ("/send", OLD),
            ("/token", None),
            ("/send", NEW),
        ]
        with service.database.read() as connection:
            stored = read_tokens(connection, "zalo")
        assert stored is not None
        assert (stored.pair.access, stored.pair.refresh) == (NEW, NEXT)
        api.refuses = -230
        service.event("user_send_text", {"text": CODE, "msg_id": "a2"})
        service.wait_for(lambda rows: ("failed", "HTTP 200 code -230 (window)", False) in rows)
        [state] = service.gateway.channel_states()
        assert state.up


def test_after_a_slow_renewal_the_answer_waits_for_its_next_try(own_database: DatabaseSettings) -> None:
    api = Zalo(access="canary-access-of-nobody")

    def answer(seen: Seen) -> Say:
        time.sleep(0.6)
        return api(seen)

    with provider(answer) as sms, running(own_database, sms, answer_seconds=1.0) as service:
        service.event("user_send_text", {"text": "HD", "msg_id": "a1"})
        service.wait_for(lambda rows: [row[0] for row in rows] == ["queued"] and len(sms.seen) == 2)
        assert service.answers()[0][2] is False  # surely not sent
        assert [seen.target for seen in sms.seen] == ["/send", "/token"]
        assert service.gateway.channel_states()[0].up


def test_a_stop_waits_for_a_renewal_that_is_on_its_way(own_database: DatabaseSettings) -> None:
    api, hold = Zalo(access="canary-access-of-nobody"), Event()

    def answer(seen: Seen) -> Say:
        return replace(api(seen), hold=hold if seen.target == "/token" else None)

    with provider(answer) as sms:
        with running(own_database, sms) as service:
            service.event("user_send_text", {"text": "HD", "msg_id": "a1"})
            sms.wait_for(2)
            Timer(0.7, hold.set).start()
        keyring = keyfile.load(own_database.key_file)
        with closing(open_database(own_database.url, keyring)) as database, database.read() as connection:
            stored = read_tokens(connection, "zalo")
    assert stored is not None
    assert (stored.pair.access, stored.pair.refresh) == (NEW, NEXT)


def test_answers_wait_where_nobody_authorised_the_channel_or_zalo_refuses_its_token(
    own_database: DatabaseSettings,
) -> None:
    api = Zalo(access="canary-access-of-nobody", refresh="spent")
    with provider(api) as sms, running(own_database, sms) as service:
        service.event("user_send_text", {"text": "HD", "msg_id": "a1"})
        sms.wait_for(2)
        deadline = time.monotonic() + 10
        while "refused the refresh token" not in (service.gateway.channel_states()[0].last_error or ""):
            assert time.monotonic() < deadline, service.gateway.channel_states()
            time.sleep(0.02)
        [state] = service.gateway.channel_states()
        assert not state.up
        assert "sms-gateway tokens authorise zalo" in (state.last_error or "")
        service.wait_for(lambda rows: [row[0] for row in rows] == ["queued"])


def test_a_question_by_zalo_is_answered_and_rated_by_zalo(own_database: DatabaseSettings) -> None:
    with closing(open_database(own_database.url, keyfile.load(own_database.key_file))) as database:
        furnish(database)
    with provider(Zalo()) as sms, running(own_database, sms, talks=True) as service:

        def said(count: int) -> str:
            seen = json.loads(sms.wait_for(count)[-1].body)
            assert seen["recipient"] == {"user_id": USER}
            return str(seen["message"]["text"])

        service.event("user_send_text", {"text": "HOI làm hộ chiếu cần giấy tờ gì", "msg_id": "a1"})
        number = re.findall(r"YC[0-9]{9}", said(1))[0]
        parts = service.gateway.conversation
        assert parts is not None
        office = Office(
            parts=parts, replies=service.gateway.replies, new_id=IdSource(node=3, now=utc_now).new, now=utc_now()
        )
        with service.database.write() as connection:
            ticket = find_ticket(connection, number, EVERY_UNIT)
            assert ticket is not None
            acting = Acting(
                ticket_id=ticket.id, version=ticket.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT
            )
            assert isinstance(answering.resolve(connection, office, acting, "Mang CCCD den."), Acted)
        assert (ticket.phone, ticket.reply_link) == (f"zalo:{USER}", "zalo")
        assert said(2).startswith(f"{number}: Mang CCCD den.")
        service.event("user_send_text", {"text": f"DG 5 {number}", "msg_id": "a2"})
        assert "5/5" in said(3)
