"""Whose tickets an operator sees: an argument of every query for tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import Connection

from db.staff.operator_row import Operator
from db.tickets.whole_ticket import Scope, Ticket, read_ticket
from db.units.memberships import Membership
from db.units.unit_rows import UnitRow, list_units
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.session import current_session
from sms_gateway.pages.site.scope import EVERY_UNIT, own_memberships, scope_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What the operator of a request may see, read once."""

    operator: Operator
    scope: Scope
    units: Sequence[UnitRow]
    """The units whose tickets they see, by name; also those that are disabled."""
    memberships: Sequence[Membership]

    @property
    def unit_id(self) -> int | None:
        """Return the unit for which the operator acts; None for one who is a member of none."""
        return self.memberships[0].unit_id if self.memberships else None

    @property
    def sorts(self) -> bool:
        """Return whether the operator files texts that nobody chose a ticket for: members of the focal unit."""
        return self.scope.units is None or any(one.is_focal for one in self.units)

    def leads(self, unit_id: int | None) -> bool:
        """Return whether the operator leads a unit, or may do what its lead may."""
        return self.operator.role in EVERY_UNIT or unit_id in self.scope.led

    def names(self) -> Mapping[int, str]:
        """Return the names of the units, by id."""
        return {one.id: one.name for one in self.units}


def sight(connection: Connection) -> Sight:
    """Return what the operator of this request may see."""
    operator = current_session().operator
    memberships = own_memberships(connection, operator)
    scope = scope_of(operator, memberships)
    units = [one for one in list_units(connection) if scope.units is None or one.id in scope.units]
    return Sight(
        operator=operator,
        scope=scope,
        units=sorted(units, key=lambda one: one.folded),
        memberships=memberships,
    )


def seen_ticket(connection: Connection, ticket_id: int, scope: Scope) -> Ticket:
    """Return a ticket that may be seen; raise 404 for any other, whether or not it exists."""
    return read_ticket(connection, bounded(ticket_id), scope) or abort(404)
