"""The log of messages as operators read it: a page of texts with their answers, and one text with all its rows.

The words of an answer that holds a secret are never read here: its masked twin is, in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, ColumnElement, Connection, Row, Select, case, literal_column, select

from db.dossiers import canonical, lookalike_key
from db.identity import Msisdn
from db.schema import InboundState, OutboundState, ReceiptState, event, inbound, outbound, segment

SCANNED = 20_000
"""Texts opened at most to find a code: a fifth of a second."""

PAGE_SIZE = 50
"""Texts on one page: what a person reads before turning it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFilter:
    """What to show; filters combine, and an empty one shows everything.

    `readings` are values of inbound.reading (`register_account`, `misread:birth_date`), any of which fits. `link` is
    the one a text came in on. `since` and `until` are ids: the first that fits, and the first that no longer does.
    `code` is a look-alike key (db.dossiers): texts that hold it, whatever stands between its letters.
    """

    sender: Msisdn | None = None
    readings: tuple[str, ...] = ()
    state: InboundState | OutboundState | None = None
    link: str | None = None
    since: int | None = None
    until: int | None = None
    unsure: bool = False
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentRow:
    """One segment as the carrier took it, and what its receipt says."""

    number: int  # 1 … total
    message_id: str
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
    """One text of a citizen; `sender` and `body` are clear, and whoever shows them masks them."""

    id: int
    link: str
    sender: str
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


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeMessage:
    """Everything that is stored of one text."""

    text: TextRow
    octets: bytes
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

    `before` is the `older` of the page above. Keys are found first by covering indexes, and only then are that few
    rows read and opened, so a page costs the same at any length of the log.
    """
    if wanted.code is None:
        keys = connection.execute(_keys(wanted, before).limit(size + 1)).all()
        shown = keys[:size]
        older = shown[-1].key if len(keys) > size else None
    else:
        shown, older = _keys_with_code(connection, wanted, before, size)
    return LogPage(entries=tuple(_entries(connection, [row.inbound_id for row in shown])), older=older)


def _entries(connection: Connection, inbound_ids: Iterable[int]) -> Iterable[LogEntry]:
    ids = list(dict.fromkeys(inbound_ids))
    texts = {row.id: _text(row) for row in connection.execute(select(*_TEXT_COLUMNS).where(inbound.c.id.in_(ids)))}
    answers = _answers(connection, ids, {})
    return (LogEntry(text=texts[key], answers=tuple(answers.get(key, ()))) for key in ids)


def _keys_with_code(
    connection: Connection, wanted: LogFilter, before: int | None, size: int
) -> tuple[Sequence[Row[tuple[int, int]]], int | None]:
    """Open texts one after another and keep those with the code; bodies are sealed, so no index knows them.

    At most `SCANNED` are opened for a page, then the page says where the next one goes on, also when it is empty.
    """
    question = _keys(wanted, before).add_columns(inbound.c.body).limit(SCANNED + 1)
    found: list[Row[tuple[int, int]]] = []
    last = None
    for number, row in enumerate(connection.execute(question.execution_options(yield_per=500))):
        if number == SCANNED or len(found) == size:
            return found, last
        last = row.key
        if (wanted.code or "") in lookalike_key(canonical(row.body)):
            found.append(row)
    return found, None


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

_ANSWER_COLUMNS = (
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
    connection: Connection, sender: Msisdn, *, before: int | None = None, size: int = PAGE_SIZE
) -> LogPage:
    """Read everything that one number wrote and was answered, newest first."""
    return read_log_page(connection, LogFilter(sender=sender), before=before, size=size)


def sender_of(connection: Connection, inbound_id: int) -> Msisdn | None:
    """Return who wrote a text; None when there is none of that id."""
    found = connection.execute(select(inbound.c.sender).where(inbound.c.id == inbound_id)).scalar_one_or_none()
    return None if found is None else Msisdn(found)


def _keys(wanted: LogFilter, before: int | None) -> Select[tuple[int, int]]:
    if isinstance(wanted.state, OutboundState) or wanted.unsure:
        # Turned by the answer's own id: few rows may be so, and an index finds them at once.
        key = outbound.c.id
        question = select(key.label("key"), outbound.c.inbound_id).join_from(outbound, inbound)
        conditions = list(_answer_conditions(wanted))
    else:
        key = inbound.c.id
        question = select(key.label("key"), inbound.c.id.label("inbound_id"))
        conditions = []
    conditions.extend(_text_conditions(wanted))
    if before is not None:
        conditions.append(key < before)
    return question.where(*conditions).order_by(key.desc())


def _answer_conditions(wanted: LogFilter) -> Iterable[ColumnElement[bool]]:
    if isinstance(wanted.state, OutboundState):
        yield outbound.c.state == wanted.state
    if wanted.unsure:
        yield literal_column("outbound.unsure", Boolean)  # word for word the condition of the partial index


def _text_conditions(wanted: LogFilter) -> Iterable[ColumnElement[bool]]:
    if isinstance(wanted.state, InboundState):
        yield inbound.c.state == wanted.state
    if wanted.sender is not None:
        yield inbound.c.sender_mark == wanted.sender
    if wanted.readings:
        yield inbound.c.reading.in_(wanted.readings)
    if wanted.link is not None:
        yield inbound.c.link == wanted.link
    if wanted.since is not None:
        yield inbound.c.id >= wanted.since
    if wanted.until is not None:
        yield inbound.c.id < wanted.until


def _answers(
    connection: Connection, inbound_ids: Sequence[int], taken: Mapping[int, Sequence[SegmentRow]]
) -> Mapping[int, Sequence[AnswerRow]]:
    found = defaultdict[int, list[AnswerRow]](list)
    question = select(*_ANSWER_COLUMNS).where(outbound.c.inbound_id.in_(inbound_ids)).order_by(outbound.c.id)
    for row in connection.execute(question):
        found[row.inbound_id].append(_answer(row, tuple(taken.get(row.id, ()))))
    return found


def _events(connection: Connection, inbound_id: int, of_text: Select[tuple[int]]) -> Iterable[EventRow]:
    question = select(event.c.at, event.c.kind, event.c.detail).where(
        (event.c.inbound_id == inbound_id) | event.c.outbound_id.in_(of_text)
    )
    for row in connection.execute(question.order_by(event.c.id)):
        yield EventRow(at=row.at, kind=row.kind, detail=row.detail)


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


def _answer(row: Row[*tuple[object, ...]], taken: tuple[SegmentRow, ...]) -> AnswerRow:
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
        sent_at=row.sent_at,
        receipt=row.receipt,
        receipt_error=row.receipt_error,
        receipt_at=row.receipt_at,
    )
