"""Files of route rules: the whole list, in the order in which the rules are tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.schema import Priority
from db.units.unit_rows import CODE_LETTERS
from handlers.conversation.routing.directory import bare_ward
from parsers.text.folding import fold
from sms_gateway.back_office.table_file.fault_messages import quoted
from sms_gateway.back_office.unit_file.cells import Cells, RowFault
from sms_gateway.back_office.unit_file.columns import Field, Kind
from sms_gateway.back_office.unit_file.contacts import unit_of
from sms_gateway.back_office.unit_file.fault_messages import named, wrong
from sms_gateway.back_office.unit_file.reading import Reading, read_rows

CONDITION_LETTERS = 900
"""Below what one cell of a table may hold."""
TOPIC_LETTERS = CODE_LETTERS

_KINDS = {
    "QUESTION": "question",
    "HOI": "question",
    "CAU HOI": "question",
    "REPORT": "report",
    "PHAN ANH": "report",
    "PA": "report",
    "PROPOSAL": "proposal",
    "KIEN NGHI": "proposal",
    "GOP Y": "proposal",
    "KN": "proposal",
}
_PRIORITIES = {
    **{one.value.upper(): one for one in Priority},
    "THAP": Priority.LOW,
    "THUONG": Priority.NORMAL,
    "BINH THUONG": Priority.NORMAL,
    "CAO": Priority.HIGH,
    "KHAN": Priority.URGENT,
    "KHAN CAP": Priority.URGENT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleFacts:
    """What a file says of a rule; its place in the file is its order."""

    line: int
    kind: str | None
    any_of: Sequence[str]
    all_of: Sequence[str]
    area: Sequence[str]
    topic: str | None
    """The code of a topic; one that the service does not have is made."""
    unit: str | None
    priority: Priority | None


def read_rules(path: Path, units: Collection[str]) -> Reading[RuleFacts]:
    """Read a file of rules; `units` are the codes that the service has. Never raises for its content."""
    return read_rows(path, Kind.RULES, lambda cells: _rule(cells, units))


def _rule(cells: Cells, units: Collection[str]) -> RuleFacts:
    any_of, all_of = (cells.phrases(field, CONDITION_LETTERS) for field in (Field.ANY_OF, Field.ALL_OF))
    area = tuple(dict.fromkeys(bare_ward(name) for name in cells.names(Field.AREA, CONDITION_LETTERS)))
    if not (any_of or all_of or area):
        columns = {field.value: named(field) for field in (Field.ANY_OF, Field.ALL_OF, Field.AREA)}
        raise RowFault(wrong("rule.empty", **columns))
    topic = (cells.text(Field.TOPIC, TOPIC_LETTERS) or "").lower() or None
    unit = None if cells.text(Field.UNIT, CODE_LETTERS) is None else unit_of(cells, units)
    if topic is None and unit is None:
        raise RowFault(wrong("rule.target", topic=named(Field.TOPIC), unit=named(Field.UNIT)))
    return RuleFacts(
        line=cells.line,
        kind=_kind(cells),
        any_of=any_of,
        all_of=all_of,
        area=area,
        topic=topic,
        unit=unit,
        priority=_priority(cells),
    )


def _kind(cells: Cells) -> str | None:
    text = cells.text(Field.KIND, CODE_LETTERS)
    if text is None:
        return None
    found = _KINDS.get(fold(text))
    if found is None:
        raise RowFault(wrong("kind.none", field=named(Field.KIND), text=quoted(text)))
    return found


def _priority(cells: Cells) -> Priority | None:
    text = cells.text(Field.PRIORITY, CODE_LETTERS)
    if text is None:
        return None
    found = _PRIORITIES.get(fold(text))
    if found is None:
        raise RowFault(wrong("priority.none", field=named(Field.PRIORITY), text=quoted(text)))
    return found
