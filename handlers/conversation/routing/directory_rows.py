"""The rows of units, wards, topics and rules -> the directory that routing reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo

from sqlalchemy import Connection

from db.units.calendars import CalendarRow, list_calendars
from db.units.levels import list_levels
from db.units.route_rules import list_rules, list_topics
from db.units.unit_rows import UnitRow, list_aliases, list_units, list_wards
from handlers.conversation.business_time import OFFICE_HOURS, Calendar, CalendarError, Interval
from handlers.conversation.business_time.levels import DEFAULT_LEVELS, Level, Span
from handlers.conversation.routing.directory import Directory, Named, Rule, Topic, Unit, Ward, make_directory


def read_directory(connection: Connection, *, zone: tzinfo, today: date) -> Directory:
    """Read the directory, in seven queries; raises NoFocalUnitError. Make it once, and again after a change."""
    calendars = {row.id: calendar_of(row, zone) for row in list_calendars(connection)}
    return make_directory(
        units=[_unit(row, calendars) for row in list_units(connection)],
        aliases=[Named(name=row.folded, unit_id=row.unit_id, until=row.until) for row in list_aliases(connection)],
        wards=[Ward(id=row.id, name=row.name, unit_id=row.unit_id, until=row.until) for row in list_wards(connection)],
        topics=[
            Topic(
                id=row.id,
                code=row.code,
                name=row.name,
                unit_id=row.unit_id,
                priority=row.priority,
                is_accusation=row.is_accusation,
            )
            for row in list_topics(connection)
        ],
        rules=[
            Rule(
                id=row.id,
                kind=row.kind,
                any_of=row.any_of,
                all_of=row.all_of,
                area=row.area,
                topic_id=row.topic_id,
                unit_id=row.unit_id,
                priority=row.priority,
            )
            for row in list_rules(connection)
        ],
        today=today,
    )


def calendar_of(row: CalendarRow, zone: tzinfo) -> Calendar:
    """Return a calendar of the clock. One whose rows are wrong keeps office hours: filing must go on."""
    hours: dict[int, list[Interval]] = {}
    for one in row.hours:
        hours.setdefault(one.weekday, []).append(Interval(opens=one.opens, closes=one.closes))
    days = {one.day: one.open for one in row.days}
    try:
        return Calendar(zone=zone, hours=hours, days=days)
    except CalendarError:
        return Calendar(zone=zone, hours=OFFICE_HOURS, days=days)


def read_levels(connection: Connection) -> Mapping[str, Level]:
    """Return every level by code: those with a row, and the defaults of the others."""
    changed = {
        row.code: Level(
            code=row.code,
            first=Span(amount=row.first_amount, clock=row.first_clock),
            final=Span(amount=row.final_amount, clock=row.final_clock),
        )
        for row in list_levels(connection)
    }
    return {**DEFAULT_LEVELS, **changed}


def _unit(row: UnitRow, calendars: Mapping[int, Calendar]) -> Unit:
    return Unit(
        id=row.id,
        code=row.code,
        name=row.name,
        calendar=calendars[row.calendar_id],
        sms_name=row.sms_name,
        parent_id=row.parent_id,
        phone=row.phone,
        address=row.address,
        is_focal=row.is_focal,
        is_duty=row.is_duty,
        busy_capacity=row.busy_capacity,
        assigns=row.assigns,
        disabled=row.disabled,
    )
