"""Alarms as rows: what is wrong, what was told of it, who acknowledged it, and when it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import alarm

MOST_NOTE = 200
"""Characters of an operator's note."""

_ADVISORY_LOCK = 0x736D616C  # any number of our own; on PostgreSQL one process plans at a time
_A = alarm.c


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmWords:
    """What an alarm says, in one language."""

    title: str
    fix: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredAlarm:
    """An alarm and what was told of it. Its name and subject identify it while it is open."""

    id: int
    name: str
    subject: str
    urgent: bool
    words: Mapping[str, AlarmWords]  # by language
    began_at: datetime
    gone_at: datetime | None = None
    announced: bool = False
    told_at: datetime | None = None
    repeat_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    note: str | None = None
    ended_at: datetime | None = None


def take_turn(connection: Connection) -> None:
    """Let nobody else change alarms until this transaction ends; what is read from here on stays true."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})


def find_current(connection: Connection, *, ended_since: datetime) -> Sequence[StoredAlarm]:
    """Return the open alarms, and those that ended since then; the oldest of each name and subject first."""
    asked = select(alarm).where(or_(_A.ended_at.is_(None), _A.ended_at >= ended_since))
    return [_read(row) for row in connection.execute(asked.order_by(_A.id))]


def find_open(connection: Connection) -> Sequence[StoredAlarm]:
    """Return the open alarms, urgent ones first, then by when they began."""
    asked = select(alarm).where(_A.ended_at.is_(None)).order_by(_A.urgent.desc(), _A.began_at, _A.id)
    return [_read(row) for row in connection.execute(asked)]


def find_ended(connection: Connection, *, limit: int) -> Sequence[StoredAlarm]:
    """Return the alarms that ended last."""
    asked = select(alarm).where(_A.ended_at.is_not(None)).order_by(_A.ended_at.desc(), _A.id.desc()).limit(limit)
    return [_read(row) for row in connection.execute(asked)]


def count_open(connection: Connection) -> Mapping[str, int]:
    """Return how many alarms of each name are open; names of which there is none are absent."""
    asked = select(_A.name, func.count()).where(_A.ended_at.is_(None)).group_by(_A.name)
    return {row[0]: row[1] for row in connection.execute(asked)}


def put_alarm(connection: Connection, one: StoredAlarm) -> bool:
    """Write an alarm, new or changed; False when another row of its name and subject is open.

    Who acknowledged it is not written: an operator may do that meanwhile. Safe to repeat.
    """
    values = _values(one)
    found = connection.execute(update(alarm).where(_A.id == one.id).values(values))
    if found.rowcount:
        return True
    make = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    wanted = make(alarm).values(id=one.id, **values).on_conflict_do_nothing().returning(_A.id)
    return connection.execute(wanted).first() is not None


def drop_alarm(connection: Connection, alarm_id: int) -> None:
    """Delete an alarm that was never told."""
    connection.execute(delete(alarm).where(_A.id == alarm_id))


def acknowledge(connection: Connection, alarm_id: int, *, operator: str, note: str, now: datetime) -> bool:
    """Note that an operator knows of an open alarm; False when it has ended, or somebody did that before."""
    done = connection.execute(
        update(alarm)
        .where(_A.id == alarm_id, _A.ended_at.is_(None), _A.acknowledged_at.is_(None))
        .values(acknowledged_at=now, acknowledged_by=operator, note=note[:MOST_NOTE] or None)
    )
    return done.rowcount == 1


def find_alarm(connection: Connection, alarm_id: int) -> StoredAlarm | None:
    """Return an alarm by its id."""
    row = connection.execute(select(alarm).where(_A.id == alarm_id)).one_or_none()
    return None if row is None else _read(row)


def forget_alarms(connection: Connection, *, ended_before: datetime) -> int:
    """Delete alarms that ended before then, with their notices; return how many."""
    return connection.execute(delete(alarm).where(_A.ended_at < ended_before)).rowcount


def _values(one: StoredAlarm) -> dict[str, object]:
    words = {language: [each.title, each.fix] for language, each in one.words.items()}
    return {
        "name": one.name,
        "subject": one.subject,
        "urgent": one.urgent,
        "words": json.dumps(words, ensure_ascii=False),
        "began_at": one.began_at,
        "gone_at": one.gone_at,
        "announced": one.announced,
        "told_at": one.told_at,
        "repeat_at": one.repeat_at,
        "ended_at": one.ended_at,
    }


def _read(row: Row[*tuple[object, ...]]) -> StoredAlarm:
    words = {language: AlarmWords(title=title, fix=fix) for language, (title, fix) in json.loads(row.words).items()}
    return StoredAlarm(
        id=row.id,
        name=row.name,
        subject=row.subject,
        urgent=row.urgent,
        words=words,
        began_at=row.began_at,
        gone_at=row.gone_at,
        announced=row.announced,
        told_at=row.told_at,
        repeat_at=row.repeat_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        note=row.note,
        ended_at=row.ended_at,
    )
