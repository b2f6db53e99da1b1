"""The storage watch: checks repeatedly that database and key file are there, the same, and in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread

from db.store.engine import Database
from db.upkeep.presence import Absence, Held, presence_of
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Trouble
from sms_gateway.process.keyfile import KeyWatch

LOOK_SECONDS = 0.5
INSIDE_SECONDS = 2.0
"""Between two tries to read and to write: a transaction of some milliseconds each."""

NOTICE_SECONDS = 5.0
"""A service whose database is lost reports it so long on its pages and in `/healthz`, and takes nothing."""

_LOST = {Absence.GONE: Trouble.DATABASE_GONE, Absence.REPLACED: Trouble.DATABASE_REPLACED}
_LOG = logger_of(__name__)


class Foundation:
    """Database and key file of a process. A lost database stays lost: only a new start can fix that."""

    def __init__(
        self,
        database: Database,
        keys: KeyWatch,
        *,
        duty: Held | None,
        now: Now,
        takes: Callable[[], bool] = lambda: True,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._presence = presence_of(database)
        self._keys = keys
        self._duty = duty  # None: this process has none
        self._now = now
        self._takes = takes  # whether the pipeline could store texts lately
        self._lost = lost  # called once, when the database is lost
        self._absence: Absence | None = None
        self._lost_at = 0.0
        self._writes = True
        self._awaits_standby = False
        self._next_inside = 0.0
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="foundation", daemon=True)

    def start(self) -> None:
        """Start checking; the right to use the database must be taken by then."""
        self._thread.start()

    def alive(self) -> bool:
        """Return whether the thread runs."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> None:
        """Stop checking."""
        self._stopping.set()
        self._thread.join(seconds)

    def troubles(self) -> Sequence[Trouble]:
        """Return the present problems, the worst first; called from any thread."""
        absence = self._absence or self._presence.look()
        found = []
        if absence is not None:
            found.append(_LOST[absence])
        elif self._awaits_standby:
            found.append(Trouble.STANDBY_AWAITED)
        elif not (self._writes and self._takes()):
            found.append(Trouble.NOTHING_TAKEN)
        if self._keys.trouble is not None:
            found.append(self._keys.trouble)
        return found

    @property
    def is_lost(self) -> bool:
        """Whether the database is gone or another one: nothing more may be stored."""
        return self._absence is not None

    @property
    def is_over(self) -> bool:
        """Whether that was reported for long enough, and the process must end."""
        return self._absence is not None and monotonic() - self._lost_at >= NOTICE_SECONDS

    def look(self) -> None:
        """Check once: the files each time, reading and writing every few seconds."""
        self._keys.look()
        self._see(self._presence.look())
        if monotonic() >= self._next_inside and not self.is_lost:
            self._see(self._presence.look_inside(self._duty))
            self._look_for_standby()
            self._try_to_write()
            self._next_inside = monotonic() + INSIDE_SECONDS

    def save(self) -> None:
        """Copy a lost SQLite database, which ends with this process, to a file beside its old place."""
        try:
            saved = self._presence.save(self._now())
        except Exception as error:  # noqa: BLE001 - the process ends now, and this is the last that it can do
            event(_LOG, "database_not_saved", level="error", error=error)
            return
        if saved is not None:
            event(_LOG, "database_saved", level="error", path=saved)

    def close(self) -> None:
        """Release the database."""
        self._presence.close()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self.look()

    def _see(self, absence: Absence | None) -> None:
        if absence is None or self.is_lost:
            return
        self._lost_at = monotonic()
        self._absence = absence
        event(_LOG, "database_lost", level="error", trouble=_LOST[absence], ends_in_seconds=NOTICE_SECONDS)
        self._lost()

    def _look_for_standby(self) -> None:
        awaited = self._presence.waits_for_standby()
        if awaited != self._awaits_standby:
            self._awaits_standby = awaited
            event(_LOG, "standby_awaited" if awaited else "standby_back", level="error" if awaited else "info")

    def _try_to_write(self) -> None:
        try:
            if not self._presence.has_room():
                self._tell_writes(works=False, error=None)
                return
            with self._database.write() as connection:
                self._presence.write(connection, self._duty, now=self._now())
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing can be stored now
            self._tell_writes(works=False, error=error)
        else:
            self._tell_writes(works=True, error=None)

    def _tell_writes(self, *, works: bool, error: Exception | None) -> None:
        if works == self._writes:
            return
        self._writes = works
        if works:
            event(_LOG, "writes_work")
        else:
            event(_LOG, "writes_fail", level="error", error=error, disk_has_room=self._presence.has_room())
