"""What the inbox can show: its lists, a filter, and where a page ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from db.schema import Priority, TicketKind, TicketState
from db.store.address import Address
from db.tickets.states import ACTIVE_STATES


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
STATES: Mapping[View, tuple[TicketState, ...]] = MappingProxyType(
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
"""The states of the tickets in each list; none: of any state."""

NEWEST_FIRST = frozenset({View.CLOSED, View.EVERY})
"""Lists in the order of opening, newest first; the others are in the order of the due times, earliest first."""

URGENT_FIRST = frozenset(View) - NEWEST_FIRST - {View.RESOLVED}
"""Lists of tickets that somebody still waits for: urgent ones come before all others."""


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
