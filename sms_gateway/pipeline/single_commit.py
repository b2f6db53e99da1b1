"""The single-commit path: new texts are stored, read, carried out and answered in one transaction.

It saves one commit, and the row is written once, as handled. A text that needs preparation is stored to wait. When the
transaction fails, every text takes the two-commit path: stored and acknowledged, then carried out alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db.messages.inbox import Handled, WaitingText
from handlers.handler import Handlers
from sms_gateway.pipeline.dispatch.handling import ReadText
from sms_gateway.pipeline.intake import storage
from sms_gateway.pipeline.intake.batch import Reception, Taken
from sms_gateway.pipeline.ports import Arrival, InboundPart, InboundText


class SingleCommit:
    """The new texts of one round. `slow` are those that must be prepared; known once they are stored."""

    def __init__(
        self,
        reception: Reception,
        arrivals: Sequence[tuple[Arrival, InboundText | InboundPart]],
        read: Callable[[WaitingText], ReadText],
        handlers: Handlers,
    ) -> None:
        self._reception = reception
        self._arrivals = arrivals
        self._read = read
        self._handlers = handlers
        self._taken = Taken()
        self._quick: Sequence[ReadText] = ()
        self.slow: Sequence[ReadText] = ()

    def open(self, connection: Connection) -> Sequence[ReadText]:
        """Check the new texts and return those to carry out now; `write` must follow in the same transaction."""
        self._taken = self._reception.look_at(connection, [content for _, content in self._arrivals])
        self._sort(self._taken.waiting)
        return self._quick

    def write(self, connection: Connection, handled: Sequence[Handled], *, at: datetime) -> None:
        """Write the rows, those that were handled as handled."""
        storage.write_texts(connection, self._taken.rows, self._taken.happened, handled, at=at)

    def committed(self) -> Sequence[ReadText]:
        """Report to the sources, and return the texts that were carried out."""
        self._reception.committed(self._arrivals, self._taken)
        return self._quick

    def rolled_back(self) -> None:
        """Note that the commit failed, although it may have succeeded after all."""
        self._reception.rolled_back()

    def go_the_long_way(self) -> Sequence[ReadText]:
        """Store what can be stored, report to the sources, and return the texts to carry out one by one."""
        self._sort(self._reception.take_in(self._arrivals))
        return self._quick

    def _sort(self, waiting: Sequence[WaitingText]) -> None:
        read = [self._read(text) for text in waiting]
        self._quick = [item for item in read if not self._handlers.needs_preparation(item.command)]
        self.slow = [item for item in read if self._handlers.needs_preparation(item.command)]
