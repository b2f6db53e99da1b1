"""Fills an SQLite database of the gateway with a year of messages, by its own tables and its own sealing.

Values are sealed once and used again, indexes are taken off and made anew at the end, and nothing is synced: millions
of rows take minutes. To be used on a database that no service has open.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.carrier import CODE, FIRST_DOSSIER, BenchError
from db.dossiers import canonical, lookalike_key
from db.schema import InboundState, OutboundState, ReceiptState
from db.seal import Keyring
from handlers.answer import Outcome
from parsers.commands import CommandName
from parsers.misread import MisreadKind
from sms_gateway import keyfile
from sms_gateway.clock import utc_now
from sms_gateway.road.ids import IdSource

DAYS = 365
"""The messages come evenly over so many days, up to an hour ago."""

FIRST_CITIZEN = 84_300_000_000
"""Not those of the load, or its texts would meet earlier ones of theirs."""

_CHUNK = 50_000
_CITIZENS = 200_000
_POOL = 2_000
_KINDS = tuple(MisreadKind)

Value = str | int | bytes | None
Line = Mapping[str, Value]


def fill(file: Path, key_file: Path, *, messages: int, dossiers: int) -> None:
    """Add so many messages and dossiers."""
    keyring = keyfile.load(key_file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")
        connection.execute("PRAGMA foreign_keys = OFF")
        indexes = _take_indexes_off(connection)
        _insert(connection, "dossier", _dossiers(dossiers))
        lines = _messages(keyring, messages)
        while some := list(islice(lines, _CHUNK)):
            for place, table in enumerate(("inbound", "outbound", "segment")):
                _insert(connection, table, iter([found for line in some if (found := line[place]) is not None]))
        for statement in indexes:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")


def _take_indexes_off(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes of the tables to be filled; return the statements that make them again."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        "AND tbl_name IN ('inbound', 'outbound', 'segment', 'dossier')"
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _insert(connection: sqlite3.Connection, table: str, lines: Iterator[Line]) -> None:
    columns: Sequence[str] = ()
    while some := list(islice(lines, _CHUNK)):
        if not columns:
            columns = list(some[0])
            _demand_all(connection, table, columns)
            names = ", ".join(f'"{name}"' for name in columns)
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 - names of ours
        connection.execute("BEGIN")
        connection.executemany(statement, (tuple(line.values()) for line in some))
        connection.execute("COMMIT")


def _demand_all(connection: sqlite3.Connection, table: str, given: Sequence[str]) -> None:
    """Refuse to fill a table that has learnt a column which must have a value."""
    for _, name, _, needed, default, _ in connection.execute(f'PRAGMA table_info("{table}")'):
        if needed and default is None and name not in given:
            raise BenchError(f"bench/fill.py knows no value for {table}.{name}; mend: give it one there")


def _dossiers(number: int) -> Iterator[Line]:
    now = _microseconds(utc_now())
    for row in range(number):
        code = CODE.replace("{n}", str(FIRST_DOSSIER + row))
        plain = canonical(code)
        yield {
            "id": row + 1,
            "code": code,
            "canonical": plain,
            "lookalike": lookalike_key(plain),
            "status": "4",
            "received_on": "2023-08-15",
            "due_on": "2023-08-30",
            "updated_at": now,
        }


class _Sealed:
    """Values sealed once, to be used again and again."""

    def __init__(self, keyring: Keyring, citizens: int) -> None:
        self._keyring = keyring
        numbers = [str(FIRST_CITIZEN + number) for number in range(citizens)]
        self.marks = [keyring.mark(b"phone", number.encode()) for number in numbers]
        self.senders = [keyring.seal(number.encode(), b"inbound.sender") for number in numbers]
        self.recipients = [keyring.seal(number.encode(), b"outbound.recipient") for number in numbers]
        texts = [f"DVC{CODE.replace('{n}', str(FIRST_DOSSIER + number))}".encode() for number in range(_POOL)]
        self.bodies = [keyring.seal(text, b"inbound.body") for text in texts]
        self.octets = [keyring.seal(text, b"inbound.octets") for text in texts]
        answers = [f"Ho so {text[3:].decode()}: dang xu ly. Hen tra: 30/08/2023. LH 1022".encode() for text in texts]
        self.answers = [keyring.seal(answer, b"outbound.body") for answer in answers]


def _messages(keyring: Keyring, number: int) -> Iterator[tuple[Line, Line, Line | None]]:
    sealed = _Sealed(keyring, max(1, min(_CITIZENS, number // 5)))
    chance = random.Random(7)  # noqa: S311 - draws rows, guards nothing
    end = utc_now() - timedelta(hours=1)
    step = timedelta(days=DAYS) / max(1, number)
    moments = [end - timedelta(days=DAYS)]
    new_id = IdSource(node=0, now=lambda: moments[0]).new
    for row in range(number):
        ids = (new_id(), new_id())
        yield _message(sealed, chance, row, ids, _microseconds(moments[0]))
        moments[0] += step


def _message(
    sealed: _Sealed, chance: random.Random, row: int, ids: tuple[int, int], at: int
) -> tuple[Line, Line, Line | None]:
    inbound_id, outbound_id = ids
    who, what, drawn = chance.randrange(len(sealed.marks)), row % _POOL, chance.random()
    reading, outcome = _reading(drawn, chance)
    state = _outbound_state(chance.random())
    sent = state in (OutboundState.DELIVERED, OutboundState.SENT)
    text: Line = {
        "id": inbound_id,
        "link": "main",
        "session": 1,
        "fingerprint": os.urandom(16),
        "sender": sealed.senders[who],
        "sender_mark": sealed.marks[who],
        "recipient": "8188",
        "reply_link": "main",
        "data_coding": 0,
        "octets": sealed.octets[what],
        "body": sealed.bodies[what],
        "received_at": at,
        "state": InboundState.HANDLED.value,
        "reading": reading,
        "outcome": outcome,
        "handled_at": at + 2_000,
    }
    answer: Line = {
        "id": outbound_id,
        "inbound_id": inbound_id,
        "link": "main",
        "sender": "8188",
        "recipient": sealed.recipients[who],
        "recipient_mark": sealed.marks[who],
        "body": sealed.answers[what],
        "reference": row % 256,
        "state": state.value,
        "created_at": at + 2_000,
        "expires_at": at + 900_000_000,
        "not_before": at + 2_000,
        "attempts": 1,
        "data_coding": 0 if sent else None,
        "segments": 1 if sent else None,
        "sent_at": at + 4_000 if sent else None,
        "settled_at": None if state is OutboundState.SENT else at + 3_000_000,
        "error": None if sent else "ESME_RINVDSTADR",
    }
    message = f"{row:x}"
    taken: Line = {
        "outbound_id": outbound_id,
        "number": 1,
        "link": "main",
        "message_id": f"{row:08X}",
        "message_key": message,
        "sent_at": at + 4_000,
        "receipt": ReceiptState.DELIVERED.value if state is OutboundState.DELIVERED else None,
        "receipt_at": at + 3_000_000 if state is OutboundState.DELIVERED else None,
    }
    return text, answer, taken if sent else None


def _reading(drawn: float, chance: random.Random) -> tuple[str, str]:
    if drawn < 0.80:  # noqa: PLR2004 - the shares of the mixed row
        return CommandName.LOOK_UP_STATUS.value, Outcome.STATUS_TOLD.value
    if drawn < 0.95:  # noqa: PLR2004
        return f"misread:{chance.choice(_KINDS).value}", Outcome.CORRECTED.value
    return CommandName.REGISTER_ACCOUNT.value, Outcome.ACCOUNT_OPENED.value


def _outbound_state(drawn: float) -> OutboundState:
    if drawn < 0.92:  # noqa: PLR2004 - most phones are on
        return OutboundState.DELIVERED
    if drawn < 0.97:  # noqa: PLR2004
        return OutboundState.SENT
    return OutboundState.FAILED if drawn < 0.995 else OutboundState.EXPIRED  # noqa: PLR2004


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
