"""What commands write into the audit log: the same as the pages, under a name that no operator has."""

from __future__ import annotations

from sqlalchemy import Connection

from db.staff import audit
from db.staff.operators import COMMAND_LINE
from sms_gateway.clock import utc_now


def note(connection: Connection, action: audit.Action, subject: str = "", detail: str = "") -> None:
    """Record what a command does, in its transaction; neither subject nor detail may hold personal data."""
    audit.append(connection, at=utc_now(), operator=COMMAND_LINE, action=action, subject=subject, detail=detail)
