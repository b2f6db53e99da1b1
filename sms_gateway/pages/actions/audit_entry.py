"""The audit log records what operators do, in the transaction that does it."""

from __future__ import annotations

from sqlalchemy import Connection

from db.staff import audit
from db.staff.audit import Action
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies


def note(connection: Connection, action: Action, subject: str = "", detail: str = "") -> None:
    """Record what the operator of this request does; neither subject nor detail may hold personal data."""
    note_of(connection, current_session().operator.name, action, subject, detail)


def note_of(connection: Connection, name: str, action: Action, subject: str = "", detail: str = "") -> None:
    """Record what somebody does who has no session yet."""
    audit.append(connection, at=dependencies().now(), operator=name, action=action, subject=subject, detail=detail)
