"""A channel that sends by HTTP, with several processes on one PostgreSQL: one sends, any takes texts and reports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from db.schema import OutboundState, outbound
from db.store.engine import Database, open_database
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WAIT_SECONDS
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import ALL_ROLES, Gateway, Role
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

SECRET = "canary-shared-secret"
DUTY = "link:agg"


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """A database, a provider, and processes; each has connections of its own, as on machines of their own."""

    database: Database
    settings: Settings

    @contextmanager
    def process(self, *roles: Role) -> Iterator[Gateway]:
        keyring = keyfile.load(self.settings.database.key_file)
        database = open_database(self.settings.database.address, keyring, wait_seconds=WAIT_SECONDS)
        gateway = Gateway(self.settings, database, roles=roles or ALL_ROLES)
        gateway.start()
        try:
            yield gateway
        finally:
            if gateway.pipeline.alive():
                gateway.stop()
            database.close()

    def states(self) -> list[OutboundState]:
        with self.database.read() as connection:
            return list(connection.scalars(select(outbound.c.state).order_by(outbound.c.id)))


def ask(gateway: Gateway, path: str, fields: dict[str, str]) -> int:
    assert gateway.web is not None
    headers = {"Content-Type": "application/json", "X-Gateway-Secret": SECRET}
    url = f"http://127.0.0.1:{gateway.web.port}{path}"
    with urlopen(Request(url, data=json.dumps(fields).encode(), headers=headers), timeout=10) as response:
        return int(response.status)


def text(number: int) -> dict[str, str]:
    return {"from": f"8490512345{number}", "to": "8188", "text": "HD", "id": f"r-{number}"}


def numbered(seen: Seen) -> Say:
    """Take a text under the id that we gave it, with a letter before it."""
    return Say(body=json.dumps({"id": "p" + json.loads(seen.body)["id"]}).encode())


@pytest.fixture
def sms() -> Iterator[Provider]:
    with provider(numbered) as running:
        yield running


@pytest.fixture
def town(postgres_database: Database, sms: Provider, tmp_path: Path) -> Town:
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    keyfile.load_or_make(tmp_path / "keys")
    channel = ChannelSettings(secret=SecretStr(SECRET), send_url=sms.url, reconnect_seconds=0.05)
    settings = Settings(
        database=DatabaseSettings(url=url, key_file=tmp_path / "keys"),
        web=WebSettings(port=0),
        channels={"agg": channel},
    )
    return Town(database=postgres_database, settings=settings)


def test_a_report_that_comes_to_another_process_finds_its_answer(town: Town, sms: Provider) -> None:
    with town.process(Role.LINKS), town.process(Role.DISPATCH), town.process(Role.WEB) as web:
        assert ask(web, "/mo/agg", text(1)) == 200
        key = json.loads(sms.wait_for(1)[0].body)["id"]
        until(lambda: town.states() == [OutboundState.SENT])
        assert ask(web, "/dlr/agg", {"id": f"p{key}", "status": "DELIVRD"}) == 200
        until(lambda: town.states() == [OutboundState.DELIVERED])


def test_one_process_sends_and_another_takes_over(town: Town, sms: Provider) -> None:
    with town.process() as first, town.process() as second:
        until(lambda: DUTY in first.duties.held | second.duties.held)
        holder, other = (first, second) if DUTY in first.duties.held else (second, first)
        until(lambda: any(state.up for state in holder.channel_states()))
        assert other.channel_states() == []
        assert ask(other, "/mo/agg", text(1)) == 200
        sms.wait_for(1)
        assert holder.stop()
        until(lambda: DUTY in other.duties.held)
        assert ask(other, "/mo/agg", text(2)) == 200
        sms.wait_for(2)
        until(lambda: town.states() == [OutboundState.SENT] * 2)
        assert len(sms.seen) == 2
