"""What came and went in a time, as counts of texts, SMS, times to answer, tickets and scores. None is of one person.

Everything is counted by when it happened: a text on the day on which it came, an SMS on the day on which it was
written, an answered ticket on the day of the answer. So counts of two times that follow each other add up to those of
both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Float,
    case,
    extract,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy import Row as AnyRow

from db.reports.daily_counts import count_day
from db.schema import OutboundState, TicketState, inbound, outbound, rating, ticket, ticket_entry, unit
from db.store.ids import first_id_at
from db.tickets.states import read_standing

TIME_BOUNDS = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600, 14400, 86400)
"""Seconds between text and answer are counted up to each of these."""

LONGER = "longer"
"""The key of times beyond the last bound."""

TAKEN = "taken"
"""The detail of an SMS that the carrier took, whatever became of it."""

_AT_ONCE = 500
"""Ids in one statement."""


class FigureKind(StrEnum):
    """What is counted."""

    TEXT = "text"  # key: how it was read; detail: its outcome, else its state
    SMS = "sms"  # to citizens and staff, without alarms; key: its state; detail: TAKEN or empty
    SEGMENTS = "segments"  # of the SMS that the carrier took
    TIME = "time"  # texts that were answered; key: the bound of the seconds
    TICKET = "ticket"  # key: TicketFigure; detail: the code of the unit
    SCORE = "score"  # key: 1 to 5; detail: the code of the unit


OF_UNITS = (FigureKind.TICKET, FigureKind.SCORE)
"""Kinds whose detail is the code of a unit."""


class TicketFigure(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    IN_TIME = "in_time"  # answered by the time that the citizen was told
    LATE = "late"  # answered after it
    REOPENED = "reopened"  # the citizen was not content with the answer
    CLOSED = "closed"  # without an answer: withdrawn, merged, spam, not ours, no reply


class Figure(NamedTuple):
    """The name of one count."""

    kind: str
    key: str
    detail: str = ""


Figures = Counter[Figure]


def count_span(connection: Connection, since: datetime, until: datetime) -> Figures:
    """Count what happened from `since` to before `until`."""
    span = first_id_at(since), first_id_at(until)
    return Figures(
        dict(
            [
                *_texts(connection, since, until),
                *_sms(connection, span),
                *_times(connection, span),
                *_tickets(connection, span),
                *_scores(connection, since, until),
            ]
        )
    )


def _texts(connection: Connection, since: datetime, until: datetime) -> Iterable[tuple[Figure, int]]:
    found = Figures()
    for one in count_day(connection, since, until):
        found[Figure(FigureKind.TEXT, one.command, one.outcome)] += one.count
    return found.items()


def _sms(connection: Connection, span: tuple[int, int]) -> Iterator[tuple[Figure, int]]:
    is_taken = outbound.c.sent_at.is_not(None)
    asked = (
        select(outbound.c.state, is_taken.label("taken"), func.count(), func.sum(outbound.c.segments))
        .where(outbound.c.id >= span[0], outbound.c.id < span[1], ~outbound.c.alarm)
        .group_by(outbound.c.state, is_taken)
    )
    segments = 0
    for state, taken, count, parts in connection.execute(asked):
        yield Figure(FigureKind.SMS, OutboundState(state).value, TAKEN if taken else ""), count
        segments += int(parts or 0) if taken else 0
    if segments:
        yield Figure(FigureKind.SEGMENTS, ""), segments


def _times(connection: Connection, span: tuple[int, int]) -> Iterator[tuple[Figure, int]]:
    """Count the texts by the time until the carrier took the first SMS to them."""
    seconds = _seconds(connection, func.min(outbound.c.sent_at, type_=outbound.c.sent_at.type), inbound.c.received_at)
    first = (
        select(case(*((seconds <= each, str(each)) for each in TIME_BOUNDS), else_=LONGER).label("bound"))
        .join(outbound, outbound.c.inbound_id == inbound.c.id)
        .where(inbound.c.id >= span[0], inbound.c.id < span[1], outbound.c.sent_at.is_not(None))
        .group_by(inbound.c.id, inbound.c.received_at)
        .subquery()
    )
    for key, count in connection.execute(select(first.c.bound, func.count()).group_by(first.c.bound)):
        yield Figure(FigureKind.TIME, key), count


def _seconds(
    connection: Connection, later: ColumnElement[datetime], earlier: ColumnElement[datetime]
) -> ColumnElement[float]:
    if connection.dialect.name == "sqlite":  # microseconds since 1970
        return type_coerce((type_coerce(later, BigInteger) - type_coerce(earlier, BigInteger)) / 1e6, Float())
    zoned = DateTime(timezone=True)
    return type_coerce(extract("epoch", type_coerce(later, zoned) - type_coerce(earlier, zoned)), Float())


def _tickets(connection: Connection, span: tuple[int, int]) -> Iterable[tuple[Figure, int]]:
    found = Figures()
    opened = (
        select(_told_unit(), func.count())
        .select_from(ticket.join(unit, unit.c.id == ticket.c.unit_id))
        .where(ticket.c.id >= span[0], ticket.c.id < span[1])
        .group_by(_told_unit())
    )
    for code, count in connection.execute(opened):
        found[Figure(FigureKind.TICKET, TicketFigure.OPENED, code)] += count
    changes = _changes(connection, span)
    promised = _promised_before(connection, [row for row in changes if _was_reopened(row)])
    for row in changes:
        key = _what_happened(row, promised.get(row.id, row.promised))
        if key is not None:
            found[Figure(FigureKind.TICKET, key, row.code)] += 1
    return found.items()


def _changes(connection: Connection, span: tuple[int, int]) -> Sequence[AnyRow[*tuple[object, ...]]]:
    """Return the changes of states that end a matter, or begin it again."""
    over = (TicketState.RESOLVED, TicketState.CLOSED)
    promised = func.coalesce(ticket.c.first_promised_at, ticket.c.promised_at, type_=ticket.c.promised_at.type)
    columns = (ticket_entry.c.id, ticket_entry.c.ticket_id, ticket_entry.c.at)
    asked = (
        select(
            *columns,
            ticket_entry.c.from_state,
            ticket_entry.c.to_state,
            ticket.c.resolved_at,
            promised.label("promised"),
            _told_unit().label("code"),
        )
        .select_from(
            ticket_entry.join(ticket, ticket.c.id == ticket_entry.c.ticket_id).join(unit, unit.c.id == ticket.c.unit_id)
        )
        .where(ticket_entry.c.id >= span[0], ticket_entry.c.id < span[1])
        .where(ticket_entry.c.to_state.in_(over) | ticket_entry.c.from_state.in_(over))
    )
    return connection.execute(asked).all()


def _what_happened(row: AnyRow[*tuple[object, ...]], promised: datetime) -> TicketFigure | None:
    if row.to_state is TicketState.RESOLVED:
        return TicketFigure.IN_TIME if row.at <= promised else TicketFigure.LATE
    if row.to_state is TicketState.CLOSED:
        return None if row.from_state is TicketState.RESOLVED else TicketFigure.CLOSED
    return TicketFigure.REOPENED


def _was_reopened(row: AnyRow[*tuple[object, ...]]) -> bool:
    return row.to_state is TicketState.RESOLVED and row.resolved_at != row.at


def _promised_before(connection: Connection, answered: Sequence[AnyRow[*tuple[object, ...]]]) -> Mapping[int, datetime]:
    """Return by entry what was promised when it was written, of tickets that were reopened: those have a new promise.

    The words that reopened a ticket hold how it was before.
    """
    before: dict[int, list[tuple[int, datetime]]] = {}
    ids = sorted({row.ticket_id for row in answered})
    for some in (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)):
        asked = (
            select(ticket_entry.c.ticket_id, ticket_entry.c.id, ticket_entry.c.replaced)
            .where(ticket_entry.c.ticket_id.in_(some), ticket_entry.c.replaced.is_not(None))
            .order_by(ticket_entry.c.id)
        )
        for ticket_id, entry_id, replaced in connection.execute(asked):
            standing = read_standing(replaced)
            promise = standing.first_promised_at or standing.promised_at
            before.setdefault(ticket_id, []).append((entry_id, promise))
    return {
        row.id: promise
        for row in answered
        for promise in [promise for entry_id, promise in before.get(row.ticket_id, ()) if entry_id > row.id][:1]
    }


def _scores(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[Figure, int]]:
    asked = (
        select(rating.c.score, _told_unit(), func.count())
        .select_from(rating.join(ticket, ticket.c.id == rating.c.ticket_id).join(unit, unit.c.id == rating.c.unit_id))
        .where(rating.c.at >= since, rating.c.at < until)
        .group_by(rating.c.score, _told_unit())
    )
    for score, code, count in connection.execute(asked):
        yield Figure(FigureKind.SCORE, str(score), code), count


def _told_unit() -> ColumnElement[str]:
    # An accusation is at one unit of few people: its unit would say too much.
    return case((ticket.c.is_accusation, literal_column("''")), else_=unit.c.code)


def seconds_of(key: str) -> float:
    """Return the seconds up to which a time was counted, by its key."""
    return timedelta.max.total_seconds() if key == LONGER else int(key)
