"""A change of units and of what belongs to them: the rows and the audit entry, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from db.staff.audit import Action
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.web.dependencies import dependencies


@contextmanager
def changing(action: Action, subject: str, detail: str = "") -> Iterator[Connection]:
    """Open a transaction and record at its end what was done. An exception, and so an `abort`, undoes everything."""
    with dependencies().database.write() as connection:
        yield connection
        note(connection, action, subject, detail)
