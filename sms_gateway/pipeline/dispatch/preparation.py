"""The preparation: commands that need something slow before their transaction get it from a small thread pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from db.messages.inbox import WaitingText
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.context import FirstPassword
from handlers.handler import Handlers
from parsers.misread import Misread
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.dispatch import guard
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.handling import ReadText
from sms_gateway.pipeline.dispatch.switched_off import Switches, all_services_on

MOST_HELD = 500
"""Texts held while they are prepared: minutes of work for one thread, in bounded memory."""

_LOG = logger_of(__name__)


def is_worth_preparing(
    database: Database,
    given: Limits,
    now: Callable[[], datetime],
    handlers: Handlers,
    read: ReadText,
    *,
    switches: Callable[[], Switches | None] = all_services_on,
) -> bool:
    """Return whether a text needs preparation now, and the guard lets it pass.

    When that changes before it is carried out, as at the end of a flood, the answer asks its sender to come again.
    """
    handler = handlers.of(read.command) if not isinstance(read.command, Misread) else None
    if handler is None or handler.prepare is None or isinstance(read.command, Misread):
        return True
    with database.read() as connection:
        if not handler.prepare.is_needed(connection, read.command):
            return False
        return guard.is_let_through(
            connection,
            read.text,
            read.command,
            given,
            now=now(),
            handlers=handlers,
            switches=switches(),
        )


def nothing_to_set() -> None:
    """Set nothing for a thread that starts."""


class Preparation:
    """Holds texts while they are prepared.

    The pipeline's thread calls its methods; the threads of the pool call what it is given. `wanted` is asked when it is
    a text's turn: a flood of texts from one number costs only as many hashes as answers.
    """

    def __init__(
        self,
        threads: int,
        ready: Callable[[ReadText], None],
        *,
        wanted: Callable[[ReadText], bool],
        most: int = MOST_HELD,
        on_thread_start: Callable[[], None] = nothing_to_set,
        handlers: Handlers = HANDLERS,
    ) -> None:
        self._ready = ready
        self._wanted = wanted
        self._handlers = handlers
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="prepare", initializer=on_thread_start)
        self._most = most
        self._holds: dict[int, WaitingText] = {}
        self._turned_away: list[WaitingText] = []

    def __len__(self) -> int:
        """Count the texts that are being prepared."""
        return len(self._holds)

    def keep(self, text: WaitingText) -> bool:
        """Return whether this text is here already: its lease ended in the pool, and the newer claim is valid."""
        if text.id not in self._holds:
            return False
        self._holds[text.id] = text
        return True

    def send(self, read: Sequence[ReadText]) -> list[ReadText]:
        """Take what must be prepared; return what need not be.

        When there are too many already, the rest is turned away: they are rows, and are claimed again later.
        """
        at_once = []
        for item in read:
            if self._handlers.needs_preparation(item.command):
                if len(self._holds) >= self._most:
                    self._turned_away.append(item.text)
                    continue
                self._holds[item.text.id] = item.text
                self._pool.submit(self._prepare, item)
            else:
                at_once.append(item)
        return at_once

    def release(self, read: ReadText) -> ReadText:
        """Release a prepared text, with its newest claim; a text that is not here is returned as it is."""
        return replace(read, text=self._holds.pop(read.text.id, read.text))

    def held(self) -> list[WaitingText]:
        """Return the texts that are being prepared."""
        return list(self._holds.values())

    def turned_away(self) -> list[WaitingText]:
        """Return the texts that were turned away since the last call."""
        turned_away, self._turned_away = self._turned_away, []
        return turned_away

    def stop(self) -> None:
        """End the pool; the texts in it stay as rows."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _prepare(self, read: ReadText) -> None:
        try:
            is_wanted = self._wanted(read)
            read = replace(read, first_password=self._make(read) if is_wanted else None, was_refused=not is_wanted)
        except Exception as error:  # noqa: BLE001 - the pipeline must hear of it: the handler will fail and be counted
            event(_LOG, "prepare_failed", level="error", error=error, inbound=read.text.id)
        self._ready(read)

    def _make(self, read: ReadText) -> FirstPassword | None:
        preparation = None if isinstance(read.command, Misread) else self._handlers.of(read.command).prepare
        return None if preparation is None else preparation.make()
