"""Copying every row from one database to another, of either kind, under the same keys: sealed values stay sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select
from sqlalchemy.types import TypeDecorator, TypeEngine

from db.processes import duties
from db.schema import duty, metadata
from db.store.column_types import Utc

BATCH = 1000
"""Rows at once: enough to be quick, few enough for the memory and for a database's limit of parameters."""

LEFT_OUT = frozenset({duty.name})
"""Leases belong to the database that gave them."""


class NotEmptyError(Exception):
    """The target holds rows already; the text names the table. Give an empty database."""


class InUseError(Exception):
    """A process of the service has a duty in the source, so rows would still be added. Stop every one of them."""


class CountsDifferError(Exception):
    """The target does not hold as many rows as the source; nothing was committed. A fault of ours, or of a disk."""


def copy_rows(source: Connection, target: Connection, told: Callable[[str, int], None]) -> Mapping[str, int]:
    """Copy the rows of every table but LEFT_OUT; return how many of each. Tells each table once it is copied.

    The caller opened both transactions, and commits the target's only when this returns, so the target has all or
    nothing. Both have the same revision. Raises NotEmptyError, InUseError, CountsDifferError.
    """
    if duties.is_in_use(source):
        raise InUseError
    tables = [raw_form(table) for table in metadata.sorted_tables if table.name not in LEFT_OUT]
    for table in tables:
        if _count(target, table):
            raise NotEmptyError(table.name)
    counts: dict[str, int] = {}
    for table in tables:  # parents before children
        counts[table.name] = _copy(source, target, table)
        told(table.name, counts[table.name])
    for table in tables:
        if not counts[table.name] == _count(source, table) == _count(target, table):
            raise CountsDifferError(table.name)
    return counts


def raw_form(table: Table) -> Table:
    """Return the table as it lies in the database: sealed values, marks and enums as octets and words."""
    columns = [
        Column(column.name, _plain(column.type), primary_key=column.primary_key, autoincrement=False)
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _plain(kind: TypeEngine[object]) -> TypeEngine[object]:
    # Times are told differently by the two kinds of database; everything else that we dress is stored the same.
    if isinstance(kind, TypeDecorator) and not isinstance(kind, Utc):
        return kind.impl_instance
    return kind


def _copy(source: Connection, target: Connection, table: Table) -> int:
    asked = select(table).order_by(*table.primary_key.columns)
    copied = 0
    with source.execution_options(yield_per=BATCH).execute(asked) as rows:
        for batch in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in batch])
            copied += len(batch)
    return copied


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
