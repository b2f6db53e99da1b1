"""The states of a ticket as data: which event leads from where to where, and which timers run in a state."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from db.schema.ticket_states import CloseReason, TicketState, TimerKind

_NEW, _OPEN, _CITIZEN, _THIRD, _RESOLVED, _CLOSED = (
    TicketState.NEW,
    TicketState.OPEN,
    TicketState.PENDING_CITIZEN,
    TicketState.PENDING_THIRD,
    TicketState.RESOLVED,
    TicketState.CLOSED,
)

ACTIVE_STATES = (_NEW, _OPEN, _CITIZEN, _THIRD)
"""States in which a ticket is not answered yet."""


class TicketEvent(StrEnum):
    """What can happen to a ticket."""

    TAKE = "take"  # an agent takes it
    ANSWER = "answer"  # an agent writes to the citizen without resolving
    ASK = "ask"  # an agent asks the citizen
    WAIT = "wait"  # an agent waits for another body
    RESUME = "resume"  # an agent ends the waiting
    RESOLVE = "resolve"  # an agent answers, and that is all
    NOTE = "note"  # a note, a transfer, another priority
    WRITE = "write"  # the citizen writes, and what waits goes on waiting
    REPLY = "reply"  # the citizen writes to this ticket: what waits goes on
    REOPEN = "reopen"  # the citizen writes to a ticket that was answered or closed
    ACCEPT = "accept"  # the citizen agrees or rates it well, or a week passes
    DONE = "done"  # the citizen says that it is done before an answer, or withdraws it
    NO_REPLY = "no_reply"  # the question waited long enough
    MERGE = "merge"  # the matter goes on in another ticket
    SPAM = "spam"  # an agent closes it
    NOT_OURS = "not_ours"  # an agent closes it, and says whose it is


class Change(NamedTuple):
    """Where an event leads; the reason where the ticket is over."""

    state: TicketState
    reason: CloseReason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a ticket was before words of its citizen changed its state; it is so again when they are another ticket's."""

    state: TicketState
    close_reason: CloseReason | None
    resolved_at: datetime | None
    closed_at: datetime | None
    first_due: datetime
    final_due: datetime
    promised_at: datetime
    first_promised_at: datetime | None
    minutes_left: int | None
    reopened: int

    def written(self) -> str:
        """Return it as an entry stores it: `replaced`."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps({name: value for name, value in values.items() if value is not None}, default=_time_written)


def read_standing(written: str) -> Standing:
    """Return what an entry stores."""
    values = dict.fromkeys((one.name for one in fields(Standing)), None) | json.loads(written)
    for name, kind in _KINDS.items():
        if values[name] is not None:
            values[name] = kind(values[name])
    return Standing(**values)


_KINDS: Mapping[str, Callable[[str], object]] = {
    "state": TicketState,
    "close_reason": CloseReason,
    **dict.fromkeys(
        ("resolved_at", "closed_at", "first_due", "final_due", "promised_at", "first_promised_at"),
        datetime.fromisoformat,
    ),
}


def _time_written(value: object) -> str:
    assert isinstance(value, datetime)  # noqa: S101 - all else is JSON's
    return value.isoformat()


_NOT_CLOSED = (*ACTIVE_STATES, _RESOLVED)
_SAME = None
_ROWS: tuple[tuple[TicketEvent, tuple[TicketState, ...], TicketState | None, CloseReason | None], ...] = (
    (TicketEvent.TAKE, (_NEW, _OPEN), _OPEN, None),
    (TicketEvent.ANSWER, (_NEW, _OPEN), _OPEN, None),
    (TicketEvent.ANSWER, (_CITIZEN, _THIRD, _RESOLVED), _SAME, None),
    (TicketEvent.ASK, (_NEW, _OPEN), _CITIZEN, None),
    (TicketEvent.WAIT, (_NEW, _OPEN), _THIRD, None),
    (TicketEvent.RESUME, (_CITIZEN, _THIRD), _OPEN, None),
    (TicketEvent.RESOLVE, ACTIVE_STATES, _RESOLVED, None),
    (TicketEvent.NOTE, (*_NOT_CLOSED, _CLOSED), _SAME, None),
    (TicketEvent.WRITE, ACTIVE_STATES, _SAME, None),
    (TicketEvent.REPLY, (_NEW, _OPEN), _SAME, None),
    (TicketEvent.REPLY, (_CITIZEN, _THIRD), _OPEN, None),
    (TicketEvent.REOPEN, (_RESOLVED, _CLOSED), _OPEN, None),
    (TicketEvent.ACCEPT, (_RESOLVED,), _CLOSED, CloseReason.ANSWERED),
    (TicketEvent.DONE, _NOT_CLOSED, _CLOSED, CloseReason.WITHDRAWN),
    (TicketEvent.NO_REPLY, (_CITIZEN,), _CLOSED, CloseReason.NO_REPLY),
    (TicketEvent.MERGE, ACTIVE_STATES, _CLOSED, CloseReason.MERGED),
    (TicketEvent.SPAM, (_NEW, _OPEN), _CLOSED, CloseReason.SPAM),
    (TicketEvent.NOT_OURS, (_NEW, _OPEN), _CLOSED, CloseReason.NOT_OURS),
)

TRANSITIONS: Mapping[tuple[TicketState, TicketEvent], Change] = MappingProxyType(
    {
        (state, event): Change(state if to is _SAME else to, reason)
        for event, states, to, reason in _ROWS
        for state in states
    }
)
"""Every event that a state allows, and where it leads; what is not here is refused."""

_WITH_DUE_TIME = frozenset({TimerKind.WARN_UNIT, TimerKind.WARN_LEAD, TimerKind.WARN_PARENT, TimerKind.APOLOGY})
ESCALATION = frozenset({TimerKind.URGENT_5, TimerKind.URGENT_10, TimerKind.URGENT_15})
"""Timers of an urgent ticket: they run only while nobody has it."""

TIMERS: Mapping[TicketState, frozenset[TimerKind]] = MappingProxyType(
    {
        _NEW: _WITH_DUE_TIME | ESCALATION,
        _OPEN: _WITH_DUE_TIME | ESCALATION,
        _CITIZEN: frozenset({TimerKind.REMINDER, TimerKind.NO_REPLY}),
        _THIRD: _WITH_DUE_TIME | ESCALATION,
        _RESOLVED: frozenset({TimerKind.RATING_END}),
        _CLOSED: frozenset(),
    }
)
"""The timers that can run in each state; a change of the state ends the others."""


def after(state: TicketState, event: TicketEvent) -> Change | None:
    """Return where an event leads; None where the state does not allow it.

    >>> after(TicketState.NEW, TicketEvent.TAKE)
    Change(state=<TicketState.OPEN: 'open'>, reason=None)
    >>> after(TicketState.CLOSED, TicketEvent.TAKE) is None
    True
    """
    return TRANSITIONS.get((state, event))


def events_of(state: TicketState) -> Collection[TicketEvent]:
    """Return the events that a state allows, for pages: a button that cannot work is not shown."""
    return [event for event in TicketEvent if (state, event) in TRANSITIONS]
