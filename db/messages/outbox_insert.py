"""New rows of the outbox, and the references that join their segments.

Only `sms_gateway.pipeline.replies` imports this module. A phone joins segments by sender and reference, and may hold
the first ones for as long as it likes. So no two long texts to one phone share a reference within an hour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, or_, select

from db.messages.outbox import NewOutbound
from db.schema import OutboundState, inbound, outbound
from db.schema.time_buckets import buckets_since, in_buckets
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared

REFERENCES = 256
"""The reference is one octet (3GPP TS 23.040 §9.2.3.24.1)."""

REMEMBERED = timedelta(hours=1)
"""A phone that has not joined a text by then never will, or has both whole."""

_SINGLE_SEPTETS, _SINGLE_UNITS = 160, 70  # GSM 03.38 §6.1.2.1; 140 octets of UCS-2
_TWICE = re.compile(r"[\[\]{}\\~^|]")  # take two septets each
_ADD = Prepared(
    insert(outbound),
    "id",
    "inbound_id",
    "link",
    "sender",
    "recipient",
    "recipient_mark",
    "body",
    "masked",
    "reference",
    "state",
    "lease_until",
    "attempts",
    "created_at",
    "expires_at",
    "not_before",
)
_LATELY = (
    outbound.c.created_at >= bindparam("since", type_=outbound.c.created_at.type),
    or_(outbound.c.segments.is_(None), outbound.c.segments > 1),  # those of a single segment carried none
)
_USED_IN_ANSWERS = (
    select(inbound.c.sender_mark, outbound.c.reference)
    .join(outbound, outbound.c.inbound_id == inbound.c.id)
    .where(inbound.c.sender_mark.in_(bindparam("marks", expanding=True)), *_LATELY)
)
_USED_WITHOUT_TEXT = select(outbound.c.recipient_mark, outbound.c.reference).where(
    outbound.c.recipient_mark.in_(bindparam("marks", expanding=True)), outbound.c.inbound_id.is_(None), *_LATELY
)


def add(connection: Connection, rows: Sequence[NewOutbound], *, claimed_until: datetime | None = None) -> None:
    """Insert answers as queued, or as claimed by the caller until then (their first try)."""
    if not rows:
        return
    state = OutboundState.QUEUED if claimed_until is None else OutboundState.CLAIMED
    attempts = 0 if claimed_until is None else 1
    _ADD.run_many(
        connection,
        [
            (
                row.id,
                row.inbound_id,
                row.link,
                row.sender,
                row.recipient,
                row.recipient,  # becomes its mark
                row.body,
                row.masked,
                row.reference,
                state,
                claimed_until,
                attempts,
                row.created_at,
                row.expires_at,
                row.created_at,
            )
            for row in rows
        ],
    )


def with_references(connection: Connection, answers: Sequence[NewOutbound], *, now: datetime) -> list[NewOutbound]:
    """Give each long text the first reference, from its own on, that no other to the same phone has used lately.

    Nearly every text is short; then nothing is asked of the database. Answers to citizens' texts of more than three
    days before are not looked at.
    """
    phones = {answer.recipient for answer in answers if is_long(answer.body)}
    if not phones:
        return list(answers)
    keyring = keyring_of(connection.dialect)
    marks = {keyring.mark(b"phone", phone.encode("utf-8", "surrogatepass")): phone for phone in phones}
    used: dict[str, set[int]] = {phone: set() for phone in phones}
    spans = buckets_since(connection, inbound, min(answer.id for answer in answers), earlier=1)
    values = {"marks": list(marks), "since": now - REMEMBERED}
    for lately in (_USED_IN_ANSWERS.where(in_buckets(inbound.c.id, spans)), _USED_WITHOUT_TEXT):
        for mark, reference in connection.execute(lately, values):
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
    """Return whether a text may need more than one segment, in whatever alphabet.

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
