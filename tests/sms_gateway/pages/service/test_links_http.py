"""The page of links shows channels that send by HTTP, and an administrator stops and starts them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from db.processes.channel_states import ChannelState
from db.schema import OperatorRole
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET
from tests.sms_gateway.pages.acting import confirm, get, post

DOWN = ChannelState(name="agg", up=False, since=NOON, window=4, last_error="127.0.0.1 port 1: Connection refused")
UP = ChannelState(name="agg", up=True, since=NOON, window=4, in_flight=1, round_trip_ms=31.4)


@dataclass(kw_only=True)
class Control:
    """ChannelControl that writes down what it was told."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def is_ours(self, name: str) -> bool:
        return name == "agg"

    def start_channel(self, name: str) -> None:
        self.told.append(("start", name))

    def stop_channel(self, name: str) -> None:
        self.told.append(("stop", name))

    def drain_channel(self, name: str) -> None:
        self.told.append(("drain", name))


@pytest.fixture
def control() -> Control:
    return Control()


@pytest.fixture
def app(parts: WebDependencies, control: Control) -> Flask:
    channels = {
        "agg": ChannelSettings(secret=SecretStr(SECRET), send_url="https://sms.example:8443/send?v=canary"),
        "known": ChannelSettings(network="twilio", secret=SecretStr(SECRET), send_url="default"),
        "plainly": ChannelSettings(secret=SecretStr(SECRET), reply=ReplyWay.BODY),
    }
    settings = parts.settings.model_copy(update={"channels": channels, "links": {}})
    return create_app(replace(parts, settings=settings, control=control))


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_is_shown_with_its_place_and_state(logged_in: FlaskClient, links: list[ChannelState]) -> None:
    links[:] = [UP]
    page = get(logged_in, "/admin/links").text
    assert "https://sms.example:8443" in page
    assert "https://api.twilio.com" in page  # the address of the network
    assert "canary" not in page
    assert "plain HTTP ( plain )" in words(page)
    assert "31.4 ms" in page
    assert "1 / 4" in page
    assert "/mo/agg , /dlr/agg · answers by agg" in words(page)  # what the provider must know
    assert "Provider" in words(page)
    links[:] = [DOWN]
    assert "127.0.0.1 port 1: connection refused" in words(get(logged_in, "/admin/links").text).lower()
    assert "Call the provider" in words(get(logged_in, "/admin").text)


def test_it_says_what_use_has_shown_and_not_that_it_is_connected(
    logged_in: FlaskClient, links: list[ChannelState]
) -> None:
    before, after = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    cause = "HTTP 401 code 103 (money)"
    for state, shown in (
        (UP, "reachable, not tried yet "),
        (replace(UP, worked_at=after), "worked when last used Last success: 22/11/2026 11:00."),
        (
            replace(UP, worked_at=after, failed_at=before, failed_for=cause),
            "Last failure: 22/11/2026 10:00, HTTP 401 code 103: the account has no money",
        ),
        (
            replace(UP, worked_at=before, failed_at=after, failed_for=cause),
            "reachable again, not tried since it failed",
        ),
        (replace(DOWN, worked_at=before), "Last success: 22/11/2026 10:00."),
    ):
        links[:] = [state]
        for address in ("/admin/links", "/admin"):
            page = words(get(logged_in, address).text)
            assert shown in page, (address, shown)
            assert " connected " not in page, (address, shown)


@pytest.mark.parametrize(("state", "action"), [(UP, "stop"), (DOWN, "start")])
def test_an_administrator_stops_and_starts_it(  # noqa: PLR0917 - pytest asks for fixtures by name
    logged_in: FlaskClient,
    links: list[ChannelState],
    make: Callable[[OperatorRole], None],
    control: Control,
    state: ChannelState,
    action: str,
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    links[:] = [state]
    if action == "stop":
        confirm(logged_in, "/admin/links/agg?action=stop")
    else:
        post(logged_in, "/admin/links/agg", action="start")
    assert control.told == [(action, "agg")]


def test_it_cannot_be_drained_since_texts_come_by_the_endpoint(
    logged_in: FlaskClient, links: list[ChannelState], make: Callable[[OperatorRole], None], control: Control
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    links[:] = [UP]
    assert "action=drain" not in get(logged_in, "/admin/links").text
    assert post(logged_in, "/admin/links/agg", action="drain").status_code == 404
    assert post(logged_in, "/admin/links/plainly", action="stop").status_code == 404
    assert control.told == []
