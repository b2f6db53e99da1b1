"""T1 for parts of long texts: stored as they come, joined when they are whole or overdue.

A part is a row before it is acknowledged, so a long text survives a restart in its middle. A carrier that waits for
each acknowledgement (a window of one) never has to wait. Parts belong together by link, sender, recipient, reference
and total: a thousand citizens may use one reference at once.

A part that came before under the provider's id, or with the same signature, is a duplicate, as a text is. After some
days only the joined text is known: its id is made of those of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from db.messages import parts
from db.messages.duplicates import ID_OCTETS, once_key
from db.messages.parts import PartRow
from db.store.column_types import keyring_of
from db.store.sealing import Keyring
from sms_gateway.pipeline.ports import InboundPart, InboundText, PartReader, Piece, Verdict

OVERDUE = timedelta(seconds=90)
"""A text with parts missing is read as it is after so long without another part; carriers try again within a minute."""

REMEMBERED = timedelta(minutes=10)
"""Joined parts stay for so long, to recognise a part that comes again."""

MARKED_REMEMBERED = timedelta(days=3)
"""Those with a provider's id or a signature stay for so long: providers by HTTP repeat for a day or two."""

MAX_WIRE = 128 * 1024
"""Octets of PDUs kept beside a joined text: 255 parts of 500 each. PDUs that no longer fit are left out."""

BATCH = 200
"""Overdue texts joined in one transaction, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The result of a batch of parts: a verdict for each, in order, and the texts that can be read now."""

    verdicts: Sequence[Verdict]
    texts: Sequence[InboundText]


@dataclass(kw_only=True, slots=True)
class _Gathering:
    """One long text as it grows in a batch: parts that wait for others, and parts of the last text that was joined."""

    open: dict[int, PartRow] = field(default_factory=dict)
    joined: dict[int, PartRow] = field(default_factory=dict)

    def is_whole(self) -> bool:
        return bool(self.open) and len(self.open) == next(iter(self.open.values())).total

    def is_echo(self) -> bool:
        """Return whether all parts here came again after their text was joined."""
        return all(
            number in self.joined and self.joined[number].content_mark == row.content_mark
            for number, row in self.open.items()
        )


@dataclass(kw_only=True, slots=True)
class _Changes:
    """What is to be written at the end of a batch."""

    new: dict[int, PartRow] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)

    def write(self, connection: Connection, at: datetime) -> None:
        parts.forget(connection, self.forgotten)
        parts.join(connection, self.joined, at=at)
        parts.store(connection, list(self.new.values()))


def take_parts(
    connection: Connection,
    arrived: Sequence[InboundPart],
    *,
    read: PartReader,
    new_id: Callable[[], int],
    now: datetime,
) -> Joined:
    """Store parts in their order and join the texts that they complete. Safe to repeat after a rollback.

    A repeated part changes nothing. A part with another content under the same number means that the reference is used
    for a new text. The text before is then read as far as it came.
    """
    if not arrived:
        return Joined(verdicts=(), texts=())
    keyring = keyring_of(connection.dialect)
    rows = [_row(keyring, part, new_id()) for part in arrived]
    gatherings = _find(connection, {row.text_mark for row in rows})
    once, signatures = parts.find_known(connection, rows)
    changes, texts, verdicts = _Changes(), [], []
    for row in rows:
        gathering = gatherings.setdefault(row.text_mark, _Gathering())
        there = gathering.open.get(row.number)
        is_known = row.once_key in once or row.signature_mark in signatures
        if is_known or (there is not None and there.content_mark == row.content_mark):
            verdicts.append(Verdict.DUPLICATE)
            continue
        if there is not None:
            texts += _close(gathering, changes, read, now)
        verdicts.append(Verdict.STORED)
        gathering.open[row.number] = changes.new[row.id] = row
        if gathering.is_whole():
            texts += _close(gathering, changes, read, now)
    changes.write(connection, now)
    return Joined(verdicts=verdicts, texts=texts)


def join_overdue(
    connection: Connection, marks: Sequence[bytes], *, read: PartReader, now: datetime
) -> list[InboundText]:
    """Read these texts as they are, with `parsers.GAP` for each gap; skip those that got another part meanwhile."""
    changes, texts = _Changes(), []
    for gathering in _find(connection, set(marks)).values():
        last = max((row.received_at for row in gathering.open.values()), default=now)
        if last + OVERDUE <= now:
            texts += _close(gathering, changes, read, now)
    changes.write(connection, now)
    return texts


