"""The call that costs nothing: whether a provider knows us, before the first citizen's answer."""

from __future__ import annotations

from dataclasses import replace

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
