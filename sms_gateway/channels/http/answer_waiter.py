"""Where HTTP requests wait until their text is stored, and until its answer exists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
from sms_gateway.channels.http.ports import Content
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.delivery.receipts import record_receipts
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.pipeline.intake.reassembly import take_parts
from sms_gateway.pipeline.intake.storage import find_stored, store_texts
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundPart, InboundText, Intake, PartReader, Verdict

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

    def take(self, *contents: Content) -> Verdict:
        """Store what one request holds; TRY_LATER when it was not committed in time: all of it may then come again."""
        told = SimpleQueue[Verdict]()  # a Future costs a request five times as much
        arrivals = [Arrival(source=self, ticket=next(self._tickets), content=content) for content in contents]
        self._waiting |= dict.fromkeys((arrival.ticket for arrival in arrivals), told)
        self._intake.offer(arrivals)  # at once, so that one commit takes them
        deadline = monotonic() + STORE_SECONDS
        try:
            return verdict_on_all([told.get(timeout=max(0.0, deadline - monotonic())) for _ in arrivals])
        except Empty:
            return Verdict.TRY_LATER
        finally:
            for arrival in arrivals:
                self._waiting.pop(arrival.ticket, None)

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Wake the requests that wait; see sms_gateway.pipeline.ports."""
        for ticket, verdict in verdicts:
            told = self._waiting.get(ticket)
            if told is not None:
                told.put(verdict)


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectIntake:
    """Stores what a request holds in one transaction, for a web tier alone; another process dispatches it."""

    database: Database
    new_id: Callable[[], int]
    is_lost: Callable[[], bool] = lambda: False
    read_parts: PartReader = field(default_factory=lambda: LongTexts({}))  # over HTTP, parts do not depend on settings

    def take(self, *contents: Content) -> Verdict:
        """Store what one request holds; TRY_LATER when the database cannot take it now, or was replaced by another."""
        if self.is_lost():
            return Verdict.TRY_LATER
        try:
            try:
                return self._store(contents)
            except IntegrityError:  # another process stored the same at this moment: now it can be seen
                return self._store(contents)
        except SQLAlchemyError as error:  # also the wait for the write lock, which is no error of the driver
            if not cannot_take(error):
                raise
            event(_LOG, "intake_refused", level="error", error=error, texts=1)
            return Verdict.TRY_LATER

    def _store(self, contents: Sequence[Content]) -> Verdict:
        parts = [content for content in contents if isinstance(content, InboundPart)]
        receipts = [content for content in contents if isinstance(content, DeliveryReceipt)]
        texts = [content for content in contents if isinstance(content, InboundText)]
        now = max(content.received_at for content in contents)
        with self.database.write() as connection:
            joined = take_parts(connection, parts, read=self.read_parts, new_id=self.new_id, now=now)
            stored = store_texts(connection, [*texts, *joined.texts], new_id=self.new_id, lease_until=None)
            if receipts:
                record_receipts(connection, receipts, new_id=self.new_id, now=now)
            if stored:
                wake_others(connection)
        own = [each.verdict for each in stored[: len(texts)]]
        return verdict_on_all([*own, *joined.verdicts, *(Verdict.STORED for _ in receipts)])


def verdict_on_all(verdicts: Collection[Verdict]) -> Verdict:
    """Return the verdict on what one request holds.

    >>> verdict_on_all([Verdict.DUPLICATE, Verdict.STORED]), verdict_on_all([Verdict.STORED, Verdict.TRY_LATER])
    (<Verdict.STORED: 'stored'>, <Verdict.TRY_LATER: 'try_later'>)
    """
    if Verdict.TRY_LATER in verdicts:
        return Verdict.TRY_LATER
    return Verdict.STORED if Verdict.STORED in verdicts else Verdict.DUPLICATE


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
