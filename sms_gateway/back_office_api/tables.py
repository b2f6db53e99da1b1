"""`/back-office/tables`: own look-up tables, made and filled by a system of the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from db.back_office.api_clients import Scope, maker_of
from db.citizens.lookups import (
    StoredTable,
    answering,
    approve_rows,
    end_loading,
    find_table,
    list_tables,
    remove_table,
    replace_waiting,
    submit_table,
)
from db.schema import KeyShape, LookupState
from db.staff import audit
from db.staff.audit import Action
from sms_gateway.back_office.own_tables.making import (
    Asked,
    CheckedTable,
    RefusedTableError,
    Surroundings,
    check_table,
    line_message,
    store_version,
)
from sms_gateway.back_office.own_tables.table_rows import lines_of
from sms_gateway.back_office_api.operation import FLAG, TRUE, ApiAnswer, ApiCall, Operation, Parameter, Refusal, refuse
from sms_gateway.log import event, logger_of
from sms_gateway.web.dependencies import dependencies

MOST_OCTETS = 5 * 1024 * 1024
MOST_ROWS = 50_000
"""Rows of one request: all of them are checked in memory."""

_LOG = logger_of(__name__)
_FIELDS = {"template": "answer", "file": "rows"}
"""Names of fields here, by those of the form."""

TableCell = str | int | float | bool | None
TableRow = dict[Annotated[str, Field(max_length=200)], TableCell]
TableRows = Annotated[list[TableRow], Field(max_length=MOST_ROWS)]
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class NewTable(BaseModel):
    """A version of a table. Without a shape it is an own answer: a keyword and a sentence, without rows."""

    model_config = _STRICT

    title: str = Field(max_length=80, description="what it is about, as the help says it")
    keywords: list[Annotated[str, Field(max_length=20)]] = Field(max_length=4, description="answers name the first")
    answer: str = Field(max_length=600, description="the answer; {column} stands for a cell")
    shape: KeyShape = Field(default=KeyShape.NONE, description="how the key is read")
    key_label: str = Field(default="", max_length=60, description="what citizens write behind the keyword")
    key_column: str = Field(default="", max_length=200, description="the column of the key; a table needs it")
    secret_column: str = Field(default="", max_length=200, description="the column whose cell opens a row")
    rows: TableRows = Field(default=[], description="each names its cells by their columns")


class OtherRows(BaseModel):
    """All rows of a table; those of before end."""

    model_config = _STRICT

    rows: TableRows = Field(description="each names its cells by their columns")


class RowFault(BaseModel):
    """A row that was left out."""

    row: int = Field(description="its place in the request, from 1")
    fault: str = Field(description="why, without its content")


class VersionAnswer(BaseModel):
    """What became of the request."""

    error_code: int = Field(default=0, description="0: the request was read")
    stored: bool = Field(description="false: it was a preview")
    state: LookupState = Field(
        description="approved: it answers in five seconds; waiting: a second person must approve"
    )
    rows: int = Field(description="rows taken")
    left_out: int = Field(description="rows that were left out")
    longest: int = Field(description="characters of the longest answer")
    faults: list[RowFault] = Field(description="the first thousand of the rows that were left out")


class TableState(BaseModel):
    """A version of a table."""

    name: str
    title: str
    keywords: list[str]
    columns: list[str]
    key_column: str
    secret_column: str
    state: LookupState
    answers: bool = Field(description="it is the version that answers now")
    rows: int
    made_by: str
    made_at: datetime
    approved_by: str | None


class TableList(BaseModel):
    """Every version, the oldest first."""

    result: list[TableState]


def show_tables(call: ApiCall) -> ApiAnswer:
    """List the versions, with what each does now."""
    with dependencies().database.read() as connection:
        every = list_tables(connection)
    current = {one.id for one in answering(every, call.now)}
    return ApiAnswer(body=TableList(result=[_state_of(one, answers=one.id in current) for one in every]))


def put_table(call: ApiCall) -> ApiAnswer:
    """Store a version of a table, and put it forward: a second person approves it."""
    try:
        given = NewTable.model_validate_json(call.body)
    except ValidationError as error:
        return refuse(400, _first_of(error))
    if "shape" not in given.model_fields_set and (given.rows or given.key_column or given.secret_column):
        return refuse(409, "shape: it is missing; with rows write digits, code or words: how the key is read")
    if given.shape is not KeyShape.NONE and not given.key_column:  # objects of JSON have no first column
        return refuse(409, "key_column: name the column of the key")
    asked = Asked(
        name=call.path["name"],
        title=given.title,
        keywords=" ".join(given.keywords),
        template=given.answer,
        shape=given.shape,
        key_label=given.key_label,
        key_column=given.key_column,
        secret_column=given.secret_column,
    )
    return _answer(call, asked, given.rows, None)


def put_rows(call: ApiCall) -> ApiAnswer:
    """Replace the rows of a table. What was approved answers with them at once."""
    try:
        given = OtherRows.model_validate_json(call.body)
    except ValidationError as error:
        return refuse(400, _first_of(error))
    with dependencies().database.read() as connection:
        named = [one for one in list_tables(connection) if one.name == call.path["name"] and one.definition.has_rows]
    current = next(iter(answering(named, call.now)), None)
    waiting = [one for one in named if one.state is LookupState.WAITING]
    before = current or (waiting[-1] if waiting else None)
    if before is None:
        return refuse(404, "no table of this name answers or waits for approval: make it first")
    about = before.definition
    asked = Asked(
        name=before.name,
        title=about.title,
        keywords=" ".join(about.keywords),
        template=about.template,
        shape=about.shape,
        key_label=about.key_label,
        key_column=about.key_column,
        secret_column=about.secret_column,
    )
    return _answer(call, asked, given.rows, before)


def _answer(call: ApiCall, asked: Asked, rows: Sequence[TableRow], before: StoredTable | None) -> ApiAnswer:
    parts = dependencies()
    waiting = before if before is not None and before.state is LookupState.WAITING else None
    around = Surroundings(settings=parts.settings, service=parts.service, handlers=parts.handlers)
    given = lines_of(rows) if rows or asked.shape is not KeyShape.NONE else None
    try:
        with parts.database.read() as connection:
            made = check_table(
                connection,
                asked,
                given,
                around,
                made_by=maker_of(call.client.name) if waiting is None else waiting.made_by,
                new_id=parts.new_id,
                now=call.now,
            )
    except RefusedTableError as refused:
        return refuse(409, "; ".join(f"{_FIELDS.get(one.field, one.field)}: {one.message}" for one in refused.faults))
    is_approved = (
        before is not None and before.state is LookupState.APPROVED and not made.table.definition.contacts.rows
    )
    stored = call.query.get("preview", "") not in TRUE
    if stored and not _store(call, made, before, is_approved=is_approved):
        return refuse(409, "rows: the table was changed or switched off meanwhile: send the rows again")
    table = made.table
    answer = VersionAnswer(
        stored=stored,
        state=LookupState.APPROVED if is_approved else LookupState.WAITING,
        rows=table.row_count,
        left_out=made.left_out,
        longest=table.definition.longest,
        faults=[RowFault(row=one.line, fault=str(line_message(one))) for one in table.faults],
    )
    return ApiAnswer(body=answer)


def _store(call: ApiCall, made: CheckedTable, before: StoredTable | None, *, is_approved: bool) -> bool:
    """Store a version; with rows for an approved one `before` it answers, else it waits for a second person.

    Rows for one that waits take its place, with its maker and its time. False when another definition answers
    or waits meanwhile than the one that the rows were checked with: nothing is stored.
    """
    parts, table = dependencies(), made.table
    waiting = before if before is not None and before.state is LookupState.WAITING else None
    store_version(parts.database, made, new_id=parts.new_id)
    with parts.database.write() as connection:
        end_loading(connection, table.id)
        if before is not None and is_approved:
            is_current = approve_rows(connection, table.id, as_was=before, now=call.now)
        else:
            is_current = waiting is None or find_table(connection, waiting.id) == waiting
            if is_current:
                replace_waiting(connection, table, now=call.now, only_rows=before is not None)
            since = None if waiting is None or table.definition.contacts.rows else waiting.submitted_at
            submit_table(connection, table.id, now=since or call.now)
        if not is_current:
            remove_table(connection, table.id)
            return False
        what = f"lookup {'rows_replaced' if is_approved else 'made'} {table.name}"
        audit.append(
            connection,
            at=call.now,
            operator=table.made_by,
            action=Action.LOOKUP_CHANGED,
            subject=f"lookup:{table.id}",
            detail=what,
        )
    if parts.tables is not None:
        parts.tables.renew()
    event(_LOG, "table_stored", client=call.client.name, table=table.name, rows=len(made.rows), left_out=made.left_out)
    return True


def _state_of(one: StoredTable, *, answers: bool) -> TableState:
    about = one.definition
    return TableState(
        name=one.name,
        title=about.title,
        keywords=list(about.keywords),
        columns=list(about.columns),
        key_column=about.key_column,
        secret_column=about.secret_column,
        state=one.state,
        answers=answers,
        rows=one.row_count,
        made_by=one.made_by,
        made_at=one.made_at,
        approved_by=one.approved_by,
    )


def _first_of(error: ValidationError) -> str:
    """Say what is wrong first, without a value of the request."""
    (first, *_) = error.errors(include_url=False, include_context=False, include_input=False)
    place = ".".join(map(str, first["loc"])) or "the body"
    return f"{place[:200]}: {first['msg'][:200]}"


_PREVIEW = Parameter(name="preview", description="True: say what would be taken, and store nothing", values=FLAG)
_STORED: Mapping[int, tuple[str, type[BaseModel]]] = {
    200: ("What was taken, and why the rest was left out.", VersionAnswer),
    409: ("The table cannot be made; each fault with its field. Nothing was done.", Refusal),
}

SHOW = Operation(
    method="GET",
    path="/tables",
    name="show_tables",
    summary="List own tables and answers",
    description="Every version with its state; no rows.",
    scope=Scope.TABLES,
    view=show_tables,
    answers={200: ("The versions.", TableList)},
)

PUT_TABLE = Operation(
    method="PUT",
    path="/tables/<name>",
    name="put_table",
    summary="Make a version of a table or of an answer",
    description=(
        "Replaces the version of this name as a whole once it may answer: a second person must approve it on the "
        "pages; without one it answers after 24 hours. Columns that the answer does not need are not stored. Rows that "
        "cannot be taken are named and left out."
    ),
    scope=Scope.TABLES,
    view=put_table,
    takes=TypeAdapter(NewTable),
    parameters=(_PREVIEW,),
    answers=_STORED,
    most_octets=MOST_OCTETS,
)

PUT_ROWS = Operation(
    method="PUT",
    path="/tables/<name>/rows",
    name="put_table_rows",
    summary="Replace all rows of a table",
    description=(
        "Keywords, columns and answer stay. The rows of an approved table answer at once; they wait for a second "
        "person when one of them brings a link or a telephone number to citizens. Safe to repeat."
    ),
    scope=Scope.TABLES,
    view=put_rows,
    takes=TypeAdapter(OtherRows),
    parameters=(_PREVIEW,),
    answers={**_STORED, 404: ("No table of this name answers or waits.", Refusal)},
    most_octets=MOST_OCTETS,
)

TABLES: Sequence[Operation] = (SHOW, PUT_TABLE, PUT_ROWS)
