"""What the facts of a file change in the rows: compared for the preview, and written. Safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from db.units.calendars import list_calendars
from db.units.contacts import ContactRow, add_contact, list_contacts, remove_contact
from db.units.route_rules import RuleRow, TopicRow, add_topic, list_rules, list_topics, replace_rules
from db.units.unit_rows import (
    AliasRow,
    UnitRow,
    WardRow,
    add_unit,
    add_ward,
    change_unit,
    list_aliases,
    list_units,
    list_wards,
    set_alias,
)
from handlers.conversation.load import DEFAULT_CAPACITY
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.back_office.unit_file.contacts import ContactFacts, WardFacts
from sms_gateway.back_office.unit_file.rules import RuleFacts
from sms_gateway.back_office.unit_file.units import UnitFacts

NewId = Callable[[], int]

MOST_CHANGES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What an import does, in rows; `removed` only for rules, whose file is the whole list."""

    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    changes: Sequence[str] = field(default=(), compare=False)
    """Of units: the first that change, each with its code and what it was and becomes."""


def import_units(connection: Connection, rows: Sequence[UnitFacts], new_id: NewId) -> Counts:
    """Write units: a new code is added, a known one changed where the file says something else."""
    stored = {unit.code: unit for unit in list_units(connection)}
    calendars = {calendar.name: calendar.id for calendar in list_calendars(connection)}
    ids = {code: unit.id for code, unit in stored.items()}
    ids |= {row.code: new_id() for row in rows if row.code not in ids}
    aliases = {alias.folded: alias.unit_id for alias in list_aliases(connection)}
    new = changed = 0
    changes: list[str] = []
    for row in rows:
        known = stored.get(row.code)
        wanted = _unit_row(row, known, ids, calendars)
        further = [alias for alias in row.aliases if aliases.get(alias) != wanted.id]
        if known is None:
            new += 1
            add_unit(connection, wanted)
        elif wanted != known or further:
            changed += 1
            changes.append(_change(known, wanted, further))
            change_unit(connection, wanted)
        for alias in further:
            set_alias(connection, AliasRow(folded=alias, unit_id=wanted.id))
    return Counts(new=new, changed=changed, same=len(rows) - new - changed, changes=changes[:MOST_CHANGES])


def _change(known: UnitRow, wanted: UnitRow, further: Sequence[str]) -> str:
    """Return the code of a unit with what its texts were and become, and the names that it gets."""
    texts = ((known.name, wanted.name), (known.sms_name, wanted.sms_name), (known.phone, wanted.phone))
    pairs = [f"{old or '-'} → {new or '-'}" for old, new in (*texts, (known.address, wanted.address)) if old != new]
    said = "; ".join([*pairs, *(f"+ {alias}" for alias in further)])
    return f"{known.code}: {said}" if said else f"{known.code} {known.name}"


def import_contacts(connection: Connection, rows: Sequence[ContactFacts], new_id: NewId) -> Counts:
    """Write contacts, known by unit and phone. What the file leaves blank or does not name stays."""
    ids = {unit.code: unit.id for unit in list_units(connection)}
    stored = {(contact.unit_id, contact.phone): contact for contact in list_contacts(connection)}
    last: dict[int, int] = {}
    for contact in stored.values():
        last[contact.unit_id] = max(last.get(contact.unit_id, 0), contact.position)
    new = changed = 0
    for row in rows:
        unit_id = ids[row.unit]
        known = stored.get((unit_id, row.phone))
        position = row.position if row.position is not None or known is None else known.position
        if position is None:
            position = last[unit_id] = last.get(unit_id, 0) + 1
        wanted = ContactRow(
            id=new_id() if known is None else known.id,
            unit_id=unit_id,
            place=row.place or (known.place if known is not None else ""),
            name=row.name,
            phone=row.phone,
            position=position,
            duty_from=row.duty_from if row.duty_from is not None or known is None else known.duty_from,
            duty_to=row.duty_to if row.duty_to is not None or known is None else known.duty_to,
        )
        if wanted == known:
            continue
        if known is not None:
            remove_contact(connection, known.id)
        add_contact(connection, wanted)
        new, changed = new + (known is None), changed + (known is not None)
    return Counts(new=new, changed=changed, same=len(rows) - new - changed)


