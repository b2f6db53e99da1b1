"""What somebody asks for, with a file -> a version of a table with its rows; or every reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from db.citizens.lookups import (
    ROWS_A_STEP,
    LineFault,
    NewRow,
    StoredTable,
    TableDefinition,
    add_rows,
    add_table,
    answering,
    list_tables,
)
from db.schema import KeyShape, LookupState
from db.store.engine import Database
from handlers.commands.own_table import MOST_ANSWER_SEGMENTS, handler_of
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from handlers.wording.catalogue import placeholders
from handlers.wording.contacts import find_contacts
from handlers.wording.fit import room
from handlers.wording.plain import links_left_out, plain
from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.own_tables.columns import slug
from sms_gateway.back_office.own_tables.commands_of_tables import clashes, help_fits
from sms_gateway.back_office.own_tables.messages import FAULTS
from sms_gateway.back_office.own_tables.table_rows import (
    FileLines,
    TakenRows,
    UnusableFileError,
    kinds_of,
    read_lines,
    take_rows,
)
from sms_gateway.settings.model import Settings

MOST_TITLE, MOST_LABEL, MOST_TEMPLATE, MOST_KEYWORDS = 40, 30, 600, 4

_NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")
_NO_NAME = "-"
"""Stands for a name that is a fault itself, so that the other faults are found too."""
_KEYWORD = re.compile(r"[A-Z]{2,10}")
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody asks for, as it was typed. Without a file it is an own answer."""

    name: str
    title: str
    keywords: str
    template: str
    shape: KeyShape = KeyShape.NONE
    key_label: str = ""
    key_column: str = ""
    """A heading of the file; empty: its first column."""
    secret_column: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a table is made for: the settings, and the commands that there are."""

    settings: Settings
    service: ServiceFacts
    handlers: Handlers

    @property
    def own_numbers(self) -> Sequence[str]:
        """Return the telephone numbers that answers may name: the short codes and the hotline."""
        return (*self.settings.short_codes, self.service.hotline)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldFault:
    """What is wrong with one field of the form."""

    field: str
    message: LocalisedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedTable:
    """A version that can be stored, and its rows."""

    table: StoredTable
    rows: Sequence[NewRow] = ()
    left_out: int = 0
    """Lines that are left out; of many only the first are named in the table."""


class RefusedTableError(Exception):
    """The table cannot be made; every fault with its field."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__("; ".join(str(fault.message) for fault in faults))
        self.faults = faults


def make_table(
    database: Database,
    asked: Asked,
    file: Path | FileLines | None,
    around: Surroundings,
    *,
    made_by: str,
    new_id: Callable[[], int],
    now: datetime,
) -> StoredTable:
    """Store a version of a table with its rows and return it; raises RefusedTableError, and then nothing is stored.

    It is no draft before `end_loading`, which the caller does in the transaction that records who made it.
    """
    with database.read() as connection:
        made = check_table(connection, asked, file, around, made_by=made_by, new_id=new_id, now=now)
    store_version(database, made, new_id=new_id)
    return made.table


def store_version(database: Database, made: CheckedTable, *, new_id: Callable[[], int]) -> None:
    """Store a version in many short transactions: texts are stored and answered meanwhile.

    A process that ends in between leaves a version that answers nobody; it is deleted with the drafts.
    """
    with database.write() as connection:
        add_table(connection, replace(made.table, state=LookupState.LOADING))
    for start in range(0, len(made.rows), ROWS_A_STEP):
        with database.write() as connection:
            add_rows(connection, made.table.id, made.rows[start : start + ROWS_A_STEP], new_id=new_id)


def check_table(
    connection: Connection,
    asked: Asked,
    file: Path | FileLines | None,
    around: Surroundings,
    *,
    made_by: str,
    new_id: Callable[[], int],
    now: datetime,
) -> CheckedTable:
    """Return the version that somebody asks for, with its rows; raises RefusedTableError.

    Lines that cannot be taken are left out and named in it.
    """
    about = _definition(asked)
    faults = list(_of_form(asked, about))
    rows: TakenRows | None = None
    if not about.has_rows and file is not None:
        faults.append(_fault("file", "no_rows"))
    elif about.has_rows and not any(fault.field == "template" for fault in faults):
        if file is None:
            faults.append(_fault("file", "json"))
        else:
            about, rows, of_file = _with_file(asked, about, file, around)
            faults += of_file
    draft = StoredTable(
        id=new_id(),
        name=asked.name if _NAME.fullmatch(asked.name) else _NO_NAME,
        state=LookupState.DRAFT,
        definition=about,
        made_by=made_by,
        made_at=now,
    )
    if not any(fault.field == "keywords" for fault in faults):
        faults += _beside_others(draft, answering(list_tables(connection), now), around)
    if faults:
        raise RefusedTableError(faults)
    if rows is None:
        return CheckedTable(table=draft)
    return CheckedTable(
        table=replace(draft, row_count=len(rows.rows), faults=rows.faults), rows=rows.rows, left_out=rows.left_out
    )


