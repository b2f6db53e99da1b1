"""One round of the alarms: look, write what begins and ends, then send what is due.

A round is safe to repeat. What is to be sent is a row, written in the commit that says that the alarm began or ended.
It is claimed before it is sent, and its result is written after that. So a notice goes out at most once on each way,
unless the process ended, or the answer of the server was lost, between the two. While the result cannot be written,
this process remembers it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from threading import Thread
from uuid import uuid4

from sqlalchemy import Connection

from db.processes.alarm_notices import (
    StoredNotice,
    add_notices,
    add_way,
    claim,
    drop_untried,
    find_due,
    give_up_older,
    has_older,
    note_accepted,
    note_failed,
    told_ways,
    waiting_ways,
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
    LONGEST_WAIT,
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
    {
        *(AlarmName.DATABASE_GONE, AlarmName.DATABASE_REPLACED, AlarmName.NOTHING_TAKEN),
        *(AlarmName.STANDBY_AWAITED, AlarmName.ROUNDS_FAIL),
    }
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
    _give_up_old(desk, now)
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


def _give_up_old(desk: AlarmDesk, now: datetime) -> None:
    """Give up what waits for too long: nobody took it, or the service was stopped, or the database is a backup."""
    before = now - GIVEN_UP_AFTER
    with desk.database.read() as connection:
        if not has_older(connection, before=before):
            return
    with desk.database.write() as connection:
        count = give_up_older(connection, before=before)
    event(_LOG, "alarms_given_up", level="warning", notices=count)


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
    if one.tells is NoticeKind.GOES_ON:  # where one waits for the morning or another try, it says the same
        waiting = waiting_ways(connection, alarm.id)
        ways = [way for way in ways if way not in waiting]
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


@dataclass(kw_only=True, slots=True)
class Sending:
    """What a process remembers from round to round. Each way has its own entries, so threads do not meet."""

    resting: dict[str, datetime] = field(default_factory=dict)  # a way that failed, and until when it is not tried
    unwritten: set[tuple[str, str]] = field(default_factory=set)  # accepted, by number and way; the row says it not yet


def send_due(desk: AlarmDesk, sending: Sending, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send the notices that are due, each way in a thread of its own; return how many were accepted.

    Each try is claimed first, so another process does not make it too. A way that does not answer delays no other.
    """
    now = desk.now()
    ready = {way.name: way for way in desk.ways if not _rests(sending.resting.get(way.name), now)}
    with desk.database.read() as connection:
        found = find_due(connection, list(ready), now=now, longest_wait=LONGEST_WAIT)
    due: dict[str, list[StoredNotice]] = {}
    for one in found:
        if first_try(now, desk.terms, is_urgent=one.urgent) <= now:  # else: until the quiet hours are over
            due.setdefault(one.way, []).append(one)
    jobs = [partial(_send_all, desk, ready[way], notices, sending, is_stopping) for way, notices in due.items()]
    return sum(_side_by_side(jobs))


def _rests(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until <= next_try(1, now)  # one that is later is of a clock that was ahead


def _side_by_side(jobs: Sequence[Callable[[], int]]) -> Sequence[int]:
    """Run jobs in threads and return their results; what one raises is raised when all have ended."""
    results, failures = list[int](), list[BaseException]()

    def run(job: Callable[[], int]) -> None:
        try:
            results.append(job())
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [Thread(target=run, args=(job,), name="alarm-way", daemon=True) for job in jobs[1:]]
    for thread in threads:
        thread.start()
    for job in jobs[:1]:  # most often the only one
        run(job)
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def _send_all(
    desk: AlarmDesk, way: Way, notices: Sequence[StoredNotice], sending: Sending, is_stopping: Callable[[], bool]
) -> int:
    """Send notices on one way, until one fails; return how many were accepted."""
    accepted = 0
    for one in notices:
        if is_stopping():
            break
        if not _claimed(desk, one):
            continue
        if not _send(desk, way, one, sending):
            sending.resting[way.name] = next_try(1, desk.now())
            break
        accepted += 1
    return accepted


def _claimed(desk: AlarmDesk, one: StoredNotice) -> bool:
    with desk.database.write() as connection:
        return claim(connection, one, next_try=next_try(one.tries + 1, desk.now()))


def _send(desk: AlarmDesk, way: Way, one: StoredNotice, sending: Sending) -> bool:
    """Make one try, and write what it came to. What was accepted before is only written."""
    key = one.number, one.way
    if key not in sending.unwritten:
        try:
            way.deliver(notice_to_send(desk, one))
        except NotDelivered as error:
            _note_failed(desk, one, error)
            return False
        sending.unwritten.add(key)
    with desk.database.write() as connection:
        note_accepted(connection, one, now=desk.now())
    sending.unwritten.discard(key)
    event(_LOG, "alarm_delivered", way=way.name, alarm=one.name, kind=one.kind, tries=one.tries + 1)
    return True


def _note_failed(desk: AlarmDesk, one: StoredNotice, error: NotDelivered) -> None:
    now, tries = desk.now(), one.tries + 1
    with desk.database.write() as connection:
        again = next_try(tries, now, is_final=error.is_final)
        note_failed(connection, one, error=error.reason, next_try=again, now=now)
        _take_other_way(connection, desk, one, now)
    reason = LogWords(error.reason)
    event(_LOG, "alarm_not_delivered", level="warning", way=one.way, alarm=one.name, tries=tries, reason=reason)


def _take_other_way(connection: Connection, desk: AlarmDesk, one: StoredNotice, now: datetime) -> None:
    """Let a notice go by SMS, too, when a way that it took failed."""
    about = one.subject if one.name == AlarmName.WAY_FAILING else ""
    for way in desk.way_names:
        if way not in {one.way, about}:
            add_way(connection, one, way, next_try=now)


def notice_to_send(desk: AlarmDesk, one: StoredNotice) -> AlarmNotice:
    """Return a notice as a way delivers it: the same at each try, but for the time."""
    return AlarmNotice(
        number=one.number,
        alarm=one.name,
        subject=one.subject,
        kind=NoticeKind(one.kind),
        title=one.title,
        fix=one.fix,
        address=desk.address,
        since=one.since,
        at=desk.now(),
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
