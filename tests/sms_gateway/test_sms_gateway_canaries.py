"""One whole run with canaries: SMPP, HTTP, pages, commands; then everything that was written anywhere is searched.

`make canaries` prints the table that stands in docs/security.md.
"""

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import select, text

from db.schema import OperatorRole, audit_entry, inbound, part
from db.store.column_types import SealedOctets, SealedText
from db.store.engine import Database
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.demo.simulator import Direction
from sms_gateway.log import setup
from sms_gateway.settings.model import LogSettings
from tests.generators.generated import LONG
from tests.postgres import binaries
from tests.sms_gateway.canaries import BIRTH_DATE, ID_NUMBER, NAME, OTHER_ID_NUMBER, OTHER_PHONE, PHONE, Search
from tests.sms_gateway.canary_run import Browser, Run, command, counted, door, running, until, write_config
from tests.sms_gateway.cli.surroundings import logging_kept

pytestmark = pytest.mark.no_cover  # the same lines many times

TK = f"TK, {NAME}, {ID_NUMBER}, {BIRTH_DATE}"
MOST_PAGES = 150 if LONG else 60
LANGUAGES = ("vi", "en")
_PASSWORD = re.compile(r"MK: (\w+)")
_LINKS = re.compile(r'href="(/[^"#]*)"')
_SEALED_PERSON = re.compile(r'name="person" value="([^"]+)"')
_CONCATENATED = 0x40  # esm_class: a header before the text (SMPP 3.4 §5.2.12)

ADMINISTRATOR = OperatorRole.ADMINISTRATOR


def passwords_shown(run: Run) -> list[str]:
    """Return the first passwords that the citizens' phones show."""
    bubbles = [*run.smsc.conversation(PHONE), *run.smsc.conversation(OTHER_PHONE)]
    return [word for one in bubbles if one.direction is Direction.MT for word in _PASSWORD.findall(one.text)]


def write_to_it(run: Run) -> None:
    """Send texts by both HTTP endpoints, short, long, broken off, right and wrong."""
    run.smsc.send_text(PHONE, "8188", TK)
    until(lambda: len(passwords_shown(run)) == 1)
    run.smsc.send_text(PHONE, "8188", f"TK {NAME} {ID_NUMBER[:-1]}, 31/02/1990")
    run.smsc.send_text(PHONE, "8188", f"DVC 000.00.12.H17-230815-0007 {NAME}")
    run.smsc.send_text(PHONE, "8188", f"HD {NAME} {ID_NUMBER} " + "xin giup do " * 20)
    door(run, **{"from": PHONE, "to": "8188", "text": f"HD {NAME} {ID_NUMBER}", "id": "canary-1"})
    half = b"\x05\x00\x03\x2a\x02\x01" + TK.encode()
    run.smsc.send_message(
        ShortMessage(
            source=PHONE, destination="8188", esm_class=_CONCATENATED, user_data=half
        )  # its second part is lost
    )
    until(lambda: counted(run, "inbound WHERE state = 'handled'") >= 5)
    until(lambda: counted(run, "part WHERE joined_at IS NULL") == 1)  # the long text's parts were emptied when joined
    until(lambda: counted(run, "outbound WHERE state IN ('queued', 'claimed')") == 0)


def break_it(run: Run, config: Path, search: Search) -> None:
    """Make a handler, a page and a command fail with the citizen's data in their hands."""
    browser = Browser(run.address)
    browser.log_in(ADMINISTRATOR)
    page = browser.get("/admin/person")
    with run.database.write() as connection:
        connection.execute(text("ALTER TABLE account RENAME TO account_away"))
    # From another phone: the first has had so many answers in a minute that it is taken for a machine.
    run.smsc.send_text(OTHER_PHONE, "8188", f"TK, {NAME}, {OTHER_ID_NUMBER}, {BIRTH_DATE}")
    until(lambda: counted(run, "event WHERE kind = 'handling_failed'") > 0)
    assert page
    search.look("pages that failed", browser.post("/admin/person", kind="number", who=PHONE))
    assert b"500" in browser.page.encode()
    browser.get("/admin")
    search.look("pages that failed", browser.post("/admin/accounts/search", who=ID_NUMBER))
    failed = command(config, "person", "export", "--number", "-", given=PHONE)
    assert failed.returncode == 1
    search.look("what commands print when they fail", failed.stdout)
    with run.database.write() as connection:
        connection.execute(text("ALTER TABLE account_away RENAME TO account"))
    until(lambda: len(passwords_shown(run)) == 3)  # it was tried again


