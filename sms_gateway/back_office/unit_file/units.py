"""Files of units: codes, names, parents and calendars, checked against each other and against the service's rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.units.unit_rows import (
    ADDRESS_LETTERS,
    CODE_LETTERS,
    NAME_LETTERS,
    PHONE_LETTERS,
    SMS_NAME_LETTERS,
    AliasRow,
    UnitRow,
    cycle_of,
)
from handlers.conversation.routing.phrase_index import phrase_of
from handlers.wording.plain import plain
from sms_gateway.back_office.table_file.fault_messages import quoted
from sms_gateway.back_office.unit_file.cells import Cells, RowFault
from sms_gateway.back_office.unit_file.columns import Field, Kind
from sms_gateway.back_office.unit_file.fault_messages import named, wrong
from sms_gateway.back_office.unit_file.reading import Fault, Reading, read_rows

MOST_CAPACITY = 1000
CALENDAR_LETTERS = 80
ALIASES_LETTERS = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFacts:
    """What a file says of a unit; None leaves what is on file."""

    line: int
    code: str
    name: str
    calendar: str
    """The name of a calendar, as the service has it."""
    sms_name: str | None = None
    parent: str | None = None
    """The code of the unit above."""
    phone: str | None = None
    address: str | None = None
    is_focal: bool | None = None
    is_duty: bool | None = None
    capacity: int | None = None
    aliases: Sequence[str] = ()
    """Folded."""


def read_units(
    path: Path, units: Sequence[UnitRow], calendars: Collection[str], aliases: Sequence[AliasRow] = ()
) -> Reading[UnitFacts]:
    """Read a file of units; `units`, `calendars` (names) and `aliases` are what the service has.

    Never raises for its content.
    """
    names = {phrase_of(name): name for name in calendars}
    read = read_rows(path, Kind.UNITS, lambda cells: _unit(cells, names))
    rows, faults = _once(read.rows)
    rows, taken = _with_own_aliases(rows, units, aliases)
    rows, cycles = _without_cycles(rows, units)
    rows, orphans = _with_parents(rows, units)
    found = sorted((*read.faults, *faults, *taken, *orphans, *cycles), key=lambda fault: fault.line or 0)
    return Reading(rows=rows, faults=[*found, *(_roles(rows, units) if rows else ())])


def sms_name_fault(name: str, sms_name: str | None) -> RowFault | None:
    """Return what is wrong with the names of a unit: what citizens are sent must fit into SMS_NAME_LETTERS."""
    written = sms_name if sms_name is not None else name
    length = len(plain(written))
    if 0 < length <= SMS_NAME_LETTERS:
        return None
    key = "sms_name.needed" if sms_name is None else "sms_name.long"
    return RowFault(wrong(key, field=named(Field.SMS_NAME), length=length, most=SMS_NAME_LETTERS))


def _unit(cells: Cells, calendars: Mapping[str, str]) -> UnitFacts:
    name, sms_name = cells.needed(Field.NAME, NAME_LETTERS), cells.text(Field.SMS_NAME, NAME_LETTERS)
    if (fault := sms_name_fault(name, sms_name)) is not None:
        raise fault
    return UnitFacts(
        line=cells.line,
        code=cells.needed(Field.CODE, CODE_LETTERS).upper(),
        name=name,
        calendar=_calendar(cells, calendars),
        sms_name=None if sms_name is None else plain(sms_name),
        parent=(cells.text(Field.PARENT, CODE_LETTERS) or "").upper() or None,
        phone=_public_phone(cells),
        address=cells.text(Field.ADDRESS, ADDRESS_LETTERS),
        is_focal=cells.yes(Field.FOCAL),
        is_duty=cells.yes(Field.DUTY),
        capacity=cells.number(Field.CAPACITY, 1, MOST_CAPACITY),
        aliases=[phrase_of(one) for one in cells.names(Field.ALIASES, ALIASES_LETTERS)],
    )


def _calendar(cells: Cells, calendars: Mapping[str, str]) -> str:
    text, names = cells.text(Field.CALENDAR, CALENDAR_LETTERS), ", ".join(calendars.values())
    if text is None:
        raise RowFault(wrong("calendar.empty", field=named(Field.CALENDAR), names=names))
    found = calendars.get(phrase_of(text))
    if found is None:
        raise RowFault(wrong("calendar.none", field=named(Field.CALENDAR), text=quoted(text), names=names))
    return found


def _public_phone(cells: Cells) -> str | None:
    """Return the phone that citizens are told: also a short number, and several."""
    text = cells.text(Field.PHONE, PHONE_LETTERS)
    if text is not None and not (set(text) <= set("0123456789 +.,/()-") and any(sign.isdecimal() for sign in text)):
        raise RowFault(wrong("phone.none", field=named(Field.PHONE), text=quoted(text)))
    return text


def _once(rows: Sequence[UnitFacts]) -> tuple[Sequence[UnitFacts], Sequence[Fault]]:
    kept: dict[str, UnitFacts] = {}
    faults = [
        Fault(line=row.line, message=wrong("code.twice", code=row.code, line=first.line))
        for row in rows
        if (first := kept.setdefault(row.code, row)) is not row
    ]
    return list(kept.values()), faults


def _with_own_aliases(
    rows: Sequence[UnitFacts], units: Sequence[UnitRow], aliases: Sequence[AliasRow]
) -> tuple[Sequence[UnitFacts], Sequence[Fault]]:
    """Refuse units that take another name away from a unit of the service, or of a line before."""
    codes = {unit.id: unit.code for unit in units}
    holders = {one.folded: codes[one.unit_id] for one in aliases}
    lines, kept, faults = dict[str, int](), list[UnitFacts](), list[Fault]()
    for row in rows:
        alias = next((one for one in row.aliases if holders.get(one, row.code) != row.code), None)
        if alias is None:
            kept.append(row)
            holders |= dict.fromkeys(row.aliases, row.code)
            lines |= {one: row.line for one in row.aliases if one not in lines}
            continue
        key = "alias.twice" if alias in lines else "alias.taken"
        known = {"field": named(Field.ALIASES), "alias": quoted(alias), "code": holders[alias]}
        faults.append(Fault(line=row.line, message=wrong(key, **known, line=lines.get(alias, 0))))
    return kept, faults


def _with_parents(rows: Sequence[UnitFacts], units: Sequence[UnitRow]) -> tuple[Sequence[UnitFacts], Sequence[Fault]]:
    """Refuse units whose parent is nowhere, and those below them that the service does not have yet."""
    stored = {unit.code for unit in units}
    kept, faults = list(rows), list[Fault]()
    while True:
        known = stored | {row.code for row in kept}
        orphans = [row for row in kept if row.parent is not None and row.parent not in known]
        if not orphans:
            return kept, faults
        faults += [
            Fault(line=row.line, message=wrong("parent.none", field=named(Field.PARENT), code=row.parent or ""))
            for row in orphans
        ]
        kept = [row for row in kept if row not in orphans]


def _without_cycles(rows: Sequence[UnitFacts], units: Sequence[UnitRow]) -> tuple[Sequence[UnitFacts], Sequence[Fault]]:
    """Refuse units whose parents lead back to them."""
    kept = {row.code: row for row in rows}
    codes = {unit.id: unit.code for unit in units}
    stored = {unit.code: None if unit.parent_id is None else codes.get(unit.parent_id) for unit in units}
    faults = []
    while cycle := cycle_of({**stored, **{row.code: row.parent for row in kept.values() if row.parent is not None}}):
        guilty = [code for code in cycle if code in kept and kept[code].parent is not None]
        if not guilty:  # it was there before, and no line of this file is part of it
            break
        for code in guilty:
            place = cycle.index(code)
            path = " > ".join([*cycle[place:], *cycle[:place], code])
            message = wrong("parent.cycle", field=named(Field.PARENT), code=code, path=path)
            faults.append(Fault(line=kept.pop(code).line, message=message))
    return list(kept.values()), faults


def _roles(rows: Sequence[UnitFacts], units: Sequence[UnitRow]) -> Sequence[Fault]:
    """Return what is wrong with the focal unit and the duty unit, as they would be after the import."""
    focal = {unit.code: unit.is_focal for unit in units if not unit.disabled}
    duty = {unit.code: unit.is_duty for unit in units if not unit.disabled}
    disabled = {unit.code for unit in units if unit.disabled}
    for row in rows:
        if row.code not in disabled:
            focal[row.code] = focal.get(row.code, False) if row.is_focal is None else row.is_focal
            duty[row.code] = duty.get(row.code, False) if row.is_duty is None else row.is_duty
    marked = [("focal.many", Field.FOCAL, focal), ("duty.many", Field.DUTY, duty)]
    faults = [] if any(focal.values()) else [wrong("focal.none", field=named(Field.FOCAL))]
    for key, field, by_code in marked:
        codes = [code for code, is_marked in by_code.items() if is_marked]
        if len(codes) > 1:
            faults.append(wrong(key, field=named(field), codes=", ".join(codes)))
    return [Fault(line=None, message=message) for message in faults]
