"""The queries of db.limits.sender_limits: one statement for a batch, made of as few parts as the batch needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    String,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    null,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from db.schema import InboundState, account_day, attempt, block, inbound
from db.schema.time_buckets import in_given_buckets
from db.store.column_types import Utc
from db.store.prepared_statements import Prepared

BY_SENDER, BY_SUBJECT, BY_AREA, LATELY, ANSWERED, BLOCKED, REGISTERED, BUSIEST = range(8)
_MISSED = text("NOT attempt.hit")


class Octets(TypeEngine[bytes]):
    """A mark that is made already: given to the driver as it is, without a look at each one."""

    __visit_name__ = "large_binary"


def _marks(name: str) -> BindParameter[bytes]:
    return bindparam(name, expanding=True, type_=Octets())


def _row(
    about: int,
    *,
    mark: object = None,
    subject: object = None,
    word: object = None,
    number: object = None,
    since: object = None,
    until: object = None,
) -> Select[*tuple[Any, ...]]:
    typed = (LargeBinary(), mark), (LargeBinary(), subject), (String(), word), (Integer(), number)
    times = (Utc(), since), (Utc(), until)
    return select(
        literal_column(str(about), Integer).label("about"),
        *(cast(null(), kind) if one is None else type_coerce(one, kind) for kind, one in (*typed, *times)),
    )


def _standing(of_buckets: ColumnElement[bool]) -> Sequence[Select[*tuple[Any, ...]]]:
    return (
        _row(
            ANSWERED,
            mark=inbound.c.sender_mark,
            subject=inbound.c.told,
            word=inbound.c.outcome,
            since=inbound.c.received_at,
            until=inbound.c.handled_at,
        ).where(
            of_buckets,
            inbound.c.sender_mark.in_(_marks("senders")),
            inbound.c.state == InboundState.HANDLED,
            inbound.c.id >= bindparam("since_id"),
        ),
        _row(BLOCKED, mark=block.c.number_mark, word=block.c.made_by, since=block.c.since, until=block.c.until).where(
            block.c.number_mark.in_(_marks("senders")), block.c.until > bindparam("ended")
        ),
    )


def _tried(of_today: ColumnElement[bool]) -> Sequence[Select[*tuple[Any, ...]]]:
    return (
        _row(
            BY_SENDER,
            mark=attempt.c.sender_mark,
            subject=attempt.c.subject_mark,
            word=attempt.c.kind,
            number=cast(attempt.c.hit, Integer),
        ).where(attempt.c.sender_mark.in_(_marks("guessers")), of_today),
        _row(BY_AREA, mark=attempt.c.area_mark, number=func.count())
        .where(attempt.c.area_mark.in_(_marks("areas")), _MISSED, of_today)
        .group_by(attempt.c.area_mark),
        _row(
            LATELY,
            number=select(func.count())
            .select_from(
                select(attempt.c.id)
                .where(_MISSED, attempt.c.id >= bindparam("lately_id"))
                .limit(bindparam("most"))
                .subquery("lately")
            )
            .scalar_subquery(),
        ),
    )


def _registered(of_today: ColumnElement[bool]) -> Sequence[Select[*tuple[Any, ...]]]:
    """Return what is asked besides where a batch holds a TK; a batch without one does not pay for it."""
    day = account_day.c.first_id
    days = (day >= bindparam("first_day")) & (day < bindparam("today"))
    busiest = select(func.max(account_day.c.busiest_hour)).where(days)
    # The attempts of an hour are few: beyond the limit none is noted.
    lately = select(func.count()).where(text("attempt.kind = 'register'"), attempt.c.id >= bindparam("lately_id"))
    return (
        _row(BY_SUBJECT, mark=attempt.c.sender_mark, subject=attempt.c.subject_mark).where(
            attempt.c.subject_mark.in_(_marks("people")), text("attempt.kind = 'register'"), of_today
        ),
        _row(REGISTERED, number=lately.select_from(attempt).scalar_subquery()),
        _row(BUSIEST, number=busiest.scalar_subquery()),
    )


_STANDING_ON = {name: _standing(of_buckets) for name, of_buckets in in_given_buckets(inbound.c.id).items()}
HOW_THEY_STAND_ON = {name: Prepared(union_all(*standing)) for name, standing in _STANDING_ON.items()}
_OF_TODAY = attempt.c.id >= bindparam("since_id")
_TODAY_ON = {
    "sqlite": _OF_TODAY,
    # Attempts are kept for two days. In a coalesce() PostgreSQL takes no index for their time: with a plan that it made
    # while the table was small it would read all of today's instead of those with a mark.
    "postgresql": func.coalesce(_OF_TODAY, false()),
}
WHAT_THEY_LOOKED_UP_ON = {
    name: Prepared(union_all(*_STANDING_ON[name], *_tried(today))) for name, today in _TODAY_ON.items()
}
ALL_THAT_IS_KNOWN_ON = {
    name: Prepared(union_all(*_STANDING_ON[name], *_tried(today), *_registered(today)))
    for name, today in _TODAY_ON.items()
}
