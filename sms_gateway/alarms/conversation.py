"""The conversation: nobody to answer, overdue, urgent, an unconfirmed year; and services that are switched off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from db.reports.ticket_numbers import count_overdue, untaken_urgent
from db.staff.service_switches import SwitchedOff
from db.units.calendars import UnconfirmedYear, unconfirmed_years
from db.units.contacts import has_duty_contacts
from db.units.unit_rows import list_units
from parsers.commands.tables import PREFIX
from sms_gateway.alarms.condition import AlarmName, Condition, condition, said
from sms_gateway.clock import LOCAL_ZONE, local_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What a person must look into."""

    has_focal: bool
    overdue: int
    urgent: int
    """Urgent tickets that nobody has taken."""
    lacks_duty: bool
    """Whether urgent tickets are taken, and nobody would be texted."""
    years: Sequence[UnconfirmedYear]


def find_waiting_tickets(connection: Connection, now: datetime, *, is_urgent_on: bool) -> Waiting:
    """Look for it, by indexes."""
    return Waiting(
        has_focal=any(one.is_focal and not one.disabled for one in list_units(connection)),
        overdue=count_overdue(connection, now=now),
        urgent=untaken_urgent(connection),
        lacks_duty=is_urgent_on and not has_duty_contacts(connection),
        years=unconfirmed_years(connection, now.astimezone(LOCAL_ZONE).date()),
    )


def conversation_conditions(found: Waiting) -> Iterator[Condition]:
    """Return the conditions, the worst first."""
    if found.urgent:
        yield condition(AlarmName.URGENT_UNTAKEN, "admin.inbox", count=found.urgent)
    if not found.has_focal:
        yield condition(AlarmName.NO_FOCAL_UNIT, "admin.units")
    if found.lacks_duty:
        yield condition(AlarmName.NO_DUTY_CONTACT, "admin.units")
    if found.overdue:
        yield condition(AlarmName.TICKETS_OVERDUE, "admin.inbox", count=found.overdue)
    for one in found.years:
        yield Condition(
            name=AlarmName.YEAR_UNCONFIRMED,
            subject=f"{one.calendar_id}-{one.year}",
            title=said("alarm.year_unconfirmed", name=one.name, year=one.year),
            fix=said("fix.year_unconfirmed"),
            page="admin.calendar",
            page_values={"calendar_id": one.calendar_id, "year": one.year},
        )


def switch_conditions(off: Mapping[str, SwitchedOff]) -> Iterator[Condition]:
    """Return a condition for each service that an operator switched off: who, when, and what citizens get."""
    for name, one in sorted(off.items()):
        table = name.removeprefix(PREFIX)
        service = said(f"switched.{name}") if table == name else said("switched.table", name=table)
        yield Condition(
            name=AlarmName.SERVICE_OFF,
            subject=name,
            title=said("alarm.service_off", name=one.operator, service=service, at=local_time(one.at)),
            fix=said("fix.service_off", sentence=one.sentence) if one.sentence else said("fix.service_off_usual"),
            page="admin.services",
        )
