"""What can be wrong with a file of units, contacts, wards or rules, and its fix: every sentence by its key."""

from __future__ import annotations

from parsers.localised_message import LocalisedMessage, MessageTable
from sms_gateway.back_office.unit_file.columns import Field

SENTENCES = MessageTable(
    "unit_fault",
    {
        "line": "line {line}: {fault}",
        "nothing": "the file holds no line below the column names: give one a line",
        "no_column": "no column named {name}: one of the first 20 rows must name the columns {names}",
        "missing": "{field}: it is missing",
        "letters": "{field}: its length is {length}; shorten it to {most} letters",
        "in_field": "{field}: {fault}",
        "code.twice": "the code {code} is in line {line} already: keep one of them",
        "alias.twice": "{field}: {alias} is a name of the unit {code} by line {line}; keep it at one of them",
        "alias.taken": "{field}: {alias} is a name of the unit {code}; remove it there first, on the page of that unit",
        "parent.none": "{field}: no unit has the code {code}; give one of the file or of the service",
        "parent.cycle": "{field}: the unit {code} is above itself by {path}; leave the parent of one of them blank",
        "calendar.none": "{field}: no calendar is named {text}; give one of: {names}",
        "calendar.empty": "{field}: a unit needs a calendar; give one of: {names}",
        "sms_name.long": "{field}: its length in an SMS is {length}; shorten it to {most} characters",
        "sms_name.needed": "{field}: it is needed, because the name has the length {length} in an SMS, and {most} "
        "characters fit",
        "phone.none": "{field}: {text} is no telephone number; give it with its leading zero, in a column formatted "
        "as text",
        "yes_no.none": "{field}: {text} is neither yes nor no; write x or leave it blank",
        "number.none": "{field}: {text} is no whole number from {least} to {most}",
        "hour.none": "{field}: {text} is no time of day; write 07:30 or 7h30",
        "hour.half": "{field}: a duty needs its beginning and its end; fill both cells or none",
        "date.none": "{field}: {text} is no date; write dd/mm/yyyy, for instance 30/06/2025",
        "unit.none": "{field}: no unit has the code {code}; import the units first, or correct it",
        "unit.empty": "{field}: it is missing; give the code of a unit",
        "contact.twice": "the phone is in line {line} already for this unit: keep one of them",
        "ward.twice": "the ward is in line {line} already for this unit: keep one of them",
        "kind.none": "{field}: {text} is none; write question, report or proposal, or leave it blank",
        "priority.none": "{field}: {text} is none; write low, normal, high or urgent, or leave it blank",
        "rule.empty": "the rule has no condition, so it would fit every text; fill {any_of}, {all_of} or {area}",
        "rule.target": "the rule leads nowhere; fill {topic} or {unit}",
        "focal.none": "no unit would be the focal unit, which gets what nothing else fits; mark one in {field}",
        "focal.many": "several units would be focal units ({codes}); mark one only in {field}",
        "duty.many": "several units would be duty units ({codes}); mark one only in {field}",
        **{f"field.{field.value}": field.value for field in Field},
    },
)


def wrong(key: str, **values: str | int | LocalisedMessage) -> LocalisedMessage:
    """Return a sentence with its values."""
    return SENTENCES.message(key, **values)


def named(field: Field) -> LocalisedMessage:
    """Return the name of a column."""
    return wrong(f"field.{field.value}")
