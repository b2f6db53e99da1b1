"""How much the units have to do, and which agents are there; read once a batch for each unit that is asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from db.staff.sessions import present_operators
from db.tickets.backlog import count_new, taken_last
from db.units.memberships import members_of
from handlers.conversation.business_time import open_time
from handlers.conversation.load import PRESENT_FOR, UnitLoad, has_too_much
from handlers.conversation.routing.directory import Unit

_MINUTE = timedelta(minutes=1)


class UnitLoads:
    """The loads of one batch."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._present: Collection[int] | None = None
        self._known: dict[int, UnitLoad] = {}

    def present(self) -> Collection[int]:
        """Return the operators who have a page open."""
        if self._present is None:
            self._present = present_operators(self._connection, since=self._now - PRESENT_FOR, now=self._now)
        return self._present

    def of(self, unit: Unit) -> UnitLoad:
        """Return what a unit has to do, and how long its queue takes where it has too much."""
        if unit.id not in self._known:
            self._known[unit.id] = self._read(unit)
        return self._known[unit.id]

    def before_next(self, unit: Unit) -> UnitLoad:
        """Return what a unit has to do before a ticket that is opened now; the ticket waits before the next one."""
        load = self.of(unit)
        after = replace(load, waiting=load.waiting + 1)
        if has_too_much(after) and not has_too_much(load):
            after = replace(after, gaps=self._gaps(unit))
        self._known[unit.id] = after
        return load

    def _read(self, unit: Unit) -> UnitLoad:
        present = self.present()
        members = members_of(self._connection, unit.id, self._now) if present else ()
        load = UnitLoad(
            waiting=count_new(self._connection, unit.id),
            capacities=[
                unit.busy_capacity if one.capacity is None else one.capacity
                for one in members
                if one.operator_id in present
            ],
        )
        return replace(load, gaps=self._gaps(unit)) if has_too_much(load) else load

    def _gaps(self, unit: Unit) -> Sequence[int]:
        """Return how long the queue takes; only a unit with too much to do is asked for it."""
        taken = taken_last(self._connection, unit.id)
        return [open_time(earlier, later, unit.calendar) // _MINUTE for later, earlier in pairwise(taken)]
