"""References that join the segments of long answers: no two long answers to one phone share one within an hour.

A phone joins segments by sender and reference, and may hold the first ones for as long as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select

from db.messages.outbox import NewOutbound
from db.schema import inbound, outbound
from db.schema.time_buckets import buckets_since, in_buckets
from db.store.column_types import keyring_of

REFERENCES = 256
"""The reference is one octet (3GPP TS 23.040 §9.2.3.24.1)."""

REMEMBERED = timedelta(hours=1)
"""A phone that has not joined a text by then never will, or has both whole."""

_SINGLE_SEPTETS, _SINGLE_UNITS = 160, 70  # GSM 03.38 §6.1.2.1; 140 octets of UCS-2
_TWICE = re.compile(r"[\[\]{}\\~^|]")  # take two septets each
_USED = (
    select(inbound.c.sender_mark, outbound.c.reference)
    .join(outbound, outbound.c.inbound_id == inbound.c.id)
    .where(
        inbound.c.sender_mark.in_(bindparam("marks", expanding=True)),
        outbound.c.created_at >= bindparam("since", type_=outbound.c.created_at.type),
        or_(outbound.c.segments.is_(None), outbound.c.segments > 1),  # those of a single segment carried none
    )
)


def with_references(connection: Connection, answers: Sequence[NewOutbound], *, now: datetime) -> list[NewOutbound]:
    """Give each long answer the first reference, from its own on, that no other to the same phone has used lately.

    Nearly every answer is short; then nothing is asked of the database. What answered a text of more than three days
    before is not looked at.
    """
    phones = {answer.recipient for answer in answers if is_long(answer.body)}
    if not phones:
        return list(answers)
    keyring = keyring_of(connection.dialect)
    marks = {keyring.mark(b"phone", phone.encode("utf-8", "surrogatepass")): phone for phone in phones}
    used: dict[str, set[int]] = {phone: set() for phone in phones}
    spans = buckets_since(connection, inbound, min(answer.id for answer in answers), earlier=1)
    lately = _USED.where(in_buckets(inbound.c.id, spans))
    for mark, reference in connection.execute(lately, {"marks": list(marks), "since": now - REMEMBERED}):
        used[marks[mark]].add(reference)
    found: list[NewOutbound] = []
    for answer in answers:
        chosen = answer
        if is_long(answer.body):
            chosen = replace(answer, reference=_free(answer.reference, used[answer.recipient]))
            used[answer.recipient].add(chosen.reference)
        found.append(chosen)
    return found


def is_long(body: str) -> bool:
    """Tell whether a text may need more than one segment, in whatever alphabet.

    >>> is_long("a" * 160), is_long("a" * 161), is_long("[" * 81), is_long("ạ" * 70), is_long("ạ" * 71)
    (False, True, True, False, True)
    """
    if body.isascii():
        letters = len(body)
        return letters > _SINGLE_SEPTETS or letters + len(_TWICE.findall(body)) > _SINGLE_SEPTETS
    return len(body) + sum(char > "\uffff" for char in body) > _SINGLE_UNITS


def _free(wanted: int, used: set[int]) -> int:
    """Return the first reference from `wanted` on that is free; `wanted` itself when none is."""
    for step in range(REFERENCES):
        if (wanted + step) % REFERENCES not in used:
            return (wanted + step) % REFERENCES
    return wanted
