"""What limits look at: the answers a number had lately, the codes it tried, and the block list.

Everything is asked for a whole batch of texts at once and bounded by an id: ids are ordered by time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import BigInteger, Boolean, Connection, String, column, func, insert, select, table

from db.citizens.block_list import LOOP_BREAKER, REMEMBERED
from db.limits import limit_queries as questions
from db.schema import AttemptKind, inbound, outbound
from db.schema.time_buckets import buckets_since
from db.store.column_types import keyring_of
from db.store.ids import first_id_at
from db.store.prepared_statements import Prepared, Row
from db.store.record import record
from db.store.sealing import MARK_OCTETS


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
    days: tuple[int, int] = (0, 0)  # whose busiest hour counts (db.limits.account_rates)
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
    registered_lately: int = 0  # identity numbers by anybody; only where the batch holds one
    busiest_hour: int = 0  # the most of them in an hour of the days that count


_ATTEMPT = table(  # as it stands in the schema, for values that are made already
    "attempt",
    column("id", BigInteger()),
    column("kind", String()),
    *(column(name, questions.Octets()) for name in ("sender_mark", "subject_mark", "area_mark")),
    column("hit", Boolean()),
)
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
        "spans": buckets_since(connection, inbound, asked.since_id),
        "senders": tuple(asked.senders),
        "since_id": asked.since_id,
        "ended": asked.now - REMEMBERED,
    }
    if not asked.guessers:
        return _known(questions.HOW_THEY_STAND_ON[connection.dialect.name].fetch(connection, values), asked.now)
    values |= {
        "guessers": tuple(asked.guessers),
        "areas": tuple(asked.areas) or _NOBODY,
        "lately_id": asked.lately_id,
        "most": asked.most,
    }
    if not asked.people:
        return _known(questions.WHAT_THEY_LOOKED_UP_ON[connection.dialect.name].fetch(connection, values), asked.now)
    first_day, today = asked.days
    values |= {"people": tuple(asked.people), "first_day": first_day, "today": today}
    return _known(questions.ALL_THAT_IS_KNOWN_ON[connection.dialect.name].fetch(connection, values), asked.now)


def count_answers(connection: Connection, *, since_id: int, most: int) -> int:
    """Return how many answers were written in a row of this id or a later one, counted up to `most`."""
    written = select(outbound.c.id).where(outbound.c.id >= since_id).limit(most).subquery("written")
    return int(connection.execute(select(func.count()).select_from(written)).scalar_one())


def was_answered(connection: Connection, sender: bytes, *, reading: str, outcome: str, since: datetime) -> bool:
    """Return whether a number got this answer to a text of this reading since then; `sender` is its mark."""
    asked = select(inbound.c.id).where(
        inbound.c.reading == reading,
        inbound.c.id >= first_id_at(since),
        inbound.c.received_at > since,
        inbound.c.sender_mark == sender,
        inbound.c.outcome == outcome,
    )
    return connection.execute(asked.limit(1)).first() is not None


def _known(rows: Sequence[Row], now: datetime) -> Known:
    answered: dict[bytes, list[Answered]] = {}
    blocked: dict[bytes, tuple[bool, timedelta]] = {}
    known = Known()
    for about, mark, subject, word, number, since, until in rows:
        if about == questions.ANSWERED:
            answered.setdefault(mark, []).append(Answered(since, until, word))
            if subject:
                known.codes.setdefault(mark, {}).update(dict.fromkeys(split_marks(subject), True))
        elif about == questions.BLOCKED:
            blocked[mark] = until > now, until - since if word == LOOP_BREAKER else timedelta(0)
        elif about == questions.BY_SENDER and word != AttemptKind.REGISTER:
            codes = known.codes.setdefault(mark, {})
            codes[subject] = codes.get(subject, False) or bool(number)
        elif about == questions.BY_AREA:
            known.misses[mark] = number
        elif about == questions.LATELY:
            known.missed_lately = number
        else:
            _note_registered(known, about, mark, subject, number or 0)
    for mark in answered.keys() | blocked:
        before = sorted(answered.get(mark, ()), key=attrgetter("received_at"))
        is_blocked, rested = blocked.get(mark, (False, timedelta(0)))
        known.standings[mark] = Standing(answered=before, is_blocked=is_blocked, rested=rested)
    return known


def _note_registered(known: Known, about: int, sender: bytes, person: bytes, number: int) -> None:
    if about == questions.REGISTERED:
        known.registered_lately = number
    elif about == questions.BUSIEST:
        known.busiest_hour = number
    elif about == questions.BY_SUBJECT:
        known.phones.setdefault(person, set()).add(sender)
    else:
        known.people.setdefault(sender, set()).add(person)


def split_marks(told: bytes) -> Iterator[bytes]:
    """Take the marks of `inbound.told` apart."""
    return (told[start : start + MARK_OCTETS] for start in range(0, len(told), MARK_OCTETS))


def add_attempts(connection: Connection, attempts: Sequence[NewAttempt]) -> None:
    """Insert attempts."""
    _ADD_ATTEMPTS.run_many(connection, [(item[0], item.kind.value, *item[2:]) for item in attempts])
