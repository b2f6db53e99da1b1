"""The report of a quarter: a page to print and to sign, in Vietnamese, and as CSV."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response as FlaskResponse
from flask import abort, render_template, request
from markupsafe import Markup

from db.reports.day_figures import Figures
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.messages.figures.counted import Reader, reader, today
from sms_gateway.pages.messages.figures.figures_page import csv_response
from sms_gateway.pages.messages.figures.numerals import local_number
from sms_gateway.pages.messages.figures.report import COMPARED, Compared, ReportTable, name_of
from sms_gateway.pages.messages.figures.spans import FIRST_YEAR, LAST_YEAR, Quarter, quarter_of
from sms_gateway.pages.messages.figures.tables import units_table
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_time, say, speaking
from sms_gateway.web.translations import LANGUAGES

_QUARTERS = 4


def report() -> str:
    """Show the report, with its head and the lines to sign. The frame of the page is in the reader's language."""
    quarter, language = _asked(), _language()
    parts, here = dependencies(), today()
    with speaking(language):
        tables, is_whole, is_counted = _report(quarter)
        article = render_template(
            "figures/_report.html",
            name=name_of(quarter),
            tables=tables,
            is_whole=is_whole,
            is_counted=is_counted,
            head=parts.settings.counts,
            local_number=local_number,
            today=here,
            so_far=local_time(parts.now()) if quarter.last >= here else None,
        )
    return render_template(
        "figures/report.html",
        article=Markup(article),  # noqa: S704 - of a template, which escapes
        quarter=quarter,
        name=name_of(quarter),
        before=quarter.plus(-1),
        after=quarter.plus(1) if quarter.last < here else None,
        said=language,
    )


def report_csv() -> FlaskResponse:
    """Return the tables of the report as a file, one below the other."""
    quarter = _asked()
    with speaking(_language()):
        lines: list[Sequence[str]] = [[say("report.title", quarter=name_of(quarter))]]
        for table in _report(quarter)[0]:
            lines += [[], [table.title], table.headings, *table.lines]
        return csv_response(f"report-{quarter.year}-{quarter.number}", lines)


def _compared(who: Reader, quarter: Quarter) -> tuple[Compared, bool]:
    """Return the counts of a quarter beside those of others, and whether all of their days were counted."""
    now, *before = (who.read_months(each.first, each.last) for each in (quarter.plus(ago) for ago in (0, *COMPARED)))
    counts = [each.total if each.is_counted else None for each in (now, *before)]
    is_whole = not now.missing and not any(each.missing for each in before if each.is_counted)
    return Compared(quarter=quarter, now=counts[0], before=counts[1:]), is_whole


def _report(quarter: Quarter) -> tuple[Sequence[ReportTable], bool, bool]:
    """Return the tables, whether all days of all its quarters were counted, and whether any of its own was."""
    with dependencies().database.read() as connection:
        who = reader(connection)
        compared, is_whole = _compared(who, quarter)
    tables = [compared.messages(), compared.services()]
    if who.units:
        units = units_table(compared.now or Figures(), who.units)
        by_unit = ReportTable(title=say("report.units"), headings=units.headings(), lines=units.lines())
        tables += [compared.tickets(), by_unit]
    return tables, is_whole, compared.now is not None


def _asked() -> Quarter:
    last = quarter_of(dependencies().now().astimezone(LOCAL_ZONE).date()).plus(-1)
    year, number = (
        request.args.get(name, usual, type=int) for name, usual in (("year", last.year), ("q", last.number))
    )
    if not FIRST_YEAR < year < LAST_YEAR or not 1 <= number <= _QUARTERS:
        abort(404)
    return Quarter(year=year, number=number)


def _language() -> str:
    """Return the language of the report: Vietnamese, unless the address says another."""
    language = request.args.get("in", LANGUAGES[0])
    return language if language in LANGUAGES else abort(404)
