"""Own look-up tables and own answers: the list, and the form that makes a draft."""

from __future__ import annotations

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from flask import render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from db.citizens.lookups import StoredTable, answering, end_loading, list_tables
from db.schema import KeyShape
from db.staff.audit import Action
from sms_gateway.back_office.own_tables.making import Asked, RefusedTableError, Surroundings, make_table
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.language import say

_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm"})
_LONGEST = {"name": 20, "title": 80, "keywords": 60, "template": 600, "key_label": 60, "key_column": 60}
_LONGEST |= {"secret_column": 60}

Page = Response | str | tuple[str, int]


def lookup_tables() -> str:
    """List the versions of every table, with what each does now."""
    parts = dependencies()
    with parts.database.read() as connection:
        every = list_tables(connection)
    current = {one.id for one in answering(every, parts.now())}
    return render_template(
        "lookups/tables.html", tables=[(one, state_of(one, answers=one.id in current)) for one in every]
    )


def new_table() -> Page:
    """Show the form, or make a draft of it and of its file and lead to it."""
    form = Filled(
        values={"shape": KeyShape.CODE.value, **{name: request.args.get(name, "")[:80] for name in ("name",)}}
    )
    if request.method == "GET":
        return _form(form)
    values = {name: form.text(name, most=most) for name, most in _LONGEST.items()}
    shape = KeyShape(form.choice("shape", set(KeyShape)))
    if not form.is_sound:
        return _form(form), 400
    given = request.files.get("file")
    with TemporaryDirectory() as directory:
        made = _make(Asked(shape=shape, **values), _written(Path(directory), given), form)
    if made is None:
        return _form(form), 400
    return done(url_for("admin.table_version", table_id=made.id), "done.table_made")


def state_of(table: StoredTable, *, answers: bool) -> str:
    """Return in words what a version does now."""
    if table.off:
        return say("tables.is_off")
    return say("tables.answers") if answers else say(f"tables.is_{table.state.value}")


def _make(asked: Asked, file: Path | None, form: Filled) -> StoredTable | None:
    """Make a draft; None when it is refused, with each fault at its field."""
    parts = dependencies()
    around = Surroundings(settings=parts.settings, service=parts.service, handlers=parts.handlers)
    try:
        made = make_table(
            parts.database,
            asked,
            file,
            around,
            made_by=current_session().operator.name,
            new_id=parts.new_id,
            now=parts.now(),
        )
        with parts.database.write() as connection:
            end_loading(connection, made.id)
            note(connection, Action.LOOKUP_CHANGED, f"lookup:{made.id}", f"lookup made {made.name}")
    except RefusedTableError as refused:
        for fault in refused.faults:
            form.refuse(fault.field, say(fault.message))
        return None
    return made


def _written(directory: Path, given: FileStorage | None) -> Path | None:
    """Keep the file for as long as it is read; None when there is none of a kind that can be read."""
    ending = PurePath(given.filename or "").suffix.lower() if given is not None else ""
    if given is None or ending not in _ENDINGS:
        return None
    path = directory / f"table{ending}"
    given.save(path)
    return path


def _form(form: Filled) -> str:
    return render_template("lookups/new_table.html", form=form, shapes=list(KeyShape))
