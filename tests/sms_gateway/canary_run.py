"""A service that runs with canaries in it, and a browser that goes through its pages as operators do."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import text

from db.schema import OperatorRole
from db.staff import operators
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.revision import upgrade
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.alarm_model import (
    AlarmEmailSettings,
    AlarmSettings,
    AlarmWebhookSettings,
    HeartbeatSettings,
)
from sms_gateway.settings.link_model import ChannelSettings, LinkSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, LogSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway import canaries
from tests.sms_gateway.canaries import OPERATOR_PASSWORD

NOWHERE = "http://127.0.0.1:9"
"""The port "discard", on which nothing listens."""
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As cheap as argon2 allows: each role logs in several times, and test_passwords.py tests the strong hash."""

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(slots=True)
class Run:
    """A service that runs, and what it wrote to its log."""

    gateway: Gateway
    database: Database
    smsc: Simulator
    settings: Settings
    log: io.StringIO

    @property
    def address(self) -> str:
        assert self.gateway.web is not None
        return f"http://127.0.0.1:{self.gateway.web.port}"


@contextmanager
def running(tmp_path: Path, url: str, log: io.StringIO) -> Iterator[Run]:
    smsc = Simulator(system_id="canary", password=canaries.LINK_PASSWORD)
    link = LinkSettings(
        host="127.0.0.1", port=smsc.port, system_id="canary", password=SecretStr(canaries.LINK_PASSWORD)
    )
    channel = ChannelSettings(secret=SecretStr(canaries.CHANNEL_SECRET), reply=ReplyWay.BODY)
    settings = Settings(
        database=DatabaseSettings(url=url, key_file=tmp_path / "keys"),
        web=WebSettings(port=0, second_factor=[]),
        log=LogSettings(level="debug"),
        links={"main": link},
        channels={"agg": channel},
        alarms=_ways_to_nowhere(),
        heartbeat=HeartbeatSettings(url=f"{NOWHERE}/{canaries.HEARTBEAT_PATH}", every_seconds=10),
    )
    keyring = keyfile.load_or_make(settings.database.key_file)
    database = open_database(url, keyring)
    upgrade(database)
    add_operators(database)
    database.close()
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        smsc.start()
        gateway.start()
        smsc.wait_bound()
        run = Run(gateway=gateway, database=database, smsc=smsc, settings=settings, log=log)
        try:
            yield run
        finally:
            assert gateway.stop()
            smsc.stop()


def _ways_to_nowhere() -> AlarmSettings:
    """Return ways whose every try fails: what fails is logged."""
    email = AlarmEmailSettings(
        host="127.0.0.1",
        port=9,
        user="canary",
        password=SecretStr(canaries.MAIL_PASSWORD),
        sender="sms@city.example",
        recipients=["duty@city.example"],
    )
    url, secret = f"{NOWHERE}/{canaries.ALARM_PATH}", SecretStr(canaries.ALARM_SECRET)
    return AlarmSettings(held_seconds=0, email=email, webhook=AlarmWebhookSettings(url=url, secret=secret))


def add_operators(database: Database) -> None:
    new_id, hashed = IdSource(node=7, now=utc_now).new, HASHER.hash(OPERATOR_PASSWORD)
    with database.write() as connection:
        for role in OperatorRole:
            operators.add_operator(
                connection, operator_id=new_id(), name=role.value, password_hash=hashed, role=role, now=utc_now()
            )
            found = operators.find_operator(connection, role.value)
            assert found is not None
            operators.change_password(connection, found.id, hashed)


class Browser:
    """Follows links as an operator would; knows what it was shown."""

    def __init__(self, address: str, language: str = "vi") -> None:
        self._address = address
        self._language = language
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.page = ""

    def get(self, path: str) -> bytes:
        return self._open(Request(urljoin(self._address, path)))

    def post(self, path: str, **fields: str) -> bytes:
        token = TOKEN.search(self.page)
        assert token is not None, path
        data = urlencode({"csrf": token.group(1), **fields}).encode()
        return self._open(Request(urljoin(self._address, path), data=data))

    def log_in(self, role: OperatorRole) -> None:
        self.get("/admin/log-in")
        self.post("/admin/log-in", name=role.value, password=OPERATOR_PASSWORD)

    def _open(self, request: Request) -> bytes:
        request.add_header("Accept-Language", self._language)
        try:
            with self._opener.open(request, timeout=20) as response:
                content = response.read()
                told = str(response.headers)
        except HTTPError as error:
            content, told = error.read(), str(error.headers)
        octets = bytes(content)
        if "text/html" in told:
            self.page = octets.decode()
        headers = "\n".join(line for line in told.splitlines() if not line.lower().startswith("set-cookie"))
        return headers.encode() + octets


def door(run: Run, **fields: str) -> bytes:
    request = Request(
        f"{run.address}/mo/agg",
        data=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json", "X-Gateway-Secret": canaries.CHANNEL_SECRET},
    )
    with urlopen(request, timeout=20) as response:
        return bytes(response.read())


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def counted(run: Run, rows: str) -> int:
    with run.database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())


def write_config(run: Run, path: Path) -> Path:
    database = run.settings.database
    path.write_text(f'[database]\nurl = "{database.url}"\nkey_file = "{database.key_file}"\n')
    return path


def command(config: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    program = str(Path(sys.executable).with_name("sms-gateway"))
    return subprocess.run(
        [program, *words, "--config", str(config)],
        check=False,
        input=f"{given}\n".encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
