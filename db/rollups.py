"""Counts over many messages: what is going on today, and minute by minute.

Ids are time-ordered, so a span of time is a range of ids; every question here is answered from an index alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Column, Connection, func, select

from db.schema import InboundState, OutboundState, inbound, outbound

Value = TypeVar("Value")

_TAKEN = tuple(state for state in InboundState if state is not InboundState.REDELIVERY)
_GONE_OUT = (OutboundState.SENT, OutboundState.DELIVERED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What happened since a moment."""

    texts: int  # redeliveries left out
    misread: int
    answers: int
    delivered: int
    failed: int
    expired: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What is not finished now, whenever it came; the times are those of the oldest, None when nothing waits."""

    texts: int
    answers: int
    parked: int
    oldest_text: datetime | None
    oldest_answer: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Minutes:
    """Counts by the number of the minute: id divided by the ids of a minute. A minute without any is left out."""

    texts: Mapping[int, int]
    answers: Mapping[int, int]
    failed: Mapping[int, int]


def count_since(connection: Connection, *, since: int, misreadings: Collection[str]) -> Counts:
    """Count what has an id from `since` on; `misreadings` are the readings that are misreads."""
    texts = _by_value(connection, inbound.c.state, inbound.c.id, since, _TAKEN)
    answers = _by_value(connection, outbound.c.state, outbound.c.id, since, tuple(OutboundState))
    misread = _by_value(connection, inbound.c.reading, inbound.c.id, since, tuple(misreadings))
    return Counts(
        texts=sum(texts.values()),
        misread=sum(misread.values()),
        answers=sum(answers.values()),
        delivered=answers.get(OutboundState.DELIVERED, 0),
        failed=answers.get(OutboundState.FAILED, 0),
        expired=answers.get(OutboundState.EXPIRED, 0),
    )


def find_waiting(connection: Connection) -> Waiting:
    """Find what is not finished."""
    texts = connection.execute(
        select(func.count(), func.min(inbound.c.id)).where(inbound.c.state == InboundState.RECEIVED)
    ).one()
    answers = connection.execute(
        select(func.count(), func.min(outbound.c.id)).where(
            outbound.c.state.in_((OutboundState.QUEUED, OutboundState.CLAIMED))
        )
    ).one()
    parked = select(func.count()).select_from(inbound).where(inbound.c.state == InboundState.PARKED)
    return Waiting(
        texts=texts[0],
        answers=answers[0],
        parked=connection.execute(parked).scalar_one(),
        oldest_text=_time(connection, inbound.c.received_at, inbound.c.id, texts[1]),
        oldest_answer=_time(connection, outbound.c.created_at, outbound.c.id, answers[1]),
    )


def count_by_minute(connection: Connection, *, since: int, ids_a_minute: int) -> Minutes:
    """Count by minute what has an id from `since` on."""
    return Minutes(
        texts=_by_minute(
            connection, column=inbound.c.state, key=inbound.c.id, since=since, ids_a_minute=ids_a_minute, values=_TAKEN
        ),
        answers=_by_minute(
            connection,
            column=outbound.c.state,
            key=outbound.c.id,
            since=since,
            ids_a_minute=ids_a_minute,
            values=_GONE_OUT,
        ),
        failed=_by_minute(
            connection,
            column=outbound.c.state,
            key=outbound.c.id,
            since=since,
            ids_a_minute=ids_a_minute,
            values=(OutboundState.FAILED, OutboundState.EXPIRED),
        ),
    )


def _by_value(
    connection: Connection, column: Column[Value], key: Column[int], since: int, values: Collection[Value]
) -> Mapping[Value, int]:
    # The values are named one by one so that the index on (column, id) answers.
    question = select(column, func.count()).where(column.in_(values), key >= since).group_by(column)
    return {row[0]: row[1] for row in connection.execute(question)}


def _by_minute(
    connection: Connection,
    *,
    column: Column[Value],
    key: Column[int],
    since: int,
    ids_a_minute: int,
    values: Collection[Value],
) -> Mapping[int, int]:
    minute = (key // ids_a_minute).label("minute")
    question = select(minute, func.count()).where(column.in_(values), key >= since).group_by(minute)
    return {row[0]: row[1] for row in connection.execute(question)}


def _time(connection: Connection, column: Column[datetime], key: Column[int], row_id: int | None) -> datetime | None:
    return None if row_id is None else connection.execute(select(column).where(key == row_id)).scalar_one()