def _find(connection: Connection, marks: set[bytes]) -> dict[bytes, _Gathering]:
    found: dict[bytes, _Gathering] = {}
    for row in parts.find(connection, marks):
        gathering = found.setdefault(row.text_mark, _Gathering())
        (gathering.open if row.joined_at is None else gathering.joined)[row.number] = row
    return found


def _close(gathering: _Gathering, changes: _Changes, read: PartReader, now: datetime) -> list[InboundText]:
    """End a text and return it, if it is one.

    Parts that only came again are dropped, unless all did: then the whole text came again, and it is checked for
    repetition like every text.
    """
    ended, gathering.open = gathering.open, {}
    echo = _Gathering(open=ended, joined=gathering.joined)
    if not echo.is_whole() and echo.is_echo():
        _drop(ended, changes)
        return []
    _drop(gathering.joined, changes)
    gathering.joined = {}
    for number, row in ended.items():
        gathering.joined[number] = kept = replace(row, joined_at=now)
        if row.id in changes.new:
            changes.new[row.id] = kept
        else:
            changes.joined.append(row.id)
    return [_text(ended, read)]


def _drop(rows: dict[int, PartRow], changes: _Changes) -> None:
    for row in rows.values():
        if changes.new.pop(row.id, None) is None:
            changes.forgotten.append(row.id)


def _text(rows: dict[int, PartRow], read: PartReader) -> InboundText:
    first, last = rows[min(rows)], max(rows.values(), key=lambda row: (row.received_at, row.id))
    pieces = {number: Piece(octets=row.octets, data_coding=row.data_coding) for number, row in rows.items()}
    return InboundText(
        link=first.link,
        session=last.session,
        provider_id=_joint_mark(row.once_key and row.once_key[:ID_OCTETS] for row in rows.values()),
        signature=_joint_mark(row.signature_mark for row in rows.values()),
        sender=first.sender,
        recipient=first.recipient,
        body=read(first.link, first.total, pieces),
        octets=b"".join(pieces[number].octets for number in sorted(pieces)),
        data_coding=first.data_coding,
        received_at=last.received_at,
        reply_link=first.reply_link,
        wire=_wire(rows),
    )


def _joint_mark(marks: Iterable[bytes | None]) -> str | None:
    """Return what stands for the ids or signatures of all parts, in any order; None when one part has none."""
    found = set(marks)
    known = sorted(mark for mark in found if mark)
    return sha256(b"".join(known)).hexdigest() if len(known) == len(found) else None


def _wire(rows: dict[int, PartRow]) -> bytes | None:
    """Return the PDUs in the order of the parts, each begins with its length; or requests, which end with a line."""
    kept: list[bytes] = []
    room = MAX_WIRE
    for number in sorted(rows):
        pdu = rows[number].wire
        if pdu is not None and len(pdu) <= room:
            kept.append(pdu)
            room -= len(pdu)
    return b"".join(kept) or None


def _row(keyring: Keyring, part: InboundPart, row_id: int) -> PartRow:
    key = (part.link, part.sender, part.recipient, str(part.reference), str(part.total))
    text_mark = keyring.mark(b"long_text", _octets(*key))
    content_mark = keyring.mark(b"part", bytes((part.data_coding,)) + part.octets)
    return PartRow(
        id=row_id,
        text_mark=text_mark,
        number=part.number,
        total=part.total,
        content_mark=content_mark,
        once_key=_once_key(keyring, part, text_mark + content_mark),
        signature_mark=_signature_mark(keyring, part),
        link=part.link,
        session=part.session,
        sender=part.sender,
        recipient=part.recipient,
        octets=part.octets,
        data_coding=part.data_coding,
        received_at=part.received_at,
        reply_link=part.reply_link,
        wire=part.wire,
    )


def _once_key(keyring: Keyring, part: InboundPart, content: bytes) -> bytes | None:
    if part.provider_id is None:
        return None
    this_part = keyring.mark(b"once_part", content + part.number.to_bytes(1))
    return once_key(keyring.mark(b"once_part", _octets(part.link, part.provider_id)), this_part)


def _signature_mark(keyring: Keyring, part: InboundPart) -> bytes | None:
    return None if part.signature is None else keyring.mark(b"signature", _octets(part.link, part.signature))


def _octets(*values: str) -> bytes:
    return "\0".join(values).encode("utf-8", "surrogatepass")