def import_wards(connection: Connection, rows: Sequence[WardFacts], new_id: NewId) -> Counts:
    """Write wards: known by name, unit and last day. Wards that the file does not name stay."""
    ids = {unit.code: unit.id for unit in list_units(connection)}
    stored: dict[tuple[str, int, date | None], WardRow] = {
        (ward.folded, ward.unit_id, ward.until): ward for ward in list_wards(connection)
    }
    new = 0
    for row in rows:
        if (row.folded, ids[row.unit], row.until) not in stored:
            new += 1
            add_ward(
                connection,
                WardRow(id=new_id(), name=row.name, folded=row.folded, unit_id=ids[row.unit], until=row.until),
            )
    return Counts(new=new, same=len(rows) - new)


def import_rules(connection: Connection, rows: Sequence[RuleFacts], new_id: NewId) -> Counts:
    """Write the rules of a file in place of all; one that stays as it was keeps its row and its hits.

    Topics that the service does not have are made, with their code as name.
    """
    ids = {unit.code: unit.id for unit in list_units(connection)}
    topics = {topic.code: topic.id for topic in list_topics(connection)}
    for code in dict.fromkeys(row.topic for row in rows if row.topic is not None and row.topic not in topics):
        topics[code] = new_id()
        add_topic(connection, TopicRow(id=topics[code], code=code, name=code, words=()))
    before = list_rules(connection)
    known: dict[RuleRow, list[RuleRow]] = {}
    for rule in before:
        known.setdefault(_without_place(rule), []).append(rule)
    wanted, same = list[RuleRow](), 0
    for position, row in enumerate(rows, 1):
        rule = _rule_row(row, ids, topics)
        if stored := known.get(rule):
            same += 1
            wanted.append(replace(stored.pop(0), position=position))
        else:
            wanted.append(replace(rule, id=new_id(), position=position))
    replace_rules(connection, wanted)
    return Counts(new=len(rows) - same, same=same, removed=len(before) - same)


def _unit_row(row: UnitFacts, known: UnitRow | None, ids: Mapping[str, int], calendars: Mapping[str, int]) -> UnitRow:
    base = known or UnitRow(
        id=ids[row.code],
        code=row.code,
        name=row.name,
        folded="",
        calendar_id=calendars[row.calendar],
        busy_capacity=DEFAULT_CAPACITY,
    )
    return replace(
        base,
        name=row.name,
        folded=phrase_of(row.name),
        calendar_id=calendars[row.calendar],
        sms_name=base.sms_name if row.sms_name is None else row.sms_name,
        parent_id=base.parent_id if row.parent is None else ids[row.parent],
        phone=base.phone if row.phone is None else row.phone,
        address=base.address if row.address is None else row.address,
        is_focal=base.is_focal if row.is_focal is None else row.is_focal,
        is_duty=base.is_duty if row.is_duty is None else row.is_duty,
        busy_capacity=base.busy_capacity if row.capacity is None else row.capacity,
    )


def _rule_row(row: RuleFacts, ids: Mapping[str, int], topics: Mapping[str, int]) -> RuleRow:
    return RuleRow(
        id=0,
        position=0,
        kind=row.kind,
        any_of=tuple(row.any_of),
        all_of=tuple(row.all_of),
        area=tuple(row.area),
        topic_id=None if row.topic is None else topics[row.topic],
        unit_id=None if row.unit is None else ids[row.unit],
        priority=row.priority,
    )


def _without_place(rule: RuleRow) -> RuleRow:
    return replace(rule, id=0, position=0, hits=0)
