"""A file as it was read -> octets and plain values that can be kept, and back, so that it is read once."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date

from db.citizens.dossiers import DossierFacts
from db.schema import DossierStatus
from parsers.localised_message import Plain, message_from_plain, message_to_plain
from sms_gateway.back_office.dossier_file import Fault, Row

_DATES = frozenset({"received_on", "due_on"})


def pack_rows(rows: Sequence[Row]) -> bytes:
    """Return the rows of a file as octets. They hold secrets: keep them sealed."""
    return zlib.compress(json.dumps([_row_to_plain(row) for row in rows], ensure_ascii=False).encode(), 1)


def unpack_rows(octets: bytes) -> Sequence[Row]:
    """Return the rows that pack_rows made octets of."""
    return [_row_from_plain(*row) for row in json.loads(zlib.decompress(octets))]


def faults_to_plain(faults: Sequence[Fault]) -> list[Plain]:
    """Return faults as JSON holds them."""
    return [[fault.line, message_to_plain(fault.message)] for fault in faults]


def faults_from_plain(kept: Sequence[tuple[int | None, Mapping[str, Plain]]]) -> Sequence[Fault]:
    """Return the faults that faults_to_plain wrote."""
    return [Fault(line=line, message=message_from_plain(message)) for line, message in kept]


def _row_to_plain(row: Row) -> Plain:
    values: dict[str, Plain] = {}
    for one in fields(DossierFacts):
        value = getattr(row.facts, one.name)
        if isinstance(value, date):
            values[one.name] = value.isoformat()
        elif isinstance(value, frozenset):
            values |= {one.name: sorted(value)} if value else {}
        elif value is not None:
            values[one.name] = str(value)
    return [row.line, values, [message_to_plain(contact) for contact in row.contacts]]


def _row_from_plain(line: int, values: dict[str, str], contacts: Sequence[Mapping[str, Plain]]) -> Row:
    dates = {name: date.fromisoformat(values.pop(name)) for name in _DATES & values.keys()}
    status, cleared = DossierStatus(values.pop("status")), frozenset(values.pop("cleared", ()))
    facts = DossierFacts(**values, **dates, status=status, cleared=cleared)  # type: ignore[arg-type]  # each by its name
    return Row(line=line, facts=facts, contacts=[message_from_plain(contact) for contact in contacts])
