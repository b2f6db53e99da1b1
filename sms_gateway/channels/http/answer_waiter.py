"""Where HTTP requests wait until their text is stored, and until its answer exists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from queue import Empty, SimpleQueue
from threading import Event

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from db.messages import answers_of_text, events
from db.messages.events import EventKind, NewEvent
from db.processes.wake_up import wake_others
from db.schema import InboundState
from db.store.address import Address
from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.delivery.receipts import record_receipts
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.pipeline.intake.storage import find_stored, store_texts
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundText, Intake, Verdict

STORE_SECONDS = 10.0
"""How long a request waits for the commit; aggregators rarely wait less."""

_FIRST_LOOK = 0.005
_LONGEST_LOOK = 0.1
_LOG = logger_of(__name__)


class PipelineIntake:
    """Stores texts by the pipeline's thread, which commits those of many requests at once; a `Source` of it."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._tickets = count(1)
        self._waiting: dict[int, SimpleQueue[Verdict]] = {}

    def take(self, text: InboundText) -> Verdict:
        """Store a text; TRY_LATER when it was not committed in time: the same provider's id may then come again."""
        return self._offer(text)

    def take_receipt(self, receipt: DeliveryReceipt) -> Verdict:
        """Store a delivery report; TRY_LATER when it was not committed in time: it may then come again."""
        return self._offer(receipt)

    def _offer(self, content: InboundText | DeliveryReceipt) -> Verdict:
        ticket, told = next(self._tickets), SimpleQueue[Verdict]()  # a Future costs a request five times as much
        self._waiting[ticket] = told
        self._intake.offer([Arrival(source=self, ticket=ticket, content=content)])
        try:
            return told.get(timeout=STORE_SECONDS)
        except Empty:
            return Verdict.TRY_LATER
        finally:
            self._waiting.pop(ticket, None)

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Wake the requests that wait; see sms_gateway.pipeline.ports."""
        for ticket, verdict in verdicts:
            told = self._waiting.get(ticket)
            if told is not None:
                told.put(verdict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectIntake:
    """Stores each text and report in a transaction of its own, for a web tier alone; another process dispatches it."""

    database: Database
    new_id: Callable[[], int]
    is_lost: Callable[[], bool] = lambda: False

    def take(self, text: InboundText) -> Verdict:
        """Store a text; TRY_LATER when the database cannot take it now, or was replaced by another."""
        return self._store_safely(partial(self._store, text))

    def take_receipt(self, receipt: DeliveryReceipt) -> Verdict:
        """Store a delivery report, like a text."""
        return self._store_safely(partial(self._store_receipt, receipt))

    def _store_safely(self, store: Callable[[], Verdict]) -> Verdict:
        if self.is_lost():
            return Verdict.TRY_LATER
        try:
            try:
                return store()
            except IntegrityError:  # another process stored the same at this moment: now it can be seen
                return store()
        except SQLAlchemyError as error:  # also the wait for the write lock, which is no error of the driver
            if not cannot_take(error):
                raise
            event(_LOG, "intake_refused", level="error", error=error, texts=1)
            return Verdict.TRY_LATER

    def _store(self, text: InboundText) -> Verdict:
        with self.database.write() as connection:
            stored = store_texts(connection, [text], new_id=self.new_id, lease_until=None)[0]
            wake_others(connection)
            return stored.verdict

    def _store_receipt(self, receipt: DeliveryReceipt) -> Verdict:
        with self.database.write() as connection:
            record_receipts(connection, [receipt], new_id=self.new_id, now=receipt.received_at)
        return Verdict.STORED


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerWaiter:
    """Gives answers to the requests that return them in their response."""

    database: Database
    new_id: Callable[[], int]
    now: Callable[[], datetime]
    _never: Event = field(default_factory=Event)  # waits as in a sleep

    def collect(self, channel: str, sender: str, inbound: InboundText, timeout: float) -> str | None:
        """Wait for the answer to this text, at most `timeout` seconds, and settle it as sent.

        None when none came in time, or when the text gets no answer; never an answer to another sender. Asked again for
        the same text, as when the first response was lost, it returns the same answer again unless that held a secret.
        """
        recipient = inbound.sender_kind.read(sender)
        if recipient is None:
            return None  # the other sender gets no answer
        deadline, pause = monotonic() + timeout, _FIRST_LOOK
        while True:
            waits, answer = self._look(channel, recipient, inbound)
            if answer is not None:
                return self._settle(channel, recipient, answer)
            if not waits or monotonic() + pause > deadline:
                return None
            self._never.wait(pause)
            pause = min(pause * 1.5, _LONGEST_LOOK)

    def _look(self, channel: str, recipient: Address, inbound: InboundText) -> tuple[bool, int | None]:
        """Return whether an answer may still come, and the id of the text whose answer is there."""
        with self.database.read() as connection:
            found = find_stored(connection, inbound)
            if found is None:
                return False, None
            inbound_id, state = found
            if answers_of_text.is_there(connection, inbound_id=inbound_id, link=channel, recipient=recipient):
                return False, inbound_id
            return state is InboundState.RECEIVED, None

    def _settle(self, channel: str, recipient: Address, inbound_id: int) -> str | None:
        with self.database.write() as connection:
            now = self.now()
            answer = answers_of_text.collect(
                connection, inbound_id=inbound_id, link=channel, recipient=recipient, now=now
            )
            if answer is None:
                return None
            outbound_id, body = answer
            happened = NewEvent(id=self.new_id(), at=now, kind=EventKind.ANSWERED_IN_RESPONSE, outbound_id=outbound_id)
            events.add(connection, [happened])
            return body
