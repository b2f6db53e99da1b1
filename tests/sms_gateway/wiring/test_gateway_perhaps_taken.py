"""An answer that a provider perhaps took: sent again there without a mark, and by another provider only with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from db.schema import OutboundState, outbound
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.clock import utc_now
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.channel_parts import providers_that_send_once
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.channels.http.networks.rows import channel
from tests.sms_gateway.channels.http.networks.test_smsgate import received, send
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import Service, own_database, states

__all__ = ["own_database"]

TAKES = Say(status=202, body=b'{"id": "B1", "state": "Pending"}')
OTHER_SECRET = SecretStr("canary-other-secret-2")


@contextmanager
def running(own: DatabaseSettings, channels: Mapping[str, ChannelSettings]) -> Iterator[Service]:
    settings = Settings(database=own, web=WebSettings(port=0), channels=dict(channels))
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            yield Service(gateway=gateway, database=database)
        finally:
            gateway.stop(None)


@pytest.mark.parametrize(
    ("changes", "is_unsure"),
    [
        pytest.param({"network": "plain"}, True, id="another network"),
        pytest.param({}, False, id="the same", marks=pytest.mark.long),
        pytest.param({"user": "town"}, True, id="another account", marks=pytest.mark.long),
    ],
)
def test_after_a_crash_it_is_unsure_only_where_another_provider_sends_it(
    own_database: DatabaseSettings, changes: dict[str, Any], *, is_unsure: bool
) -> None:
    with provider(lambda _: Say(cut=True)) as sms:
        before = channel("smsgate", send_url=sms.url)
        with running(own_database, {"agg": before}) as service:
            send(service, received("event-1", "HD"))
            service.wait_for(lambda answers: [one[:2] for one in answers] == [(OutboundState.QUEUED, "no response")])
        _crash(own_database)
        sms.answer = lambda _: TAKES
        with running(own_database, {"agg": before.model_copy(update=changes)}) as service:
            service.wait_for(states(OutboundState.SENT))
            assert service.answers() == [(OutboundState.SENT, None, is_unsure)]
    assert len(sms.seen) == 2


def _crash(own: DatabaseSettings) -> None:
    """Leave what waits as a process leaves it that died while it sent it once more."""
    with opened(Settings(database=own)) as database, database.write() as connection:
        waiting = outbound.c.state == OutboundState.QUEUED
        gone = {"state": OutboundState.CLAIMED, "lease_until": utc_now()}
        connection.execute(update(outbound).where(waiting).values(gone))


@pytest.mark.long  # the fallback takes over after some seconds
def test_by_its_fallback_it_is_unsure(own_database: DatabaseSettings) -> None:
    with provider(lambda _: Say(cut=True)) as first, provider(lambda _: TAKES) as second:
        channels = {
            "agg": channel("smsgate", send_url=first.url, fallback="spare", fallback_minutes=0.01),
            "spare": channel("plain", send_url=second.url, secret=OTHER_SECRET),
        }
        with running(own_database, channels) as service:
            send(service, received("event-1", "HD"))
            service.wait_for(states(OutboundState.SENT))
            assert service.answers() == [(OutboundState.SENT, None, True)]
            with service.database.read() as connection:
                assert connection.execute(select(outbound.c.link)).scalar_one() == "spare"


def test_a_provider_is_a_network_an_address_and_an_account() -> None:
    settings = {"name": "smsgate", "send_url": "https://a.example/send", "user": "city"}
    same = _provider(**settings)
    assert same == _provider(**settings)
    others = {_provider(**settings | {key: value}) for key, value in OTHERS.items()}
    assert len(others | {same}) == len(OTHERS) + 1
    assert _provider(**settings | {"name": "plain"}) is None


OTHERS = {"name": "esms", "send_url": "https://b.example/send", "user": "town"}


def _provider(name: str, **changes: str) -> str | None:
    options = {one: option.default for one, option in NETWORKS[name].options.items()}
    settings = Settings(channels={"agg": channel(name, options=options, **changes)})
    return providers_that_send_once(settings, NETWORKS).get("agg")
