"""Figures: texts, commands, outcomes, delivery, times to answer and tickets by day, month and year; and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from flask import Response as FlaskResponse
from flask import abort, render_template, request

from sms_gateway.pages.display.spreadsheet_cells import harmless
from sms_gateway.pages.messages.figures.bars import Bars, bar_of, draw_bars
from sms_gateway.pages.messages.figures.counted import Counted, reader, today
from sms_gateway.pages.messages.figures.numerals import file_delimiter, file_number, local_number
from sms_gateway.pages.messages.figures.spans import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_STEPS,
    Span,
    Step,
    quarter_of,
    span_of,
    usual_span,
)
from sms_gateway.pages.messages.figures.tables import (
    TEXTS,
    TICKETS,
    TIMES,
    Table,
    commands_table,
    outcomes_table,
    units_table,
)
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_day, say

BY_TIME = "texts", "times", "tickets"
"""The tables with a row a step: their bars stand."""

_DRAWN: Mapping[str, Sequence[tuple[str, str]]] = {
    "texts": (("texts", "texts"), ("failed", "failed")),
    "times": (("within_60", "week-bars"), ("within_5", "texts")),
    "tickets": (("opened", "texts"), ("late", "failed")),
}
"""The columns that are drawn, each with its style; the later ones cover the earlier ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A table with its bars: those of a table with a row a step stand, those of the others lie in the rows."""

    table: Table
    bars: Bars | None
    lying: Sequence[str]


def figures() -> str:
    """Show the counts of a range."""
    span = _asked()
    with dependencies().database.read() as connection:
        who = reader(connection)
        found = who.read(span)
    tables = _tables(span, found, who.units)
    here, before, after = today(), span.before(), span.after()
    return render_template(
        "figures/figures.html",
        span=span,
        steps=list(Step),
        shown=[_shown(table) for table in tables],
        title=_title(span),
        before=before if before.first.year > FIRST_YEAR else None,
        after=after if after.first <= here else None,
        most=MOST_STEPS[span.step],
        is_whole=found.is_whole,
        last_quarter=quarter_of(here).plus(-1),
        chosen=_address_of,
        local_number=local_number,
    )


def figures_csv() -> FlaskResponse:
    """Return one of the tables as a file."""
    span = _asked()
    with dependencies().database.read() as connection:
        who = reader(connection)
        tables = _tables(span, who.read(span), who.units)
    table = next((one for one in tables if one.name == request.args.get("table")), None) or abort(404)
    name = f"figures-{table.name}-{span.first.isoformat()}-{span.last.isoformat()}"
    return csv_response(name, [table.headings(), *table.lines()])


def csv_response(name: str, lines: Iterable[Sequence[str]]) -> FlaskResponse:
    """Return lines as a file that a spreadsheet of the chosen language opens.

    The first cell is a name, the others are counts and headings.
    """
    written = StringIO()
    writer = csv.writer(written, delimiter=file_delimiter())
    writer.writerows([*map(harmless, line[:1]), *map(file_number, line[1:])] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return FlaskResponse(
        written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers
    )


def _tables(span: Span, found: Counted, units: Mapping[str, str]) -> Sequence[Table]:
    rows = [(_label(start, span.step), counts) for start, counts in found.steps.items()]
    rows.append((say("figures.total"), found.total))
    by_time = {"texts": TEXTS, "times": TIMES} | ({"tickets": TICKETS} if units else {})
    tables = [Table(name=name, of=span.step.value, columns=columns, rows=rows) for name, columns in by_time.items()]
    of_tickets = [units_table(found.total, units)] if units else []
    return [*tables, *of_tickets, commands_table(found.total), outcomes_table(found.total)]


def _shown(table: Table) -> Shown:
    if table.name not in BY_TIME:
        first = [table.columns[0].of(figures) or 0 for _, figures in table.rows]
        return Shown(table=table, bars=None, lying=[bar_of(value, max(first, default=0)) for value in first])
    rows = table.rows[:-1]  # the last one is their sum
    columns = {column.name: column for column in table.columns}
    series = [
        (
            columns[name].heading,
            style,
            [(columns[name].of(figures) or 0) * (100 if columns[name].is_share else 1) for _, figures in rows],
        )
        for name, style in _DRAWN[table.name]
    ]
    return Shown(table=table, bars=draw_bars([label for label, _ in rows], series), lying=())


def _asked() -> Span:
    """Read the range of the address; raise 404 for what is none."""
    try:
        step = Step(request.args.get("by") or Step.DAY)
    except ValueError:
        abort(404)
    usual = usual_span(step, today())
    first, last = _day("from", usual.first), _day("to", usual.last)
    return span_of(step, first, last)


def _day(name: str, usual: date) -> date:
    written = request.args.get(name)
    if not written:
        return usual
    try:
        day = date.fromisoformat(written)
    except ValueError:
        abort(404)
    return day if FIRST_YEAR < day.year < LAST_YEAR else abort(404)


def _address_of(span: Span) -> Mapping[str, str]:
    return {"by": span.step.value, "from": span.first.isoformat(), "to": span.last.isoformat()}


def _label(start: date, step: Step) -> str:
    if step is Step.DAY:
        return local_day(start)
    return f"{start:%m/%Y}" if step is Step.MONTH else f"{start:%Y}"


def _title(span: Span) -> str:
    first, last = (_label(day, span.step) for day in (span.first, span.last))
    return first if first == last else say("figures.range", first=first, last=last)
