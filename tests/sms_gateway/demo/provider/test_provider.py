"""The simulated provider against the gateway: texts, answers and delivery reports by HTTP, and what goes wrong."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection, RemoteDisconnected
from typing import get_args

import pytest
from pydantic import SecretStr

from db.schema import OutboundState, ReceiptState
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.request import IncomingRequest
from sms_gateway.channels.http.sending.departure import DeclinedText, OutgoingRequest, OutgoingText, ProviderResponse
from sms_gateway.clock import utc_now
from sms_gateway.demo.provider import ProviderFaults, SimulatedProvider
from sms_gateway.demo.provider.counterpart import CitizenText
from sms_gateway.demo.provider.faults import Play, faults_of
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.demo.simulator import Direction
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings
from tests.sms_gateway.demo.provider.services import (
    CHANNEL,
    CITIZEN,
    SECONDS,
    SECRETS,
    Played,
    channel_settings,
    played,
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Both sides, with a provider that brings again soon what was not taken."""
    with played(tmp_path_factory.mktemp("played"), {CHANNEL: channel_settings("plain")}, SOON) as running:
        yield running


SOON = ProviderFaults(retry_delay=0.05)


@pytest.fixture(autouse=True)
def no_faults(both: Played) -> None:
    both.provider.faults = SOON


def test_a_text_is_answered_and_reported_on_and_a_repetition_changes_nothing(both: Played) -> None:
    answer = both.answer_to("HD")
    assert "TK" in answer.text
    assert (answer.receipt, answer.short_code, len(answer.message_ids)) == (ReceiptState.DELIVERED, "8188", 1)
    both.provider.faults = replace(SOON, double_share=1.0, receipt_state=ReceiptState.UNDELIVERABLE)
    assert both.answer_to("DVC").receipt is ReceiptState.UNDELIVERABLE
    wait_until(lambda: set(both.provider.tally.responses) == {"200"} and both.provider.tally.responses["200"] == 6)
    assert both.states() == [(OutboundState.DELIVERED, False), (OutboundState.FAILED, False)]
    assert (both.provider.tally.doubled, both.provider.tally.refused) == (2, 0)


@pytest.mark.long  # the second try comes after five seconds
def test_an_answer_without_a_response_comes_twice_and_is_marked(both: Played) -> None:
    both.provider.faults = replace(SOON, cut_share=1.0)
    both.answer_to("HD", citizen="84905000002")
    both.provider.faults = SOON
    both.provider.wait_for("84905000002", lambda conversation: len(conversation) == 3)
    assert both.states()[-1][1], "it is unsure"


def test_a_text_and_an_answer_wait_while_one_side_is_away(both: Played) -> None:
    provider, citizen = both.provider, "84905000003"
    assert both.gateway.web is not None
    provider.aim("http://127.0.0.1:1")
    provider.send_text(citizen, "8188", "HD")
    wait_until(lambda: provider.tally.responses["none"] > 0)
    provider.leave()
    provider.aim(f"http://127.0.0.1:{both.gateway.web.port}")
    provider.wait_for(citizen, lambda conversation: conversation[0].settled_at is not None)
    time.sleep(0.1)
    assert len(provider.conversation(citizen)) == 1
    provider.come_back()
    provider.wait_for(citizen, lambda conversation: len(conversation) == 2 and bool(conversation[1].settled_at))
    assert not both.states()[-1][1]


def test_a_text_with_a_wrong_secret_is_refused_for_good(both: Played) -> None:
    wrong = channel_settings("plain", secret=SECRETS["password"])
    stranger = SimulatedProvider(CHANNEL, COUNTERPARTS["plain"](wrong))
    stranger.start()
    assert both.gateway.web is not None
    stranger.aim(f"http://127.0.0.1:{both.gateway.web.port}")
    stranger.send_text("84905000001", "8188", "HD")
    wait_until(lambda: stranger.tally.refused == 1)
    stranger.stop()
    assert stranger.conversation("84905000001")[0].settled_at is None
    assert stranger.tally.responses == {"401": 1}


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_that_was_never_started_can_be_stopped() -> None:
    provider = SimulatedProvider(CHANNEL, COUNTERPARTS["plain"](channel_settings("plain")))
    provider.stop()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", provider.port, timeout=5).connect()


TEXT = json.dumps({"from": "8188", "to": CITIZEN, "text": "Xin chao", "id": "7"}).encode()
PROOF = {"Authorization": "Bearer canary-provider-pass", "Content-Type": "application/json"}


