"""Whether an operator switched a service off: looked at again every few seconds."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from db.staff.service_switches import find_switched_off
from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of

LOOK_SECONDS = 5.0
"""A switch that was pressed in another process is seen after at most so long."""

_LOG = logger_of(__name__)


class LiveSwitch:
    """Reports whether a service is switched off; may be called from any thread. What cannot be read stays as it was."""

    def __init__(self, database: Database, service: str) -> None:
        self._database = database
        self._service = service
        self._is_off = False
        self._next_look = 0.0

    def __call__(self) -> bool:
        """Return whether the service is switched off."""
        if monotonic() >= self._next_look:
            self._next_look = monotonic() + LOOK_SECONDS
            try:
                with self._database.read() as connection:
                    self._is_off = find_switched_off(connection, self._service) is not None
            except SQLAlchemyError as error:
                event(_LOG, "switch_not_read", level="warning", error=error)
        return self._is_off
