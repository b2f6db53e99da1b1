"""Statements as PostgreSQL takes them most cheaply: a list is one array, and a batch of rows is one statement.

`id IN (1, 2, 3)` becomes `id = ANY ($1)`: one form for every length. An INSERT or UPDATE that is to run for many rows
reads them from arrays, one for each column: `INSERT … SELECT … FROM unnest($1, $2, …)`, `UPDATE … FROM unnest(…)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar, cast

from sqlalchemy import Dialect, Insert, Update, any_, bindparam, column, false, func, select
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ClauseElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.sql.visitors import iterate, replacement_traverse
from sqlalchemy.types import TypeEngine

from db.store.arrays import array_of

AnyStatement = TypeVar("AnyStatement", bound=ClauseElement)


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """A statement that runs for all rows at once; each of its values is the array of a column."""

    statement: Insert | Update
    keys: Sequence[str]  # the values that choose a row to change: alike in two rows, these must run one by one


def with_arrays(statement: AnyStatement, dialect: Dialect) -> AnyStatement:
    """Return the statement with each list that is given at its use as an array."""

    def as_array(element: Any, **_: object) -> Any:
        if not isinstance(element, BinaryExpression) or element.operator is not operators.in_op:
            return None
        members = element.right
        if not (isinstance(members, BindParameter) and members.expanding and members.required):
            return None
        kind = array_of(members.type, dialect)
        return None if kind is None else element.left == any_(bindparam(members.key, type_=kind))

    return cast("AnyStatement", replacement_traverse(statement, {}, as_array))


def for_all_rows(statement: object, types: Mapping[str, TypeEngine[Any]], dialect: Dialect) -> Batch | None:
    """Return the statement for all rows at once; None where that would not do the same as one after another.

    `types` are those of a row's values by their names, in the order of the row.
    """
    kinds = {name: array_of(kind, dialect) for name, kind in types.items()}
    if None in kinds.values():
        return None
    arrays = [bindparam(name, type_=kind) for name, kind in kinds.items()]
    given = func.unnest(*arrays).table_valued(*map(column, types), name="given").render_derived()
    if isinstance(statement, Insert):
        if isinstance(getattr(statement, "_post_values_clause", None), OnConflictDoUpdate):
            return None  # one statement may not change a row twice
        return Batch(statement=statement.from_select(list(types), select(*given.c)), keys=())
    if isinstance(statement, Update) and statement.whereclause is not None:
        chosen = [bind.key for bind in iterate(statement.whereclause) if _is_of(bind, types)]
        return Batch(statement=_reading_from(given, _by_key(statement, types), types), keys=chosen)
    return None


def _by_key(statement: Update, names: Mapping[str, object]) -> Update:
    """Let each row be found by its own values first, and only then be asked for what else it must be.

    Else the planner may begin with what it believes to be few (the answers that are claimed) and go through all of
    them for each row. It cannot look into a coalesce().
    """
    conditions = [
        one if any(_is_of(bind, names) for bind in iterate(one)) else func.coalesce(one, false())
        for one in statement._where_criteria  # noqa: SLF001 - SQLAlchemy has no other way to them
    ]
    alone = statement._generate()  # noqa: SLF001 - a copy, as each of its methods makes one
    alone._where_criteria = tuple(conditions)  # noqa: SLF001
    return alone


def _reading_from(given: TableValuedAlias, statement: Update, names: Mapping[str, object]) -> Update:
    def as_column(element: Any, **_: object) -> Any:
        return given.c[element.key] if _is_of(element, names) else None

    return cast("Update", replacement_traverse(statement, {}, as_column))


def _is_of(element: object, names: Mapping[str, object]) -> TypeGuard[BindParameter[Any]]:
    return isinstance(element, BindParameter) and element.required and element.key in names
