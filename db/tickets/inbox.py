"""The inbox of agents: pages of tickets that wait, are late or answered, each from one index, and their counts.

A page walks down an index and asks the conditions that have none of a bounded number of tickets. So it costs the same
at any number of tickets; where it stopped short, the next page goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
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

from db.schema import Priority, TicketKind, TicketState, ticket, ticket_entry
from db.schema.tickets import ACTIVE, URGENT
from db.store.address import Address
from db.store.prepared_statements import Prepared
from db.tickets.states import ACTIVE_STATES
from db.tickets.whole_ticket import Scope, Ticket, read_tickets, visible

PAGE_SIZE = 50
"""Tickets on one page."""

OPENED = 2_500
"""Tickets of which a page asks the conditions that have no index, and whose words it opens."""

STEP = 500
"""Tickets looked through at a time."""

COUNTED = 1_000
"""Tickets of a list that are counted; of more, the count is one more than this."""

SOON = timedelta(hours=4)
"""How near a due time is that is due soon."""

_MOST_WALKS = 40
"""Walks of an index in one query; an operator of more units than that walks through all units, and leaves some out."""


class View(StrEnum):
    """The lists of the inbox."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"  # for us
    PENDING = "pending"  # for the citizen, or for another body
    DUE_SOON = "due_soon"
    LATE = "late"
    RESOLVED = "resolved"
    TO_SORT = "to_sort"  # the route was unsure
    CLOSED = "closed"
    EVERY = "every"


_WAITING = (TicketState.NEW, TicketState.OPEN)
_RUNNING = (*_WAITING, TicketState.PENDING_THIRD)  # the citizen's clock goes on
_STATES: Mapping[View, tuple[TicketState, ...]] = MappingProxyType(
    {
        View.MINE: ACTIVE_STATES,
        View.UNASSIGNED: _WAITING,
        View.WAITING: _WAITING,
        View.PENDING: (TicketState.PENDING_CITIZEN, TicketState.PENDING_THIRD),
        View.DUE_SOON: _RUNNING,
        View.LATE: _RUNNING,
        View.RESOLVED: (TicketState.RESOLVED,),
        View.CLOSED: (TicketState.CLOSED,),
        View.TO_SORT: (),
        View.EVERY: (),
    }
)
NEWEST_FIRST = frozenset({View.CLOSED, View.EVERY})
"""Lists in the order of opening, newest first; the others are in the order of the due times, earliest first."""

URGENT_FIRST = frozenset(View) - NEWEST_FIRST - {View.RESOLVED}
"""Lists of tickets that somebody still waits for: urgent ones come before all others."""


Moment = datetime | ColumnElement[datetime]

# Word for word the conditions of the partial indexes.
_ACTIVE = text(f"ticket.{ACTIVE}")
_TO_SORT = text("ticket.is_unsure")
_URGENT = text(f"ticket.{URGENT}")


class Key(NamedTuple):
    """Where a page ends and the next one begins."""

    due: datetime
    id: int
    is_urgent: bool = False  # of a list with the urgent ones first: the others follow


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxFilter:
    """What to show; conditions combine. `since` and `until` are ids: the first that fits, and the first that does not.

    `holds` is asked of the subject and of all words of a ticket.
    """

    view: View
    operator_id: int | None = None  # whose are mine
    unit_id: int | None = None
    kind: TicketKind | None = None
    topic_id: int | None = None
    ward_id: int | None = None
    priority: Priority | None = None
    sender: Address | None = None
    since: int | None = None
    until: int | None = None
    holds: Callable[[str], bool] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxPage:
    """Tickets in the order of the list, and the key of the next page; None on the last one."""

    tickets: Sequence[Ticket]
    next_key: Key | None
    stopped_short: bool = False  # the page has room left, and the rest was not looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxCounts:
    """How many tickets are in each list: at most `COUNTED`, and one more than that for any greater number."""

    mine: int
    unassigned: int
    waiting: int
    pending: int
    due_soon: int
    late: int
    resolved: int
    to_sort: int


_COUNTED_LISTS = tuple(one.name for one in fields(InboxCounts))