def _definition(asked: Asked) -> TableDefinition:
    template = _FIELD.sub(lambda field: f"{{{slug(field[1])}}}", " ".join(asked.template.split()))
    return TableDefinition(
        title=plain(asked.title) if not set(asked.title) & set("{}") else "",
        keywords=tuple(dict.fromkeys(asked.keywords.upper().replace(",", " ").split())),
        shape=asked.shape,
        template=template,
        key_label=plain(asked.key_label) if not set(asked.key_label) & set("{}") else "",
        secret_column=slug(asked.secret_column),
        longest=len(plain(template)),
    )


def _of_form(asked: Asked, about: TableDefinition) -> Iterator[FieldFault]:
    if _NAME.fullmatch(asked.name) is None:
        yield _fault("name", "name")
    if not 0 < len(about.title) <= MOST_TITLE or find_contacts(about.title):
        yield _fault("title", "title")
    if not 0 < len(about.keywords) <= MOST_KEYWORDS or not all(map(_KEYWORD.fullmatch, about.keywords)):
        yield _fault("keywords", "keywords")
    if about.has_rows and not 0 < len(about.key_label) <= MOST_LABEL:
        yield _fault("key_label", "key_label")
    yield from _of_template(about)


def _of_template(about: TableDefinition) -> Iterator[FieldFault]:
    if not 0 < len(about.template) <= MOST_TEMPLATE:
        yield _fault("template", "template")
        return
    try:
        named = placeholders(about.template)
    except ValueError:
        yield _fault("template", "brace")
        return
    if "" in named or "{{" in about.template or "}}" in about.template:
        yield _fault("template", "brace")
    elif not about.has_rows and named:
        yield _fault("template", "unknown", column=min(named), columns="-")
    for link in links_left_out(about.template):
        yield _fault("template", "link", link=link)
    most, length = room(MOST_ANSWER_SEGMENTS), len(plain(_FIELD.sub("", about.template)))  # without the cells
    if length > most:
        yield _fault("template", "answer_long", count=length, most=most)


def _with_file(
    asked: Asked, about: TableDefinition, given: Path | FileLines, around: Surroundings
) -> tuple[TableDefinition, TakenRows | None, Sequence[FieldFault]]:
    """Return the definition with its columns, the rows, and what is wrong with the columns or the whole file."""
    named = sorted(placeholders(about.template))
    try:
        file = given if isinstance(given, FileLines) else read_lines(given, named)
    except UnusableFileError as error:
        return about, None, [FieldFault(field="file", message=error.message)]
    key_column = slug(asked.key_column) or next(iter(file.columns), "")
    about = replace(about, key_column=key_column)
    faults = list(_of_columns(about, named, file))
    if faults:
        return about, None, faults
    used = tuple(dict.fromkeys([key_column, *([about.secret_column] if about.secret_column else []), *named]))
    about = replace(about, columns=used)
    kinds = kinds_of(file, used)  # the secret too: a person's rows are found by it
    if kinds and not about.secret_column:
        column = next(iter(kinds))
        return about, None, [_fault("secret_column", "secret_wanted", column=column)]
    rows = take_rows(file, about, kinds, around.own_numbers)
    if not rows.rows:
        first = rows.faults[0] if rows.faults else None
        why = FAULTS.message("line.cell") if first is None else line_message(first)
        return about, None, [_fault("file", "empty", fault=why)]
    return replace(about, longest=rows.longest, contacts=rows.contacts), rows, []


def line_message(fault: LineFault) -> LocalisedMessage:
    """Return the sentence for a line that was left out."""
    values = {} if fault.other is None else {"other": fault.other}
    return FAULTS.message("line", line=fault.line, fault=FAULTS.message(f"line.{fault.key}", **values))


def _of_columns(about: TableDefinition, named: Sequence[str], file: FileLines) -> Iterator[FieldFault]:
    columns = ", ".join(column for column in file.columns if column) or "-"
    if about.key_column not in file.columns or not about.key_column:
        yield _fault("key_column", "no_key_column", column=about.key_column, columns=columns)
    if about.secret_column and about.secret_column not in file.columns:
        yield _fault("secret_column", "no_secret_column", column=about.secret_column, columns=columns)
    for column in named:
        if column not in file.columns:
            yield _fault("template", "unknown", column=column, columns=columns)
    for column in sorted(file.doubled & {about.key_column, about.secret_column, *named}):
        yield _fault("file", "columns_alike", column=column)
    if about.secret_column in named:
        yield _fault("template", "secret_told", column=about.secret_column)


def _beside_others(draft: StoredTable, others: Sequence[StoredTable], around: Surroundings) -> Iterator[FieldFault]:
    found = clashes(around.settings, draft, others)
    for clash in found:
        yield _fault("keywords", "keyword", fault=clash.wrong)
    if not found and not help_fits(around.service, around.handlers, handler_of(draft), draft.definition.keywords[0]):
        yield _fault("keywords", "help_full")


def _fault(field: str, key: str, **values: str | int | LocalisedMessage) -> FieldFault:
    return FieldFault(field=field, message=FAULTS.message(key, **values))
