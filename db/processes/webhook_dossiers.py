"""Events of dossiers, for systems of the city: written with the change of the dossier, or with its answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from db.processes.webhook_events import note_events
from db.schema import DossierStatus, WebhookType

CodeAndStatus = tuple[str, DossierStatus]
"""What an event says of a dossier. The office knows it by its code; it holds no name."""


def note_changed(connection: Connection, dossiers: Iterable[CodeAndStatus], *, at: datetime) -> None:
    """Write that these dossiers are new, or that their facts changed. The status is the one that holds from now on."""
    note_events(connection, WebhookType.DOSSIER_CHANGED, (_facts(*one) for one in dossiers), at=at)


def note_asked(connection: Connection, dossiers: Iterable[CodeAndStatus], *, at: datetime) -> None:
    """Write that a citizen was told the state of these dossiers."""
    note_events(connection, WebhookType.DOSSIER_ASKED, (_facts(*one) for one in dossiers), at=at)


def _facts(code: str, status: DossierStatus) -> dict[str, str]:
    return {"dossier": code, "status": status.value}
