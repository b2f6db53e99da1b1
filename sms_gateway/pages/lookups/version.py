"""One version of a table: its first answers, the lines left out, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import abort, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.back_office.api_clients import list_clients, maker_of
from db.citizens.lookups import (
    StoredTable,
    answering,
    approve_table,
    find_table,
    first_rows,
    list_tables,
    remove_table,
    submit_table,
    switch_table,
)
from db.schema import LookupState
from db.staff.audit import Action
from handlers.commands.own_table import HIDDEN, told
from handlers.wording.contacts import find_contacts
from handlers.wording.plain import plain
from sms_gateway.back_office.own_tables.commands_of_tables import near_ones
from sms_gateway.back_office.own_tables.making import line_message
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.lookups.tables import state_of
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say

SHOWN_ROWS, SHOWN_FAULTS = 10, 100

_REMOVABLE = (LookupState.DRAFT, LookupState.WAITING)


def table_version(table_id: int) -> str:
    """Show a version as a second person must see it before it answers."""
    parts = dependencies()
    with parts.database.read() as connection:
        table = _find(connection, table_id)
        answers = _first_answers(connection, table)
        current = answering(list_tables(connection), parts.now())
        is_first = _is_first_person(connection, table)
    noted = table.definition.contacts
    allowed = (*parts.settings.short_codes, parts.service.hotline)
    return render_template(
        "lookups/table.html",
        table=table,
        about=table.definition,
        state=state_of(table, answers=table.id in {one.id for one in current}),
        answers=[(text, parts.traits.others.segments_of(text)) for text in answers],
        faults=[say(line_message(one)) for one in table.faults[:SHOWN_FAULTS]],
        near=near_ones(parts.settings, table, current),
        contacts=list(dict.fromkeys([*find_contacts(table.definition.template, allowed), *noted.shown])),
        noted=noted,
        may_submit=table.state is LookupState.DRAFT,
        may_approve=table.state is LookupState.WAITING and not is_first,
        is_own=table.state is LookupState.WAITING and is_first,
        may_remove=table.state in _REMOVABLE,
        may_switch_off=any(one.name == table.name for one in current),
    )


def submit_version(table_id: int) -> Response:
    """Put a draft forward: a second person may approve it, and in 24 hours it answers. Safe to repeat."""
    return _act(table_id, "submitted", lambda connection, one: submit_table(connection, one.id, now=_now()))


def approve_version(table_id: int) -> Response:
    """Approve a version that another person made. Safe to repeat."""
    name = current_session().operator.name

    def approve(connection: Connection, one: StoredTable) -> bool:
        return not _is_first_person(connection, one) and approve_table(connection, one.id, by=name, now=_now())

    return _act(table_id, "approved", approve)


def remove_version(table_id: int) -> Response:
    """Delete a version that was not approved."""

    def remove(connection: Connection, one: StoredTable) -> bool:
        return one.state in _REMOVABLE and remove_table(connection, one.id)

    return _act(table_id, "removed", remove, back=url_for("admin.lookup_tables"))


def switch_table_off(table_id: int) -> Response:
    """Switch a table off at once, with all its versions. Safe to repeat."""
    return _act(table_id, "switched_off", lambda connection, one: switch_table(connection, one.name, off=True))


def switch_table_on(table_id: int) -> Response:
    """Switch a table on again. Safe to repeat."""
    return _act(table_id, "switched_on", lambda connection, one: switch_table(connection, one.name, off=False))


def _act(
    table_id: int, what: str, act: Callable[[Connection, StoredTable], bool], *, back: str | None = None
) -> Response:
    parts = dependencies()
    with parts.database.write() as connection:
        table = _find(connection, table_id)
        if not act(connection, table):
            abort(409)
        note(connection, Action.LOOKUP_CHANGED, f"lookup:{table.id}", f"lookup {what} {table.name}")
    if parts.tables is not None:
        parts.tables.renew()
    return done(back or url_for("admin.table_version", table_id=table.id), f"done.table_{what}", name=table.name)


def _is_first_person(connection: Connection, table: StoredTable) -> bool:
    """Return whether who is logged in made a version, or made the key by which a system made it."""
    name = current_session().operator.name
    makers = {table.made_by}
    for client in list_clients(connection):
        if maker_of(client.name) == table.made_by:
            makers |= client.key_makers
    return name in makers


def _find(connection: Connection, table_id: int) -> StoredTable:
    return find_table(connection, bounded(table_id)) or abort(404)


def _now() -> datetime:
    return dependencies().now()


def _first_answers(connection: Connection, table: StoredTable) -> Sequence[str]:
    """Return the first answers as citizens get them; what a secret opens is hidden."""
    about = table.definition
    if not about.has_rows:
        return [plain(about.template)]
    rows = first_rows(connection, table, SHOWN_ROWS)
    if not about.secret_column:
        return [told(about.template, dict(row.cells)) for row in rows]
    hidden = dict.fromkeys(about.columns, HIDDEN)
    return [told(about.template, hidden | {about.key_column: row.cells[about.key_column]}) for row in rows]
