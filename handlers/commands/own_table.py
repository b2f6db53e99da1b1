"""An own table or an own answer, made from data: the row of a key in the office's sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from hmac import compare_digest

from sqlalchemy import Connection

from db.citizens.dossiers import canonical, lookalike_key
from db.citizens.lookups import StoredTable, TableRow, find_rows
from db.schema import KeyShape
from handlers.answer import Answer
from handlers.commands.status_lookup import echo_content
from handlers.context import Context, ServiceFacts
from handlers.handler import Dossiers, Fetched, Guessable, Handler, SecretsTried, Sentences, Tried, forms_of
from handlers.wording.echo import echo_code
from handlers.wording.fit import clip, first_fit, room
from handlers.wording.plain import plain
from parsers.commands.tables import AskTable, command_of

MOST_ANSWER_SEGMENTS = 2
"""Most segments of an answer of a table: as those on one dossier."""

TOLD, SAID = "table_told", "own_answer_said"
NOT_FOUND, SEVERAL, WITHHELD = "table_not_found", "table_several", "table_withheld"
HIDDEN = "****"

_SLASH = re.compile("[0-9]/[0-9]")

_NOT_FOUND = {
    "vi": (
        "Khong tim thay {key}. Xin xem lai va soan: {copy} gui {short_code}. Ho tro: {hotline}",
        "Khong tim thay. Xin xem lai va soan: {copy} gui {short_code}. Ho tro: {hotline}",
        "Khong tim thay. Soan: {copy} gui {short_code}.",
    ),
    "en": (
        "{key} was not found. Check it and text: {copy} to {short_code}. Help: {hotline}",
        "Not found. Check it and text: {copy} to {short_code}. Help: {hotline}",
        "Not found. Text: {copy} to {short_code}.",
    ),
}
_NOT_OPENED = {
    "vi": (
        "Khong tra duoc. Soan: {copy} gui {short_code}. Sai nhieu thi doi hom sau. Goi {hotline}",
        "Khong tra duoc. Soan: {copy} gui {short_code}.",
    ),
    "en": (
        "It cannot be shown. Text: {copy} to {short_code}. After many wrong tries wait a day. Call {hotline}",
        "It cannot be shown. Text: {copy} to {short_code}.",
    ),
}
"""The same words for a wrong key, a wrong secret and no secret."""
_SEVERAL = {
    "vi": (
        "{key} giong nhieu ma. Xin xem ky 0/O, 1/I/L roi gui lai. Ho tro: {hotline}",
        "Ma giong nhieu ma khac. Xin xem ky 0/O, 1/I/L roi gui lai. Ho tro: {hotline}",
    ),
    "en": (
        "{key} is like several. Check 0/O and 1/I/L and send it again. Help: {hotline}",
        "It is like several. Check 0/O and 1/I/L and send it again. Help: {hotline}",
    ),
}


def handler_of(table: StoredTable) -> Handler[AskTable]:
    """Make the handler of a version of a table."""
    command = command_of(table.name)
    name, about = f"{{{command.name}}}", table.definition
    if not about.has_rows:
        return Handler(
            command=command,
            service=command.name,
            handle=partial(_say, table),
            help=_sentences(f"{about.title}: soan {name} gui {{short_code}}.", f"{about.title}: text {name}."),
            line=_sentences(f"{name} ({about.title})", f"{name} ({about.title})", name),
            copyable=_sentences(name, name),
            echo=lambda content: None if content else "",
            outcomes=frozenset({SAID}),
            fruitful=frozenset({SAID}),
        )
    copied = copied_form(table)
    return Handler(
        command=command,
        service=command.name,
        handle=partial(_answer, table),
        help=_sentences(
            f"{about.title}: soan {copied} gui {{short_code}}. Ho tro: {{hotline}}",
            f"{about.title}: text {copied} to {{short_code}}. Help: {{hotline}}",
            f"Soan: {copied}",
        ),
        line=_sentences(f"{copied} ({about.title})", f"{copied} ({about.title})", f"{name} ({about.title})", name),
        copyable=_sentences(copied, copied),
        wrong=_sentences(f"Chua thay {about.key_label}.", f"There is no {about.key_label}."),
        echo=None if about.shape is KeyShape.WORDS else echo_content,
        outcomes=frozenset({TOLD, NOT_FOUND, SEVERAL, WITHHELD}),
        fruitful=frozenset({TOLD}),
        unfound=frozenset({NOT_FOUND, WITHHELD}),
        prefetch=partial(_fetch, table),
        guard=partial(_guessable, table),
        secrets_tried=partial(_secrets_tried, table),
    )


def copied_form(table: StoredTable) -> str:
    """Return how a text to a table is written; its keyword by its placeholder."""
    about = table.definition
    secret = f", {about.secret_column.replace('_', ' ')}" if about.secret_column else ""
    return f"{{{command_of(table.name).name}}} {about.key_label}{secret}"


def told(template: str, cells: dict[str, str]) -> str:
    """Return the answer with a row's cells, as it is sent."""
    return plain(template.format_map(cells))


def try_key(table: StoredTable, command: AskTable) -> str:
    """Return the key of the rows that a text finds and opens."""
    return " ".join(part for part in (table.name, lookalike_key(command.canonical), command.secret) if part)


def _sentences(vietnamese: str, english: str, *shorter: str) -> Sentences:
    return Sentences(forms={"vi": (vietnamese, *shorter), "en": (english, *shorter)})


def _say(table: StoredTable, command: AskTable, context: Context) -> Answer:
    del command, context
    return Answer(text=_fitting(plain(table.definition.template)), outcome=SAID)


