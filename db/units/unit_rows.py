"""Units and their other names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, delete, false, insert, select, update

from db.schema import unit, unit_alias, ward
from db.store.prepared_statements import Prepared

SMS_NAME_LETTERS = 30
NAME_LETTERS = 120
CODE_LETTERS = 32
PHONE_LETTERS = 40
ADDRESS_LETTERS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """A unit as it stands in the database."""

    id: int
    code: str
    name: str
    folded: str
    """The name as routing finds it."""
    calendar_id: int
    busy_capacity: int
    sms_name: str | None = None
    parent_id: int | None = None
    phone: str | None = None
    address: str | None = None
    is_focal: bool = False
    is_duty: bool = False
    assigns: bool = False
    disabled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasRow:
    """Another name of a unit."""

    folded: str
    unit_id: int
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WardRow:
    """A ward, and the unit that looks after it."""

    id: int
    name: str
    folded: str
    unit_id: int
    until: date | None = None


_UNIT = tuple(column.name for column in unit.c)
_UNITS = Prepared(select(unit).order_by(unit.c.code))  # each page of tickets names them


def add_unit(connection: Connection, row: UnitRow) -> None:
    """Add a unit. Its parent may be added later in the same transaction."""
    connection.execute(insert(unit).values(asdict(row)))


def change_unit(connection: Connection, row: UnitRow) -> None:
    """Write a unit as it is given."""
    connection.execute(update(unit).where(unit.c.id == row.id).values(asdict(row)))


def find_unit(connection: Connection, unit_id: int) -> UnitRow | None:
    """Return a unit; None when there is none of this id."""
    row = connection.execute(select(unit).where(unit.c.id == unit_id)).one_or_none()
    return None if row is None else UnitRow(**row._asdict())


def make_focal(connection: Connection, unit_id: int) -> None:
    """Make a unit the focal unit, and no other."""
    connection.execute(update(unit).values(is_focal=unit.c.id == unit_id))


def make_duty(connection: Connection, unit_id: int | None) -> None:
    """Make a unit the duty unit, and no other; None: no unit is."""
    connection.execute(update(unit).values(is_duty=false() if unit_id is None else unit.c.id == unit_id))


def list_units(connection: Connection) -> Sequence[UnitRow]:
    """List every unit by code, disabled ones too."""
    return [UnitRow(**dict(zip(_UNIT, row, strict=True))) for row in _UNITS.fetch(connection, {})]


def set_alias(connection: Connection, row: AliasRow) -> None:
    """Let a name lead to a unit, and to no other any more."""
    connection.execute(delete(unit_alias).where(unit_alias.c.folded == row.folded))
    connection.execute(insert(unit_alias).values(asdict(row)))


def remove_alias(connection: Connection, folded: str, unit_id: int) -> bool:
    """Let a name lead to its unit no more; False when it does not lead there."""
    gone = delete(unit_alias).where(unit_alias.c.folded == folded, unit_alias.c.unit_id == unit_id)
    return connection.execute(gone).rowcount == 1


def list_aliases(connection: Connection) -> Sequence[AliasRow]:
    """List the other names of units, in their order."""
    return [AliasRow(**row._asdict()) for row in connection.execute(select(unit_alias).order_by(unit_alias.c.folded))]


def add_ward(connection: Connection, row: WardRow) -> None:
    """Add a ward."""
    connection.execute(insert(ward).values(asdict(row)))


def change_ward(connection: Connection, row: WardRow) -> bool:
    """Write a ward as it is given; False when it is gone."""
    return connection.execute(update(ward).where(ward.c.id == row.id).values(asdict(row))).rowcount == 1


def remove_ward(connection: Connection, ward_id: int) -> bool:
    """Delete a ward; False when it is gone. Its tickets stay, without the ward."""
    return connection.execute(delete(ward).where(ward.c.id == ward_id)).rowcount == 1


def list_wards(connection: Connection) -> Sequence[WardRow]:
    """List the wards by name, those of today first."""
    ordered = select(ward).order_by(ward.c.folded, ward.c.until.is_not(None), ward.c.id)
    return [WardRow(**row._asdict()) for row in connection.execute(ordered)]


def cycle_of(parents: dict[str, str | None]) -> Sequence[str]:
    """Return the units that lead back to themselves, by code of unit and parent, in their order; none when all is well.

    >>> cycle_of({"A": "B", "B": "C", "C": "B", "D": None})
    ['B', 'C']
    """
    done: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in done:
            if at in path:
                return list(path)[path[at] :]
            path[at] = len(path)
            at = parents.get(at)
        done |= path.keys()
    return []
