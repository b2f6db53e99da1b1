"""What can be wrong with a file of dossiers, and its fix; what can be wrong with any table is in table_file."""

from __future__ import annotations

from parsers.localised_message import LocalisedMessage, MessageTable
from sms_gateway.back_office.dossier_file.headings import Field
from sms_gateway.back_office.table_file import fault_messages

SENTENCES = MessageTable(
    "import_fault",
    {
        **fault_messages.SENTENCES.words,
        "nothing": "the file holds no dossier: give one a line below the column names",
        "twice": "the code stands in line {line} already: keep one of them",
        "twice.spelled": "the code stands in line {line} already, written {text}: keep one of them",
        "hidden_column": "the column of {field} is hidden in the sheet: show it, or delete it",
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
        "phone.none": "the telephone is no mobile number of Viet Nam, so nobody is subscribed; write it as 0905123456, "
        "in a column formatted as text",
        "letters": "{field}: it has {count} letters; shorten it to {most}",
        "number.shortened": "{field}: the spreadsheet shortened a number to {text}; format the column as text, "
        "type it again",
        "contact": "{field}: phones would show {text} as a link or a telephone number; take it out, or confirm that "
        "citizens may get it",
        "ignored": "{field}: where {used} and {ignored} are both filled, {used} is used and {ignored} is ignored "
        "(lines: {count}, the first: {line})",
        "ignored.text": "{field}: where {used} and {ignored} are both filled, {used} is used and {ignored} is ignored "
        "(lines: {count}, the first: {line}); to import both, join them into one column",
        **{f"field.{field.value}": field.value for field in Field},
    },
)


def wrong(key: str, **values: str | int | LocalisedMessage) -> LocalisedMessage:
    """Return a sentence with its values."""
    return SENTENCES.message(key, **values)


def named(field: Field) -> LocalisedMessage:
    """Return the name of a column."""
    return wrong(f"field.{field.value}")