def _answer(table: StoredTable, command: AskTable, context: Context) -> Answer:
    alike = context.rows.get(try_key(table, command), ())  # of a batch: another text may have written the key otherwise
    row = _choose(command, [one for one in alike if _is_one_key(command, one, table)])
    about, service = table.definition, context.service
    match row:
        case TableRow(cells=cells):
            text = _fitting(told(about.template, dict(cells)))
            masked = None
            if about.secret_column:
                masked = told(
                    about.template, dict.fromkeys(cells, HIDDEN) | {about.key_column: cells[about.key_column]}
                )
            return Answer(text=text, outcome=TOLD, masked=masked)
        case False:
            return Answer(text=_words(_SEVERAL, table, command, service), outcome=SEVERAL)
        case _:
            forms = _NOT_OPENED if about.secret_column else _NOT_FOUND
            outcome = WITHHELD if context.is_withheld else NOT_FOUND
            return Answer(text=_words(forms, table, command, service), outcome=outcome)


def _choose(command: AskTable, alike: Sequence[TableRow]) -> TableRow | bool | None:
    """Return the row of a key: the one that is written so, else the only similar one; False for several."""
    exact = [one for one in alike if one.canonical == command.canonical] or alike
    if len(exact) > 1:
        return False
    return exact[0] if exact else None


def _words(forms: Mapping[str, tuple[str, ...]], table: StoredTable, command: AskTable, service: ServiceFacts) -> str:
    copied = copied_form(table).format_map({**service.values, command.name: table.definition.keywords[0]})
    values = {"copy": copied}
    if table.definition.shape is not KeyShape.WORDS and (key := echo_code(command.written)):
        values["key"] = key
    said = forms_of(Sentences(forms=forms), service, values)
    return first_fit(said) or clip(said[-1], room(1) - 3, "...")


def _fitting(text: str) -> str:
    most = room(MOST_ANSWER_SEGMENTS)
    return text if len(text) <= most else clip(text, most - 3, "...")


def _fetch(table: StoredTable, connection: Connection, commands: Sequence[AskTable], service: ServiceFacts) -> Fetched:
    """Find the rows of a batch in one query, and open those whose secret was given."""
    del service
    column = table.definition.secret_column
    asked = [one for command in commands for one in _readings(command) if one.secret or not column]
    found = find_rows(connection, table, {lookalike_key(one.canonical) for one in asked})
    chosen = [_choose_key(table, command, found) for command in commands]
    return Fetched([one for one, _ in chosen], {}, {try_key(table, one): rows for one, rows in chosen if rows})


def _choose_key(
    table: StoredTable, command: AskTable, found: Mapping[str, Sequence[TableRow]]
) -> tuple[AskTable, Sequence[TableRow]]:
    """Return the reading that has a row, with the rows that it opens; a key that is written as its row is goes first.

    Without a row the command keeps all its readings: each was a try.
    """
    readings = _readings(command)
    opened = [_opened(table, one, found) for one in readings]
    for is_exact in (True, False):
        for one, rows in zip(readings, opened, strict=True):
            if rows and (not is_exact or any(row.canonical == one.canonical for row in rows)):
                return one, rows
    return command, ()


def _readings(command: AskTable) -> Sequence[AskTable]:
    """Return each reading of a command by itself."""
    others = [
        replace(command, written=one.written, canonical=one.canonical, secret=one.secret, instead=())
        for one in command.instead
    ]
    return [replace(command, instead=()) if others else command, *others]


def _opened(table: StoredTable, command: AskTable, found: Mapping[str, Sequence[TableRow]]) -> Sequence[TableRow]:
    column = table.definition.secret_column
    alike = found.get(lookalike_key(command.canonical), ()) if command.secret or not column else ()
    return [
        row
        for row in alike
        if (not column or _opens(row.cells[column], command.secret or "")) and _is_one_key(command, row, table)
    ]


def _is_one_key(command: AskTable, row: TableRow, table: StoredTable) -> bool:
    """Return whether two numbers with a slash between them are a row's key: `16/17` is no way to write 1617."""
    return _SLASH.search(command.written) is None or _SLASH.search(row.cells[table.definition.key_column]) is not None


def _opens(secret: str, given: str) -> bool:
    """Compare two secrets by their look-alike form; a row without one opens to nobody."""
    wanted, said = (lookalike_key(canonical(one)).encode() for one in (secret, given))
    return bool(wanted) and compare_digest(wanted, said)


def _secrets_tried(table: StoredTable, connection: Connection, command: AskTable, dossiers: Dossiers) -> SecretsTried:
    """Return a wrong secret that an operator tried: it counts as a guess of theirs."""
    del dossiers
    readings = [one for one in _readings(command) if one.secret]
    if not readings:
        return SecretsTried()
    found = find_rows(connection, table, {lookalike_key(one.canonical) for one in readings})
    is_open = any(_opened(table, one, found) for one in readings)
    return SecretsTried(wrong=() if is_open else (None,))


def _guessable(table: StoredTable, command: AskTable) -> Guessable:
    """Name the keys that are tried with a secret. Rows without one are open to all: nothing is guessed.

    The same key with a word before it (`KH001234`) is no further try.
    """
    first, *others = _readings(command)
    same = first.canonical, first.secret
    further = [one for one in others if (one.canonical[-len(first.canonical) :], one.secret) != same]
    readings = [one for one in (first, *further) if one.secret]
    return Guessable([Tried(try_key(table, one), table.name + lookalike_key(one.canonical)) for one in readings])
