"""Fills an SQLite database of the gateway with a year of messages, by its own tables and its own sealing.

Values are sealed once and used again, indexes are taken off and made anew at the end, and nothing is synced: millions
of rows take minutes. To be used on a database that no service has open.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.carrier import CODE, FIRST_DOSSIER, BenchError
from db.citizens.dossiers import canonical, lookalike_key
from db.schema import InboundState, OutboundState, ReceiptState
from db.store.ids import first_id_at
from db.store.sealing import Keyring
from handlers.answer import Outcome
from parsers.commands import LookUpStatus, RegisterAccount
from parsers.misread import MisreadKind
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile

DAYS = 365
"""The messages come evenly over so many days, up to an hour ago."""

FIRST_CITIZEN = 84_300_000_000
"""Not those of the load, or its texts would meet earlier ones of theirs."""

_CHUNK = 50_000
_CITIZENS = 200_000
_POOL = 2_000
_HANDLED = InboundState.HANDLED.value
_LOOK_UP = (LookUpStatus.name, Outcome.STATUS_TOLD.value)
_REGISTER = (RegisterAccount.name, Outcome.ACCOUNT_OPENED.value)
_MISREADS = tuple((f"misread:{kind.value}", Outcome.CORRECTED.value) for kind in MisreadKind)
_DELIVERED, _SENT = OutboundState.DELIVERED.value, OutboundState.SENT.value
_FAILED, _EXPIRED = OutboundState.FAILED.value, OutboundState.EXPIRED.value
_TAKEN = (_DELIVERED, _SENT)

Value = str | int | bytes | None
Line = Sequence[Value]
Period = tuple[datetime, datetime]

_COLUMNS = {
    "dossier": ("id", "code", "canonical", "lookalike", "status", "received_on", "due_on", "updated_at"),
    "inbound": (
        *("id", "link", "session", "fingerprint", "sender", "sender_mark", "recipient", "reply_link", "data_coding"),
        *("octets", "body", "received_at", "state", "reading", "outcome", "handled_at"),
    ),
    "outbound": (
        *("id", "inbound_id", "link", "sender", "recipient", "recipient_mark", "body", "reference", "state"),
        *("created_at", "expires_at", "not_before", "attempts", "data_coding", "segments", "sent_at", "settled_at"),
        "error",
    ),
    "segment": ("outbound_id", "number", "link", "message_id", "message_key", "sent_at", "receipt", "receipt_at"),
}
"""The columns that are given, in the order of the lines below; every other one must have a default."""


def fill(
    file: Path, key_file: Path, *, messages: int, dossiers: int, analyze: bool = False, came: Period | None = None
) -> None:
    """Add so many messages, which came evenly over a period (default: the last year), and dossiers.

    With `analyze` SQLite then gathers statistics, which changes its plans.
    """
    keyring = keyfile.load(key_file)
    lines = _dossiers(dossiers)
    with filling(file, _COLUMNS, analyze=analyze) as insert:
        while some := list(islice(lines, _CHUNK)):
            insert("dossier", some)
        for chunk in _messages(keyring, messages, came or _last_year()):
            for table, found in chunk.items():
                insert(table, found)


@contextmanager
def filling(
    file: Path, columns: Mapping[str, Sequence[str]], *, analyze: bool = False
) -> Iterator[Callable[[str, Sequence[Line]], None]]:
    """Give what inserts lines of these columns into these tables, without syncs and without their indexes."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")
        connection.execute("PRAGMA foreign_keys = OFF")
        indexes = _take_indexes_off(connection, list(columns))
        yield lambda table, lines: _insert(connection, table, columns[table], lines)
        for statement in indexes:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if analyze:
            connection.execute("ANALYZE")