def test_each_play_responds_as_its_name_says() -> None:
    provider = SimulatedProvider(CHANNEL, COUNTERPARTS["plain"](channel_settings("plain")))
    provider.start()
    connection = HTTPConnection("127.0.0.1", provider.port, timeout=5)

    def ask(headers: dict[str, str], body: bytes = TEXT) -> tuple[int, str, bytes]:
        connection.request("POST", "/send", body, headers)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"].partition(";")[0], response.read()

    try:
        for play, status, kind, shown in (
            (Play.NORMAL, 200, "application/json", 1),
            (Play.DUPLICATE, 200, "application/json", 2),
            (Play.ERROR, 500, "application/json", 2),
            (Play.PORTAL, 200, "text/html", 2),
        ):
            provider.faults = faults_of(play)
            found = ask(PROOF)
            assert found[:2] == (status, kind), play
            assert len(provider.conversation(CITIZEN)) == shown, play
        provider.faults = faults_of(Play.CUT)
        with pytest.raises(RemoteDisconnected):
            ask(PROOF)
        assert len(provider.conversation(CITIZEN)) == 3, "it was taken all the same"
        provider.faults = ProviderFaults(response_delay=0.1)
        began = time.monotonic()
        assert ask(PROOF)[0] == 200
        assert time.monotonic() - began >= 0.1
        assert faults_of(Play.SLOW).response_delay > 1
        assert ask({})[0] == 401, "without the password"
        assert ask(PROOF, b"{}")[0] == 400
        assert {bubble.direction for bubble in provider.conversation(CITIZEN)} == {Direction.MT}
        assert provider.tally.sends == {"taken": 3, "error": 1, "portal": 1, "cut": 1, "declined": 2}
        provider.freeze()
        connection.timeout = 0.2
        assert connection.sock is not None
        connection.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(PROOF)
    finally:
        provider.stop()
        connection.close()


def proofs() -> Iterator[ChannelSettings]:
    """Return settings of channels with every proof that one can be set to."""
    for auth in get_args(ChannelSettings.model_fields["auth"].annotation):
        yield channel_settings("plain", auth=auth, secret=SecretStr("Y2FuYXJ5LXByb3ZpZGVyLTE="))
    for network in NETWORKS.values():
        for name in {"proof", "signature"} & network.options.keys():
            for choice in network.options[name].choices:
                yield channel_settings(network.name, options={name: choice})


def test_each_proof_that_a_channel_can_be_set_to_is_one_that_the_gateway_takes() -> None:
    now = utc_now()
    text = CitizenText(id="7", sender=CITIZEN, recipient="8188", body="HD", at=now)
    tried = list(proofs())
    assert len(tried) >= 15
    for settings in tried:
        label = (settings.network, settings.auth, settings.options)
        pushed = COUNTERPARTS[settings.network](settings).push(text)
        headers = {name.lower(): value for name, value in pushed.headers.items()}
        basic = b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode().partition(":")[2]
        request = IncomingRequest(
            way=pushed.way,
            method=pushed.method,
            content_type=headers["content-type"],
            query=pushed.query.encode(),
            header=lambda name, headers=headers: headers.get(name.lower(), ""),  # type: ignore[misc]  # bound here
            read_body=lambda pushed=pushed: pushed.body,  # type: ignore[misc]  # bound here
            read_password=lambda basic=basic: basic,  # type: ignore[misc]  # bound here
            path_secret=pushed.path_secret,
            url="",
        )
        assert NETWORKS[settings.network].arrivals(settings).proof(request, now) is not None, label


def test_viettel_is_played_with_each_fault() -> None:
    channel = channel_settings("viettel", user="city", options={"cp_code": "CITY"})
    provider = SimulatedProvider(CHANNEL, COUNTERPARTS["viettel"](channel))
    departure = NETWORKS["viettel"].departure
    assert departure is not None
    provider.start()
    connection = HTTPConnection("127.0.0.1", provider.port, timeout=5)

    def ask(settings: ChannelSettings = channel) -> Refusal | None:
        sending = departure(settings)
        text = OutgoingText(key="7", sender="8188", recipient=CITIZEN, body="A < B", valid_seconds=60)
        request = sending.build(text)
        assert isinstance(request, OutgoingRequest)
        connection.request(request.method, request.target, request.body, dict(request.headers))
        response = connection.getresponse()
        read = sending.read(ProviderResponse(status=response.status, body=response.read()))
        return read.refusal if isinstance(read, DeclinedText) else None

    try:
        for play, refusal, shown in (
            (Play.NORMAL, None, 1),
            (Play.DUPLICATE, None, 2),
            (Play.ERROR, Refusal.TEMPORARY, 2),
            (Play.PORTAL, Refusal.UNANSWERED, 2),
        ):
            provider.faults = faults_of(play)
            assert (ask(), len(provider.conversation(CITIZEN))) == (refusal, shown), play
        provider.faults = ProviderFaults()
        assert ask(channel_settings("viettel", user="town", options={"cp_code": "CITY"})) is Refusal.TEMPORARY
        assert {(one.text, one.short_code) for one in provider.conversation(CITIZEN)} == {("A < B", "8188")}
        provider.faults = faults_of(Play.CUT)
        with pytest.raises(RemoteDisconnected):
            ask()
    finally:
        provider.stop()
        connection.close()
