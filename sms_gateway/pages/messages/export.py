"""The messages of a filter as a CSV or XLSX file: masked, unless the role may see them unmasked and asks for it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from operator import itemgetter
from typing import TYPE_CHECKING

from flask import abort, request
from werkzeug.wrappers import Response

from db.reports.message_log import LogEntry, read_log_page
from db.reports.message_log_filter import LogFilter
from db.reports.unsolicited_messages import UnsolicitedMessage, read_lone_answers
from db.staff.audit import Action
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.reading_names import shown_outcome, shown_reading
from sms_gateway.pages.display.spreadsheet_cells import harmless
from sms_gateway.pages.messages.message_log_filter import choice_of_form
from sms_gateway.pages.messages.row_display import shown_answer, shown_lone, shown_state, shown_text
from sms_gateway.pages.session import current_session
from sms_gateway.pages.site.access import EXPORTS_CLEAR, reaches
from sms_gateway.pages.site.withheld import open_entries, open_lone
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_stamp, local_time, say

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST = 20_000
"""Messages of one file: a month of a busy service, in a file that a spreadsheet opens at once."""

_BATCH = 500
_NUMBER = re.compile(r"(?=.*\d)[\d\s.,:/eE%-]+")
"""What a spreadsheet could read as a number, a date or a time."""
_SHORT_CODE = 8
_COLUMNS = ("time", "number", "text", "reading", "outcome", "answer", "state", "link")
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_log() -> Response:
    """Return the filter's messages as a file, at most `MOST`, newest first; recorded in the audit log."""
    kind, clear = short_field("kind"), "unmasked" in request.form
    if kind not in _KINDS:
        abort(400)
    if clear and not reaches(current_session().operator.role, EXPORTS_CLEAR):
        abort(403)
    form = Filled()
    choice = choice_of_form(form)
    if not form.is_sound:
        abort(400)  # the page that sends it made the filter
    rows = list(_rows(choice.wanted(), clear=clear))
    # The filter without number and code: the audit log holds no citizen's data.
    told = {name: value for name, value in choice.query().items() if name not in {"who", "code"}}
    detail = f"{kind} rows={len(rows)} {'clear' if clear else 'masked'} {told or ''}"
    parts = dependencies()
    with parts.database.write() as connection:
        note(connection, Action.EXPORTED, "inbound", detail.strip())
    content = _csv(rows) if kind == "csv" else _xlsx(rows)
    name = f"messages-{local_stamp(parts.now())}.{kind}"
    return Response(
        content, content_type=_KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _rows(wanted: LogFilter, *, clear: bool) -> Iterator[Sequence[str]]:
    before, left = None, MOST
    while left > 0:
        # A transaction for each batch: a long one would keep SQLite from emptying its write-ahead log.
        with dependencies().database.read() as connection:
            page = read_log_page(connection, wanted, before=before, size=min(_BATCH, left))
            lone = open_lone(connection, read_lone_answers(connection, wanted, since=page.older, before=before))
            entries = open_entries(connection, page.entries)
        rows = [(entry.text.id, _row(entry, clear=clear)) for entry in entries]
        rows += [(one.answer.id, _lone_row(one, clear=clear)) for one in lone]
        yield from (row for _, row in sorted(rows, key=itemgetter(0), reverse=True))
        left -= len(page.entries)
        before = page.older
        if before is None:
            return


def _row(entry: LogEntry, *, clear: bool) -> Sequence[str]:
    text = entry.text
    # An answer that holds a secret is masked for everybody: its masked text is read here.
    answers = [(answer.shown or "") if clear else shown_answer(text, answer) for answer in entry.answers]
    return (
        local_time(text.received_at),
        text.sender if clear else dependencies().addresses.mask(text.sender),
        text.body if clear else shown_text(text).body,
        shown_reading(text.reading),
        shown_outcome(text.outcome),
        " | ".join(answers),
        say(f"state.{shown_state(text, entry.answers)}"),
        text.link,
    )


def _lone_row(lone: UnsolicitedMessage, *, clear: bool) -> Sequence[str]:
    answer = lone.answer
    return (
        local_time(answer.created_at),
        lone.recipient if clear else dependencies().addresses.mask(lone.recipient),
        "",
        say("log.by_operator"),
        "",
        (answer.shown or "") if clear else shown_lone(lone),
        say(f"state.{answer.state}"),
        answer.link,
    )


def _headings() -> Sequence[str]:
    return [say("message.outcome" if name == "outcome" else f"log.{name}") for name in _COLUMNS]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(_headings())
    writer.writerows([_as_text(name, harmless(cell)) for name, cell in zip(_COLUMNS, row, strict=True)] for row in rows)
    return written.getvalue().encode("utf-8-sig")  # with a byte order mark, so that spreadsheets know the encoding


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - the service starts sooner without it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("messages")
    sheet.append(list(_headings()))
    for row in rows:
        sheet.append([_text_cell(sheet, harmless(cell)) for cell in row])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _text_cell(sheet: Worksheet, text: str) -> Cell:
    """Make a cell that stays text, also when somebody types into it."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    cell = WriteOnlyCell(sheet, value=text)
    cell.number_format = "@"
    return cell


def _as_text(column: str, cell: str) -> str:
    """Prevent that a spreadsheet reads text of a CSV file as a number: it would drop a zero, or show 8.49E+10.

    A telephone number gets blanks as people write them, so no spreadsheet reads it as a number. Anything else that has
    only digits and their signs gets a quote before it, as a formula does. A formula such as `="0905"` would work too,
    but no export should hold formulas.

    >>> _as_text("number", "84905123456"), _as_text("text", "079201987654"), _as_text("text", "HD")
    ('84 905 123 456', "'079201987654", 'HD')
    """
    if column == "number" and cell.isdecimal():
        return " ".join(_threes(cell)) if len(cell) > _SHORT_CODE else cell
    return f"'{cell}" if column in {"text", "answer"} and _NUMBER.fullmatch(cell) else cell


def _threes(digits: str) -> Sequence[str]:
    """Cut digits into groups of three from their end."""
    first = len(digits) % 3
    return [*([digits[:first]] if first else []), *(digits[at : at + 3] for at in range(first, len(digits), 3))]
