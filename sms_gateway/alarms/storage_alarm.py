"""The alarm that no table can hold: the database is gone, another one, or takes nothing; or the alarms themselves fail.

It is told from memory, straight to the ways that need no database. When the database takes rows again, what was told
is written there, and its end is told like that of any other alarm. A lost database ends the process. So its notice
goes out at once, and the process waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from uuid import uuid4

from db.processes.alarm_notices import StoredNotice, add_notices
from db.processes.alarms import StoredAlarm, put_alarm
from db.schema import AlarmNoticeState
from sms_gateway.alarms.condition import URGENT, AlarmName, Condition, condition
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered, NoticeKind, Way
from sms_gateway.alarms.telling import SHOWN_BY_MEMORY, AlarmDesk, worded
from sms_gateway.clock import monotonic
from sms_gateway.log import Words, event, logger_of
from sms_gateway.metrics import LOST, Trouble

LOOK_SECONDS = 1.0

LAST_SECONDS = 20.0
"""How long a process whose database is lost waits for its last notice; the watch of the service waits no longer."""

_GAPS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300))
"""Between two tries; one try takes half a minute at most."""

_FINAL_GAP = timedelta(minutes=15)
"""After a refusal that another try seldom changes. A server that is being restarted gives such ones, too."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_NAMES = {each: AlarmName(each.value) for each in Trouble if each.value in SHOWN_BY_MEMORY}
_LOG = logger_of(__name__)


@dataclass(kw_only=True, slots=True)
class _Held:
    """A trouble that lasts, and what was told of it."""

    name: AlarmName
    since: datetime
    number: str = field(default_factory=lambda: str(uuid4()))
    kind: NoticeKind = NoticeKind.BEGINS
    accepted: dict[str, datetime] = field(default_factory=dict)  # by way
    tries: dict[str, int] = field(default_factory=dict)
    next_try: dict[str, datetime] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)  # ways that accepted it, or that refused it for good
    repeat_at: datetime | None = None


