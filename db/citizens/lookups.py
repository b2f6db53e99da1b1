"""Own look-up tables: their versions, which one answers, and their rows found by key."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, exists, func, insert, select, update

from db.citizens.dossiers import canonical, lookalike_key
from db.schema import KeyShape, LookupState, lookup, lookup_row
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared
from db.store.record import record

WAITS = timedelta(hours=24)
"""A version that nobody approved answers after so long: a city may have one operator."""

ROWS_A_STEP = 2000
"""Rows stored in one transaction: nobody waits for more than a few tenths of a second."""

_KEYS_A_QUERY = 500
_ROWS_AN_INSERT = 1000


class Contacts(NamedTuple):
    """Links and telephone numbers that the rows of a version bring to citizens, and its sentence does not."""

    rows: int = 0
    """How many rows bring one."""
    lines: tuple[int, ...] = ()
    """The first of their lines in the file."""
    shown: tuple[str, ...] = ()
    """The first of them; none where a secret opens the rows, which may be about a person."""


_NO_CONTACTS = Contacts()


@dataclass(frozen=True, kw_only=True, slots=True)
class TableDefinition:
    """What a version of a table is: its keywords, its key and its answer. Of an own answer, the sentence alone."""

    title: str
    """What the table is about, as the help says it."""
    keywords: tuple[str, ...]
    shape: KeyShape
    template: str
    """The answer; `{column}` stands for a cell."""
    key_label: str = ""
    """What citizens write behind the keyword, as the help says it."""
    columns: tuple[str, ...] = ()
    """The names of the columns, as placeholders."""
    key_column: str = ""
    secret_column: str = ""
    """The column whose cell opens a row; empty: none is needed."""
    longest: int = 0
    """Characters of the longest answer, counted at the import."""
    contacts: Contacts = _NO_CONTACTS

    @property
    def has_rows(self) -> bool:
        """Return whether it is a table, and no own answer."""
        return self.shape is not KeyShape.NONE

    def without_rows(self) -> TableDefinition:
        """Return what does not depend on the rows."""
        return replace(self, longest=0, contacts=_NO_CONTACTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFault:
    """A line of the file that was left out: why, as a key of the messages."""

    line: int
    key: str
    other: int | None = None
    """The line that has the same key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTable:
    """A version of a table."""

    id: int
    name: str
    state: LookupState
    definition: TableDefinition
    made_by: str
    made_at: datetime
    row_count: int = 0
    faults: Sequence[LineFault] = ()
    submitted_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    off: bool = False

    def answers(self, now: datetime) -> bool:
        """Return whether it may answer: approved, or put forward a day ago."""
        return self.state is LookupState.APPROVED or self.is_unapproved(now)

    def answers_since(self) -> datetime | None:
        """Return when it began or will begin to answer, if nothing goes before it; None for a draft."""
        if self.state is LookupState.WAITING and self.submitted_at is not None:
            return max(self.submitted_at + WAITS, self.made_at)
        if self.state is not LookupState.APPROVED:
            return None
        return max((one for one in (self.submitted_at, self.approved_at) if one is not None), default=self.made_at)

    def is_unapproved(self, now: datetime) -> bool:
        """Return whether it may answer although nobody approved it: a day has passed."""
        waited = self.submitted_at is not None and now - self.submitted_at >= WAITS
        return self.state is LookupState.WAITING and waited


@record
class TableRow:
    """A row of a table."""

    id: int
    canonical: str
    """Of its key."""
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRow:
    """A row to store. `phone` and `id_number` are those in it, by which a person's rows are found."""

    cells: Sequence[str] = field(repr=False)
    key: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredLookup:
    """A row about a person, as an export shows it."""

    table: str
    cells: Mapping[str, str]


_BY_KEY = Prepared(
    select(lookup_row.c.key_mark, lookup_row.c.id, lookup_row.c.cells)
    .where(
        lookup_row.c.lookup_id == bindparam("lookup_id"), lookup_row.c.key_mark.in_(bindparam("marks", expanding=True))
    )
    .order_by(lookup_row.c.id)
)


_ADD_ROWS = Prepared(insert(lookup_row), "id", "lookup_id", "key_mark", "phone_mark", "id_number_mark", "cells")


def list_tables(connection: Connection) -> Sequence[StoredTable]:
    """Return every version of every table, the oldest first."""
    return [_read(row) for row in connection.execute(select(lookup).order_by(lookup.c.name, lookup.c.id))]


