"""A channel with access tokens and two processes on one PostgreSQL: one renews, the other goes on with its tokens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from db.processes.access_tokens import TokenPair, put_tokens
from db.store.engine import Database, open_database
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WAIT_SECONDS
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.channels.http.networks.zalo_service import NEW, OLD, REFRESH, Service, Zalo, settings
from tests.sms_gateway.channels.http.provider import provider

pytestmark = pytest.mark.no_cover  # it runs the same lines many times


@contextmanager
def process(every: Settings) -> Iterator[Service]:
    """Run a process with connections of its own, as on a machine of its own."""
    database = open_database(every.database.address, keyfile.load(every.database.key_file), wait_seconds=WAIT_SECONDS)
    gateway = Gateway(every, database)
    gateway.start()
    try:
        yield Service(gateway=gateway, database=database)
    finally:
        if gateway.pipeline.alive():
            gateway.stop()
        database.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_up(service: Service) -> bool:
    return any(state.up and state.holder is None for state in service.gateway.channel_states())


def test_two_processes_renew_once_and_the_second_takes_over_with_the_new_token(
    postgres_database: Database, tmp_path: Path
) -> None:
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    keyring = keyfile.load_or_make(tmp_path / "keys")
    now = utc_now()
    pair = TokenPair(access=OLD, refresh=REFRESH, access_until=now, refresh_until=now + timedelta(days=90))
    own = open_database(url, keyring)
    with own.write() as connection:
        put_tokens(connection, "zalo", pair, now=now - timedelta(hours=25))
    own.close()
    with provider(Zalo()) as sms:
        every = Settings(
            database=DatabaseSettings(url=url, key_file=tmp_path / "keys"),
            web=WebSettings(port=0),
            channels={"zalo": settings(sms.url)},
        )
        with process(every) as first, process(every) as second:
            services = (first, second)
            until(lambda: any(map(is_up, services)))
            holder = next(one for one in services if is_up(one))
            other = second if holder is first else first
            assert holder.event("user_send_text", {"text": "HD", "msg_id": "a1"}) == (200, "{}")
            other.wait_for(lambda rows: [row[0] for row in rows] == ["sent"])
            holder.gateway.stop()
            assert other.event("user_send_text", {"text": "DVC 1", "msg_id": "a2"}) == (200, "{}")
            other.wait_for(lambda rows: [row[0] for row in rows] == ["sent", "sent"])
        assert [(seen.target, seen.headers.get("access_token")) for seen in sms.seen] == [
            ("/token", None),
            ("/send", NEW),
            ("/send", NEW),
        ]
