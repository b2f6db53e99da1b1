"""Reclaim: stored texts that nobody handles are claimed, and the leases of long work are renewed.

Each claim counts as a try before it begins, so a text that ends the process itself is counted too. After the last try
it is parked. A text that is released without a try is not counted (db.messages.inbox.let_go).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from db.messages import inbox
from db.messages.inbox import WaitingText
from db.store.engine import Database, unmarked
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.dispatch import failures
from sms_gateway.pipeline.dispatch.handling import DispatchContext
from sms_gateway.pipeline.dispatch.preparation import Preparation
from sms_gateway.pipeline.work import Work

DEATHS = "ProcessDied while it was handled, at every try"
"""The fault of a text that was claimed too often without any result."""

_MOST_AT_ONCE = 200
_LOG = logger_of(__name__)


class Reclaim:
    """Claims for one process. Called by the pipeline's thread."""

    def __init__(
        self,
        database: Database,
        desk: DispatchContext,
        preparation: Preparation,
        *,
        lease: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._desk = desk
        self._preparation = preparation
        self._lease = lease
        self._now = now
        self.more = False  # there may be more than the last claim took

    def claim(self, work: Work, mark: Callable[[str], None] = unmarked) -> list[WaitingText]:
        """Claim texts to handle now; one that was tried before comes alone. Parks those that were tried too often.

        `mark` as in Database.write.

        The leases of texts in hand and in the pool are renewed, so that an outage of the database does not count as a
        death.
        """
        now = self._now()
        until = now + self._lease
        held = [*self._preparation.held(), *work.waiting, *(read.text for read in work.ready)]
        ending = [text for text in held if text.lease_until < now + self._lease / 2]
        turned_away = [text for text in self._preparation.turned_away() if text.attempts]
        with self._database.write(mark) as connection:
            renewed = inbox.renew(connection, ending, lease_until=until)
            inbox.let_go(connection, turned_away, until=until)
            # A second text beside it could not be told from the one that ends the process.
            tried_too = not any(was_tried(text) for text in held)
            found = inbox.claim_waiting(
                connection, now=now, lease_until=until, limit=_MOST_AT_ONCE, tried_too=tried_too
            )
            spent = [text for text in found if text.attempts > self._desk.max_attempts]
            for text in spent:
                failures.park(connection, text, self._desk, error=DEATHS, now=now)
            mark("reclaim")
        _replace(work, self._preparation, renewed)
        for text in spent:
            event(_LOG, "parked_after_crashes", level="error", inbound=text.id, attempts=text.attempts - 1)
        self.more = len(found) == _MOST_AT_ONCE or any(was_tried(text) for text in found)
        return [text for text in found if text not in spent]


def _replace(work: Work, preparation: Preparation, renewed: Sequence[WaitingText]) -> None:
    """Put texts with their new lease where they were."""
    by_id = {text.id: text for text in renewed if not preparation.keep(text)}
    if by_id:
        work.waiting = [by_id.get(text.id, text) for text in work.waiting]
        work.ready = [replace(read, text=by_id.get(read.text.id, read.text)) for read in work.ready]


def was_tried(text: WaitingText) -> bool:
    """Return whether a claimed text was claimed before."""
    return text.attempts > 1
