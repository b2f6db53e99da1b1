"""The whole service behind PgBouncer as Debian ships it: every text is taken and answered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from db.store.engine import Database, open_database
from db.store.postgresql import is_pooled
from db.store.sealing import Keyring
from db.upkeep.revision import upgrade
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, LimitsSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.pgbouncer import needs_pgbouncer, running_pgbouncer
from tests.postgres import Postgres

pytestmark = [needs_pgbouncer, pytest.mark.interop]

SECRET = "k3h9xmq2-aggregator"
TEXTS = 200


@pytest.fixture(params=["transaction", pytest.param("session", marks=pytest.mark.long)])
def pooled_url(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[str]:
    """A database reached through PgBouncer."""
    name = f"pooled_{request.param}"
    postgres.create_database(name)
    with running_pgbouncer(postgres, mode=request.param) as url:
        yield f"{url}/{name}"
    postgres.drop_database(name)


@pytest.fixture
def settings(pooled_url: str, tmp_path: Path) -> Settings:
    database = DatabaseSettings(url=pooled_url, key_file=tmp_path / "keys")
    opened_database = open_database(pooled_url, keyfile.load_or_make(database.key_file))
    upgrade(opened_database)
    opened_database.close()
    channel = ChannelSettings(secret=SecretStr(SECRET), reply=ReplyWay.BODY)
    return Settings(
        database=database,
        web=WebSettings(port=0),
        channels={"aggregator": channel},
        limits=LimitsSettings(per_hour=1000),
    )


def send(port: int, number: int) -> tuple[int, bool]:
    """Send one text to the HTTP endpoint; return the status, and whether an answer came with it."""
    text = {"from": f"849050{number:05d}", "to": "8188", "text": "HD", "id": f"m{number}"}
    request = Request(
        f"http://127.0.0.1:{port}/mo/aggregator",
        data=json.dumps(text).encode(),
        headers={"Content-Type": "application/json", "X-Gateway-Secret": SECRET},
    )
    try:
        with urlopen(request, timeout=30) as response:
            return response.status, bool(json.load(response)["answer"])
    except HTTPError as error:
        return error.code, False


def test_every_text_is_taken_and_answered(settings: Settings) -> None:
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        assert gateway.web is not None
        port = gateway.web.port
        try:
            with ThreadPoolExecutor(8) as clients:
                told = Counter(clients.map(lambda number: send(port, number), range(TEXTS)))
        finally:
            assert gateway.stop(4)
    assert told == {(200, True): TEXTS}


@pytest.fixture
def pooled(pooled_url: str, keyring: Keyring) -> Iterator[Database]:
    database = open_database(pooled_url, keyring, wait_seconds=1.5)
    yield database
    database.close()


def test_a_pooler_is_recognised_and_each_transaction_has_its_timeouts(pooled: Database) -> None:
    for _ in range(3):
        with pooled.read() as connection:
            assert is_pooled(connection)
            assert connection.scalar(text("SHOW lock_timeout")) == "1500ms"
            assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "8s"


def test_a_server_without_a_pooler_is_taken_for_one(postgres_database: Database) -> None:
    with postgres_database.read() as connection:
        assert not is_pooled(connection)
        assert connection.scalar(text("SHOW lock_timeout")) == "5s"
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "8s"
