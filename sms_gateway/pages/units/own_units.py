"""Which units an operator may see: an agent those that they lead, operators and administrators every one."""

from __future__ import annotations

from flask import abort
from sqlalchemy import Connection

from db.schema import OperatorRole
from db.units.memberships import memberships_of
from db.units.unit_rows import UnitRow, find_unit
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies


def led_units(connection: Connection) -> frozenset[int] | None:
    """Return the ids of the units that the operator of this request may see; None: every unit."""
    operator = current_session().operator
    if operator.role is not OperatorRole.AGENT:
        return None
    found = memberships_of(connection, operator.id, dependencies().now())
    return frozenset(one.unit_id for one in found if one.leads)


def visible_unit(connection: Connection, unit_id: int) -> UnitRow:
    """Return a unit; raise 404 for one that is not there, and for one of others."""
    own = led_units(connection)
    if own is not None and unit_id not in own:
        abort(404)
    return find_unit(connection, bounded(unit_id)) or abort(404)


def known_unit(connection: Connection, unit_id: int) -> UnitRow:
    """Return a unit for a page of administrators; raise 404 for one that is not there."""
    return find_unit(connection, bounded(unit_id)) or abort(404)
