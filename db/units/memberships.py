"""Who works for which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select

from db.schema import operator, operator_unit, unit
from db.store.prepared_statements import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """An operator's work for a unit."""

    operator_id: int
    unit_id: int
    leads: bool = False
    capacity: int | None = None
    """Waiting tickets that this agent counts for; None: as the unit says."""
    topics: Sequence[str] | None = None
    """Codes of the topics that this agent works on; None: all."""
    until: datetime | None = None
    """The end of a stand-in."""


_COLUMNS = (
    operator_unit.c.operator_id,
    operator_unit.c.unit_id,
    operator_unit.c.leads,
    operator_unit.c.capacity,
    operator_unit.c.topics,
    operator_unit.c.until,
)
_ACTIVE = (
    select(*_COLUMNS)
    .join(operator, operator.c.id == operator_unit.c.operator_id)
    .join(unit, unit.c.id == operator_unit.c.unit_id)
    .where(
        operator.c.disabled.is_(False),
        unit.c.disabled.is_(False),
        or_(
            operator_unit.c.until.is_(None), operator_unit.c.until > bindparam("now", type_=operator_unit.c.until.type)
        ),
    )
    .order_by(operator_unit.c.unit_id, operator_unit.c.operator_id)
)
_MEMBERS_OF = Prepared(_ACTIVE.where(operator_unit.c.unit_id == bindparam("of_unit")))


def set_membership(connection: Connection, membership: Membership) -> None:
    """Let an operator work for a unit, as given."""
    remove_membership(connection, membership.operator_id, membership.unit_id)
    connection.execute(
        insert(operator_unit).values(
            operator_id=membership.operator_id,
            unit_id=membership.unit_id,
            leads=membership.leads,
            capacity=membership.capacity,
            topics=None if membership.topics is None else " ".join(membership.topics),
            until=membership.until,
        )
    )


def remove_membership(connection: Connection, operator_id: int, unit_id: int) -> None:
    """Let an operator work for a unit no more."""
    connection.execute(
        delete(operator_unit).where(operator_unit.c.operator_id == operator_id, operator_unit.c.unit_id == unit_id)
    )


def memberships_of(connection: Connection, operator_id: int, now: datetime) -> Sequence[Membership]:
    """Return the units that an operator works for now; none for one who is shut out. Units in use only."""
    return _read(connection, operator_unit.c.operator_id == operator_id, now)


def members_of(connection: Connection, unit_id: int, now: datetime) -> Sequence[Membership]:
    """Return who works for a unit now."""
    return [_membership(row) for row in _MEMBERS_OF.fetch(connection, {"of_unit": unit_id, "now": now})]


def list_memberships(connection: Connection, unit_id: int) -> Sequence[Membership]:
    """List every membership of a unit, by operator: ended ones too, and those of operators who are disabled."""
    asked = select(*_COLUMNS).where(operator_unit.c.unit_id == unit_id).order_by(operator_unit.c.operator_id)
    return [_membership(tuple(row)) for row in connection.execute(asked)]


def _read(connection: Connection, whose: ColumnElement[bool], now: datetime) -> Sequence[Membership]:
    return [_membership(tuple(row)) for row in connection.execute(_ACTIVE.where(whose), {"now": now})]


def _membership(row: tuple[Any, ...]) -> Membership:
    operator_id, unit_id, leads, capacity, topics, until = row
    return Membership(
        operator_id=operator_id,
        unit_id=unit_id,
        leads=leads,
        capacity=capacity,
        topics=None if topics is None else tuple(topics.split()),
        until=until,
    )