def read_inbox(
    connection: Connection,
    wanted: InboxFilter,
    scope: Scope,
    *,
    now: datetime,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> InboxPage:
    """Read one page; it may be short, or even empty, and yet have a next one."""
    rest = _rest(wanted)
    has_rest = bool(rest) or wanted.holds is not None
    step = STEP if has_rest else size + 1
    left = OPENED if has_rest else size + 1
    found: list[Key] = []
    while left > 0:
        asked = _candidates(wanted, scope, now, after, step)
        rows = [Key(due=row.final_due, id=row.id, is_urgent=bool(row.is_urgent)) for row in connection.execute(asked)]
        found += _fitting(connection, rows, rest, wanted.holds) if has_rest else rows
        if len(found) > size:
            return _page(connection, found[:size], found[size - 1])
        if len(rows) < step:
            return _page(connection, found, None)
        after = rows[-1]
        left -= step
    page = _page(connection, found, after)
    return InboxPage(tickets=page.tickets, next_key=page.next_key, stopped_short=True)


def count_inbox(connection: Connection, scope: Scope, *, operator_id: int, now: datetime) -> InboxCounts:
    """Count the tickets of each list, except the closed ones, up to a bound: nobody reads a thousand tickets."""
    (row,) = _counting(scope, COUNTED).fetch(connection, {"operator": operator_id, "now": now, "soon": now + SOON})
    return InboxCounts(**dict(zip(_COUNTED_LISTS, row, strict=True)))


@lru_cache(maxsize=64)  # of the units that different operators see
def _counting(scope: Scope, most: int) -> Prepared:
    lists = [InboxFilter(view=View(name)) for name in _COUNTED_LISTS]
    every = [
        select(ticket.c.id)
        .where(_visible(one, scope), *_of_view(one, bindparam("operator")), *_bounds(one, *_MOMENTS))
        .limit(most + 1)
        for one in lists
    ]
    counts = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in every]
    return Prepared(select(*counts))


_MOMENTS = (bindparam("now", type_=ticket.c.final_due.type), bindparam("soon", type_=ticket.c.final_due.type))
_ANY_UNIT = ticket.c.unit_id + 0
"""The unit where another index is walked: SQLite would look through all tickets of the units instead."""


def _visible(wanted: InboxFilter, scope: Scope) -> ColumnElement[bool]:
    return visible(scope, _ANY_UNIT if wanted.view is View.TO_SORT else ticket.c.unit_id)


def _candidates(
    wanted: InboxFilter, scope: Scope, now: datetime, after: Key | None, limit: int
) -> Select[tuple[datetime, int, int]]:
    """Ask the indexes for the first tickets of a list after a key: one walk a unit and state, then in order.

    Urgent tickets are few and have an index of their own: they are one walk a state before all others.
    """
    newest = wanted.view in NEWEST_FIRST or wanted.sender is not None
    seen = _visible(wanted, scope)
    order = [ticket.c.id.desc()] if newest else [ticket.c.final_due, ticket.c.id]
    bounds = _bounds(wanted, now, now + SOON)
    asked = select(ticket.c.final_due, ticket.c.id).where(*bounds).order_by(*order).limit(limit)
    if newest or wanted.view not in URGENT_FIRST:
        parts = [(0, and_(seen, one), _later(after, newest=newest)) for one in _walks(wanted, scope)]
    else:
        later = _later(after, newest=False)
        is_past = after is not None and not after.is_urgent
        urgent = [] if is_past else [(1, one, later) for one in _urgent_walks(wanted, scope)]
        others = [(0, and_(seen, one, ticket.c.priority != Priority.URGENT)) for one in _walks(wanted, scope)]
        parts = [*urgent, *((rank, one, later if is_past else ()) for rank, one in others)]
    walks = [
        asked.add_columns(literal_column(str(rank)).label("is_urgent")).where(one, *more).subquery()
        for rank, one, more in parts
    ]
    every = union_all(*(select(one.c.final_due, one.c.id, one.c.is_urgent) for one in walks)).subquery()
    ordered = [every.c.id.desc()] if newest else [every.c.is_urgent.desc(), every.c.final_due, every.c.id]
    return select(every.c.final_due, every.c.id, every.c.is_urgent).order_by(*ordered).limit(limit)


def _urgent_walks(wanted: InboxFilter, scope: Scope) -> Sequence[ColumnElement[bool]]:
    seen = [visible(scope, _ANY_UNIT), *_of_view(wanted), *_of_unit(wanted, _ANY_UNIT)]
    return [and_(_URGENT, ticket.c.state == state, *seen) for state in _STATES[wanted.view] or ACTIVE_STATES]


