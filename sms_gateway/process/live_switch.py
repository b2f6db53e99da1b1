"""Which services operators switched off for now: looked at again every few seconds, all of them at once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from db.staff.service_switches import off_sentences
from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of

LOOK_SECONDS = 4.0
"""A switch that was pressed in another process is seen within five seconds; in this process at once."""

_LOG = logger_of(__name__)


class LiveSwitches:
    """Gives the sentence of each service that is off; may be called from any thread.

    The sentence is empty where it is that of the wording. What cannot be read stays as it was.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._off: Mapping[str, str] = {}
        self._next_look = 0.0

    def __call__(self) -> Mapping[str, str]:
        """Return the services that are off with their sentences; the same mapping while nothing changes."""
        if monotonic() >= self._next_look:
            self.renew()
        return self._off

    def renew(self) -> None:
        """Look now: a page of this process pressed a switch."""
        self._next_look = monotonic() + LOOK_SECONDS
        try:
            with self._database.read() as connection:
                off = off_sentences(connection)
        except SQLAlchemyError as error:
            event(_LOG, "switches_not_read", level="warning", error=error)
            return
        if off != self._off:
            self._off = off
