"""Time and size of every page of the operators with 100,000 messages behind it: `python -m bench.every_page [COUNT]`.

Times are the processor's in this process (database, template), the median of several requests: what else runs on the
machine changes them less than the clock's. Sizes are of the body as it goes over the wire, and as gzip would leave it
for a proxy that packs.
"""

from __future__ import annotations

import gzip
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert

from db.schema import InboundState, OperatorRole, OutboundState, ReceiptState, inbound, outbound, segment
from db.staff.operators import add_operator, change_password
from db.staff.sessions import open_session
from db.store.engine import Database, open_database
from db.store.ids import first_id_at
from db.store.sealing import Keyring, new_key
from db.upkeep.revision import upgrade
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, DirectIntake
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import utc_now
from sms_gateway.process.minute_counts import ROLLUP
from sms_gateway.settings.model import Settings, WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.browser.pages import Written, write_everything
from tests.sms_gateway.conftest import NAME

MESSAGES = 100_000
REPEATS = 7
HOURS = 24
_BATCH = 5_000
_TOKEN = "bench-token"  # noqa: S105 - ends with the database
_TEXTS = (
    ("TK, Nguyen Van A, 2{n:08}, 20/12/1990", "register_account", "account_opened"),
    ("DVC 000.00.12.H17-230815-{n:05}", "look_up_status", "status_told"),
    ("HD", "help", "helped"),
    ("TK. Nguyen Van {n}", "misread:missing_fields", "corrected"),
)
_STATES = (OutboundState.DELIVERED,) * 18 + (OutboundState.SENT, OutboundState.FAILED)


def main() -> None:
    """Fill a database, ask every page, print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with TemporaryDirectory() as directory:
        database = open_database(
            f"sqlite:///{Path(directory) / 'gateway.db'}", Keyring(keys={1: new_key()}, mark_key=new_key())
        )
        upgrade(database)
        now = utc_now()
        fill(database, count)
        ids = iter(range(first_id_at(now), first_id_at(now) + 10_000))
        with database.write() as connection:
            operator = next(ids)
            role = OperatorRole.ADMINISTRATOR
            add_operator(connection, operator_id=operator, name=NAME, password_hash="-", role=role, now=now)  # noqa: S106 - no hash: nobody logs in
            change_password(connection, operator, "-")
            open_session(
                connection, token=_TOKEN, operator_id=operator, csrf="-", now=now, expires_at=now + timedelta(hours=1)
            )
        written = write_everything(database, lambda: next(ids), now)
        _count(database, now)
        click.echo(f"{count:,} messages")
        click.echo("| page | ms | kB | kB packed |\n|---|---:|---:|---:|")
        for cells in measure(application(database), written):
            click.echo(f"| {' | '.join(cells)} |")
        database.close()


def _count(database: Database, now: datetime) -> None:
    """Do what the schedule does every minute."""
    with database.read() as connection:
        steps = ROLLUP.count_due(connection, now_id=first_id_at(now))
    for keep in steps:
        with database.write() as connection:
            keep(connection)


def application(database: Database) -> Flask:
    """Build the pages over the database."""
    settings = Settings(web=WebSettings(second_factor=[]))
    ids = iter(range(first_id_at(utc_now()) + 20_000, 1 << 62))
    return create_app(
        WebDependencies(
            database=database,
            settings=settings,
            now=utc_now,
            text_intake=DirectIntake(database=database, new_id=lambda: next(ids)),
            answer_for=AnswerWaiter(database=database, new_id=lambda: next(ids), now=utc_now),
            new_id=lambda: next(ids),
            traits=traits_by_channel(settings),
        )
    )


def measure(app: Flask, written: Written) -> list[tuple[str, ...]]:
    """Return a line a page."""
    client = app.test_client()
    client.set_cookie("session", _TOKEN)
    pages = dict(written.pages()) | {
        "messages of a code": "/admin/messages?code=230815-0007",
        "messages, unsure": "/admin/messages?unsure=1",
    }
    return [
        line for name, path in pages.items() if name not in {"phone", "error"} for line in [_line(client, name, path)]
    ]


def _line(client: FlaskClient, name: str, path: str) -> tuple[str, ...]:
    taken, body = [], b""
    for _ in range(REPEATS):
        started = time.process_time()
        response = client.get(path)
        taken.append(time.process_time() - started)
        body = response.data
        if response.status_code != 200:  # noqa: PLR2004 - HTTP: OK
            raise click.ClickException(f"{path} said {response.status_code}")
    packed = len(gzip.compress(body))
    return name, f"{1000 * median(taken):.1f}", f"{len(body) / 1024:.1f}", f"{packed / 1024:.1f}"


def fill(database: Database, count: int) -> None:
    """Write messages of the last day, each with its answer and segment."""
    for start in range(0, count, _BATCH):
        with database.write() as connection:
            _write(connection, range(start, min(start + _BATCH, count)), count)


def _write(connection: Connection, numbers: range, count: int) -> None:
    lines = [_Line.of(number, count, utc_now()) for number in numbers]
    connection.execute(insert(inbound), [_text(line) for line in lines])
    connection.execute(insert(outbound), [_answer(line) for line in lines])
    connection.execute(insert(segment), [_segment(line) for line in lines])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """One message: its number, when it came, its text's and its answer's id, its sender."""

    number: int
    at: datetime
    text_id: int
    answer_id: int
    sender: str
    state: OutboundState

    @classmethod
    def of(cls, number: int, count: int, now: datetime) -> _Line:
        at = now - timedelta(hours=HOURS) * (1 - number / count) - timedelta(seconds=5)
        text_id = first_id_at(at) + number % 4096
        state = _STATES[number % len(_STATES)]
        sender = f"849{number % 20_000:08}"
        return cls(number=number, at=at, text_id=text_id, answer_id=text_id + 4097, sender=sender, state=state)


def _text(line: _Line) -> dict[str, object]:
    body, reading, outcome = _TEXTS[line.number % len(_TEXTS)]
    written = body.format(n=line.number)
    fixed = {"link": "main", "reply_link": "main", "session": 1, "recipient": "8188", "data_coding": 0}
    times = {"received_at": line.at, "handled_at": line.at, "state": InboundState.HANDLED}
    return {
        **fixed,
        **times,
        "id": line.text_id,
        "fingerprint": str(line.number),
        "sender": line.sender,
        "sender_mark": line.sender,
        "octets": written.encode(),
        "body": written,
        "reading": reading,
        "outcome": outcome,
    }


def _answer(line: _Line) -> dict[str, object]:
    fixed = {"link": "main", "sender": "8188", "reference": 1, "attempts": 1, "data_coding": 0, "segments": 1}
    times = dict.fromkeys(("created_at", "expires_at", "not_before", "sent_at"), line.at)
    return {
        **fixed,
        **times,
        "id": line.answer_id,
        "inbound_id": line.text_id,
        "recipient": line.sender,
        "recipient_mark": line.sender,
        "body": "Ho so 000.00.12.H17-230815-0007: Dang xu ly, hen tra 30/08/2023.",
        "state": line.state,
    }


def _segment(line: _Line) -> dict[str, object]:
    return {
        "outbound_id": line.answer_id,
        "number": 1,
        "link": "main",
        "message_id": str(line.number),
        "message_key": str(line.number),
        "sent_at": line.at,
        "receipt": ReceiptState.DELIVERED if line.state is OutboundState.DELIVERED else None,
    }


if __name__ == "__main__":
    main()
