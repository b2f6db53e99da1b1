"""What limits look at: the answers a number had lately, the codes it tried, and the block list.

Everything is asked for a whole batch of texts at once and bounded by an id: ids are ordered by time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    String,
    bindparam,
    cast,
    column,
    delete,
    false,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    table,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from db.columns import Utc, keyring_of
from db.identity import Msisdn
from db.prepared import Prepared, Row
from db.record import record
from db.schema import AttemptKind, InboundState, attempt, block, inbound
from db.seal import MARK_OCTETS
from db.spans import in_given_spans, spans_since

LOOP_BREAKER = "loop"
"""Stands in an entry of the block list as the one who made it, where no person did."""

REMEMBERED = timedelta(days=1)
"""So long a machine's entry is kept when it is over: one that comes back is left alone for longer."""


class Answered(NamedTuple):
    """An earlier text of the same number that was answered; `outcome` is handlers.answer.Outcome."""

    received_at: datetime
    handled_at: datetime
    outcome: str | None


@record
class Standing:
    """How a number stands: its answered texts of the time asked for, oldest first, and whether it is blocked."""

    answered: Sequence[Answered] = ()
    is_blocked: bool = False
    rested: timedelta = timedelta(0)  # how long the loop breaker left it alone, when that ended lately or did not yet


FRESH = Standing()
"""Of a number that was not answered lately and is not blocked."""


