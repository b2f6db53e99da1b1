"""The statements of the inbox: walks of indexes, each written once for a list and the units that are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    TextClause,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from db.schema import Priority, ticket
from db.schema.tickets import ACTIVE, URGENT
from db.store.prepared_statements import Prepared
from db.tickets.inbox.filters import NEWEST_FIRST, STATES, URGENT_FIRST, InboxFilter, Key, View
from db.tickets.states import ACTIVE_STATES
from db.tickets.whole_ticket import Scope, visible

_MOST_WALKS = 40
"""Walks of an index in one query; an operator of more units than that walks through all units, and leaves some out."""

# Word for word the conditions of the partial indexes.
_ACTIVE = text(f"ticket.{ACTIVE}")
_TO_SORT = text("ticket.is_unsure")
_URGENT = text(f"ticket.{URGENT}")

_NOW, _SOON, _DUE = (bindparam(name, type_=ticket.c.final_due.type) for name in ("now", "soon", "due"))
_LAST, _SINCE, _UNTIL = (bindparam(name, type_=ticket.c.id.type) for name in ("last", "since", "until"))
_ANY_UNIT = ticket.c.unit_id + 0
"""The unit where another index is walked: SQLite would look through all tickets of the units instead."""


class Shape(NamedTuple):
    """What the statement of a list depends on; all else is bound as a value."""

    view: View
    has_unit: bool = False
    has_sender: bool = False
    has_since: bool = False
    has_until: bool = False
    goes_on: bool = False  # behind a key
    past_urgent: bool = False  # which is not one of an urgent ticket

    @classmethod
    def of(cls, wanted: InboxFilter, after: Key | None) -> Shape:
        """Return the shape of a page of a filter."""
        return cls(
            view=wanted.view,
            has_unit=wanted.unit_id is not None,
            has_sender=wanted.sender is not None,
            has_since=wanted.since is not None,
            has_until=wanted.until is not None,
            goes_on=after is not None,
            past_urgent=after is not None and not after.is_urgent,
        )

    @property
    def is_newest_first(self) -> bool:
        """Return whether tickets come in the order of their opening."""
        return self.view in NEWEST_FIRST or self.has_sender


def _visible(shape: Shape, scope: Scope) -> ColumnElement[bool]:
    return visible(scope, _ANY_UNIT if shape.view is View.TO_SORT else ticket.c.unit_id)


@lru_cache(maxsize=64)  # of the units that different operators see
def counting(views: tuple[View, ...], scope: Scope, most: int) -> Prepared:
    """Write the statement that counts the tickets of lists, each up to a bound and one more."""
    every = [
        select(ticket.c.id).where(_visible(one, scope), *_of_view(one.view), *_bounds(one)).limit(most + 1)
        for one in (Shape(view) for view in views)
    ]
    counts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in every]
    return Prepared(select(*counts))


@lru_cache(maxsize=256)
def asking(shape: Shape, scope: Scope, limit: int) -> Prepared:
    """Write the statement of a list: one walk a unit and state, then in order.

    Urgent tickets are few and have an index of their own: they are one walk a state before all others.
    """
    newest = shape.is_newest_first
    seen = _visible(shape, scope)
    order = [ticket.c.id.desc()] if newest else [ticket.c.final_due, ticket.c.id]
    asked = select(ticket.c.final_due, ticket.c.id).where(*_bounds(shape)).order_by(*order).limit(limit)
    later = _later(shape)
    if newest or shape.view not in URGENT_FIRST:
        parts = [(0, and_(seen, one), later) for one in _walks(shape, scope)]
    else:
        urgent = [] if shape.past_urgent else [(1, one, later) for one in _urgent_walks(shape, scope)]
        others = [and_(seen, one, ticket.c.priority != Priority.URGENT) for one in _walks(shape, scope)]
        parts = [*urgent, *((0, one, later if shape.past_urgent else ()) for one in others)]
    walks = [
        asked.add_columns(literal_column(str(rank)).label("is_urgent")).where(one, *more).subquery()
        for rank, one, more in parts
    ]
    every = union_all(*(select(one.c.final_due, one.c.id, one.c.is_urgent) for one in walks)).subquery()
    ordered = [every.c.id.desc()] if newest else [every.c.is_urgent.desc(), every.c.final_due, every.c.id]
    return Prepared(select(every.c.final_due, every.c.id, every.c.is_urgent).order_by(*ordered).limit(limit))


def _urgent_walks(shape: Shape, scope: Scope) -> Sequence[ColumnElement[bool]]:
    seen = [visible(scope, _ANY_UNIT), *_of_view(shape.view), *_of_unit(shape, _ANY_UNIT)]
    return [and_(_URGENT, ticket.c.state == state, *seen) for state in STATES[shape.view] or ACTIVE_STATES]


def _walks(shape: Shape, scope: Scope) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that choose the places in the index: an index gives an order within one place alone."""
    view = shape.view
    chosen = [ticket.c.state == state for state in STATES[view]]
    if shape.has_sender:
        return [and_(ticket.c.sender_mark == bindparam("sender"), *_of_view(view), *_of_unit(shape))]
    if view is View.TO_SORT:
        return [and_(_TO_SORT, *_of_unit(shape, _ANY_UNIT))]
    if view is View.MINE:
        mine = ticket.c.assignee_id == bindparam("operator")
        return [and_(mine, _ACTIVE, one, *_of_unit(shape)) for one in chosen]
    if shape.has_unit:
        places = _of_unit(shape)
    elif scope.units is None:
        return chosen or [ticket.c.id > 0]
    else:
        places = [ticket.c.unit_id == unit_id for unit_id in sorted(scope.units)]
    if not places:
        return [false()]
    if view in NEWEST_FIRST:
        return [and_(place, *chosen) for place in places] if len(places) <= _MOST_WALKS else chosen or [ticket.c.id > 0]
    if len(places) * len(chosen) > _MOST_WALKS:
        return [and_(one, ticket.c.unit_id.in_(scope.units or ())) for one in chosen]
    return [and_(place, one) for place in places for one in chosen]


def _of_view(view: View) -> Iterable[ColumnElement[bool] | TextClause]:
    """Return what a list asks of a ticket, besides its due time."""
    if view is View.TO_SORT:
        yield _TO_SORT
    if view is View.MINE:
        yield ticket.c.assignee_id == bindparam("operator")
    if states := STATES[view]:
        yield ticket.c.state.in_(states)


def _of_unit(shape: Shape, unit_id: ColumnElement[int] = ticket.c.unit_id) -> Sequence[ColumnElement[bool]]:
    return [unit_id == bindparam("unit")] if shape.has_unit else []


def _bounds(shape: Shape) -> Iterable[ColumnElement[bool]]:
    """Return the conditions that the indexes answer themselves."""
    due = ticket.c.final_due
    if shape.view is View.LATE:
        yield due < _NOW
    if shape.view is View.DUE_SOON:
        yield and_(due >= _NOW, due < _SOON)
    if shape.view is View.UNASSIGNED:
        yield ticket.c.assignee_id.is_(None)
    if shape.has_since:
        yield ticket.c.id >= _SINCE
    if shape.has_until:
        yield ticket.c.id < _UNTIL


def _later(shape: Shape) -> Sequence[ColumnElement[bool]]:
    """Return the condition that a ticket comes after a key in its list."""
    if not shape.goes_on:
        return ()
    if shape.is_newest_first:
        return (ticket.c.id < _LAST,)
    due = ticket.c.final_due
    # The first condition alone tells the database where to begin.
    return (and_(due >= _DUE, or_(due > _DUE, ticket.c.id > _LAST)),)