class StorageAlarm:
    """Watches the database of this process, in a thread of its own.

    Of several processes the one that has the duty of the alarms, or had it when the trouble began, tells it.
    """

    def __init__(
        self, desk: AlarmDesk, ways: Sequence[Way], *, is_ours: Callable[[], bool], rounds_fail: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._ways = ways  # those that need no database
        self._is_ours = is_ours
        self._rounds_fail = rounds_fail  # for whatever reason: then nobody sees what else is wrong
        self._held: _Held | None = None
        self._untold: list[_Held] = []  # over, and to be written when the database takes rows
        self._stopping = Event()
        self._wake = Event()
        self._lost_at: float | None = None
        self._said_last = Event()
        self._thread = Thread(target=self._run, name="storage-alarm", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End soon."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(seconds)

    def database_lost(self) -> None:
        """Tell it now: the process soon ends. Called once, by the thread that noticed it."""
        self._lost_at = monotonic()
        self._wake.set()

    def may_end(self) -> bool:
        """Return whether the process of a lost database may end: its notice is out, or it waited long enough."""
        return self._lost_at is None or self._said_last.is_set() or monotonic() - self._lost_at >= LAST_SECONDS

    def look(self) -> None:
        """Look once, and tell what is due."""
        now = self._desk.now()
        trouble = next((each for each in self._desk.watched.troubles() if each in _NAMES), None)
        fallback = AlarmName.ROUNDS_FAIL if self._rounds_fail() else None
        name = fallback if trouble is None else _NAMES[trouble]
        self._see(name, now)
        held = self._held
        if held is not None and (trouble in LOST or now - held.since >= self._desk.terms.held):
            self._tell(held, now)
        if name is None:
            self._write_untold(now)

    def _see(self, name: AlarmName | None, now: datetime) -> None:
        if self._held is not None and self._held.name is not name:
            if self._held.accepted:
                self._untold.append(self._held)
            self._held = None
        if self._held is None and name is not None and self._is_ours():
            self._held = _Held(name=name, since=now)

    def _tell(self, held: _Held, now: datetime) -> None:
        if held.repeat_at is not None and held.repeat_at <= now:
            held.number, held.repeat_at, held.kind = str(uuid4()), None, NoticeKind.GOES_ON
            for each in (held.tries, held.next_try, held.settled):
                each.clear()
        waiting = [way for way in self._ways if held.next_try.get(way.name, now) <= now]
        threads = [Thread(target=self._deliver, args=(way, held, now), daemon=True) for way in waiting]
        for thread in threads:  # side by side: a lost database gives little time
            thread.start()
        deadline = monotonic() + LAST_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - monotonic()))
        if held.repeat_at is None and _NEVER in held.next_try.values():
            held.repeat_at = now + self._desk.terms.repeat

    def _deliver(self, way: Way, held: _Held, now: datetime) -> None:
        tries = held.tries[way.name] = held.tries.get(way.name, 0) + 1
        held.next_try[way.name] = now + _GAPS[min(tries, len(_GAPS)) - 1]
        try:
            way.deliver(self._notice(held, now))
        except NotDelivered as error:
            if error.is_final:
                held.next_try[way.name] = now + _FINAL_GAP
                held.settled.add(way.name)
            event(
                _LOG,
                "alarm_not_delivered",
                level="warning",
                way=way.name,
                alarm=held.name,
                tries=tries,
                reason=Words(error.reason),
            )
            return
        held.accepted[way.name] = now
        held.next_try[way.name] = _NEVER
        held.settled.add(way.name)
        event(_LOG, "alarm_delivered", way=way.name, alarm=held.name, kind=held.kind, tries=tries)

    def _notice(self, held: _Held, now: datetime) -> AlarmNotice:
        words = worded(_condition(held), self._desk.vocabulary)[self._desk.language]
        return AlarmNotice(
            number=held.number,
            alarm=held.name.value,
            kind=held.kind,
            title=words.title,
            fix=words.fix,
            address=self._desk.address,
            since=held.since,
            at=now,
            is_urgent=held.name in URGENT,
        )

    def _write_untold(self, now: datetime) -> None:
        """Store what was told while nothing could be written. The next round of the alarms finds it over."""
        while self._untold:
            held = self._untold[0]
            stored = StoredAlarm(
                id=self._desk.new_id(),
                name=held.name.value,
                subject="",
                urgent=held.name in URGENT,
                words=worded(_condition(held), self._desk.vocabulary),
                began_at=held.since,
                announced=True,
                told_at=max(held.accepted.values()),
                repeat_at=now + self._desk.terms.repeat,
            )
            with self._desk.database.write() as connection:
                if put_alarm(connection, stored):
                    add_notices(connection, _notices(stored, held))
            del self._untold[0]

    def _run(self) -> None:
        while not self._stopping.is_set():
            is_last = self._lost_at is not None
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - the database is away, most likely; the next look tries again
                event(_LOG, "storage_alarm_failed", level="warning", error=error)
            if is_last and self._is_told():
                self._said_last.set()
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _is_told(self) -> bool:
        held = self._held
        return held is None or all(way.name in held.settled for way in self._ways)


def _condition(held: _Held) -> Condition:
    return condition(held.name, "admin.system")


def _notices(alarm: StoredAlarm, held: _Held) -> Sequence[StoredNotice]:
    words = alarm.words
    return [
        StoredNotice(
            number=held.number,
            way=way,
            alarm_id=alarm.id,
            name=alarm.name,
            subject=alarm.subject,
            urgent=alarm.urgent,
            kind=NoticeKind.BEGINS.value,
            title=next(iter(words.values())).title,
            fix=next(iter(words.values())).fix,
            since=held.since,
            at=at,
            state=AlarmNoticeState.ACCEPTED,
            next_try=at,
            tries=held.tries.get(way, 1),
            tried_at=at,
        )
        for way, at in held.accepted.items()
    ]
