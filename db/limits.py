"""What limits look at: the answers a number had lately, the codes it tried, and the block list.

Everything is asked for a whole batch of texts at once and bounded by an id: ids are ordered by time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, null, select, text, union_all

from db.columns import keyring_of
from db.identity import Msisdn
from db.schema import AttemptKind, attempt, block, inbound

BLOCKED = "blocked"
"""Stands where an answered text has its outcome, in a row that is an entry of the block list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An earlier text of the same number that was answered; `outcome` is handlers.answer.Outcome."""

    received_at: datetime
    handled_at: datetime
    outcome: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a number stands: its answered texts of the time asked for, oldest first, and whether it is blocked."""

    answered: Sequence[Answered] = ()
    is_blocked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAttempt:
    """A code or identity number that was tried, by marks alone."""

    id: int
    kind: AttemptKind
    sender: bytes
    subject: bytes
    area: bytes | None
    hit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What was tried since the time asked for, by mark."""

    codes: Mapping[bytes, Mapping[bytes, bool]] = field(default_factory=dict)  # sender -> code -> was it there
    people: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)  # sender -> identity numbers
    phones: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)  # identity number -> senders
    misses: Mapping[bytes, int] = field(default_factory=dict)  # area -> codes that were not there
    missed_lately: int = 0  # by anybody, counted up to what was asked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """An entry of the block list; times are aware UTC."""

    number: Msisdn
    reason: str
    made_by: str
    since: datetime
    until: datetime


# The state stands word for word as in the partial index, or SQLite could not know that it applies (see there).
_STANDING = union_all(
    select(inbound.c.sender_mark, inbound.c.received_at, inbound.c.handled_at, inbound.c.outcome).where(
        inbound.c.sender_mark.in_(bindparam("senders", expanding=True)),
        text("inbound.state || '' = 'handled'"),
        inbound.c.id >= bindparam("since_id"),
    ),
    select(block.c.number_mark, block.c.since, block.c.until, literal(BLOCKED)).where(
        block.c.number_mark.in_(bindparam("senders", expanding=True)), block.c.until > bindparam("now")
    ),
)
_MISSED = text("NOT attempt.hit")
_BY_SENDER, _BY_SUBJECT, _BY_AREA, _LATELY = range(4)
_TRIED = union_all(
    select(
        literal(_BY_SENDER).label("about"),
        attempt.c.kind,
        attempt.c.sender_mark,
        attempt.c.subject_mark,
        attempt.c.hit,
        literal(1).label("times"),
    ).where(attempt.c.sender_mark.in_(bindparam("senders", expanding=True)), attempt.c.id >= bindparam("since_id")),
    select(
        literal(_BY_SUBJECT), attempt.c.kind, attempt.c.sender_mark, attempt.c.subject_mark, attempt.c.hit, literal(1)
    ).where(
        attempt.c.subject_mark.in_(bindparam("people", expanding=True)),
        text("attempt.kind = 'register'"),
        attempt.c.id >= bindparam("since_id"),
    ),
    select(literal(_BY_AREA), null(), null(), attempt.c.area_mark, null(), func.count())
    .where(attempt.c.area_mark.in_(bindparam("areas", expanding=True)), _MISSED, attempt.c.id >= bindparam("since_id"))
    .group_by(attempt.c.area_mark),
    select(
        literal(_LATELY),
        null(),
        null(),
        null(),
        null(),
        select(func.count())
        .select_from(
            select(attempt.c.id)
            .where(_MISSED, attempt.c.id >= bindparam("lately_id"))
            .limit(bindparam("most"))
            .subquery("lately")
        )
        .scalar_subquery(),
    ),
)


def mark_of(connection: Connection, subject: str, value: str) -> bytes:
    """Return the mark by which rows are found: `phone`, `attempt` or `area`."""
    return keyring_of(connection.dialect).mark(subject.encode(), value.encode())


def read_standings(
    connection: Connection, senders: Collection[bytes], *, since_id: int, now: datetime
) -> Mapping[bytes, Standing]:
    """Return how these numbers stand, by mark; a number without answers that is not blocked is left out. One query."""
    if not senders:
        return {}
    answered: dict[bytes, list[Answered]] = {}
    blocked: set[bytes] = set()
    asked = {"senders": list(senders), "since_id": since_id, "now": now}
    for sender, received_at, handled_at, outcome in connection.execute(_STANDING, asked):
        if outcome == BLOCKED:
            blocked.add(sender)
        else:
            row = Answered(received_at=received_at, handled_at=handled_at, outcome=outcome)
            answered.setdefault(sender, []).append(row)
    return {
        sender: Standing(
            answered=tuple(sorted(answered.get(sender, ()), key=lambda one: one.received_at)),
            is_blocked=sender in blocked,
        )
        for sender in answered.keys() | blocked
    }


def read_tried(
    connection: Connection,
    *,
    senders: Collection[bytes],
    people: Collection[bytes],
    areas: Collection[bytes],
    since_id: int,
    lately_id: int,
    most: int,
) -> Tried:
    """Return what these numbers tried, who tried these identity numbers, and the misses in these areas. One query.

    `most` bounds the count of all misses since `lately_id`.
    """
    codes: dict[bytes, dict[bytes, bool]] = {}
    by_sender: dict[bytes, set[bytes]] = {}
    by_person: dict[bytes, set[bytes]] = {}
    misses: dict[bytes, int] = {}
    missed_lately = 0
    asked = {"senders": list(senders), "people": list(people), "areas": list(areas)}
    asked_all = {**asked, "since_id": since_id, "lately_id": lately_id, "most": most}
    for about, kind, sender, subject, hit, times in connection.execute(_TRIED, asked_all):
        if about == _BY_AREA:
            misses[subject] = times
        elif about == _LATELY:
            missed_lately = times
        elif about == _BY_SUBJECT:
            by_person.setdefault(subject, set()).add(sender)
        elif kind is AttemptKind.REGISTER:
            by_sender.setdefault(sender, set()).add(subject)
        else:
            known = codes.setdefault(sender, {})
            known[subject] = known.get(subject, False) or bool(hit)
    return Tried(
        codes=codes,
        people={sender: frozenset(found) for sender, found in by_sender.items()},
        phones={person: frozenset(found) for person, found in by_person.items()},
        misses=misses,
        missed_lately=missed_lately,
    )


def add_attempts(connection: Connection, attempts: Sequence[NewAttempt]) -> None:
    """Insert attempts."""
    if attempts:
        connection.execute(
            insert(attempt),
            [
                {
                    "id": item.id,
                    "kind": item.kind,
                    "sender_mark": item.sender,
                    "subject_mark": item.subject,
                    "area_mark": item.area,
                    "hit": item.hit,
                }
                for item in attempts
            ],
        )


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
    """Delete the entries that are over, for the schedule; return how many."""
    return connection.execute(delete(block).where(block.c.until <= now)).rowcount
