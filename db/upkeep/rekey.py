"""Re-keying: which key sealed what, whether the keys fit, and sealing everything anew in small steps.

The columns are found by their type, so a new table needs no line here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, Row, Table, bindparam, func, select, type_coerce, update
from sqlalchemy.sql.elements import ColumnElement

from db.schema import inbound, metadata
from db.store.column_types import SealedOctets, SealedText, keyring_of
from db.store.sealing import Keyring, SealBrokenError, key_number

STEP = 200
"""Rows sealed anew in one transaction: some milliseconds, which the pipeline does not feel."""

MOST_VALUES = 1 << 32
"""Values that one key may seal with random nonces (NIST SP 800-38D §8.3)."""

ROTATE_FROM = 1 << 31
"""From so many stored values on a new key is due. Values that were deleted or changed are not among them."""

_LOOKED_AT = 1000  # newest rows: a column that is empty in all of them is not looked for among millions
_RAW = LargeBinary()


class KeysDoNotFitError(Exception):
    """The keys are not those of this database: put the right key file back. Nothing was written; do not start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """A table with sealed columns."""

    table: Table
    key: Column[object]
    columns: tuple[Column[object], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What one step did, and where the next one goes on; None when the table is done."""

    resealed: int
    after: object | None


def sealed_tables() -> Iterator[Sealed]:
    """Return every table with sealed columns."""
    for table in metadata.sorted_tables:
        columns = tuple(one for one in table.columns if isinstance(one.type, SealedText | SealedOctets))
        if columns:
            (key,) = table.primary_key.columns
            yield Sealed(table=table, key=key, columns=columns)


def demand_fit(connection: Connection) -> None:
    """Raise KeysDoNotFitError unless the newest sealed values open and the newest mark is made with our key."""
    keyring = keyring_of(connection.dialect)
    try:
        for sealed in sealed_tables():
            for column in sealed.columns:
                newest = select(column.label("value")).order_by(sealed.key.desc()).limit(_LOOKED_AT).subquery()
                connection.execute(select(newest.c.value).where(newest.c.value.is_not(None)).limit(1)).first()
    except SealBrokenError as error:
        raise KeysDoNotFitError(f"{error}; fix: put back the key file of this database") from error
    text = connection.execute(
        select(inbound.c.sender, inbound.c.sender_mark).order_by(inbound.c.id.desc()).limit(1)
    ).first()
    if text is None:
        return
    if keyring.mark(b"phone", text.sender.encode("utf-8", "surrogatepass")) != text.sender_mark:
        raise KeysDoNotFitError("the mark key is another one; fix: put back the key file of this database")


def count_by_key(connection: Connection) -> Mapping[int, int]:
    """Return how many values each key number sealed. Reads every table once."""
    counts: Counter[int] = Counter()
    for sealed in sealed_tables():
        for column in sealed.columns:
            head = func.substr(_raw(column), 1, 2, type_=_RAW)
            asked = select(head, func.count()).where(column.is_not(None)).group_by(head)
            for octets, count in connection.execute(asked):
                counts[key_number(bytes(octets))] += count
    return counts


def reseal(connection: Connection, sealed: Sealed, *, after: object | None = None, limit: int = STEP) -> Step:
    """Seal the next rows of a table with the current key; rows that have it already are only read.

    Safe to repeat. A value that somebody changed meanwhile is left alone: it was sealed anew by that.
    """
    keyring = keyring_of(connection.dialect)
    asked = select(sealed.key, *(_raw(column).label(column.name) for column in sealed.columns)).order_by(sealed.key)
    if after is not None:
        asked = asked.where(sealed.key > after)
    rows = connection.execute(asked.limit(limit)).all()
    resealed = [_reseal_row(connection, sealed, row, keyring) for row in rows]
    return Step(resealed=sum(resealed), after=rows[-1][0] if len(rows) == limit else None)


def _reseal_row(connection: Connection, sealed: Sealed, row: Row[*tuple[object, ...]], keyring: Keyring) -> int:
    key, *values = row
    old = {
        column: bytes(value)
        for column, value in zip(sealed.columns, values, strict=True)
        if isinstance(value, bytes | memoryview) and key_number(bytes(value)) != keyring.current
    }
    for column, octets in old.items():
        place = f"{sealed.table.name}.{column.name}".encode()
        value = keyring.seal(keyring.open(octets, place), place)
        statement = (
            update(sealed.table)
            .where(sealed.key == key, _raw(column) == bindparam("old", type_=_RAW))
            .values({column: bindparam("new", type_=_RAW)})
        )
        connection.execute(statement, {"old": octets, "new": value})
    return len(old)


def _raw(column: Column[object]) -> ColumnElement[bytes]:
    return type_coerce(column, _RAW)
