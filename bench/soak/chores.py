"""What happens beside the load: operators have pages open, lists of dossiers are imported, backups are taken."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

from bench.carrier import CODE, FIRST_DOSSIER, BenchError
from bench.gateway import Installation
from bench.pages import get_page

PAGES = ("/admin", "/admin/messages", "/admin/links", "/admin/system", "/admin/dossiers", "/metrics")
"""Each is open in a browser of its own, so to say: on a connection of its own."""

PAGE_SECONDS = 5.0
"""How often an open page asks for its news (SLOWEST in live.js)."""

_STOP_SECONDS = 120.0
_STATES = ("5", "4")  # each import changes every dossier
_IMPORT_AT, _BACKUP_AT = 0.1, 0.7  # where in each period they begin


class Chores:
    """Runs them in threads until it is stopped."""

    def __init__(self, place: Installation, *, dossiers: int, period: float) -> None:
        self._place = place
        self._period = period
        self._lists = [_dossier_list(place.directory / f"dossiers-{state}.csv", state, dossiers) for state in _STATES]
        self._stopping = Event()
        self._lock = Lock()
        self._pages_ms: list[float] = []
        self._threads = [Thread(target=self._keep_open, args=[page], daemon=True) for page in PAGES]
        self._threads.append(Thread(target=self._work, daemon=True))
        self.faults: list[str] = []
        self.seconds: dict[str, list[float]] = {"import": [], "backup": []}

    def start(self) -> None:
        """Open the pages, and begin the first period."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the chore in hand, or soon if it takes long."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def take_pages_ms(self) -> Sequence[float]:
        """Return how long each page took since this was last asked."""
        with self._lock:
            taken, self._pages_ms = self._pages_ms, []
        return taken

    def _keep_open(self, page: str) -> None:
        while not self._stopping.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._place.web_port, timeout=30)
            try:
                while not self._stopping.is_set():
                    started = time.perf_counter()
                    get_page(connection, page)
                    with self._lock:
                        self._pages_ms.append(1000 * (time.perf_counter() - started))
                    self._stopping.wait(PAGE_SECONDS)
            except http.client.RemoteDisconnected:
                pass  # the server ends a connection after so many requests
            except (BenchError, OSError, http.client.HTTPException) as error:
                self.faults.append(f"{page}: {error!r}")
                self._stopping.wait(PAGE_SECONDS)
            finally:
                connection.close()

    def _work(self) -> None:
        started, number = time.monotonic(), 0
        while not self._stopping.is_set():
            begun = started + number * self._period
            self._do("import", begun + _IMPORT_AT * self._period, partial(self._import, number))
            self._do("backup", begun + _BACKUP_AT * self._period, self._back_up)
            number += 1

    def _do(self, name: str, at: float, chore: Callable[[], None]) -> None:
        if self._stopping.wait(max(0.0, at - time.monotonic())):
            return
        started = time.monotonic()
        try:
            chore()
        except BenchError as error:
            self.faults.append(f"{name}: {error}")
        self.seconds[name].append(time.monotonic() - started)

    def _import(self, number: int) -> None:
        self._place.command("dossiers", "import", str(self._lists[number % len(self._lists)]))

    def _back_up(self) -> None:
        file = self._place.directory / "backup.db"
        file.unlink(missing_ok=True)
        self._place.command("db", "backup", str(file))


def _dossier_list(file: Path, state: str, number: int) -> Path:
    codes = (CODE.replace("{n}", str(FIRST_DOSSIER + one)) for one in range(number))
    lines = ["code,status,received_on,due_on", *(f"{code},{state},2023-08-15,2023-08-30" for code in codes)]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file
