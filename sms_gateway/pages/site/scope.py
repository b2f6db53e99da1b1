"""Whose tickets an operator may see, by role and memberships."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from db.schema import OperatorRole
from db.staff.operator_row import Operator
from db.tickets.whole_ticket import Scope
from db.units.memberships import Membership, memberships_of
from sms_gateway.web.dependencies import dependencies

EVERY_UNIT = frozenset({OperatorRole.OPERATOR, OperatorRole.ADMINISTRATOR})
"""Roles that see the tickets of all units. Accusations are for those who lead the unit, whatever their role."""


def units_of(connection: Connection, operator: Operator) -> Scope:
    """Return whose tickets an operator sees: an agent those of own units, a viewer none."""
    return scope_of(operator, own_memberships(connection, operator))


def own_memberships(connection: Connection, operator: Operator) -> Sequence[Membership]:
    """Return the memberships that an operator has now."""
    return memberships_of(connection, operator.id, dependencies().now())


def scope_of(operator: Operator, memberships: Sequence[Membership]) -> Scope:
    """Return the same of memberships that were read."""
    led = frozenset(one.unit_id for one in memberships if one.leads)
    if operator.role in EVERY_UNIT:
        return Scope(units=None, led=led)
    own = frozenset(one.unit_id for one in memberships) if operator.role is OperatorRole.AGENT else frozenset()
    return Scope(units=own, led=led & own)
