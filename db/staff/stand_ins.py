"""Stand-ins: rows written for a refused log-in that has none of its own, so that its time does not show who exists.

A commit takes a thousand times as long as a comparison. So every refused log-in runs the same statements and commits as
often, whether the name exists, is locked, or is nobody's. A stand-in says nothing of the name that was typed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from db.schema import operator
from db.staff import audit
from db.staff.address_lockout import count_wrong
from db.staff.log_in_attempts import NOBODY

STAND_IN = "stand-in"
"""Stands for an address in the one row that is written; no address looks so."""


def write_instead_of_try(connection: Connection, now: datetime) -> None:
    """Do the work of `db.staff.log_in_attempts.count_try` once it counts, for nobody's row and place."""
    connection.execute(update(operator).where(operator.c.id == NOBODY).values(failures=0, locked_until=None))
    count_wrong(connection, STAND_IN, now)


def write_instead_of_entry(connection: Connection, now: datetime) -> None:
    """Do the work of `db.staff.audit.append`."""
    audit.take_turn(connection)
    count_wrong(connection, STAND_IN, now)