def visit_every_page(run: Run, role: OperatorRole, language: str, search: Search) -> int:
    browser = Browser(run.address, language)
    browser.log_in(role)
    waiting, seen = ["/admin"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static"):
            continue
        seen.add(path)
        search.look(f"pages of a {role.value}", browser.get(path))
        assert f'<html lang="{language}"' in browser.page
        waiting += [link.replace("&amp;", "&") for link in _LINKS.findall(browser.page)]
    return len(seen)


def languages_of(role: OperatorRole) -> Sequence[str]:
    """Return the languages in which a role visits pages: both in the long run."""
    return LANGUAGES if LONG else LANGUAGES[:1]


def export(run: Run, role: OperatorRole, search: Search) -> None:
    browser = Browser(run.address)
    browser.log_in(role)
    browser.get("/admin/messages")
    for kind in ("csv", "xlsx"):
        search.look_into(f"export of a {role.value}", browser.post("/admin/messages/export", kind=kind))
        browser.get("/admin/messages")
        clear = browser.post("/admin/messages/export", kind=kind, unmasked="1")
        asked = "unmasked export of an administrator" if role is ADMINISTRATOR else f"unmasked export of a {role.value}"
        search.look_into(asked, clear)
        browser.get("/admin/messages")


def reveal(run: Run, role: OperatorRole, search: Search) -> None:
    """See everything clear that the role may, as the pages offer it; each time is written down."""
    with run.database.read() as connection:
        message = connection.execute(select(inbound.c.id).order_by(inbound.c.id).limit(1)).scalar_one()
        account = connection.execute(text("SELECT min(id) FROM account")).scalar_one()
    browser = Browser(run.address)
    browser.log_in(role)
    browser.get("/admin")
    before = counted(run, "audit_entry WHERE action = 'revealed'")
    for page in (f"messages/{message}", f"messages/{message}/conversation", f"accounts/{account}"):
        search.look(f"what a {role.value} revealed", browser.post(f"/admin/{page}/reveal"))
        browser.get("/admin")
    revealed = counted(run, "audit_entry WHERE action = 'revealed'") - before
    assert revealed == (0 if role in {OperatorRole.VIEWER, OperatorRole.AGENT} else 3)


def ask_for_a_person(run: Run, role: OperatorRole, search: Search) -> None:
    browser = Browser(run.address)
    browser.log_in(role)
    browser.get("/admin")
    search.look(f"pages of a {role.value}", browser.post("/admin/person", kind="number", who=PHONE))
    sealed = _SEALED_PERSON.search(browser.page)
    assert (sealed is not None) is (role is ADMINISTRATOR)
    if sealed:
        search.look("a person's export", browser.post("/admin/person/export", person=sealed.group(1)))


def send_a_new_password(run: Run) -> None:
    with run.database.read() as connection:
        account = connection.execute(text("SELECT min(id) FROM account")).scalar_one()
    browser = Browser(run.address)
    browser.log_in(OperatorRole.OPERATOR)
    browser.get("/admin")
    browser.post(f"/admin/accounts/{account}/password")
    until(lambda: len(passwords_shown(run)) == 2)
    until(lambda: counted(run, "outbound WHERE state IN ('queued', 'claimed')") == 0)


def octets_of(file: Path) -> bytes:
    """Read a file in another process.

    Reading it here would end the locks that SQLite holds in this one: closing any handle of a file ends all of them,
    and the file is damaged when a command then takes itself for the last one that uses it.
    """
    return subprocess.run(["cat", file], check=True, capture_output=True).stdout


def search_database(run: Run, tmp_path: Path, config: Path, search: Search) -> None:
    url = run.settings.database.url
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for name, file in (("SQLite file", path), ("its WAL", path.with_name(f"{path.name}-wal"))):
            search.look(name, octets_of(file))
        assert command(config, "db", "backup", str(tmp_path / "backup.db")).returncode == 0
        search.look("db backup", (tmp_path / "backup.db").read_bytes())
        return
    dump = subprocess.run(
        [binaries() / "bin" / "pg_dump", url.replace("+psycopg", "")], check=True, capture_output=True, timeout=60
    ).stdout
    assert b"COPY public.inbound" in dump
    search.look("PostgreSQL dump", dump)


def opened_columns(run: Run) -> dict[str, int]:
    """Return how often the phone and the words stand in what the keys open: the search above had something to miss."""
    found = {}
    with run.database.read() as connection:
        for table in (inbound, part):
            for column in table.columns:
                if isinstance(column.type, SealedText | SealedOctets):
                    values = [value for value in connection.scalars(select(column)) if value]
                    octets = [value.encode() if isinstance(value, str) else value for value in values]
                    found[f"{table.name}.{column.name}"] = sum(
                        any(one in value for one in (PHONE.encode(), NAME.encode())) for value in octets
                    )
    return found


COMMANDS: Sequence[tuple[tuple[str, ...], str]] = (
    (("block", "add", "-", "--reason", "insults"), PHONE),
    (("block", "remove", "-"), PHONE),
    (("audit", "verify"), ""),
    (("check", "--no-bind"), ""),
    (("keys", "list"), ""),
)


def search_commands(tmp_path: Path, config: Path, search: Search) -> None:
    """Look at what commands print, and at the arguments and variables of one while it handles a person's number."""
    for words, given in COMMANDS if LONG else COMMANDS[::2]:
        done = command(config, *words, given=given)
        assert done.returncode == 0, done.stdout
        search.look("what commands print", done.stdout)
    out = tmp_path / "out.json"
    line = [str(Path(sys.executable).with_name("sms-gateway")), "person", "export", "--number", "-"]
    line += ["--config", str(config), "--out", str(out)]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdin is not None
    process.stdin.write(PHONE.encode() + b"\n")
    process.stdin.flush()
    for name in ("cmdline", "environ"):
        search.look("arguments and variables of processes", Path(f"/proc/{process.pid}/{name}").read_bytes())
        search.look("arguments and variables of processes", Path(f"/proc/self/{name}").read_bytes())
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    search.look("what commands print", told)
    assert NAME in out.read_text()
    assert out.stat().st_mode & 0o077 == 0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'canary.db'}"
    database = request.getfixturevalue("postgres_database")
    assert isinstance(database, Database)
    return database.writer.url.render_as_string(hide_password=False)


