"""What can be wrong with a file of dossiers, and its fix: every sentence by its key."""

from __future__ import annotations

from parsers.localised_message import LocalisedMessage, MessageTable
from sms_gateway.back_office.dossier_file.headings import Field

QUOTED_LETTERS = 30

SENTENCES = MessageTable(
    "import_fault",
    {
        "line": "line {line}: {fault}",
        "nothing": "the file holds no dossier: give one a line below the column names",
        "twice": "the code stands in line {line} already: keep one of them",
        "twice.spelled": "the code stands in line {line} already, written {text}: keep one of them",
        "hidden_row": "the row is hidden in the sheet: show it, or delete it",
        "hidden_column": "the column of {field} is hidden in the sheet: show it, or delete it",
        "too_many": "more than {most} lines are wrong, the first: {fault}",
        "too_long": "the file is longer than {most} MiB: split it",
        "unpacks": "the workbook unpacks to more than {most} MiB: split it",
        "cells": "the file has more than {most} cells: delete sheets and cells that are not needed, or split it",
        "merged": "the sheet has more than {most} merged cells: split it",
        "line_long": "a line is longer than {most} thousand characters: save the file as CSV again",
        "rows": "the file has more than {most} rows: delete the blank ones and split it",
        "dossiers": "the file has more than {most} dossiers: split it",
        "xls": "the old .xls format is not read: save the file as .xlsx or CSV UTF-8",
        "ending": "files ending in {ending} are not read: give .csv, .xlsx or .json",
        "no_ending": "files ending in nothing are not read: give .csv, .xlsx or .json",
        "cannot_read": "the file cannot be read: {error}",
        "empty": "the file, or its first visible sheet, is empty",
        "names": "the row of column names cannot be read: {fault}",
        "quotes": "quotation marks do not match, or a cell is too long",
        "not_utf8": "the file is not UTF-8 (octet {octet}): in the spreadsheet choose 'Save as', 'CSV UTF-8'",
        "no_workbook": "the file is no readable .xlsx workbook: open it in a spreadsheet and save it again",
        "no_sheet": "the workbook has no visible sheet of cells",
        "no_json": "the file is no JSON",
        "no_json.line": "the file is no JSON (line {line})",
        "no_list": "the file must hold a list of objects, one a dossier: [{...}, {...}]",
        "no_object": "this is no object: write {...}",
        "no_column": "no column named {name}: one of the first 20 rows must name the columns, "
        "for instance: code, status, received_on, due_on, wanted, pick_up (or MaHoSo, TrangThaiHoSo, ...)",
        "no_columns": "no column named {name} or {other}: one of the first 20 rows must name the columns, "
        "for instance: code, status, received_on, due_on, wanted, pick_up (or MaHoSo, TrangThaiHoSo, ...)",
        "dates": "{due_on} is before {received_on}: check both dates",
        "code.rounded": "{field}: a spreadsheet rounds numbers this long; format the column as text, type it again",
        "code.date": "{field}: the spreadsheet made a date of it; format the column as text, type it again",
        "code.missing": "{field}: it is missing",
        "code.shortened": "{field}: the spreadsheet shortened it to {text}; format the column as text, type it again",
        "code.decimal": "{field}: a program made the number {text} of it; format the column as text, type it again",
        "code.none": "{field}: {text} is none that citizens can ask for; it needs {least} to {most} letters and "
        "digits, at least {digits} of them digits",
        "code.long": "{field}: {text} is longer than {most} characters",
        "status.none": "{field}: {text} is none; write 1 to 10, or the portal's words, as 'Đang xử lý'",
        "date.none": "{field}: {text} is no date; write dd/mm/yyyy, for instance 15/08/2023",
        "identity.none": "{field}: it is no identity number; give it whole or its last four digits, in a column "
        "formatted as text, where a zero in front is kept",
        "password.none": "{field}: a text to look up a dossier cannot hold it; it needs 4 to 12 letters and digits, or "
        "4 to 6 digits, or 6 to 12 letters",
        "letters": "{field}: it has {count} letters; shorten it to {most}",
        "in_field": "{field}: {fault}",
        "cell.long": "a cell is longer than {most} letters",
        "cell.formula": "a cell holds a formula; paste it as a value",
        "cell.not_counted": "a cell holds a formula without its result: open and save the file in a spreadsheet",
        "cell.error": "a cell shows the error {text}: correct it, or leave it blank",
        "cell.format": "a cell has the number format {format}, which is not read: format it as text, type it again",
        "number.shortened": "{field}: the spreadsheet shortened a number to {text}; format the column as text, "
        "type it again",
        "contact": "{field}: phones would show {text} as a link or a telephone number; take it out, or confirm that "
        "citizens may get it",
        "ignored": "{field}: where {used} and {ignored} are both filled, {used} is used and {ignored} is ignored "
        "(lines: {count}, the first: {line})",
        "ignored.text": "{field}: where {used} and {ignored} are both filled, {used} is used and {ignored} is ignored "
        "(lines: {count}, the first: {line}); to import both, join them into one column",
        "cell.empty": "an empty cell",
        **{f"field.{field.value}": field.value for field in Field},
    },
)


def wrong(key: str, **values: str | int | LocalisedMessage) -> LocalisedMessage:
    """Return a sentence with its values."""
    return SENTENCES.message(key, **values)


def quoted(text: str) -> str | LocalisedMessage:
    """Return the beginning of a cell as a sentence quotes it."""
    return f"'{text[:QUOTED_LETTERS]}'" if text else wrong("cell.empty")


def named(field: Field) -> LocalisedMessage:
    """Return the name of a column."""
    return wrong(f"field.{field.value}")
