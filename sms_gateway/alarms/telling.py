"""One round of the alarms: look, write what begins and ends, then send what is due.

A round is safe to repeat. What is to be sent is a row, written in the commit that says that the alarm began or ended.
It is claimed before it is sent, and its result is written after that. So a notice goes out at most once on each way,
unless the process ended, or the answer of the server was lost, between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from db.processes.alarm_notices import (
    StoredNotice,
    add_notices,
    add_way,
    claim,
    drop_untried,
    find_due,
    has_untried,
    note_accepted,
    note_failed,
    told_ways,
)
from db.processes.alarms import AlarmWords, StoredAlarm, drop_alarm, find_current, forget_alarms, put_alarm, take_turn
from db.schema import AlarmNoticeState
from db.store.engine import Database
from parsers.grammar import Vocabulary
from sms_gateway.alarms.condition import AlarmName, Condition
from sms_gateway.alarms.finding import Watched, find
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered, NoticeKind, Way
from sms_gateway.alarms.plan import (
    GIVEN_UP_AFTER,
    KEPT,
    AlarmTerms,
    Change,
    changes_of,
    first_try,
    next_try,
    ways_for,
)
from sms_gateway.clock import Now
from sms_gateway.log import Level, event, logger_of
from sms_gateway.log import Words as LogWords
from sms_gateway.web.translations import LANGUAGES, words_of

SHOWN_BY_MEMORY = frozenset(
    {AlarmName.DATABASE_GONE, AlarmName.DATABASE_REPLACED, AlarmName.NOTHING_TAKEN, AlarmName.ROUNDS_FAIL}
)
"""With one of these no row can be written: sms_gateway.alarms.storage_alarm tells them."""

_EVENTS = {NoticeKind.BEGINS: "alarm_begins", NoticeKind.GOES_ON: "alarm_goes_on", NoticeKind.ENDS: "alarm_ends"}
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmDesk:
    """What telling alarms needs."""

    database: Database
    watched: Watched
    terms: AlarmTerms
    language: str  # of the notices
    vocabulary: Vocabulary
    address: str | None  # of the page, as a whole URL
    ways: Sequence[Way]  # the best one first
    new_id: Callable[[], int]
    now: Now

    @property
    def way_names(self) -> Sequence[str]:
        """Return the names of the ways."""
        return [way.name for way in self.ways]


def look(desk: AlarmDesk) -> Sequence[Change]:
    """Look for what is wrong, and write what begins and ends, with the notices of it; return the changes."""
    now = desk.now()
    with desk.database.read() as connection:
        conditions = [one for one in find(connection, desk.watched, now).conditions if one.name not in SHOWN_BY_MEMORY]
        planned = _planned(connection, desk, conditions, now)
    if not planned:
        return ()
    with desk.database.write() as connection:
        take_turn(connection)
        changes = _planned(connection, desk, conditions, now)  # another process or an operator was first, perhaps
        for one in changes:
            _write(connection, desk, one, now)
    for one in changes:
        _log(one)
    return changes


def _planned(
    connection: Connection, desk: AlarmDesk, conditions: Sequence[Condition], now: datetime
) -> Sequence[Change]:
    stored = find_current(connection, ended_since=now - desk.terms.repeat)
    return changes_of(stored, conditions, now, desk.terms, lambda one: worded(one, desk.vocabulary), desk.new_id)


def worded(one: Condition, vocabulary: Vocabulary) -> Mapping[str, AlarmWords]:
    """Put a condition into words, in each language."""
    return {
        language: AlarmWords(
            title=words_of(one.title, language, vocabulary), fix=words_of(one.fix, language, vocabulary)
        )
        for language in LANGUAGES
    }


def _write(connection: Connection, desk: AlarmDesk, one: Change, now: datetime) -> None:
    if one.after is None:
        if one.before is not None:
            drop_alarm(connection, one.before.id)
        return
    if not put_alarm(connection, one.after) or one.tells is None:
        return
    alarm = one.after
    about = alarm.subject if alarm.name == AlarmName.WAY_FAILING else ""
    ways = ways_for(desk.way_names, is_urgent=alarm.urgent, about=about)
    if one.tells is NoticeKind.GOES_ON and has_untried(connection, alarm.id):
        return  # one waits for the morning already
    if one.tells is NoticeKind.ENDS:
        drop_untried(connection, alarm.id)
        told = told_ways(connection, alarm.id)
        if not told:  # it was over before the morning: when it begins again, nobody has heard of it
            put_alarm(connection, replace(alarm, told_at=None, repeat_at=None))
        ways = [way for way in desk.way_names if way in told]
    add_notices(connection, notices_of(alarm, one.tells, ways, now, desk.terms, language=desk.language))


def notices_of(
    alarm: StoredAlarm, kind: NoticeKind, ways: Sequence[str], now: datetime, terms: AlarmTerms, *, language: str
) -> Sequence[StoredNotice]:
    """Return a notice of an alarm, once for each way."""
    number, words = str(uuid4()), alarm.words[language]
    return [
        StoredNotice(
            number=number,
            way=way,
            alarm_id=alarm.id,
            name=alarm.name,
            subject=alarm.subject,
            urgent=alarm.urgent,
            kind=kind.value,
            title=words.title,
            fix=words.fix,
            since=alarm.began_at,
            at=now,
            state=AlarmNoticeState.WAITING,
            next_try=first_try(now, terms, is_urgent=alarm.urgent),
        )
        for way in ways
    ]


def send_due(desk: AlarmDesk, resting: dict[str, datetime], is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send the notices that are due; return how many were accepted. A way that fails rests: `resting` says until when.

    Each try is claimed first, so another process does not make it too.
    """
    now = desk.now()
    ready = {way.name: way for way in desk.ways if resting.get(way.name, now) <= now}
    with desk.database.read() as connection:
        due = find_due(connection, list(ready), now=now)
    accepted = 0
    for one in due:
        if is_stopping():
            break
        if one.way in ready and _claimed(desk, one):
            if _send(desk, ready[one.way], one):
                accepted += 1
            else:
                del ready[one.way]
                resting[one.way] = next_try(1, desk.now())
    return accepted


