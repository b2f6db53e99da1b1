"""Calendars: when units work. The hours of weekdays, the days that are different, and the year to confirm."""

from __future__ import annotations

from collections import Counter
from datetime import date
from http import HTTPStatus

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.schema import DaySource
from db.staff.audit import Action
from db.units.calendars import (
    CalendarRow,
    add_calendar,
    confirm_year,
    is_confirmed,
    list_calendars,
    needs_no_year,
    propose_year,
    remove_calendar,
    remove_day,
    rename_calendar,
    set_day,
    set_hours,
)
from db.units.unit_rows import list_units
from handlers.conversation.business_time import OFFICE_HOURS
from handlers.conversation.business_time.holiday_proposal import propose_days
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.site.access import may
from sms_gateway.pages.units.calendar_hours import read_hours, write_hours, write_time
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import led_units
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

NAME_LETTERS = 80
YEARS = range(2020, 2101)
"""Years that a page shows: holidays are known for them."""

Page = Response | str | tuple[str, int]


def calendars() -> str:
    """List the calendars, with this year and the next one: confirmed or not."""
    return _list()


def add() -> Page:
    """Add a calendar."""
    form = Filled()
    name, hours = _read_name(form, None), read_hours(form)
    if not form.is_sound:
        return _list(form), 400
    made = dependencies().new_id()
    with changing(Action.CALENDAR_CHANGED, f"calendar:{made}", "added") as connection:
        add_calendar(connection, calendar_id=made, name=name, hours=hours)
    return done(url_for("admin.calendar", calendar_id=made), "done.calendar_added")


def calendar(calendar_id: int) -> str:
    """Show a calendar: its hours, and the days of a year that are different."""
    return _page(calendar_id)


def change(calendar_id: int) -> Page:
    """Write the name and the hours of a calendar. Due times that are set already stay."""
    form = Filled()
    _find(calendar_id)
    name, hours = _read_name(form, calendar_id), read_hours(form)
    if not form.is_sound:
        return _page(calendar_id, form=form), 400
    with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", "hours") as connection:
        rename_calendar(connection, calendar_id, name)
        set_hours(connection, calendar_id, hours)
    return done(url_for("admin.calendar", calendar_id=calendar_id), "done.calendar_changed")


def remove(calendar_id: int) -> Page:
    """Delete a calendar that no unit has."""
    _find(calendar_id)
    with dependencies().database.read() as connection:
        used = [one.name for one in list_units(connection) if one.calendar_id == calendar_id]
    if used:
        return _page(calendar_id, fault=say("calendars.used", name=used[0], count=len(used))), HTTPStatus.CONFLICT
    with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", "removed") as connection:
        if not remove_calendar(connection, calendar_id):
            abort(409)
    return done(url_for("admin.calendars"), "done.calendar_removed")


def change_day(calendar_id: int) -> Page:
    """Enter a day that is not as its weekday, or let one be as its weekday again."""
    form = Filled()
    _find(calendar_id)
    year = _year()
    chosen = form.day("day")
    back = url_for("admin.calendar", calendar_id=calendar_id, year=year)
    if chosen is None:
        form.refuse("day", say("calendars.no_day"))
        return _page(calendar_id, day=form), 400
    if "remove" in request.form:
        with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", f"{chosen} as weekday") as connection:
            remove_day(connection, calendar_id, chosen)
        return done(back, "done.day_removed")
    name, state = form.text("day_name", most=NAME_LETTERS), form.choice("state", {"open", "shut"})
    if not name:
        form.refuse("day_name", say("calendars.no_name"))
    if not form.is_sound:
        return _page(calendar_id, day=form), 400
    with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", f"{chosen} {state}") as connection:
        set_day(connection, calendar_id, chosen, is_open=state == "open", name=name, source=DaySource.OPERATOR)
    return done(url_for("admin.calendar", calendar_id=calendar_id, year=chosen.year), "done.day_entered")


