"""The inbox of agents: pages of tickets that wait, are late or answered, each from one index, and their counts.

A page walks down an index and asks the conditions that have none of a bounded number of tickets. So it costs the same
at any number of tickets; where it stopped short, the next page goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select

from db.schema import ticket, ticket_entry
from db.store.prepared_statements import Prepared
from db.tickets.inbox.filters import InboxFilter, Key, View
from db.tickets.inbox.walks import Shape, asking, counting
from db.tickets.whole_ticket import Scope, Ticket, read_tickets

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


_COUNTED_LISTS = tuple(View(one.name) for one in fields(InboxCounts))


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
    given = _values(wanted, now)
    found: list[Key] = []
    while left > 0:
        rows = _candidates(connection, asking(Shape.of(wanted, after), scope, step), given, after)
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
    given = {"operator": operator_id, "now": now, "soon": now + SOON}
    (row,) = counting(_COUNTED_LISTS, scope, COUNTED).fetch(connection, given)
    return InboxCounts(**{view.value: count for view, count in zip(_COUNTED_LISTS, row, strict=True)})


def _candidates(connection: Connection, asked: Prepared, given: Mapping[str, object], after: Key | None) -> list[Key]:
    """Return the first tickets of a list after a key."""
    place = {} if after is None else {"due": after.due, "last": after.id}
    rows = asked.fetch(connection, {**given, **place})
    return [Key(due=due, id=row_id, is_urgent=bool(is_urgent)) for due, row_id, is_urgent in rows]


def _values(wanted: InboxFilter, now: datetime) -> Mapping[str, object]:
    """Return what the statement of a list may ask for."""
    return {
        "operator": wanted.operator_id,
        "unit": wanted.unit_id,
        "sender": wanted.sender,
        "since": wanted.since,
        "until": wanted.until,
        "now": now,
        "soon": now + SOON,
    }


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
