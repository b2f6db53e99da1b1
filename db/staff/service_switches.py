"""Services that an operator switched off for now; every process looks here every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import switched_off


@dataclass(frozen=True, kw_only=True, slots=True)
class SwitchedOff:
    """Who switched a service off, and when; and what citizens get meanwhile."""

    operator: str
    at: datetime
    sentence: str = ""
    """As it is sent; empty: the sentence of the wording."""


def switch_off(connection: Connection, service: str, *, operator: str, now: datetime, sentence: str = "") -> bool:
    """Switch a service off; False when it is off already, with the sentence of then."""
    row = {"service": service, "operator": operator, "at": now, "sentence": sentence}
    insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    written = insert(switched_off).values(row).on_conflict_do_nothing().returning(switched_off.c.service)
    return connection.execute(written).first() is not None  # somebody may press the same button at this moment


def switch_on(connection: Connection, service: str) -> bool:
    """Switch a service on again; False when it was on."""
    return connection.execute(delete(switched_off).where(switched_off.c.service == service)).rowcount == 1


def off_sentences(connection: Connection) -> Mapping[str, str]:
    """Return the sentence of each service that is off; empty: that of the wording."""
    return {name: one.sentence for name, one in list_switched_off(connection).items()}


def list_switched_off(connection: Connection) -> Mapping[str, SwitchedOff]:
    """Return the services that are off, by their name, in the order in which they were switched off."""
    asked = select(switched_off).order_by(switched_off.c.at, switched_off.c.service)
    return {
        row.service: SwitchedOff(operator=row.operator, at=row.at, sentence=row.sentence)
        for row in connection.execute(asked)
    }
