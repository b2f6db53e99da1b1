"""Calendars: the hours of weekdays, and the days that are different: proposed by a program, confirmed by a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.schema import DaySource, calendar, calendar_day, calendar_hours

NAME_LETTERS = 80
ALARM_MONTH = 12
"""From the first day of this month on, the next year should be confirmed."""

_WEEK_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """An interval of a weekday (0 for Monday), in minutes since midnight."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day that is not as its weekday."""

    day: date
    open: bool
    name: str
    source: DaySource
    confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarRow:
    """A calendar with its hours, in order, and all its days."""

    id: int
    name: str
    hours: Sequence[Hours]
    days: Sequence[Day]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnconfirmedYear:
    """A year that nobody confirmed for a calendar."""

    calendar_id: int
    name: str
    year: int


def add_calendar(connection: Connection, *, calendar_id: int, name: str, hours: Collection[Hours]) -> None:
    """Add a calendar; the caller checked that its hours are in order and that some weekday has any."""
    connection.execute(insert(calendar).values(id=calendar_id, name=name))
    set_hours(connection, calendar_id, hours)


def rename_calendar(connection: Connection, calendar_id: int, name: str) -> None:
    """Give a calendar another name."""
    connection.execute(update(calendar).where(calendar.c.id == calendar_id).values(name=name))


def remove_calendar(connection: Connection, calendar_id: int) -> bool:
    """Delete a calendar with its hours and days; the caller checked that no unit has it. False when it is gone."""
    return connection.execute(delete(calendar).where(calendar.c.id == calendar_id)).rowcount == 1


def set_hours(connection: Connection, calendar_id: int, hours: Collection[Hours]) -> None:
    """Give a calendar these hours in place of those that it has."""
    connection.execute(delete(calendar_hours).where(calendar_hours.c.calendar_id == calendar_id))
    if hours:
        rows = [
            {"calendar_id": calendar_id, "weekday": one.weekday, "opens": one.opens, "closes": one.closes}
            for one in hours
        ]
        connection.execute(insert(calendar_hours), rows)


def list_calendars(connection: Connection) -> Sequence[CalendarRow]:
    """List every calendar by name."""
    hours: dict[int, list[Hours]] = {}
    by_hours = select(calendar_hours).order_by(calendar_hours.c.weekday, calendar_hours.c.opens)
    for row in connection.execute(by_hours):
        hours.setdefault(row.calendar_id, []).append(Hours(weekday=row.weekday, opens=row.opens, closes=row.closes))
    days: dict[int, list[Day]] = {}
    for row in connection.execute(select(calendar_day).order_by(calendar_day.c.day)):
        days.setdefault(row.calendar_id, []).append(
            Day(day=row.day, open=row.open, name=row.name, source=row.source, confirmed=row.confirmed)
        )
    return [
        CalendarRow(id=row.id, name=row.name, hours=hours.get(row.id, ()), days=days.get(row.id, ()))
        for row in connection.execute(select(calendar).order_by(calendar.c.name))
    ]


def set_day(
    connection: Connection, calendar_id: int, day: date, *, is_open: bool, name: str, source: DaySource
) -> None:
    """Enter a day, in place of what was entered or proposed for it; it is confirmed if its year is, else with it."""
    confirmed = is_confirmed(connection, calendar_id, day.year)
    remove_day(connection, calendar_id, day)
    entered = Day(day=day, open=is_open, name=name, source=source, confirmed=confirmed)
    connection.execute(insert(calendar_day).values(_values(calendar_id, entered)))


def remove_day(connection: Connection, calendar_id: int, day: date) -> None:
    """Let a day be as its weekday again."""
    connection.execute(delete(calendar_day).where(calendar_day.c.calendar_id == calendar_id, calendar_day.c.day == day))


def propose_year(connection: Connection, calendar_id: int, year: int, days: Mapping[date, tuple[bool, str]]) -> int:
    """Write proposed days, whether each is open, and its name; return how many were new.

    A day that has a row keeps it, and a confirmed year gets nothing: what a person removed does not come back. Safe to
    repeat, also by two processes at once.
    """
    if is_confirmed(connection, calendar_id, year):
        return 0
    known = set(connection.scalars(select(calendar_day.c.day).where(*_of_year(calendar_id, year))))
    proposed = [
        Day(day=day, open=is_open, name=name[:NAME_LETTERS], source=DaySource.PROPOSED, confirmed=False)
        for day, (is_open, name) in days.items()
        if day.year == year and day not in known
    ]
    insert_new = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    written = insert_new(calendar_day).on_conflict_do_nothing()
    for day in proposed:
        connection.execute(written.values(_values(calendar_id, day)))
    return len(proposed)


def confirm_year(connection: Connection, calendar_id: int, year: int) -> int:
    """Confirm every day of a year as it stands; return how many were not confirmed yet. Safe to repeat.

    A year without a row stays unconfirmed: there is nothing that a person could have looked at.
    """
    return connection.execute(
        update(calendar_day)
        .where(*_of_year(calendar_id, year), calendar_day.c.confirmed.is_(False))
        .values(confirmed=True)
    ).rowcount


def is_confirmed(connection: Connection, calendar_id: int, year: int) -> bool:
    """Return whether a person confirmed a year: it has days, and all are confirmed."""
    found = connection.scalars(select(calendar_day.c.confirmed).where(*_of_year(calendar_id, year))).all()
    return bool(found) and all(found)


def unconfirmed_years(connection: Connection, today: date) -> Sequence[UnconfirmedYear]:
    """Return the years that need a person: this one, and from 1 December on the next one, of every calendar.

    A calendar that is open day and night without any day that is different needs nobody.
    """
    years = [today.year] if today.month < ALARM_MONTH else [today.year, today.year + 1]
    return [
        UnconfirmedYear(calendar_id=row.id, name=row.name, year=year)
        for row in list_calendars(connection)
        if not needs_no_year(row)
        for year in years
        if not is_confirmed(connection, row.id, year)
    ]


def needs_no_year(row: CalendarRow) -> bool:
    """Return whether nobody has to confirm holidays of a calendar: it is open day and night, without exceptions."""
    return not row.days and is_always_open(row)


def is_always_open(row: CalendarRow) -> bool:
    """Return whether a calendar is open day and night on each weekday, as that of people on duty."""
    return sum(one.closes - one.opens for one in row.hours) == _WEEK_MINUTES


def _of_year(calendar_id: int, year: int) -> tuple[ColumnElement[bool], ...]:
    return (
        calendar_day.c.calendar_id == calendar_id,
        calendar_day.c.day >= date(year, 1, 1),
        calendar_day.c.day <= date(year, 12, 31),
    )


def _values(calendar_id: int, day: Day) -> dict[str, object]:
    return {
        "calendar_id": calendar_id,
        "day": day.day,
        "open": day.open,
        "name": day.name,
        "source": day.source,
        "confirmed": day.confirmed,
    }