def _take_indexes_off(connection: sqlite3.Connection, tables: Sequence[str]) -> list[str]:
    """Drop the indexes of the tables to be filled; return the statements that make them again."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?"
    found = [row for table in tables for row in connection.execute(asked, (table,)).fetchall()]
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], lines: Sequence[Line]) -> None:
    _demand_all(connection, table, columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute("BEGIN")
    connection.executemany(
        f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})',  # noqa: S608 - names of ours
        lines,
    )
    connection.execute("COMMIT")


def _demand_all(connection: sqlite3.Connection, table: str, given: Sequence[str]) -> None:
    """Refuse to fill a table that has learnt a column which must have a value."""
    for _, name, _, needed, default, _ in connection.execute(f'PRAGMA table_info("{table}")'):
        if needed and default is None and name not in given:
            raise BenchError(
                f"bench/fill.py and fill_tickets.py know no value for {table}.{name}; fix: give it one there"
            )


def _dossiers(number: int) -> Iterator[Line]:
    now = microseconds(utc_now())
    for row in range(number):
        code = CODE.replace("{n}", str(FIRST_DOSSIER + row))
        plain = canonical(code)
        yield (row + 1, code, plain, lookalike_key(plain), "4", "2023-08-15", "2023-08-30", now)


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


def _last_year() -> Period:
    end = utc_now() - timedelta(hours=1)
    return end - timedelta(days=DAYS), end


def _messages(keyring: Keyring, number: int, came: Period) -> Iterator[dict[str, list[Line]]]:
    """Give the rows of each table, in chunks."""
    sealed = _Sealed(keyring, max(1, min(_CITIZENS, number // 5)))
    chance = random.Random(7)  # noqa: S311 - draws rows, guards nothing
    begin, end = came
    first_id, first_at = first_id_at(begin), microseconds(begin)
    id_step = (first_id_at(end) - first_id) // number
    at_step = (end - begin) // timedelta(microseconds=1) / number
    for start in range(0, number, _CHUNK):
        chunk: dict[str, list[Line]] = {"inbound": [], "outbound": [], "segment": []}
        for row in range(start, min(number, start + _CHUNK)):
            at = first_at + int(row * at_step)
            _add_message(chunk, sealed, chance, row, inbound_id=first_id + row * id_step, at=at)
        yield chunk


def _add_message(
    chunk: dict[str, list[Line]], sealed: _Sealed, chance: random.Random, row: int, *, inbound_id: int, at: int
) -> None:
    who, what = int(chance.random() * len(sealed.marks)), row % _POOL
    mark, outbound_id = sealed.marks[who], inbound_id + 1
    reading, outcome = _reading(chance.random(), row)
    state = _outbound_state(chance.random())
    taken = state in _TAKEN
    chunk["inbound"].append(
        (
            *(inbound_id, "main", 1, os.urandom(16), sealed.senders[who], mark, "8188", "main", 0),
            *(sealed.octets[what], sealed.bodies[what], at, _HANDLED, reading, outcome, at + 2_000),
        )
    )
    sent_at, settled_at = (at + 4_000 if taken else None), (None if state == _SENT else at + 3_000_000)
    chunk["outbound"].append(
        (
            *(outbound_id, inbound_id, "main", "8188", sealed.recipients[who], mark, sealed.answers[what], row % 256),
            *(state, at + 2_000, at + 900_000_000, at + 2_000, 1, 0 if taken else None, 1 if taken else None, sent_at),
            *(settled_at, None if taken else "ESME_RINVDSTADR"),
        )
    )
    if taken:
        receipt = (ReceiptState.DELIVERED.value, settled_at) if state == _DELIVERED else (None, None)
        chunk["segment"].append((outbound_id, 1, "main", f"{row:08X}", f"{row:x}", sent_at, *receipt))


def _reading(drawn: float, row: int) -> tuple[str, str]:
    if drawn < 0.80:  # noqa: PLR2004 - the shares of the mixed row
        return _LOOK_UP
    if drawn < 0.95:  # noqa: PLR2004
        return _MISREADS[row % len(_MISREADS)]
    return _REGISTER


def _outbound_state(drawn: float) -> str:
    if drawn < 0.92:  # noqa: PLR2004 - most phones are on
        return _DELIVERED
    if drawn < 0.97:  # noqa: PLR2004
        return _SENT
    return _FAILED if drawn < 0.995 else _EXPIRED  # noqa: PLR2004


def microseconds(moment: datetime) -> int:
    """Return a time as the tables hold it."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
