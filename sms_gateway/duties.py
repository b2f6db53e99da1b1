"""Duties of which each has one holder among all processes: the thread that takes, renews, and gives them back.

Whoever holds a duty's lease row (db.duties) does it. A holder that cannot renew stops by itself before its lease is
over, so that two processes never hold one bind; after a kill another takes over when the lease has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from db import duties
from db.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of

LEASE = timedelta(seconds=10)
"""A killed process's duties are free after this."""

KEPT_LEASE = timedelta(days=1)
"""Of what is only kept: longer than any outage that a process survives."""

RENEW_SECONDS = 1.0
"""How often to renew and to look for what became free: bounds the time of a take-over after a clean stop."""

_KEEP_SECONDS = 3600.0
_MARGIN_SECONDS = 3.0  # to unbind before the lease is over
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """What to do when a duty begins and when it ends; both are called from the thread of the duties."""

    begin: Callable[[], None]
    end: Callable[[], None]


class Duties:
    """Takes the duties of one process; `owner` is that process's own name, which no other has."""

    def __init__(
        self, database: Database, owner: str, charges: Mapping[str, Charge], *, kept: Collection[str] = ()
    ) -> None:
        self._database = database
        self._owner = owner
        self._charges = charges
        self._kept = kept  # long leases that only have to be renewed and given back: the process's node number
        self._keep_again = 0.0
        self._held: set[str] = set()
        self._sure_until = 0.0
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="duties", daemon=True)

    @property
    def held(self) -> frozenset[str]:
        """The duties that this process has now."""
        return frozenset(self._held)

    def start(self) -> None:
        """Take what is free from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread.is_alive()

    def stop_taking(self, seconds: float) -> None:
        """Take nothing more and renew nothing more; what is held is ended by `give_back`."""
        self._stopping.set()
        self._thread.join(seconds)

    def give_back(self) -> None:
        """Let others have our duties at once; call it after they are ended."""
        held, self._held = self._held, set()
        try:
            with self._database.write() as connection:
                duties.give_back(connection, [*held, *self._kept], owner=self._owner)
        except Exception as error:  # noqa: BLE001 - the leases then end by themselves
            event(_LOG, "give_back_failed", level="warning", error=error)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._renew()
            self._stopping.wait(RENEW_SECONDS)

    def _renew(self) -> None:
        asked = monotonic()
        try:
            with self._database.write() as connection:
                ours = duties.take(connection, self._charges, owner=self._owner, lease=LEASE)
                if asked >= self._keep_again:
                    duties.take(connection, self._kept, owner=self._owner, lease=KEPT_LEASE)
                    self._keep_again = asked + _KEEP_SECONDS
        except Exception as error:  # noqa: BLE001 - whatever it is, what matters is how long the lease still lasts
            event(_LOG, "renew_failed", level="warning", error=error, held=len(self._held))
            if monotonic() < self._sure_until - _MARGIN_SECONDS:
                return
            ours = set()
        else:
            self._sure_until = asked + LEASE.total_seconds()
        for name in sorted(self._held - ours):
            event(_LOG, "duty_lost", level="warning", duty=name)
            self._held.discard(name)
            self._charges[name].end()
        for name in sorted(ours - self._held):
            event(_LOG, "duty_taken", duty=name)
            self._charges[name].begin()
            self._held.add(name)
