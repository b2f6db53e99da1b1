"""One whole run with canaries: SMPP, HTTP, pages, commands; then everything that was written anywhere is searched.

`pytest -s -q tests/security/test_canaries.py` prints the table that stands in docs/security.md.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import text

from db import operators
from db.engine import Database, open_database
from db.revision import upgrade
from db.schema import OperatorRole
from sms_gateway import keyfile
from sms_gateway.clock import utc_now
from sms_gateway.log import setup
from sms_gateway.process import opened
from sms_gateway.road.ids import IdSource
from sms_gateway.settings.model import (
    ChannelSettings,
    DatabaseSettings,
    LinkSettings,
    LogSettings,
    ReplyWay,
    Settings,
    WebSettings,
)
from sms_gateway.smpp.simulator import Direction, Simulator
from sms_gateway.wiring import Gateway
from tests.cli.surroundings import logging_kept
from tests.postgres import binaries
from tests.security import canaries
from tests.security.canaries import BIRTH_DATE, ID_NUMBER, NAME, OPERATOR_PASSWORD, PHONE, Search

TK = f"TK, {NAME}, {ID_NUMBER}, {BIRTH_DATE}"
MOST_PAGES = 120
_PASSWORD = re.compile(r"MK: (\w+)")
_LINKS = re.compile(r'href="(/[^"#]*)"')
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(slots=True)
class Run:
    """A service that runs, and what it wrote to its log."""

    gateway: Gateway
    database: Database
    smsc: Simulator
    settings: Settings
    log: io.StringIO
    records: list[logging.LogRecord] = field(default_factory=list)

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
        web=WebSettings(port=0),
        log=LogSettings(level="debug"),
        links={"main": link},
        channels={"agg": channel},
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


def add_operators(database: Database) -> None:
    new_id, hashed = IdSource(node=7, now=utc_now).new, PasswordHasher().hash(OPERATOR_PASSWORD)
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

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.page = ""

    def get(self, path: str) -> bytes:
        return self._open(Request(urljoin(self._address, path)))

    def post(self, path: str, **fields: str) -> bytes:
        token = _TOKEN.search(self.page)
        assert token is not None, path
        data = urlencode({"csrf": token.group(1), **fields}).encode()
        return self._open(Request(urljoin(self._address, path), data=data))

    def _open(self, request: Request) -> bytes:
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


def visit_every_page(run: Run, role: OperatorRole, search: Search) -> int:
    browser = Browser(run.address)
    browser.get("/admin/log-in")
    browser.post("/admin/log-in", name=role.value, password=OPERATOR_PASSWORD)
    waiting, seen = ["/admin"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static"):
            continue
        seen.add(path)
        search.look(f"pages of a {role.value}", browser.get(path))
        waiting += [link.replace("&amp;", "&") for link in _LINKS.findall(browser.page)]
    browser.get("/admin/messages")
    export = browser.post("/admin/messages/export", kind="csv")
    search.look(f"export of a {role.value}", export)
    return len(seen)


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


def write_to_it(run: Run) -> str:
    """Send texts by both doors; return the first password that the citizen's phone shows."""
    run.smsc.send_text(PHONE, "8188", TK)
    shown = run.smsc.wait_for(PHONE, lambda all_: any(one.direction is Direction.MT for one in all_))
    password = _PASSWORD.search(next(one.text for one in shown if one.direction is Direction.MT))
    assert password is not None
    run.smsc.send_text(PHONE, "8188", f"TK {NAME} {ID_NUMBER[:-1]}, 31/02/1990")
    run.smsc.send_text(PHONE, "8188", f"DVC 000.00.12.H17-230815-0007 {NAME}")
    door(run, **{"from": PHONE, "to": "8188", "text": f"HD {NAME} {ID_NUMBER}", "id": "canary-1"})
    run.smsc.wait_for(PHONE, lambda all_: sum(one.direction is Direction.MT for one in all_) >= 3)
    until(lambda: counted(run, "outbound WHERE state IN ('queued', 'claimed')") == 0)
    return password.group(1)


