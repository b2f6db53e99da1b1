"""Duties that exactly one process has: how a process takes, renews and releases them.

The process that holds a duty's lease row (db.processes.duties) does the work. A holder that cannot renew stops by
itself before its lease is over, so that two processes never hold one bind. After a kill another process takes over
when the lease has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import Connection

from db.processes import duties
from db.store.engine import Database
from db.upkeep.standby import commit_alone
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of

LEASE = timedelta(seconds=10)
"""A killed process's duties are free after this."""

KEPT_LEASE = timedelta(minutes=10)
"""The lease of a node number. It is short, since a process that crashes and starts every two seconds leaves a number
behind each time. It is long, since a number that another process took in an outage of the database costs a restart."""

RENEW_SECONDS = 0.5
"""How often to renew and to look for what became free: bounds the time of a take-over after a clean stop."""

_KEEP_SECONDS = 30.0
_SILENCE = timedelta(seconds=2 * _KEEP_SECONDS)  # after which a process counts as gone
_MARGIN_SECONDS = 3.0  # to unbind before the lease is over
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """What to do when a duty begins and when it ends; the thread of the duties calls both."""

    begin: Callable[[], None]
    end: Callable[[], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Granted:
    """What the database gave us last, and until when (monotonic seconds) it is surely ours."""

    names: frozenset[str] = frozenset()
    until: float = 0.0


class Duties:
    """Takes the duties of one process; `owner` is that process's own name, which no other has.

    There are two threads. One asks the database, and may hang in it. The other begins and ends duties, and ends them in
    time all the same.
    """

    def __init__(
        self,
        database: Database,
        owner: str,
        charges: Mapping[str, Charge],
        *,
        kept: Collection[str] = (),
        kept_prefix: str = "",
        found_dead: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._owner = owner
        self._charges = charges
        self._kept = kept  # long leases that only have to be renewed and released: the process's node number
        self._kept_prefix = kept_prefix  # of such leases of all processes
        self._found_dead = found_dead  # called when another process died, before anything of it is taken over
        self.keep_again = 0.0  # on the monotonic clock
        self._kept_lost = False
        self._granted = _Granted()
        self._held: set[str] = set()
        self._stopping = Event()
        self._news = Event()
        self._threads = (
            Thread(target=self._ask_on, name="leases", daemon=True),
            Thread(target=self._fulfil_on, name="duties", daemon=True),
        )

    @property
    def held(self) -> frozenset[str]:
        """The duties that this process has now."""
        return frozenset(self._held)

    def start(self) -> None:
        """Start taking free duties."""
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Return whether the threads run and the node number is still ours; otherwise the process must end."""
        return all(thread.is_alive() for thread in self._threads) and not self._kept_lost

    def stop_taking(self, seconds: float) -> None:
        """Take nothing more and renew nothing more; the caller ends what is held, then calls `give_back`."""
        self._stopping.set()
        self._news.set()
        deadline = monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))

    def give_back(self) -> None:
        """Release our duties at once; call it after they are ended."""
        held, self._held = self._held, set()
        try:
            with self._database.write() as connection:
                commit_alone(connection)  # a stop must not wait
                duties.give_back(connection, [*held, *self._kept], owner=self._owner)
        except Exception as error:  # noqa: BLE001 - the leases then end by themselves
            event(_LOG, "lease_release_failed", level="warning", error=error)

    def _ask_on(self) -> None:
        while not self._stopping.is_set():
            asked = monotonic()
            try:
                names = self._ask(asked)
            except Exception as error:  # noqa: BLE001 - whatever it is, what matters is how long the lease still lasts
                event(_LOG, "renew_failed", level="warning", error=error, held=len(self._held))
            else:
                self._granted = _Granted(names=frozenset(names), until=asked + LEASE.total_seconds())
                self._news.set()
            self._stopping.wait(RENEW_SECONDS)

    def _ask(self, asked: float) -> set[str]:
        with self._database.write() as connection:
            self._look_for_deaths(connection, asked)
            names = duties.take(connection, self._charges, owner=self._owner, lease=LEASE)
            if asked >= self.keep_again:
                kept = duties.take(connection, self._kept, owner=self._owner, lease=KEPT_LEASE)
                self._kept_lost = kept != set(self._kept)
                self.keep_again = asked + _KEEP_SECONDS
            return names

    def _look_for_deaths(self, connection: Connection, asked: float) -> None:
        free = self._charges.keys() - self._granted.names
        dead = bool(free) and duties.left_behind(connection, free, owner=self._owner)
        if not dead and self._kept_prefix and asked >= self.keep_again:
            dead = duties.gone_silent(connection, self._kept_prefix, lease=KEPT_LEASE, silence=_SILENCE)
        if dead:
            self._found_dead()

    def _fulfil_on(self) -> None:
        while not self._stopping.is_set():
            self._fulfil()
            self._news.wait(RENEW_SECONDS)
            self._news.clear()

    def _fulfil(self) -> None:
        """End duties that are no longer ours, or not for long; begin new ones."""
        granted = self._granted
        ours = granted.names if monotonic() < granted.until - _MARGIN_SECONDS else frozenset[str]()
        for name in sorted(self._held - ours):
            event(_LOG, "duty_lost", level="warning", duty=name)
            self._held.discard(name)
            self._charges[name].end()
        for name in sorted(ours - self._held):
            try:
                self._charges[name].begin()
            except Exception as error:  # noqa: BLE001 - most likely the database is gone again; tried again soon
                event(_LOG, "duty_not_started", level="warning", error=error, duty=name)
                continue
            event(_LOG, "duty_taken", duty=name)
            self._held.add(name)
