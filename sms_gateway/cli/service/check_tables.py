"""`sms-gateway check` with own tables on: which answer, and which are left out, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

from db.citizens.lookups import StoredTable, answering, list_tables
from db.schema import LookupState
from db.store.engine import open_database
from db.store.sealing import Keyring
from handlers.commands.own_table import MOST_ANSWER_SEGMENTS
from handlers.wording.fit import room
from sms_gateway.back_office.own_tables.commands_of_tables import clashes, wrong_in
from sms_gateway.cli.counted import counted
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import utc_now
from sms_gateway.settings.model import Settings


def table_verdicts(settings: Settings, keyring: Keyring) -> Iterator[Verdict]:
    """Look at the tables that answer, and at those that wait for approval. The database could be read a moment ago."""
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        tables = _looked_at(list_tables(connection), utc_now())
    usable: list[StoredTable] = []
    for table in tables:
        fault = _fault(settings, table, usable)
        if fault is None:
            usable.append(table)
        else:
            yield Verdict(mark=Mark.CAUTION, subject=f"own table {table.name}", text=f"is left out: {fault}")
    words = "; ".join(f"{one.name} ({', '.join(one.definition.keywords)})" for one in usable)
    text = counted(len(usable), "table or answer", "tables and answers") + (f": {words}" if words else "")
    yield Verdict(mark=Mark.OK, subject="own tables", text=text)


def _looked_at(every: Sequence[StoredTable], now: datetime) -> Sequence[StoredTable]:
    """Return of each table the version that answers, or else the one that waits to be approved."""
    current = answering(every, now)
    names = {one.name for one in current}
    waiting = {one.name: one for one in every if one.state is LookupState.WAITING and not one.off}
    return [*current, *(one for name, one in waiting.items() if name not in names)]


def _fault(settings: Settings, table: StoredTable, usable: Sequence[StoredTable]) -> str | None:
    """Say why a table cannot answer, as the service finds it when it reads the tables; None: it can."""
    about = table.definition
    match wrong_in(about):
        case None:
            found = clashes(settings, table, usable)
            return f"{found[0].wrong}; fix: give it another keyword, or change [services]" if found else None
        case "too_long":
            most = room(MOST_ANSWER_SEGMENTS)
            return f"its longest answer has {about.longest} characters, and the most is {most}; fix: shorten its answer"
        case _:
            return "its answer names a column that the table does not have; fix: add it again with another answer"