# Operators see the words of texts, names included: anyone who helps a citizen must. Numbers stand masked.
_MASKED = {f"pages of a {role.value}" for role in OperatorRole} | {"export of a operator", "export of a administrator"}
_CLEAR = {
    "what a operator revealed",
    "what a administrator revealed",
    "unmasked export of an administrator",
    "a person's export",
}
ALLOWED = {
    "name": _MASKED | _CLEAR,
    "birth date": _MASKED | _CLEAR,
    "identity number": _CLEAR,
    "phone": _CLEAR,
}


@pytest.mark.long_on_postgresql
def test_nothing_known_is_found_where_it_must_not_be(tmp_path: Path, url: str) -> None:
    search, stream = Search(), io.StringIO()
    started = time.monotonic()
    with logging_kept():
        with redirect_stderr(stream):
            setup(LogSettings(level="debug"))
        logging.getLogger().setLevel(logging.DEBUG)  # libraries too
        with running(tmp_path, url, stream) as run:
            config = write_config(run, tmp_path / "gateway.toml")
            write_to_it(run)
            assert min(opened_columns(run)[name] for name in ("inbound.wire", "part.wire", "part.octets")) > 0
            send_a_new_password(run)
            break_it(run, config, search)
            search.canaries["first password"] = tuple(passwords_shown(run))
            for role in OperatorRole:
                for language in languages_of(role):
                    assert visit_every_page(run, role, language, search) > (3 if role is OperatorRole.AGENT else 5)
                export(run, role, search)
                reveal(run, role, search)
                ask_for_a_person(run, role, search)
            for path in ("/metrics", "/healthz"):
                with urlopen(f"{run.address}{path}", timeout=20) as response:
                    search.look("metrics and health", response.read())
            search_database(run, tmp_path, config, search)
            search_commands(tmp_path, config, search)
            with run.database.read() as connection:
                search.look("the audit log", repr(connection.execute(select(audit_entry)).all()))
    search.look("log at DEBUG, tracebacks in it", stream.getvalue())
    assert "message_failed" in stream.getvalue()
    assert "heartbeat_not_taken" in stream.getvalue()
    sys.stdout.write(f"\n{url.partition(':')[0]}, {time.monotonic() - started:.0f} s\n{search.table()}\n")
    for canary in search.canaries:
        assert search.places_with(canary) <= ALLOWED.get(canary, set()), search.table()
    for place in _CLEAR:  # what is revealed is there: a search that finds nothing anywhere would prove nothing
        assert search.found[place]["phone"], place
    assert all(search.octets[place] for place in search.found)


def test_the_search_finds_what_is_there() -> None:
    search = Search()
    for way in (
        PHONE,
        PHONE.encode("utf-16-be"),
        PHONE.encode().hex(),
        PHONE.encode().hex(" "),
        NAME.upper(),
        NAME.replace(" ", "+"),
    ):
        before = sum(sum(counts.values()) for counts in search.found.values())
        search.look("somewhere", way if isinstance(way, bytes) else way.encode())
        assert sum(sum(counts.values()) for counts in search.found.values()) > before