def find_table(connection: Connection, table_id: int) -> StoredTable | None:
    """Return the version in this row."""
    row = connection.execute(select(lookup).where(lookup.c.id == table_id)).one_or_none()
    return None if row is None else _read(row)


def answering(tables: Iterable[StoredTable], now: datetime) -> Sequence[StoredTable]:
    """Return of each table the version that answers: the last that was approved, or put forward a day ago. Pure.

    Rows that a system replaced have the time of their definition: a later definition that was approved goes before.
    """
    latest: dict[str, StoredTable] = {}
    for one in sorted(tables, key=order_of):
        if one.answers(now) and not one.off:
            latest[one.name] = one
    return list(latest.values())


def order_of(one: StoredTable) -> tuple[datetime, int]:
    """Return the order in which versions replace each other."""
    return one.approved_at or one.submitted_at or one.made_at, one.id


def add_table(connection: Connection, table: StoredTable) -> None:
    """Add a version; it is off when its table is."""
    off = select(exists().where(lookup.c.name == table.name, lookup.c.off))
    values = {
        "id": table.id,
        "name": table.name,
        "state": table.state,
        "definition": json.dumps(asdict(table.definition), ensure_ascii=False),
        "row_count": table.row_count,
        "faults": json.dumps([[one.line, one.key, one.other] for one in table.faults]),
        "made_by": table.made_by,
        "made_at": table.made_at,
        "submitted_at": table.submitted_at,
        "off": bool(connection.scalar(off)),
    }
    connection.execute(insert(lookup).values(values))


def add_rows(connection: Connection, table_id: int, rows: Iterable[NewRow], *, new_id: Callable[[], int]) -> int:
    """Add the rows of a version; return how many."""
    count, rest = 0, iter(rows)
    while some := list(islice(rest, _ROWS_AN_INSERT)):
        values = [
            (
                new_id(),
                table_id,
                _mark(connection, table_id, lookalike_key(canonical(one.key))),
                one.phone,
                one.id_number,
                json.dumps(list(one.cells), ensure_ascii=False),
            )
            for one in some
        ]
        _ADD_ROWS.run_many(connection, values)
        count += len(some)
    return count


def end_loading(connection: Connection, table_id: int) -> bool:
    """Make a version a draft whose rows are all stored; False when it is none that is being stored."""
    wanted = (lookup.c.id == table_id) & (lookup.c.state == LookupState.LOADING)
    return connection.execute(update(lookup).where(wanted).values(state=LookupState.DRAFT)).rowcount == 1


def approve_rows(connection: Connection, table_id: int, *, as_was: StoredTable, now: datetime) -> bool:
    """Let a draft answer that has other rows for an approved definition.

    False when it is no draft, or another definition answers now.
    """
    named = [one for one in list_tables(connection) if one.name == as_was.name]
    if not any(one.approved_at == as_was.approved_at for one in answering(named, now)):
        return False
    wanted = (lookup.c.id == table_id) & (lookup.c.state == LookupState.DRAFT)
    values = {"state": LookupState.APPROVED, "submitted_at": now, "approved_by": as_was.approved_by}
    changed = update(lookup).where(wanted).values(**values, approved_at=as_was.approved_at)
    return connection.execute(changed).rowcount == 1


def submit_table(connection: Connection, table_id: int, *, now: datetime) -> bool:
    """Put a draft forward; False when it is none."""
    wanted = (lookup.c.id == table_id) & (lookup.c.state == LookupState.DRAFT)
    changed = update(lookup).where(wanted).values(state=LookupState.WAITING, submitted_at=now)
    return connection.execute(changed).rowcount == 1


def approve_table(connection: Connection, table_id: int, *, by: str, now: datetime) -> bool:
    """Approve a version that waits; False when it does not wait, or `by` made it."""
    wanted = (lookup.c.id == table_id) & (lookup.c.state == LookupState.WAITING) & (lookup.c.made_by != by)
    changed = update(lookup).where(wanted).values(state=LookupState.APPROVED, approved_by=by, approved_at=now)
    return connection.execute(changed).rowcount == 1


