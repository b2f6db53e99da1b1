"""The inbox of agents: pages of tickets that wait, are late or answered, each from one index, and their counts.

A page walks down an index and asks the conditions that have none of a bounded number of tickets. So it costs the same
at any number of tickets; where it stopped short, the next page goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    and_,
    case,
    false,
    func,
    or_,
    select,
    text,
    union_all,
)

from db.schema import Priority, TicketKind, TicketState, ticket, ticket_entry
from db.schema.tickets import ACTIVE
from db.store.address import Address
from db.tickets.states import ACTIVE_STATES
from db.tickets.whole_ticket import Scope, Ticket, read_tickets, visible

PAGE_SIZE = 50
"""Tickets on one page."""

OPENED = 2_500
"""Tickets of which a page asks the conditions that have no index, and whose words it opens."""

STEP = 500
"""Tickets looked through at a time."""

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


# Word for word the conditions of the partial indexes.
_ACTIVE = text(f"ticket.{ACTIVE}")
_TO_SORT = text("ticket.is_unsure")


class Key(NamedTuple):
    """Where a page ends and the next one begins."""

    due: datetime
    id: int


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
    """How many tickets are in each list."""

    mine: int
    unassigned: int
    waiting: int
    pending: int
    due_soon: int
    late: int
    resolved: int
    to_sort: int


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
    rest = list(_rest(wanted))
    has_rest = bool(rest) or wanted.holds is not None
    step = STEP if has_rest else size + 1
    left = OPENED if has_rest else size + 1
    found: list[Key] = []
    while left > 0:
        asked = _candidates(wanted, scope, now, after, step)
        rows = [Key(due=row.final_due, id=row.id) for row in connection.execute(asked)]
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
    """Count the tickets of each list, except the closed ones."""
    state, due = ticket.c.state, ticket.c.final_due
    waiting, running = state.in_(_WAITING), state.in_(_RUNNING)
    active = state != TicketState.RESOLVED
    conditions: Mapping[str, ColumnElement[bool]] = {
        "mine": and_(active, ticket.c.assignee_id == operator_id),
        "unassigned": and_(waiting, ticket.c.assignee_id.is_(None)),
        "waiting": waiting,
        "pending": state.in_(_STATES[View.PENDING]),
        "due_soon": and_(running, due >= now, due < now + SOON),
        "late": and_(running, due < now),
        "resolved": state == TicketState.RESOLVED,
    }
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0).label(name) for name, one in conditions.items()]
    every = (*ACTIVE_STATES, TicketState.RESOLVED)
    row = connection.execute(select(*sums).where(state.in_(every), visible(scope))).one()
    to_sort = connection.scalar(select(func.count()).select_from(ticket).where(_TO_SORT, visible(scope))) or 0
    return InboxCounts(**row._mapping, to_sort=to_sort)  # noqa: SLF001 - SQLAlchemy's public name for a row by column


def _candidates(
    wanted: InboxFilter, scope: Scope, now: datetime, after: Key | None, limit: int
) -> Select[tuple[datetime, int]]:
    """Ask the indexes for the first tickets of a list after a key: one walk a unit and state, then in order."""
    newest = wanted.view in NEWEST_FIRST or wanted.sender is not None
    conditions = [visible(scope), *_bounds(wanted, now, after, newest=newest)]
    order = [ticket.c.id.desc()] if newest else [ticket.c.final_due, ticket.c.id]
    asked = select(ticket.c.final_due, ticket.c.id).where(*conditions).order_by(*order).limit(limit)
    walks = [asked.where(one).subquery() for one in _walks(wanted, scope)]
    every = union_all(*(select(one.c.final_due, one.c.id) for one in walks)).subquery()
    ordered = [every.c.id.desc()] if newest else [every.c.final_due, every.c.id]
    return select(every.c.final_due, every.c.id).order_by(*ordered).limit(limit)


def _walks(wanted: InboxFilter, scope: Scope) -> Sequence[ColumnElement[bool]]:
    """Return the conditions that choose the places in the index: an index gives an order within one place alone."""
    states = _STATES[wanted.view]
    chosen = [ticket.c.state == state for state in states]
    if wanted.sender is not None:
        return [and_(ticket.c.sender_mark == wanted.sender, *_of_view(wanted), *_of_unit(wanted))]
    if wanted.view is View.TO_SORT:
        return [and_(_TO_SORT, *_of_unit(wanted))]
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


def _of_view(wanted: InboxFilter) -> Iterable[ColumnElement[bool] | TextClause]:
    """Return what a list asks of the tickets of one phone, which are few."""
    if wanted.view is View.TO_SORT:
        yield _TO_SORT
    if wanted.view is View.MINE:
        yield ticket.c.assignee_id == wanted.operator_id
    if states := _STATES[wanted.view]:
        yield ticket.c.state.in_(states)


def _of_unit(wanted: InboxFilter) -> Sequence[ColumnElement[bool]]:
    return [] if wanted.unit_id is None else [ticket.c.unit_id == wanted.unit_id]


def _bounds(wanted: InboxFilter, now: datetime, after: Key | None, *, newest: bool) -> Iterable[ColumnElement[bool]]:
    """Return the conditions that the indexes answer themselves."""
    due = ticket.c.final_due
    if wanted.view is View.LATE:
        yield due < now
    if wanted.view is View.DUE_SOON:
        yield and_(due >= now, due < now + SOON)
    if wanted.view is View.UNASSIGNED:
        yield ticket.c.assignee_id.is_(None)
    if wanted.since is not None:
        yield ticket.c.id >= wanted.since
    if wanted.until is not None:
        yield ticket.c.id < wanted.until
    if after is not None and newest:
        yield ticket.c.id < after.id
    if after is not None and not newest:
        # The first condition alone tells the database where to begin.
        yield and_(due >= after.due, or_(due > after.due, ticket.c.id > after.id))


def _rest(wanted: InboxFilter) -> Iterable[ColumnElement[bool]]:
    """Return the conditions that no index answers."""
    if wanted.kind is not None:
        yield ticket.c.kind == wanted.kind
    if wanted.topic_id is not None:
        yield ticket.c.topic_id == wanted.topic_id
    if wanted.ward_id is not None:
        yield ticket.c.ward_id == wanted.ward_id
    if wanted.priority is not None:
        yield ticket.c.priority == wanted.priority


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
