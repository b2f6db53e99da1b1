"""The log of messages as operators read it: a page of texts with their answers, and one text with all its rows.

The words of an answer that holds a secret are never read here: its masked twin is, in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, case, select

from db.reports.message_log_filter import LogFilter, walk
from db.schema import InboundState, OutboundState, ReceiptState, event, inbound, outbound, segment
from db.store.address import Address

PAGE_SIZE = 50
"""Texts on one page: what a person reads before turning it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentRow:
    """One segment as the carrier took it, and what its receipt says."""

    number: int  # 1 … total
    message_id: str
    submitted_at: datetime | None  # when its submit_sm was written; None where that is not known
    sent_at: datetime
    receipt: ReceiptState | None
    receipt_error: str | None
    receipt_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """Something besides the normal course."""

    at: datetime
    kind: str
    detail: str | None
    submitted_at: datetime | None  # of a try that was not taken: when it was written to the carrier
    outbound_id: int | None = None  # of the answer that it happened to


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRow:
    """One answer. `shown` is its text, or its masked twin when it holds a secret, or None when the text is gone."""

    id: int
    link: str
    shown: str | None
    is_secret: bool
    reference: int
    state: OutboundState
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    attempts: int
    unsure: bool
    data_coding: int | None
    segments: int | None
    error: str | None
    taken: tuple[SegmentRow, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TextRow:
    """One text of a citizen; `sender` and `body` are clear, and anyone who shows them masks them.

    A sender that is never answered may be a name (db.store.address.as_name).
    """

    id: int
    link: str
    sender: Address
    recipient: str
    body: str
    received_at: datetime
    state: InboundState
    reading: str | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEntry:
    """A line of the log: a text and its answers, oldest answer first."""

    text: TextRow
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPage:
    """Lines, newest first; `older` is the key of the next page, None on the last one."""

    entries: tuple[LogEntry, ...]
    older: int | None
    stopped_short: bool = False  # it has room left, and looked no further back than `older`


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeMessage:
    """Everything that is stored of one text."""

    text: TextRow
    octets: bytes
    wire: bytes | None  # the whole PDUs or the request; None where they are not kept
    data_coding: int
    session: int | None
    duplicate_of: int | None
    attempts: int
    handled_at: datetime | None
    answers: tuple[AnswerRow, ...]
    events: tuple[EventRow, ...]


def read_log_page(
    connection: Connection, wanted: LogFilter, *, before: int | None = None, size: int = PAGE_SIZE
) -> LogPage:
    """Read one page, newest first.

    `before` is the `older` of the page above. Keys are found first (db.reports.message_log_filter), and only then are
    that few rows read and opened, so a page costs the same at any length of the log.
    """
    found = walk(connection, wanted, before=before, size=size)
    entries = tuple(_entries(connection, found.inbound_ids))
    return LogPage(entries=entries, older=found.older, stopped_short=found.stopped_short)


def _entries(connection: Connection, inbound_ids: Iterable[int]) -> Iterable[LogEntry]:
    ids = list(dict.fromkeys(inbound_ids))
    texts = {row.id: _text(row) for row in connection.execute(select(*_TEXT_COLUMNS).where(inbound.c.id.in_(ids)))}
    answers = _answers(connection, ids, {})
    return (LogEntry(text=texts[key], answers=tuple(answers.get(key, ()))) for key in ids)


def read_message(connection: Connection, inbound_id: int) -> WholeMessage | None:
    """Read one text with its answers, segments and events; None when there is none of that id."""
    row = connection.execute(select(inbound).where(inbound.c.id == inbound_id)).one_or_none()
    if row is None:
        return None
    of_text = select(outbound.c.id).where(outbound.c.inbound_id == inbound_id)
    taken = defaultdict[int, list[SegmentRow]](list)
    segments = select(segment).where(segment.c.outbound_id.in_(of_text)).order_by(segment.c.number)
    for part in connection.execute(segments):
        taken[part.outbound_id].append(_segment(part))
    return WholeMessage(
        text=_text(row),
        octets=row.octets,
        wire=row.wire,
        data_coding=row.data_coding,
        session=row.session,
        duplicate_of=row.duplicate_of,
        attempts=row.attempts,
        handled_at=row.handled_at,
        answers=tuple(_answers(connection, [inbound_id], taken).get(inbound_id, ())),
        events=tuple(_events(connection, inbound_id, of_text)),
    )


_TEXT_COLUMNS = (
    inbound.c.id,
    inbound.c.link,
    inbound.c.sender,
    inbound.c.recipient,
    inbound.c.body,
    inbound.c.received_at,
    inbound.c.state,
    inbound.c.reading,
    inbound.c.outcome,
)

ANSWER_COLUMNS = (
    outbound.c.id,
    outbound.c.inbound_id,
    outbound.c.link,
    outbound.c.masked,
    # A text with a secret does not even reach this process.
    case((outbound.c.masked.is_(None), outbound.c.body), else_=None).label("open_body"),
    outbound.c.reference,
    outbound.c.state,
    outbound.c.created_at,
    outbound.c.expires_at,
    outbound.c.sent_at,
    outbound.c.settled_at,
    outbound.c.attempts,
    outbound.c.unsure,
    outbound.c.data_coding,
    outbound.c.segments,
    outbound.c.error,
)


def read_conversation(
    connection: Connection, sender: Address, *, before: int | None = None, size: int = PAGE_SIZE
) -> LogPage:
    """Read everything that one number wrote and was answered, newest first."""
    return read_log_page(connection, LogFilter(sender=sender), before=before, size=size)


def sender_of(connection: Connection, inbound_id: int) -> Address | None:
    """Return who wrote a text; None when there is none of that id."""
    found = connection.execute(select(inbound.c.sender).where(inbound.c.id == inbound_id)).scalar_one_or_none()
    return None if found is None else Address(found)


def _answers(
    connection: Connection, inbound_ids: Sequence[int], taken: Mapping[int, Sequence[SegmentRow]]
) -> Mapping[int, Sequence[AnswerRow]]:
    found = defaultdict[int, list[AnswerRow]](list)
    question = select(*ANSWER_COLUMNS).where(outbound.c.inbound_id.in_(inbound_ids)).order_by(outbound.c.id)
    for row in connection.execute(question):
        found[row.inbound_id].append(read_answer(row, tuple(taken.get(row.id, ()))))
    return found


def _events(connection: Connection, inbound_id: int, of_text: Select[tuple[int]]) -> Iterable[EventRow]:
    question = select(event.c.at, event.c.kind, event.c.detail, event.c.submitted_at, event.c.outbound_id).where(
        (event.c.inbound_id == inbound_id) | event.c.outbound_id.in_(of_text)
    )
    for row in connection.execute(question.order_by(event.c.id)):
        yield EventRow(
            at=row.at, kind=row.kind, detail=row.detail, submitted_at=row.submitted_at, outbound_id=row.outbound_id
        )


def _text(row: Row[*tuple[object, ...]]) -> TextRow:
    return TextRow(
        id=row.id,
        link=row.link,
        sender=row.sender,
        recipient=row.recipient,
        body=row.body,
        received_at=row.received_at,
        state=row.state,
        reading=row.reading,
        outcome=row.outcome,
    )


def read_answer(row: Row[*tuple[object, ...]], taken: tuple[SegmentRow, ...] = ()) -> AnswerRow:
    """Make an answer of a row of `ANSWER_COLUMNS`."""
    return AnswerRow(
        id=row.id,
        link=row.link,
        shown=row.open_body if row.masked is None else row.masked,
        is_secret=row.masked is not None,
        reference=row.reference,
        state=row.state,
        created_at=row.created_at,
        expires_at=row.expires_at,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        attempts=row.attempts,
        unsure=row.unsure,
        data_coding=row.data_coding,
        segments=row.segments,
        error=row.error,
        taken=taken,
    )


def _segment(row: Row[*tuple[object, ...]]) -> SegmentRow:
    return SegmentRow(
        number=row.number,
        message_id=row.message_id,
        submitted_at=row.submitted_at,
        sent_at=row.sent_at,
        receipt=row.receipt,
        receipt_error=row.receipt_error,
        receipt_at=row.receipt_at,
    )