def break_it(run: Run) -> None:
    """Make a handler fail with the citizen's data in its hands, again and again until the text is parked."""
    with run.database.write() as connection:
        connection.execute(text("ALTER TABLE account RENAME TO account_away"))
    run.smsc.send_text(PHONE, "8188", f"TK, {NAME}, 079090987655, {BIRTH_DATE}")
    until(lambda: counted(run, "event WHERE kind = 'handling_failed'") > 0)
    with run.database.write() as connection:
        connection.execute(text("ALTER TABLE account_away RENAME TO account"))


def counted(run: Run, rows: str) -> int:
    with run.database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())


def search_database(run: Run, tmp_path: Path, search: Search) -> None:
    url = run.settings.database.url
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        search.look("SQLite file", path.read_bytes())
        search.look("its WAL", path.with_name(f"{path.name}-wal").read_bytes())
        with sqlite3.connect(path) as source, sqlite3.connect(tmp_path / "backup.db") as target:
            source.backup(target)
        search.look("backup of the file", (tmp_path / "backup.db").read_bytes())
        return
    dump = subprocess.run(
        [binaries() / "bin" / "pg_dump", url.replace("+psycopg", "")], check=True, capture_output=True, timeout=60
    ).stdout
    assert b"COPY public.inbound" in dump
    search.look("PostgreSQL dump", dump)


def search_commands(run: Run, tmp_path: Path, search: Search) -> None:
    """Look at the arguments and the variables of a command while it handles a person's number."""
    config = tmp_path / "gateway.toml"
    config.write_text(
        f'[database]\nurl = "{run.settings.database.url}"\nkey_file = "{run.settings.database.key_file}"\n'
    )
    command = [
        str(Path(sys.executable).with_name("sms-gateway")),
        "person",
        "export",
        "--number",
        "-",
        "--config",
        str(config),
    ]
    command += ["--out", str(tmp_path / "out.json")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdin is not None
    process.stdin.write(PHONE.encode() + b"\n")
    process.stdin.flush()
    arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
    search.look("arguments of processes", arguments + Path("/proc/self/cmdline").read_bytes())
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    search.look("what commands print", told)
    assert NAME in (tmp_path / "out.json").read_text()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'canary.db'}"
    database = request.getfixturevalue("postgres_database")
    assert isinstance(database, Database)
    return database.writer.url.render_as_string(hide_password=False)


ALLOWED = {
    # Operators see the words of texts, names included: whoever helps a citizen must. Numbers stand masked.
    "name": {f"pages of a {role.value}" for role in OperatorRole}
    | {"export of a operator", "export of a administrator"},
    "birth date": {f"pages of a {role.value}" for role in OperatorRole}
    | {"export of a operator", "export of a administrator"},
}


def test_nothing_known_is_found_where_it_must_not_be(tmp_path: Path, url: str) -> None:
    search, stream = Search(), io.StringIO()
    with logging_kept():
        with redirect_stderr(stream):
            setup(LogSettings(level="debug"))
        logging.getLogger().setLevel(logging.DEBUG)  # libraries too
        with running(tmp_path, url, stream) as run:
            search.canaries["first password"] = (write_to_it(run),)
            break_it(run)
            for role in OperatorRole:
                assert visit_every_page(run, role, search) > 5
            with urlopen(f"{run.address}/metrics", timeout=20) as response:
                search.look("/metrics", response.read())
            search_database(run, tmp_path, search)
            search_commands(run, tmp_path, search)
    search.look("log at DEBUG, tracebacks in it", stream.getvalue())
    assert "message_failed" in stream.getvalue()
    sys.stdout.write(f"\n{url.partition(':')[0]}\n{search.table()}\n")
    for canary in search.canaries:
        assert search.places_with(canary) <= ALLOWED.get(canary, set()), search.table()
    assert all(search.octets[place] for place in search.found)


def test_the_search_finds_what_is_there() -> None:
    search = Search()
    for way in (PHONE, PHONE.encode("utf-16-be"), PHONE.encode().hex(), NAME.upper(), NAME.replace(" ", "+")):
        before = sum(sum(counts.values()) for counts in search.found.values())
        search.look("somewhere", way if isinstance(way, bytes) else way.encode())
        assert sum(sum(counts.values()) for counts in search.found.values()) > before