class NewAttempt(NamedTuple):
    """A code or identity number that was tried, by marks alone."""

    id: int
    kind: AttemptKind
    sender: bytes
    subject: bytes
    area: bytes | None
    hit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked of a batch, all by mark. An id stands for the time it was made at."""

    senders: Collection[bytes]
    guessers: Collection[bytes] = ()  # those senders who ask for a code or an account
    people: Collection[bytes] = ()  # identity numbers
    areas: Collection[bytes] = ()
    since_id: int
    lately_id: int
    most: int  # bounds the count of all misses since `lately_id`
    now: datetime


@dataclass(kw_only=True, slots=True)
class Known:
    """What is known of a batch since the time asked for, by mark; who has nothing behind him is left out."""

    standings: dict[bytes, Standing] = field(default_factory=dict)  # of a number
    codes: dict[bytes, dict[bytes, bool]] = field(default_factory=dict)  # sender -> code -> was it there
    people: dict[bytes, set[bytes]] = field(default_factory=dict)  # sender -> identity numbers
    phones: dict[bytes, set[bytes]] = field(default_factory=dict)  # identity number -> senders
    misses: dict[bytes, int] = field(default_factory=dict)  # area -> codes that were not there
    missed_lately: int = 0  # by anybody, counted up to what was asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """An entry of the block list; times are aware UTC."""

    number: Msisdn
    reason: str
    made_by: str
    since: datetime
    until: datetime


_BY_SENDER, _BY_SUBJECT, _BY_AREA, _LATELY, _ANSWERED, _BLOCKED = range(6)
_MISSED = text("NOT attempt.hit")


class _Octets(TypeEngine[bytes]):
    """A mark that is made already: given to the driver as it is, without a look at each one."""

    __visit_name__ = "large_binary"


def _marks(name: str) -> BindParameter[bytes]:
    return bindparam(name, expanding=True, type_=_Octets())


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


def _standing(of_spans: ColumnElement[bool]) -> Sequence[Select[*tuple[Any, ...]]]:
    return (
        _row(
            _ANSWERED,
            mark=inbound.c.sender_mark,
            subject=inbound.c.told,
            word=inbound.c.outcome,
            since=inbound.c.received_at,
            until=inbound.c.handled_at,
        ).where(
            of_spans,
            inbound.c.sender_mark.in_(_marks("senders")),
            inbound.c.state == InboundState.HANDLED,
            inbound.c.id >= bindparam("since_id"),
        ),
        _row(_BLOCKED, mark=block.c.number_mark, word=block.c.made_by, since=block.c.since, until=block.c.until).where(
            block.c.number_mark.in_(_marks("senders")), block.c.until > bindparam("ended")
        ),
    )


def _tried(of_today: ColumnElement[bool]) -> Sequence[Select[*tuple[Any, ...]]]:
    return (
        _row(
            _BY_SENDER,
            mark=attempt.c.sender_mark,
            subject=attempt.c.subject_mark,
            word=attempt.c.kind,
            number=cast(attempt.c.hit, Integer),
        ).where(attempt.c.sender_mark.in_(_marks("guessers")), of_today),
        _row(_BY_SUBJECT, mark=attempt.c.sender_mark, subject=attempt.c.subject_mark).where(
            attempt.c.subject_mark.in_(_marks("people")), text("attempt.kind = 'register'"), of_today
        ),
        _row(_BY_AREA, mark=attempt.c.area_mark, number=func.count())
        .where(attempt.c.area_mark.in_(_marks("areas")), _MISSED, of_today)
        .group_by(attempt.c.area_mark),
        _row(
            _LATELY,
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


_ATTEMPT = table(  # as it stands in the schema, for values that are made already
    "attempt",
    column("id", BigInteger()),
    column("kind", String()),
    *(column(name, _Octets()) for name in ("sender_mark", "subject_mark", "area_mark")),
    column("hit", Boolean()),
)
_STANDING_ON = {name: _standing(of_spans) for name, of_spans in in_given_spans(inbound.c.id).items()}
_HOW_THEY_STAND_ON = {name: Prepared(union_all(*standing)) for name, standing in _STANDING_ON.items()}
_OF_TODAY = attempt.c.id >= bindparam("since_id")
_ALL_THAT_IS_KNOWN_ON = {
    "sqlite": Prepared(union_all(*_STANDING_ON["sqlite"], *_tried(_OF_TODAY))),
    # Attempts are kept for two days. In a coalesce() PostgreSQL takes no index for their time: with a plan that it made
    # while the table was small it would read all of today's instead of those with a mark.
    "postgresql": Prepared(union_all(*_STANDING_ON["postgresql"], *_tried(func.coalesce(_OF_TODAY, false())))),
}
_ADD_ATTEMPTS = Prepared(insert(_ATTEMPT), "id", "kind", "sender_mark", "subject_mark", "area_mark", "hit")
_NOBODY = (b"",)
"""No mark is so short: stands where there is nobody to ask about, since a list may not be empty."""


def mark_of(connection: Connection, subject: str, value: str) -> bytes:
    """Return the mark by which rows are found: `phone`, `attempt` or `area`."""
    return keyring_of(connection.dialect).mark(subject.encode(), value.encode())


def read_known(connection: Connection, asked: Asked) -> Known:
    """Return what the limits must know of a batch of texts. One query, and one for the newest id."""
    if not asked.senders:
        return Known()
    values = {
        "spans": spans_since(connection, inbound, asked.since_id),
        "senders": tuple(asked.senders),
        "since_id": asked.since_id,
        "ended": asked.now - REMEMBERED,
    }
    if not asked.guessers:
        return _known(_HOW_THEY_STAND_ON[connection.dialect.name].fetch(connection, values), asked.now)
    tried = {
        "guessers": tuple(asked.guessers),
        "people": tuple(asked.people) or _NOBODY,
        "areas": tuple(asked.areas) or _NOBODY,
        "lately_id": asked.lately_id,
        "most": asked.most,
    }
    return _known(_ALL_THAT_IS_KNOWN_ON[connection.dialect.name].fetch(connection, values | tried), asked.now)


def _known(rows: Sequence[Row], now: datetime) -> Known:
    answered: dict[bytes, list[Answered]] = {}
    blocked: dict[bytes, tuple[bool, timedelta]] = {}
    known = Known()
    for about, mark, subject, word, number, since, until in rows:
        if about == _ANSWERED:
            answered.setdefault(mark, []).append(Answered(since, until, word))
            if subject:
                known.codes.setdefault(mark, {}).update(dict.fromkeys(split_marks(subject), True))
        elif about == _BLOCKED:
            blocked[mark] = until > now, until - since if word == LOOP_BREAKER else timedelta(0)
        elif about == _BY_AREA:
            known.misses[mark] = number
        elif about == _LATELY:
            known.missed_lately = number
        elif about == _BY_SUBJECT:
            known.phones.setdefault(subject, set()).add(mark)
        elif word == AttemptKind.REGISTER:
            known.people.setdefault(mark, set()).add(subject)
        else:
            codes = known.codes.setdefault(mark, {})
            codes[subject] = codes.get(subject, False) or bool(number)
    for mark in answered.keys() | blocked:
        before = sorted(answered.get(mark, ()), key=attrgetter("received_at"))
        is_blocked, rested = blocked.get(mark, (False, timedelta(0)))
        known.standings[mark] = Standing(answered=before, is_blocked=is_blocked, rested=rested)
    return known


def split_marks(told: bytes) -> Iterator[bytes]:
    """Take the marks of `inbound.told` apart."""
    return (told[start : start + MARK_OCTETS] for start in range(0, len(told), MARK_OCTETS))


def add_attempts(connection: Connection, attempts: Sequence[NewAttempt]) -> None:
    """Insert attempts."""
    _ADD_ATTEMPTS.run_many(connection, [(item[0], item.kind.value, *item[2:]) for item in attempts])


def put_on_list(connection: Connection, entry: Block) -> None:
    """Block a number until a time; an entry that is there is replaced."""
    take_off_list(connection, entry.number)
    connection.execute(
        insert(block).values(
            number_mark=entry.number,
            number=entry.number,
            reason=entry.reason,
            made_by=entry.made_by,
            since=entry.since,
            until=entry.until,
        )
    )


def take_off_list(connection: Connection, number: Msisdn) -> bool:
    """Answer a number again; False when it was not on the list."""
    return connection.execute(delete(block).where(block.c.number_mark == number)).rowcount > 0


def read_list(connection: Connection, *, now: datetime) -> Sequence[Block]:
    """Return who is blocked now, the one that ends first first."""
    rows = connection.execute(select(block).where(block.c.until > now).order_by(block.c.until))
    return [
        Block(number=Msisdn(row.number), reason=row.reason, made_by=row.made_by, since=row.since, until=row.until)
        for row in rows
    ]


def forget_ended_blocks(connection: Connection, now: datetime) -> int:
    """Delete the entries that are over, for the schedule; return how many. Those of machines stay for a day more."""
    over = or_(block.c.made_by != LOOP_BREAKER, block.c.until <= now - REMEMBERED)
    return connection.execute(delete(block).where(block.c.until <= now, over)).rowcount
