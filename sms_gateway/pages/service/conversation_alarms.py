"""The alarms of the conversation, for Today: nobody to answer, overdue, urgent, an unconfirmed year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import Connection

from db.reports.ticket_numbers import count_overdue, untaken_urgent
from db.units.calendars import UnconfirmedYear, unconfirmed_years
from db.units.contacts import has_duty_contacts
from db.units.unit_rows import list_units
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.service.alarm import Alarm
from sms_gateway.pages.site.access import may
from sms_gateway.web.language import say


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


def conversation_alarms(found: Waiting) -> Iterator[Alarm]:
    """Return the alarms in words, the worst first, with what to do and where."""
    if found.urgent:
        yield _alarm("urgent_untaken", "admin.inbox", count=found.urgent)
    if not found.has_focal:
        yield _alarm("no_focal_unit", "admin.units")
    if found.lacks_duty:
        yield _alarm("no_duty_contact", "admin.units")
    if found.overdue:
        yield _alarm("tickets_overdue", "admin.inbox", count=found.overdue)
    for one in found.years:
        address = url_for("admin.today")
        if may("admin.calendar"):
            address = url_for("admin.calendar", calendar_id=one.calendar_id, year=one.year)
        title = say("alarm.year_unconfirmed", name=one.name, year=one.year)
        yield Alarm(
            key=f"year-{one.calendar_id}-{one.year}", title=title, fix=say("fix.year_unconfirmed"), address=address
        )


def _alarm(name: str, page: str, /, **values: str | int) -> Alarm:
    return Alarm(key=name, title=say(f"alarm.{name}", **values), fix=say(f"fix.{name}"), address=_page(page))


def _page(endpoint: str) -> str:
    """Return the address of a page that the operator may open; else that of Today."""
    return url_for(endpoint if may(endpoint) else "admin.today")
