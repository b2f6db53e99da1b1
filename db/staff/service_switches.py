"""Services that an operator switched off for now; every process looks here every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from db.schema import switched_off


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchedOff:
    """Who switched a service off, and when."""

    operator: str
    at: datetime


def switch_off(connection: Connection, service: str, *, operator: str, now: datetime) -> bool:
    """Switch a service off; False when it is off already."""
    if find_switched_off(connection, service) is not None:
        return False
    connection.execute(insert(switched_off).values(service=service, operator=operator, at=now))
    return True


def switch_on(connection: Connection, service: str) -> bool:
    """Switch a service on again; False when it was on."""
    return connection.execute(delete(switched_off).where(switched_off.c.service == service)).rowcount == 1


def find_switched_off(connection: Connection, service: str) -> SwitchedOff | None:
    """Return who switched a service off; None while it is on."""
    asked = select(switched_off.c.operator, switched_off.c.at).where(switched_off.c.service == service)
    row = connection.execute(asked).one_or_none()
    return None if row is None else SwitchedOff(operator=row.operator, at=row.at)