def _claimed(desk: AlarmDesk, one: StoredNotice) -> bool:
    with desk.database.write() as connection:
        return claim(connection, one, next_try=next_try(one.tries + 1, desk.now()))


def _send(desk: AlarmDesk, way: Way, one: StoredNotice) -> bool:
    """Make one try, and write what it came to."""
    try:
        way.deliver(notice_to_send(desk, one))
    except NotDelivered as error:
        now = desk.now()
        is_over = now - one.at >= GIVEN_UP_AFTER
        again = None if is_over else next_try(one.tries + 1, now, is_final=error.is_final)
        with desk.database.write() as connection:
            note_failed(connection, one, error=error.reason, next_try=again, now=now)
            _take_other_way(connection, desk, one, now)
        event(
            _LOG,
            "alarm_not_delivered",
            level="warning",
            way=way.name,
            alarm=one.name,
            tries=one.tries + 1,
            given_up=is_over,
            reason=LogWords(error.reason),
        )
        return False
    with desk.database.write() as connection:
        note_accepted(connection, one, now=desk.now())
    event(_LOG, "alarm_delivered", way=way.name, alarm=one.name, kind=one.kind, tries=one.tries + 1)
    return True


def _take_other_way(connection: Connection, desk: AlarmDesk, one: StoredNotice, now: datetime) -> None:
    """Let a notice go by SMS, too, when a way that it took failed."""
    about = one.subject if one.name == AlarmName.WAY_FAILING else ""
    for way in desk.way_names:
        if way not in {one.way, about}:
            add_way(connection, one, way, next_try=now)


def notice_to_send(desk: AlarmDesk, one: StoredNotice) -> AlarmNotice:
    """Return a notice as a way delivers it: the same at each try."""
    return AlarmNotice(
        number=one.number,
        alarm=one.name,
        subject=one.subject,
        kind=NoticeKind(one.kind),
        title=one.title,
        fix=one.fix,
        address=desk.address,
        since=one.since,
        at=one.at,
        is_urgent=one.urgent,
    )


def forget_old(desk: AlarmDesk) -> int:
    """Delete what ended long ago."""
    with desk.database.write() as connection:
        return forget_alarms(connection, ended_before=desk.now() - KEPT)


def _log(one: Change) -> None:
    alarm = one.after
    if alarm is None or one.tells is None:
        return
    level: Level = "info" if one.tells is NoticeKind.ENDS else "error" if alarm.urgent else "warning"
    event(_LOG, _EVENTS[one.tells], level=level, alarm=alarm.name, subject=alarm.subject or None)