def propose(calendar_id: int) -> Page:
    """Enter the holidays of a year as a proposal. Days that have an entry keep it."""
    _find(calendar_id)
    year = _year()
    with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", f"{year} proposed") as connection:
        count = propose_year(connection, calendar_id, year, propose_days(year))
    return done(url_for("admin.calendar", calendar_id=calendar_id, year=year), "done.year_proposed", count=count)


def confirm(calendar_id: int) -> Page:
    """Confirm the days of a year as they are."""
    _find(calendar_id)
    year = _year()
    with changing(Action.CALENDAR_CHANGED, f"calendar:{calendar_id}", f"{year} confirmed") as connection:
        confirm_year(connection, calendar_id, year)
        if not is_confirmed(connection, calendar_id, year):
            abort(409)  # a year without days: there is nothing to confirm
    return done(url_for("admin.calendar", calendar_id=calendar_id, year=year), "done.year_confirmed")


def _find(calendar_id: int) -> CalendarRow:
    with dependencies().database.read() as connection:
        return next((one for one in list_calendars(connection) if one.id == calendar_id), None) or abort(404)


def _read_name(form: Filled, calendar_id: int | None) -> str:
    name = form.text("name", most=NAME_LETTERS)
    with dependencies().database.read() as connection:
        names = {one.name.casefold() for one in list_calendars(connection) if one.id != calendar_id}
    if not name:
        form.refuse("name", say("calendars.no_name"))
    elif name.casefold() in names:
        form.refuse("name", say("calendars.name_taken"))
    return name


def _this_year() -> int:
    return dependencies().now().astimezone(LOCAL_ZONE).year


def _year() -> int:
    """Return the year that the address or the form names; this one when it names none."""
    typed = request.values.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else _this_year()  # noqa: PLR2004
    return year if year in YEARS else abort(404)


def _is_confirmed(row: CalendarRow, year: int) -> bool:
    found = [one.confirmed for one in row.days if one.day.year == year]
    return bool(found) and all(found)


def _confirmation(row: CalendarRow, year: int) -> str:
    """Return the key of what the list says of a year; a calendar without a break needs no holidays."""
    if _is_confirmed(row, year):
        return "calendars.is_confirmed"
    return "calendars.needs_none" if needs_no_year(row) else "calendars.not_confirmed"


def _list(form: Filled | None = None) -> str:
    with dependencies().database.read() as connection:
        rows, units = list_calendars(connection), Counter(one.calendar_id for one in list_units(connection))
    year = _this_year()
    usual = {
        f"hours-{weekday}": ", ".join(f"{write_time(one.opens)}-{write_time(one.closes)}" for one in spans)
        for weekday, spans in OFFICE_HOURS.items()
    }
    return render_template(
        "units/calendars.html",
        rows=[(row, write_hours(row.hours), [_confirmation(row, one) for one in (year, year + 1)]) for row in rows],
        units=units,
        year=year,
        form=form or holding(usual),
    )


def _page(calendar_id: int, *, form: Filled | None = None, day: Filled | None = None, fault: str = "") -> str:
    row, year = _find(calendar_id), _year()
    with dependencies().database.read() as connection:
        own = led_units(connection)
        users = [one for one in list_units(connection) if one.calendar_id == calendar_id]
    if own is not None and own.isdisjoint(one.id for one in users):
        abort(404)
    shown = holding(
        {"name": row.name} | {f"hours-{weekday}": each for weekday, each in enumerate(write_hours(row.hours))}
    )
    days = [one for one in row.days if one.day.year == year]
    return render_template(
        "units/calendar.html",
        calendar=row,
        year=year,
        years=(year - 1, year, year + 1),
        days=days,
        is_confirmed=_is_confirmed(row, year),
        needs_no_year=needs_no_year(row),
        users=users,
        form=form or shown,
        day=day or Filled(values={"state": "shut"}),
        fault=fault,
        can_change=may("admin.change_calendar"),
        weekdays=[date(2026, 6, 1 + weekday) for weekday in range(7)],
    )
