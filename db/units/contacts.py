"""The contacts of units: who is called, and who is texted when it is urgent. Names and phones are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from db.schema import unit, unit_contact
from db.store.address import Msisdn

PLACE_LETTERS = 80
NAME_LETTERS = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRow:
    """A contact of a unit. One with duty hours is a duty contact."""

    id: int
    unit_id: int
    place: str
    """The post, such as `truc ban`."""
    name: str = field(repr=False)
    phone: Msisdn = field(repr=False)
    position: int
    duty_from: int | None = None
    """Minute of the day on which the duty begins."""
    duty_to: int | None = None
    """Minute on which it ends: earlier than its beginning, over midnight; the same, all day."""


def add_contact(connection: Connection, row: ContactRow) -> None:
    """Add a contact."""
    connection.execute(insert(unit_contact).values({**asdict(row), "phone_mark": row.phone}))


def change_contact(connection: Connection, row: ContactRow) -> bool:
    """Write a contact as it is given; False when it is gone."""
    changed = update(unit_contact).where(unit_contact.c.id == row.id)
    return connection.execute(changed.values({**asdict(row), "phone_mark": row.phone})).rowcount == 1


def remove_contact(connection: Connection, contact_id: int) -> bool:
    """Delete a contact; False when it is gone."""
    return connection.execute(delete(unit_contact).where(unit_contact.c.id == contact_id)).rowcount == 1


def list_contacts(connection: Connection, unit_id: int | None = None) -> Sequence[ContactRow]:
    """List the contacts of a unit, or of all, in the order in which they are called."""
    columns = [column for column in unit_contact.columns if column is not unit_contact.c.phone_mark]
    asked = select(*columns).order_by(unit_contact.c.unit_id, unit_contact.c.position, unit_contact.c.id)
    if unit_id is not None:
        asked = asked.where(unit_contact.c.unit_id == unit_id)
    return [ContactRow(**row._asdict()) for row in connection.execute(asked)]


def has_duty_contacts(connection: Connection) -> bool:
    """Return whether the duty unit, or the focal unit where there is none, has a contact with duty hours."""
    used = unit.c.disabled.is_(False)
    duty = select(unit.c.id).where(unit.c.is_duty, used)
    focal = select(unit.c.id).where(unit.c.is_focal, used)
    ids = connection.scalars(duty).all() or connection.scalars(focal).all()
    asked = select(unit_contact.c.id).where(unit_contact.c.unit_id.in_(ids), unit_contact.c.duty_from.is_not(None))
    return connection.execute(asked.limit(1)).first() is not None