def replace_waiting(connection: Connection, table: StoredTable, *, now: datetime, only_rows: bool) -> None:
    """Delete what the maker of a draft put forward before it and nobody approved; not what answers after its day.

    With `only_rows`, other definitions stay.
    """
    core = table.definition.without_rows()
    for one in list_tables(connection):
        is_his = (one.name, one.made_by, one.state) == (table.name, table.made_by, LookupState.WAITING)
        is_meant = not only_rows or one.definition.without_rows() == core
        if is_his and is_meant and not one.answers(now):
            remove_table(connection, one.id)


def switch_table(connection: Connection, name: str, *, off: bool) -> bool:
    """Switch all versions of a table off or on; False when there is none."""
    return connection.execute(update(lookup).where(lookup.c.name == name).values(off=off)).rowcount > 0


def remove_table(connection: Connection, table_id: int) -> bool:
    """Delete a version with its rows; False when it is gone."""
    return connection.execute(delete(lookup).where(lookup.c.id == table_id)).rowcount == 1


def first_rows(connection: Connection, table: StoredTable, limit: int) -> Sequence[TableRow]:
    """Return the first rows of a version, for its preview."""
    asked = select(lookup_row.c.id, lookup_row.c.cells).where(lookup_row.c.lookup_id == table.id)
    rows = connection.execute(asked.order_by(lookup_row.c.id).limit(limit))
    return [_row(table.definition, row.id, row.cells) for row in rows]


def find_rows(connection: Connection, table: StoredTable, keys: Collection[str]) -> Mapping[str, Sequence[TableRow]]:
    """Return the rows that have one of these look-alike keys, by key; a key without a row is absent."""
    found: dict[str, list[TableRow]] = {}
    marks = {_mark(connection, table.id, key): key for key in keys}
    every = list(marks)
    for start in range(0, len(every), _KEYS_A_QUERY):
        some = every[start : start + _KEYS_A_QUERY]
        for mark, row_id, cells in _BY_KEY.fetch(connection, {"lookup_id": table.id, "marks": some}):
            found.setdefault(marks[mark], []).append(_row(table.definition, row_id, cells))
    return found


def count_rows(connection: Connection, table_id: int) -> int:
    """Return how many rows a version has."""
    asked = select(func.count()).select_from(lookup_row).where(lookup_row.c.lookup_id == table_id)
    return connection.execute(asked).scalar_one()


def lookups_of(
    connection: Connection, *, phone: str | None = None, id_number: str | None = None
) -> Sequence[StoredLookup]:
    """Return the rows about the person with this telephone or identity number."""
    asked = select(lookup.c.name, lookup.c.definition, lookup_row.c.cells).join(lookup_row)
    rows = connection.execute(asked.where(_of_person(phone, id_number)).order_by(lookup_row.c.id))
    return [
        StoredLookup(
            table=row.name, cells=dict(zip(json.loads(row.definition)["columns"], json.loads(row.cells), strict=True))
        )
        for row in rows
    ]


def erase_rows(connection: Connection, *, phone: str | None = None, id_number: str | None = None) -> int:
    """Delete the rows about a person; return how many. The office's next file may bring them again."""
    return connection.execute(delete(lookup_row).where(_of_person(phone, id_number))).rowcount


def _of_person(phone: str | None, id_number: str | None) -> ColumnElement[bool]:
    return lookup_row.c.phone_mark == phone if phone is not None else lookup_row.c.id_number_mark == id_number


def _mark(connection: Connection, table_id: int, lookalike: str) -> bytes:
    return keyring_of(connection.dialect).mark(b"lookup_key", f"{table_id} {lookalike}".encode())


def _row(definition: TableDefinition, row_id: int, cells: str) -> TableRow:
    by_column = dict(zip(definition.columns, json.loads(cells), strict=True))
    return TableRow(id=row_id, canonical=canonical(by_column[definition.key_column]), cells=by_column)


def _read(row: Row[tuple[object, ...]]) -> StoredTable:
    values = row._asdict()
    told = json.loads(values["definition"])
    told |= {"keywords": tuple(told["keywords"]), "columns": tuple(told["columns"]), "shape": KeyShape(told["shape"])}
    noted = told["contacts"]
    told["contacts"] = Contacts(noted[0], tuple(noted[1]), tuple(noted[2]))  # a list: JSON has no names for it
    values["definition"] = TableDefinition(**told)
    values["faults"] = [LineFault(line=line, key=key, other=other) for line, key, other in json.loads(values["faults"])]
    return StoredTable(**values)