def _walks(wanted: InboxFilter, scope: Scope) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that choose the places in the index: an index gives an order within one place alone."""
    states = _STATES[wanted.view]
    chosen = [ticket.c.state == state for state in states]
    if wanted.sender is not None:
        return [and_(ticket.c.sender_mark == wanted.sender, *_of_view(wanted), *_of_unit(wanted))]
    if wanted.view is View.TO_SORT:
        return [and_(_TO_SORT, *_of_unit(wanted, _ANY_UNIT))]
    if wanted.view is View.MINE:
        mine = ticket.c.assignee_id == wanted.operator_id
        return [and_(mine, _ACTIVE, one, *_of_unit(wanted)) for one in chosen]
    units = scope.units if wanted.unit_id is None else frozenset({wanted.unit_id})
    if units is None:
        return chosen or [ticket.c.id > 0]
    if not units:
        return [false()]
    if wanted.view in NEWEST_FIRST:
        places = [ticket.c.unit_id == unit_id for unit_id in sorted(units)]
        return [and_(place, *chosen) for place in places] if len(places) <= _MOST_WALKS else chosen or [ticket.c.id > 0]
    if len(units) * len(chosen) > _MOST_WALKS:
        return [and_(one, ticket.c.unit_id.in_(units)) for one in chosen]
    return [and_(ticket.c.unit_id == unit_id, one) for unit_id in sorted(units) for one in chosen]


def _of_view(
    wanted: InboxFilter, operator: ColumnElement[int] | None = None
) -> Iterable[ColumnElement[bool] | TextClause]:
    """Return what a list asks of a ticket, besides its due time."""
    if wanted.view is View.TO_SORT:
        yield _TO_SORT
    if wanted.view is View.MINE:
        yield ticket.c.assignee_id == (wanted.operator_id if operator is None else operator)
    if states := _STATES[wanted.view]:
        yield ticket.c.state.in_(states)


def _of_unit(wanted: InboxFilter, unit_id: ColumnElement[int] = ticket.c.unit_id) -> Sequence[ColumnElement[bool]]:
    return [] if wanted.unit_id is None else [unit_id == wanted.unit_id]


def _bounds(wanted: InboxFilter, now: Moment, soon: Moment) -> Iterable[ColumnElement[bool]]:
    """Return the conditions that the indexes answer themselves."""
    due = ticket.c.final_due
    if wanted.view is View.LATE:
        yield due < now
    if wanted.view is View.DUE_SOON:
        yield and_(due >= now, due < soon)
    if wanted.view is View.UNASSIGNED:
        yield ticket.c.assignee_id.is_(None)
    if wanted.since is not None:
        yield ticket.c.id >= wanted.since
    if wanted.until is not None:
        yield ticket.c.id < wanted.until


def _later(after: Key | None, *, newest: bool) -> Sequence[ColumnElement[bool]]:
    """Return the condition that a ticket comes after a key in its list."""
    if after is None:
        return ()
    if newest:
        return (ticket.c.id < after.id,)
    due = ticket.c.final_due
    # The first condition alone tells the database where to begin.
    return (and_(due >= after.due, or_(due > after.due, ticket.c.id > after.id)),)


def _rest(wanted: InboxFilter) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that no index answers."""
    asked = {"kind": wanted.kind, "topic_id": wanted.topic_id, "ward_id": wanted.ward_id, "priority": wanted.priority}
    return [ticket.c[name] == value for name, value in asked.items() if value is not None]


def _fitting(
    connection: Connection,
    rows: Sequence[Key],
    rest: Sequence[ColumnElement[bool]],
    holds: Callable[[str], bool] | None,
) -> Sequence[Key]:
    """Ask the other conditions of these tickets."""
    ids = [row.id for row in rows]
    if rest:
        ids = list(connection.scalars(select(ticket.c.id).where(ticket.c.id.in_(ids), *rest)))
    fitting = set(ids) if holds is None else _holding(connection, ids, holds)
    return [row for row in rows if row.id in fitting]


def _holding(connection: Connection, ids: Sequence[int], holds: Callable[[str], bool]) -> set[int]:
    """Open the words of tickets; return those that hold what is looked for."""
    subjects = connection.execute(select(ticket.c.id, ticket.c.subject).where(ticket.c.id.in_(ids)))
    found = {row.id for row in subjects if holds(row.subject or "")}
    rest = [row_id for row_id in ids if row_id not in found]
    said = select(ticket_entry.c.ticket_id, ticket_entry.c.body).where(
        ticket_entry.c.ticket_id.in_(rest), ticket_entry.c.body.is_not(None)
    )
    return found | {row.ticket_id for row in connection.execute(said) if holds(row.body)}


def _page(connection: Connection, found: Sequence[Key], next_key: Key | None) -> InboxPage:
    return InboxPage(tickets=read_tickets(connection, [row.id for row in found]), next_key=next_key)
