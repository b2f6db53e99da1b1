"""Numbers: first answers, resolved matters beside their targets, promises, backlog, ratings, texts; and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

from flask import Response as FlaskResponse
from flask import abort, render_template, request
from sqlalchemy import Connection

from db.reports.ticket_numbers import count_texts, read_period, read_scores
from db.tickets.backlog import AGES, Backlog, OverdueTicket, count_backlog, list_overdue
from db.tickets.ratings import LowRating, list_low_ratings
from db.tickets.whole_ticket import Scope
from db.units.calendars import list_calendars
from db.units.unit_rows import UnitRow, list_units
from handlers.conversation.answers.asks import MOST_OF_A_LOW_SCORE
from handlers.conversation.routing.directory_rows import calendar_of
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.display.secret_masking import without_secret
from sms_gateway.pages.display.spreadsheet_cells import harmless
from sms_gateway.pages.units.numbers.figures import (
    DAY_TARGET,
    HOUR_TARGET,
    SCORES,
    TEXTS_TARGET,
    Figures,
    Material,
    figures_by_unit,
    figures_of,
)
from sms_gateway.pages.units.own_units import led_units
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_stamp, say
from sms_gateway.web.masking import mask_words

SPANS = (7, 30, 90)
"""Days of the periods that the page offers."""

MOST_LOW_RATINGS = 50
MOST_OVERDUE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """What the page shows."""

    units: Sequence[UnitRow]
    by_unit: Mapping[int, Figures]
    all: Figures
    backlog: Mapping[int, Backlog]
    is_cut: bool
    low_ratings: Sequence[LowRating]
    overdue: Sequence[OverdueTicket]
    """Late tickets of the units, and very late ones of the units below them."""
    below: Mapping[int, str]
    """The names of the units below those that the operator leads; their tickets are not open to the operator."""


def numbers() -> str:
    """Show the figures of a period, of all units that the operator may see, or of one."""
    (found, days, unit_id), choices = _asked(), _choices()
    backlog = found.backlog.values()
    ages = [sum(each) for each in zip(*(one.by_age for one in backlog), strict=True)] or [0] * (len(AGES) + 1)
    return render_template(
        "numbers/numbers.html",
        found=found,
        days=days,
        spans=SPANS,
        unit_id=unit_id,
        choices=choices,
        hour_target=HOUR_TARGET,
        day_target=DAY_TARGET,
        texts_target=TEXTS_TARGET,
        scores=SCORES,
        ages=list(zip(_age_names(), ages, strict=True)),
        waiting=sum(one.waiting for one in backlog),
        late=sum(one.late for one in backlog),
        percent=_percent,
        rounded=_rounded,
        unit_names={**found.below, **{one.id: one.name for one in choices}},
        words={one.ticket_id: mask_words(without_secret(one.words, None)) for one in found.low_ratings if one.words},
    )


def numbers_csv() -> FlaskResponse:
    """Return the figures by unit as a file; no row is of one citizen."""
    found, days, _ = _asked()
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow([say(f"numbers.{name}") for name in ("unit", *_COLUMNS)] + _age_names())
    for unit in found.units:
        figures, backlog = found.by_unit.get(unit.id, Figures()), found.backlog.get(unit.id)
        ages = backlog.by_age if backlog is not None else (0,) * (len(AGES) + 1)
        writer.writerow([harmless(unit.name), *_cells(figures, backlog), *ages])
    stamp = local_stamp(dependencies().now())
    headers = {"Content-Disposition": f'attachment; filename="numbers-{days}-{stamp}.csv"'}
    return FlaskResponse(
        written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers
    )


_COLUMNS = (
    *("opened", "first_p50", "first_p95", "resolved", "within_hour", "within_day", "promises", "reopened"),
    *("texts", "rated", "mean_score", "waiting", "late"),
)


def _cells(figures: Figures, backlog: Backlog | None) -> Sequence[str | int]:
    empty = ("" if value is None else value for value in (figures.first_p50, figures.first_p95))
    return [
        figures.opened,
        *empty,
        figures.resolved,
        *(_percent(value) for value in (figures.within_hour, figures.within_day, figures.promises, figures.reopened)),
        _rounded(figures.texts),
        figures.rated,
        _rounded(figures.mean_score),
        0 if backlog is None else backlog.waiting,
        0 if backlog is None else backlog.late,
    ]


def _asked() -> tuple[Numbers, int, int | None]:
    """Read the period and the unit of the address, and count; raise 404 for others."""
    days, unit_id = request.args.get("days", SPANS[1], type=int), request.args.get("unit", type=int)
    if unit_id is not None:
        bounded(unit_id)
    if days not in SPANS:
        abort(404)
    with dependencies().database.read() as connection:
        own = led_units(connection)
        if unit_id is not None and own is not None and unit_id not in own:
            abort(404)
        scope = Scope(units=own if unit_id is None else frozenset({unit_id}))
        return _count(connection, scope, days), days, unit_id


def _count(connection: Connection, scope: Scope, days: int) -> Numbers:
    now = dependencies().now()
    since = now - timedelta(days=days)
    period = read_period(connection, scope, since=since)
    ids = [one.id for one in period.tickets]
    every = list_units(connection)
    units = [one for one in every if scope.units is None or one.id in scope.units]
    known = {one.id for one in units}
    below = {one.id: one.name for one in every if one.parent_id in known and one.id not in known}
    calendars = {row.id: calendar_of(row, LOCAL_ZONE) for row in list_calendars(connection)}
    material = Material(
        texts=count_texts(connection, [one.id for one in period.tickets if one.resolved_at is not None]),
        scores=read_scores(connection, ids),
        calendars={one.id: calendars[one.calendar_id] for one in units},
        now=now,
    )
    backlog = count_backlog(connection, now=now, units=scope.units)
    by_unit = figures_by_unit(period.tickets, material)
    return Numbers(
        units=[one for one in units if one.id in by_unit or one.id in backlog],
        by_unit=by_unit,
        all=figures_of(period.tickets, material),
        backlog=backlog,
        is_cut=period.is_cut,
        low_ratings=list_low_ratings(
            connection, scope, most_score=MOST_OF_A_LOW_SCORE, since=since, most=MOST_LOW_RATINGS
        ),
        overdue=list_overdue(connection, now=now, units=scope.units, below=below, most=MOST_OVERDUE),
        below=below,
    )


def _choices() -> Sequence[UnitRow]:
    with dependencies().database.read() as connection:
        own = led_units(connection)
        return [one for one in list_units(connection) if own is None or one.id in own]


def _age_names() -> list[str]:
    days = [age.days for age in AGES]
    return [say("numbers.up_to", count=each) for each in days] + [say("numbers.older", count=days[-1])]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.0f} %"


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
