"""Stand-ins: rows written for a refused log-in that has none of its own, so that its time does not show who exists.

A commit takes a thousand times as long as a comparison. So every refused log-in runs the same statements and commits as
often, whether the name exists, is locked, or is nobody's. A stand-in says nothing of the name that was typed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from db import audit
from db.address_tries import count_wrong
from db.log_in_tries import NOBODY
from db.schema import operator

STAND_IN = "stand-in"
"""Stands for an address in the one row that is written; no address looks so."""


def write_instead_of_try(connection: Connection, now: datetime) -> None:
    """Do the work of `db.log_in_tries.count_try` once it counts: an operator's row, here nobody's, and a place."""
    connection.execute(update(operator).where(operator.c.id == NOBODY).values(failures=0, locked_until=None))
    count_wrong(connection, STAND_IN, now)


def write_instead_of_entry(connection: Connection, now: datetime) -> None:
    """Do the work of `db.audit.append`."""
    audit.take_turn(connection)
    count_wrong(connection, STAND_IN, now)
