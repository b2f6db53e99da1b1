"""The units as they are now: what routing reads, and how soon each kind of ticket is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection

from db.schema import Priority, TicketKind
from db.store.address import Msisdn
from db.units.contacts import ContactRow, list_contacts
from handlers.conversation.business_time import Calendar
from handlers.conversation.business_time.levels import URGENT, Level
from handlers.conversation.routing.directory import Directory, NoFocalUnitError, Unit
from handlers.conversation.routing.directory_rows import read_directory, read_levels
from handlers.conversation.ticket_clock import TicketClock, started
from handlers.wording.plain import plain

_MOST_CLOCKS = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Units:
    """The directory of units, and the levels by code."""

    directory: Directory
    levels: Mapping[str, Level]
    duty: Mapping[int, Sequence[ContactRow]] = field(default_factory=dict, repr=False)
    """The duty contacts of each unit."""
    duty_phones: frozenset[Msisdn] = field(default=frozenset(), repr=False)

    clocks: dict[tuple[datetime, str, int], TicketClock] = field(default_factory=dict, repr=False, compare=False)
    """The clocks of new tickets by minute, level and unit: texts of one minute share theirs."""

    def started(self, at: datetime, kind: TicketKind, priority: Priority, unit_id: int) -> TicketClock:
        """Return the clock of a ticket that is opened, or opened again, in this minute."""
        level, minute = self.level(kind, priority), at.replace(second=0, microsecond=0)
        key = (minute, level.code, unit_id)
        if key not in self.clocks:
            if len(self.clocks) >= _MOST_CLOCKS:
                self.clocks.clear()
            self.clocks[key] = started(minute, level, self.calendar(unit_id))
        return self.clocks[key]

    def unit(self, unit_id: int) -> Unit:
        """Return a unit; the focal unit in place of one that is not in use any more."""
        return self.directory.units.get(unit_id, self.directory.focal)

    def calendar(self, unit_id: int) -> Calendar:
        """Return the calendar of a unit."""
        return self.unit(unit_id).calendar

    def level(self, kind: TicketKind, priority: Priority) -> Level:
        """Return how soon a ticket of this kind and priority is answered."""
        return self.levels[URGENT if priority is Priority.URGENT else kind.value]


UnitsNow = Callable[[], Units | None]
"""Returns the units as they are now; None while there is no focal unit, so that nobody could answer."""


def read_units(connection: Connection, *, zone: tzinfo, today: date) -> Units | None:
    """Read the units and their duty contacts; None when no unit in use is the focal unit."""
    try:
        directory = read_directory(connection, zone=zone, today=today)
    except NoFocalUnitError:
        return None
    duty: dict[int, list[ContactRow]] = {}
    for contact in list_contacts(connection):
        if contact.duty_from is not None and contact.unit_id in directory.units:
            duty.setdefault(contact.unit_id, []).append(contact)
    return Units(
        directory=directory,
        levels=read_levels(connection),
        duty=duty,
        duty_phones=frozenset(contact.phone for several in duty.values() for contact in several),
    )


def sms_name(unit: Unit) -> str:
    """Return the name of a unit as citizens get it."""
    return unit.sms_name or plain(unit.name)
