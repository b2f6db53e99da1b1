"""Events of dossiers, for systems of the city: written with the change of the dossier, or with its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from db.processes.webhook_events import is_wanted, note_events
from db.schema import DossierStatus, WebhookType, dossier_asked
from db.store.prepared_statements import Prepared

STEP = 20
"""Rounds in one transaction: nobody waits long for the rows of their events."""

CodeAndStatus = tuple[str, DossierStatus]
"""What an event says of a dossier. The office knows it by its code; it holds no name."""

_ADD_ASKED = Prepared(insert(dossier_asked), "id", "at", "dossiers")


def note_changed(connection: Connection, dossiers: Iterable[CodeAndStatus], *, at: datetime) -> None:
    """Write that these dossiers are new, or that their facts changed. The status is the one that holds from now on."""
    note_events(connection, WebhookType.DOSSIER_CHANGED, (_facts(*one) for one in dossiers), at=at)


def note_asked(
    connection: Connection, dossiers: Iterable[CodeAndStatus], *, at: datetime, new_id: Callable[[], int]
) -> None:
    """Write that citizens were told the state of these dossiers: one short row for all of them.

    Rows of events are long and in two indexes, and this is done for each DVC. So `spread_asked` makes them, in the
    process that sends them.
    """
    if is_wanted(connection, WebhookType.DOSSIER_ASKED):
        told = "\n".join([f"{status.value} {code}" for code, status in dossiers])
        _ADD_ASKED.run_many(connection, [(new_id(), at, told)])


def has_asked(connection: Connection) -> bool:
    """Return whether anything waits for `spread_asked`."""
    return connection.execute(select(dossier_asked.c.id).limit(1)).first() is not None


def spread_asked(connection: Connection, *, limit: int = STEP) -> int:
    """Write the events of dossiers that were asked for, one for each receiver; return for how many rounds.

    Safe to repeat, and several processes may do it at once: what is written is deleted in the same transaction.
    """
    asked = select(dossier_asked).order_by(dossier_asked.c.id).limit(limit).with_for_update(skip_locked=True)
    rows = connection.execute(asked).all()
    for row in rows:
        lines = (line.split(" ", 1) for line in row.dossiers.split("\n"))
        facts = [_facts(code, DossierStatus(status)) for status, code in lines]
        note_events(connection, WebhookType.DOSSIER_ASKED, facts, at=row.at)
    if rows:
        connection.execute(delete(dossier_asked).where(dossier_asked.c.id.in_([row.id for row in rows])))
    return len(rows)


def forget_asked(connection: Connection, *, before: datetime) -> int:
    """Delete what no process spread: its receivers were taken out of the settings; return how many rounds."""
    return connection.execute(delete(dossier_asked).where(dossier_asked.c.at < before)).rowcount


def _facts(code: str, status: DossierStatus) -> dict[str, str]:
    return {"dossier": code, "status": status.value}
