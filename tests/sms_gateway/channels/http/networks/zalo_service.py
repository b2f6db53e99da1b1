"""A service with a Zalo channel beside a double of Zalo, seen from Zalo's side."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

from pydantic import SecretStr
from sqlalchemy import select

from db.processes.access_tokens import TokenPair, put_tokens
from db.schema import inbound, outbound
from db.store.engine import Database, open_database
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen

USER, OA, APP = "6142494823000001", "3662729599332560487", "1234567890"
OA_SECRET, APP_SECRET = "canary-oa-secret-01", "canary-app-secret-1"
OLD, NEW, REFRESH, NEXT = "canary-access-1", "canary-access-2", "canary-refresh-1", "canary-refresh-2"
CODE = "DVC 000.00.12.H17-230815-0007"


def settings(url: str = "https://zalo.example/send", *, secret: str = OA_SECRET) -> ChannelSettings:
    return ChannelSettings(
        network="zalo",
        secret=SecretStr(secret),
        password=SecretStr(APP_SECRET),
        send_url=url,
        options={"app_id": APP, "token_url": url.replace("/send", "/token")},
        reconnect_seconds=0.05,
    )


def mac(secret: str, body: bytes, stamp: str) -> str:
    return "mac=" + hashlib.sha256(APP.encode() + body + stamp.encode() + secret.encode()).hexdigest()


def make_database(tmp_path: Path) -> DatabaseSettings:
    own = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    database = open_database(own.url, keyfile.load_or_make(own.key_file))
    upgrade(database)
    now = utc_now()
    pair = TokenPair(
        access=OLD, refresh=REFRESH, access_until=now + timedelta(hours=1), refresh_until=now + timedelta(days=90)
    )
    with database.write() as connection:
        put_tokens(connection, "zalo", pair, now=now - timedelta(minutes=5))
    database.close()
    return own


@dataclass(kw_only=True)
class Zalo:
    """The API: it takes answers with the newest access token only, and each refresh token once."""

    access: str = OLD
    refresh: str = REFRESH
    refuses: int | None = None
    taken: int = 0

    def __call__(self, seen: Seen) -> Say:
        if seen.target == "/token":
            return self.exchange(seen)
        if seen.headers.get("access_token") != self.access:
            return Say(body=b'{"error":-216,"message":"Access token is invalid"}')
        if self.refuses is not None:
            return Say(body=json.dumps({"error": self.refuses, "message": "no"}).encode())
        self.taken += 1
        return Say(body=json.dumps({"error": 0, "data": {"message_id": f"m{self.taken}"}}).encode())

    def exchange(self, seen: Seen) -> Say:
        fields = parse_qs(seen.body.decode())
        if fields["refresh_token"] != [self.refresh] or seen.headers["secret_key"] != APP_SECRET:
            return Say(body=b'{"error":-14014,"error_name":"Invalid refresh token"}')
        self.access, self.refresh = NEW, NEXT
        tokens = {"access_token": NEW, "refresh_token": NEXT, "expires_in": "90000"}
        return Say(body=json.dumps(tokens).encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    gateway: Gateway
    database: Database

    def event(self, name: str, message: Mapping[str, object], *, secret: str = OA_SECRET) -> tuple[int, str]:
        stamp = str(int(utc_now().timestamp() * 1000))
        sender, recipient = (USER, OA) if name.startswith("user_send") else (OA, USER)
        fields = {"app_id": APP, "sender": {"id": sender}, "recipient": {"id": recipient}, "event_name": name}
        body = json.dumps(fields | {"message": message, "timestamp": stamp}).encode()
        return self.post(body, mac(secret, body, stamp))

    def post(self, body: bytes, signature: str) -> tuple[int, str]:
        assert self.gateway.web is not None
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": signature}
        request = Request(f"http://127.0.0.1:{self.gateway.web.port}/mo/zalo", data=body, headers=headers)
        try:
            with urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def texts(self) -> list[tuple[object, ...]]:
        with self.database.read() as connection:
            return [
                tuple(row)
                for row in connection.execute(
                    select(inbound.c.sender, inbound.c.state, inbound.c.outcome).order_by(inbound.c.id)
                )
            ]

    def answers(self) -> list[tuple[object, ...]]:
        with self.database.read() as connection:
            columns = (outbound.c.state, outbound.c.error, outbound.c.unsure)
            return [tuple(row) for row in connection.execute(select(*columns).order_by(outbound.c.id))]

    def wait_for(self, wanted: Callable[[list[tuple[object, ...]]], bool]) -> None:
        deadline = time.monotonic() + 15
        while not wanted(self.answers()):
            assert time.monotonic() < deadline, self.answers()
            time.sleep(0.02)


@contextmanager
def running(
    own_database: DatabaseSettings, sms: Provider, *, talks: bool = False, **changes: object
) -> Iterator[Service]:
    every = Settings(
        database=own_database,
        web=WebSettings(port=0),
        channels={"zalo": settings(sms.url).model_copy(update=changes)},
        conversation=ConversationSettings(enabled=talks),
    )
    with opened(every) as database:
        gateway = Gateway(every, database)
        gateway.start()
        try:
            yield Service(gateway=gateway, database=database)
        finally:
            gateway.stop()
