"""Statements of the hot path: written in SQLAlchemy Core, compiled once, run on the driver's own cursor.

SQLAlchemy takes 30 to 60 microseconds around a statement, however small, and a lone text needs a dozen of them. Here
the SQL, the types' processors and the order of the values are worked out at the first use; later uses only run them.
On PostgreSQL a list is an array, and many rows are one statement where that does the same (db.store.batches).
Errors are SQLAlchemy's own, and a connection that is lost leaves the pool as if SQLAlchemy had run the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Delete, Dialect, Insert, LargeBinary, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import CompoundSelect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from db.store.arrays import UNPACKABLE
from db.store.batches import for_all_rows, with_arrays
from db.store.column_types import Binding, binding_of, kind_of

Process = Callable[[Any], Any]
Row = tuple[Any, ...]
Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """What is in one place of the SQL: a value by its name (of a list, one member), or a constant."""

    name: str | None  # None: a constant, processed already
    number: int | None  # in a list, from 0
    binding: Binding | None
    constant: object

    def bind(self, value: Any) -> Any:
        """Process one value."""
        return value if self.binding is None else self.binding.one(value)

    def bind_all(self, values: Sequence[Any]) -> Sequence[Any]:
        """Process a column of values, or the members of a list."""
        return values if self.binding is None else self.binding.column(values)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """A statement for one dialect and, where it holds lists, for their lengths."""

    sql: str
    places: Sequence[_Place]
    order: Sequence[int | None]  # of each place: which value of a row stands there; None: a constant
    results: Sequence[tuple[int, Process]]  # columns that are not taken as the driver gives them
    runs: Sequence[tuple[_Place, int]]  # the places with each list as one: its first place, and its length

    def bind(self, given: Mapping[str, Any]) -> Row:
        """Put named values into their places."""
        found: list[Any] = []
        for place, length in self.runs:
            if place.name is None:
                found.append(place.constant)
                continue
            value = given[place.name]
            if place.number is None:
                found.append(place.bind(value))
                continue
            members = place.bind_all(value)
            found += members
            found += [members[-1]] * (length - len(members))
        return tuple(found)

    def bind_many(self, rows: Sequence[Row]) -> list[Row]:
        """Put the values of rows into their places, a column at a time."""
        given = list(zip(*rows, strict=True))
        columns: list[Sequence[Any]] = []
        for place, index in zip(self.places, self.order, strict=True):
            if index is None:
                columns.append((place.constant,) * len(rows))
            else:
                columns.append(place.bind_all(given[index]))
        return list(zip(*columns, strict=True))

    def bind_columns(self, rows: Sequence[Row]) -> Row:
        """Put the columns of rows into the places of a statement that takes arrays."""
        given = list(zip(*rows, strict=True))
        return tuple(
            place.constant if index is None else place.bind(given[index])
            for place, index in zip(self.places, self.order, strict=True)
        )

    def read(self, rows: list[Row]) -> list[Row]:
        """Read what the driver gave, a column at a time."""
        if not self.results or not rows:
            return rows
        columns = list(zip(*rows, strict=True))
        for index, process in self.results:
            columns[index] = tuple(map(process, columns[index]))
        return list(zip(*columns, strict=True))


class Prepared:
    """One statement; `names` are the values of a row, in the order in which `run_many` is given them.

    A list (`bindparam(expanding=True)`) may not be empty. Where it is not an array, it is filled up to the next power
    of two with its last member, so that few forms of the SQL exist.
    """

    def __init__(self, statement: Statement, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._columns = names if isinstance(statement, Insert) else None
        binds = [element for element in iterate(statement) if isinstance(element, BindParameter)]
        self._lists = tuple({bind.key: None for bind in binds if bind.expanding and bind.required})
        self._scalars = tuple({bind.key: None for bind in binds if not bind.expanding and bind.required})
        self._has_list = any(bind.expanding for bind in binds)
        self._plans: WeakKeyDictionary[Dialect, dict[tuple[int, ...], _Plan]] = WeakKeyDictionary()
        self._batches: WeakKeyDictionary[Dialect, tuple[_Plan, Sequence[int]] | None] = WeakKeyDictionary()

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Run it once with named values and return all rows; raises what `Connection.execute` raises."""
        dialect = connection.dialect
        lengths = () if _is_postgresql(dialect) else tuple(_at_least(len(values[name])) for name in self._lists)
        plan = self._plan(dialect, lengths)
        with _Cursor(connection, plan.sql) as cursor:
            cursor.execute(plan.sql, plan.bind(values), **(_PREPARED if _is_postgresql(dialect) else _PLAIN))
            return plan.read(list(cursor.fetchall()))

    def run_many(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for each row; raises what `Connection.execute` raises."""
        if not rows or (_is_postgresql(connection.dialect) and self._run_at_once(connection, rows)):
            return
        plan = self._plan(connection.dialect, ())
        with _Cursor(connection, plan.sql) as cursor:
            cursor.executemany(plan.sql, plan.bind_many(rows))

    def _run_at_once(self, connection: Connection, rows: Sequence[Row]) -> bool:
        """Run it once for all rows; False, and nothing done, when these rows must be run one by one."""
        dialect = connection.dialect
        if dialect not in self._batches:
            self._batches[dialect] = self._compile_batch(dialect)
        batch = self._batches[dialect]
        if batch is None:
            return False
        plan, keys = batch
        if keys and len({tuple([row[key] for key in keys]) for row in rows}) < len(rows):
            return False
        try:
            columns = plan.bind_columns(rows)
        except UNPACKABLE:
            return False  # the driver shows what is wrong with it
        with _Cursor(connection, plan.sql) as cursor:
            cursor.execute(plan.sql, columns, **_PREPARED)
        return True

    def _plan(self, dialect: Dialect, lengths: tuple[int, ...]) -> _Plan:
        plans = self._plans.get(dialect)
        if plans is None:
            plans = self._plans[dialect] = {}
        plan = plans.get(lengths)
        if plan is None:
            plan = plans[lengths] = self.compile_for(dialect, lengths)
        return plan

    def compile_for(self, dialect: Dialect, lengths: tuple[int, ...]) -> _Plan:
        """Compile it for lists of these lengths."""
        statement, options = self._statement, {}
        lists: Mapping[str, object]
        if _is_postgresql(dialect):
            statement, lists = with_arrays(statement, dialect), dict.fromkeys(self._lists)
        else:
            lists = {name: [None] * length for name, length in zip(self._lists, lengths, strict=True)}
        if self._has_list and isinstance(statement, Select | CompoundSelect):
            statement = statement.params({**dict.fromkeys(self._scalars), **lists})
            options = {"render_postcompile": True}
        return self._plan_of(_compiled(statement, dialect, self._columns, options), dialect)

    def _compile_batch(self, dialect: Dialect) -> tuple[_Plan, Sequence[int]] | None:
        binds = _compiled(self._statement, dialect, self._columns, {}).binds
        batch = for_all_rows(self._statement, {name: binds[name].type for name in self._names}, dialect)
        if batch is None:
            return None
        compiled = _compiled(batch.statement, dialect, None, {})
        return self._plan_of(compiled, dialect), [self._names.index(key) for key in batch.keys]

    def _plan_of(self, compiled: SQLCompiler, dialect: Dialect) -> _Plan:
        needed = {*self._lists, *self._scalars, *(self._columns or ())}
        places = [_place(compiled, written, needed, dialect) for written in compiled.positiontup or ()]
        rows = [None if place.name is None else self._names.index(place.name) for place in places if self._names]
        columns = getattr(self._statement, "exported_columns", ())
        readers = [(number, _reader(column.type, dialect)) for number, column in enumerate(columns)]
        return _Plan(
            sql=str(compiled),
            places=places,
            order=rows,
            results=[(number, process) for number, process in readers if process is not None],
            runs=_runs(places),
        )


def run_plain(connection: Connection, sql: str) -> None:
    """Run a statement that has neither values nor rows; raises what `Connection.execute` raises."""
    with _Cursor(connection, sql) as cursor:
        cursor.execute(sql)


class _Cursor:
    """The driver's cursor for a `with` block; what the driver raises in it is raised as SQLAlchemy's."""

    __slots__ = ("_connection", "_cursor", "_sql")

    def __init__(self, connection: Connection, sql: str) -> None:
        self._connection = connection
        self._sql = sql
        options = _BINARY if _is_postgresql(connection.dialect) else _PLAIN
        self._cursor: Any = connection.connection.cursor(**options)

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        self._cursor.close()
        if isinstance(error, Exception):
            _raise_as_sqlalchemy(self._connection, self._sql, error)


_PLAIN: Mapping[str, bool] = {}
_BINARY = {"binary": True}  # results without hexadecimal digits
_PREPARED = {"prepare": True}  # planned once a connection


def _is_postgresql(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


def _compiled(
    statement: Statement, dialect: Dialect, columns: Sequence[str] | None, options: dict[str, Any]
) -> SQLCompiler:
    # Places in the order of the SQL; psycopg's own style is by name.
    in_order = dialect if dialect.positional else type(dialect)(paramstyle="format")  # type: ignore[call-arg]  # every dialect of SQLAlchemy takes it
    compiled = statement.compile(dialect=in_order, column_keys=columns, compile_kwargs=options)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what a statement compiles to
    return compiled


def _place(compiled: SQLCompiler, written: str, needed: set[str], dialect: Dialect) -> _Place:
    bind, number = compiled.binds.get(written), None
    if bind is None:  # a member of a list: `marks_3` is the third of `marks`
        name, _, place = written.rpartition("_")
        bind, number = compiled.binds[name], int(place) - 1
    binding = _as_bytearrays(bind.type, dialect) or binding_of(bind.type, dialect)
    if bind.key in needed:
        return _Place(name=bind.key, number=number, binding=binding, constant=None)
    constant = bind.value
    if number is not None and isinstance(constant, Sequence):
        constant = constant[number]
    constant = constant if binding is None else binding.one(constant)
    return _Place(name=None, number=None, binding=None, constant=constant)


def _as_bytearrays(column: TypeEngine[Any], dialect: Dialect) -> Binding | None:
    """Return what processes octets for SQLite's driver, which looks for an adapter of each `bytes`, and finds none.

    A text has eighteen of them, and each costs 0.5 us so, but 0.2 with a copy that it takes as it is.
    """
    if dialect.name != "sqlite" or kind_of(column, dialect) != "large_binary":
        return None
    # What SQLAlchemy's own type makes of them is a memoryview, which the driver looks up too.
    binding = None if type(column) is LargeBinary else binding_of(column, dialect)

    def bind(values: Sequence[Any]) -> Sequence[Any]:
        octets = values if binding is None else binding.column(values)
        return [None if one is None else bytearray(one) for one in octets]

    return Binding(lambda value: bind((value,))[0], bind)


def _runs(places: Sequence[_Place]) -> Sequence[tuple[_Place, int]]:
    """Return the places that begin a list or are none, each with how many places it takes: a list is written whole."""
    heads = [index for index, place in enumerate(places) if not place.number]
    return [(places[head], end - head) for head, end in pairwise([*heads, len(places)])]


def _reader(column: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return column.dialect_impl(dialect).result_processor(dialect, None)


def _at_least(length: int) -> int:
    """Return the next power of two.

    >>> [_at_least(length) for length in (1, 2, 3, 100)]
    [1, 2, 4, 128]
    """
    return 1 << (length - 1).bit_length()


def _raise_as_sqlalchemy(connection: Connection, sql: str, error: Exception) -> None:
    """Raise a driver's error as SQLAlchemy's, without the values; return when it is another's."""
    dialect = connection.dialect
    driver = dialect.dbapi
    if driver is None or not isinstance(error, driver.Error):
        return
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    told = DBAPIError.instance(
        sql, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    raise told from error
