"""What can be wrong with a table that an office hands over, whatever it is about, and its fix."""

from __future__ import annotations

from parsers.localised_message import LocalisedMessage, MessageTable

QUOTED_LETTERS = 30

SENTENCES = MessageTable(
    "import_fault",
    {
        "line": "line {line}: {fault}",
        "hidden_row": "the row is hidden in the sheet: show it, or delete it",
        "too_many": "more than {most} lines are wrong, the first: {fault}",
        "too_long": "the file is longer than {most} MiB: split it",
        "unpacks": "the workbook unpacks to more than {most} MiB: split it",
        "cells": "the file has more than {most} cells: delete sheets and cells that are not needed, or split it",
        "merged": "the sheet has more than {most} merged cells: split it",
        "line_long": "a line is longer than {most} thousand characters: save the file as CSV again",
        "rows": "the file has more than {most} rows: delete the blank ones and split it",
        "filled_rows": "the file has more than {most} filled rows: split it",
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
        "no_list": "the file must hold a list of objects, one a row: [{...}, {...}]",
        "no_object": "this is no object: write {...}",
        "in_field": "{field}: {fault}",
        "cell.long": "a cell is longer than {most} letters",
        "cell.formula": "a cell holds a formula; paste it as a value",
        "cell.not_counted": "a cell holds a formula without its result: open and save the file in a spreadsheet",
        "cell.error": "a cell shows the error {text}: correct it, or leave it blank",
        "cell.format": "a cell has the number format {format}, which is not read: format it as text, type it again",
        "cell.empty": "an empty cell",
    },
)


def wrong(key: str, **values: str | int | LocalisedMessage) -> LocalisedMessage:
    """Return a sentence with its values."""
    return SENTENCES.message(key, **values)


def quoted(text: str) -> str | LocalisedMessage:
    """Return the beginning of a cell as a sentence quotes it."""
    return f"'{text[:QUOTED_LETTERS]}'" if text else wrong("cell.empty")
