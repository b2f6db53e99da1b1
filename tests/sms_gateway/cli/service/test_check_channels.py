"""The call that costs nothing: whether a provider knows us, before the first citizen's answer."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from dataclasses import replace
from threading import Thread

from pydantic import SecretStr

from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, basic_authorization
from sms_gateway.cli.service.check_channels import channel_verdicts
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from tests.sms_gateway.channels.http.provider import Say, Seen, provider

PASSWORD = "canary-check-password"


def departure(settings: ChannelSettings) -> Departure:
    headers = {"Authorization": basic_authorization(settings.user, settings.password.get_secret_value())}
    return replace(
        plain.departure(settings), probe=OutgoingRequest(method="GET", target="/balance?unit=vnd", headers=headers)
    )


NETWORKS = table_of([replace(plain.NETWORK, departure=departure)])


CALLS: list[tuple[str, dict[str, object], str, bytes, bytes]] = [
    ("twilio", {"secret": PASSWORD, "public_url": "https://sms.example"}, "GET", b'{"sid": "AC1"}', b"<html>Log in"),
    (
        "vonage",
        {"secret": PASSWORD},
        "GET",
        b'{"value": 0.0, "autoReload": false}',
        b"<html><body>Log in</body></html>",
    ),
    ("infobip", {"path_secret": PASSWORD}, "GET", b'{"balance": 0, "currency": "EUR"}', b"{}"),
    ("jasmin", {"path_secret": PASSWORD}, "GET", b'{"balance": "ND", "sms_count": "ND"}', b'Error "x"'),
    ("esms", {"secret": PASSWORD}, "POST", b'{"CodeResult": "124"}', b'{"CodeResult": "101"}'),
]


def test_each_free_call_is_read_by_what_its_network_answers() -> None:
    for network, more, method, known, unknown in CALLS:
        for body, wanted in ((known, "which knows us"), (unknown, "refused a call that costs nothing: ")):
            with provider(lambda _, body=body: Say(body=body)) as sms:  # type: ignore[misc]  # bound here
                given = {"network": network, "user": "city", "password": PASSWORD, "send_url": sms.url} | more
                channel = ChannelSettings.model_validate(given)
                (verdict,) = channel_verdicts(Settings(channels={"agg": channel}), bind=True)
                [seen] = sms.seen
            assert wanted in str(verdict), (network, body, str(verdict))
            assert seen.method == method
            assert method == "GET" or json.loads(seen.body)["Sandbox"] == "1"
            assert PASSWORD not in str(verdict)


def test_a_response_that_comes_in_drops_ends_by_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            accepted, _ = server.accept()
            with accepted, suppress(OSError):
                accepted.recv(4000)
                accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
                for _ in range(100):
                    accepted.sendall(b"x")
                    time.sleep(0.05)

        Thread(target=drip, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/send"
        channel = ChannelSettings(send_url=url, connect_seconds=0.1, answer_seconds=0.2)
        started = time.monotonic()
        (verdict,) = channel_verdicts(Settings(channels={"agg": channel}), NETWORKS, bind=True)
    assert "refused a call that costs nothing: connection closed" in str(verdict)
    assert time.monotonic() - started < 3


def test_a_provider_that_knows_us_is_told_from_one_that_does_not() -> None:
    said = {
        200: "OK        channel agg: connected to {place}, which knows us",
        401: "FAULT     channel agg: {place} refused a call that costs nothing: HTTP 401; fix: compare user, password",
        500: "FAULT     channel agg: {place} refused a call that costs nothing: HTTP 500; fix: compare user, password",
        0: "FAULT     channel agg: {place} refused a call that costs nothing: connection closed; fix: compare user",
    }
    for status, wanted in said.items():

        def answer(_: Seen, status: int = status) -> Say:
            return Say(status=status, cut=not status)

        with provider(answer) as sms:
            channel = ChannelSettings(send_url=sms.url, user="city", password=SecretStr(PASSWORD))
            (verdict,) = channel_verdicts(Settings(channels={"agg": channel}), NETWORKS, bind=True)
            (left_out,) = channel_verdicts(Settings(channels={"agg": channel}), NETWORKS, bind=False)
        assert str(verdict).startswith(wanted.format(place=f"http://127.0.0.1:{sms.port}")), status
        assert PASSWORD not in str(verdict)
        assert str(left_out) == "LEFT OUT  channel agg: not tried"
        assert [(seen.method, seen.target) for seen in sms.seen] == [("GET", "/balance?unit=vnd")], status
