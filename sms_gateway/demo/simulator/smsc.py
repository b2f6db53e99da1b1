"""The simulated carrier without its sockets: what it does with octets, texts and time."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from db.schema import ReceiptState
from sms_gateway.channels.smpp.coding.text import Encoding, split_text
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import Message
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.clock import Now
from sms_gateway.demo.simulator.conversation import Bubble, Conversations, Direction
from sms_gateway.demo.simulator.esme import Esme
from sms_gateway.demo.simulator.faults import Faults, MessageIds
from sms_gateway.demo.simulator.receipts import receipt_message
from sms_gateway.demo.simulator.submissions import read_answer, read_segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """Who may bind; None lets anybody."""

    system_id: str | None
    password: str | None


@dataclass(kw_only=True, slots=True)
class Tally:
    """What was counted since the start."""

    deliveries: int = 0  # deliver_sm and data_sm, those sent again included
    doubled: int = 0
    broken: int = 0
    forgotten: int = 0  # acknowledged, and sent again all the same
    wrong_ids: int = 0
    submits: Counter[str] = field(default_factory=Counter)  # by the status they were answered with
    responses: Counter[str] = field(default_factory=Counter)  # to deliver_sm, by status


class Delivery:
    """A deliver_sm until the gateway has taken it: a segment of a text, or a receipt."""

    __slots__ = ("bubble", "message", "receipt_of")

    def __init__(self, message: ShortMessage, bubble: Bubble | None, receipt_of: str | None) -> None:
        self.message = message
        self.bubble = bubble
        self.receipt_of = receipt_of


class Smsc:
    """The carrier's logic; belongs to the simulator's thread, but for the conversations."""

    def __init__(self, credentials: Credentials, faults: Faults, now: Now, seed: int) -> None:
        self.credentials = credentials
        self.faults = faults
        self.conversations = Conversations()
        self.esmes: list[Esme] = []
        self._now = now
        self._random = random.Random(seed)  # noqa: S311 - faults must be the same at each run
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._ids = itertools.count(1)
        self._next_message = int(now().timestamp()) << 16  # unlike those of the runs before, which a database remembers
        self._queue: deque[Delivery] = deque()
        self._unacknowledged: dict[int, int] = {}  # bubble of an MO text: segments not acknowledged yet
        self._gathering: dict[tuple[str, str, int, int], dict[int, tuple[ShortMessage, bytes, str]]] = {}
        self._receipts: dict[str, Bubble | None] = {}  # message id: its bubble, once it is whole
        self._awaited: dict[int, set[str]] = {}  # bubble of an answer: message ids without an acknowledged receipt
        self._forgotten: list[Delivery] = []  # acknowledged, but that was forgotten
        self._storms_since: float | None = None
        self.tally = Tally()

    def connect(self) -> Esme:
        """Take a connection."""
        esme = Esme(self.credentials.system_id, self.credentials.password)
        self.esmes.append(esme)
        return esme

    def disconnect(self, esme: Esme) -> None:
        """Forget a connection; what it had not acknowledged is delivered again, first."""
        if esme in self.esmes:
            self.esmes.remove(esme)
        self._queue.extendleft(reversed(self._forgotten))
        self._forgotten.clear()
        self._queue.extendleft(reversed([each for each in esme.take_unacknowledged() if isinstance(each, Delivery)]))

    def receive(self, esme: Esme, octets: bytes, now: float) -> None:
        """Take octets of a gateway in."""
        for event in esme.receive(octets):
            if isinstance(event, Message):
                self._take_submit(esme, event, now)
            else:
                delivery, status = event
                if isinstance(delivery, Delivery):
                    self._take_response(delivery, status, now)
        self.pump()

    def next_id(self) -> int:
        """Return a number for a bubble; from any thread."""
        return next(self._ids)

    def send_text(self, bubble: Bubble, reference: int) -> None:
        """Send a subscriber's text, in parts when it is long."""
        cut = split_text(bubble.text, reference, self.faults.alphabet)
        self._unacknowledged[bubble.id] = len(cut.user_data)
        for user_data in cut.user_data:
            message = ShortMessage(
                source=bubble.subscriber,
                source_ton=1,
                source_npi=1,
                destination=bubble.short_code,
                dest_npi=1,
                esm_class=codes.ESM_UDHI if len(cut.user_data) > 1 else 0,
                data_coding=cut.encoding.value,
                user_data=user_data,
            )
            self._queue.append(Delivery(message, bubble, None))
        self.pump()

    def send_message(self, message: ShortMessage) -> None:
        """Send any deliver_sm, however odd; nothing is shown on a handset."""
        self._queue.append(Delivery(message, None, None))
        self.pump()

    def pump(self) -> None:
        """Send what waits, as far as the windows of the bound receivers allow, to each in turn."""
        while self._queue:
            ready = [esme for esme in self.esmes if esme.receives and esme.unacknowledged < self.faults.window]
            if not ready:
                return
            for esme in ready[: len(self._queue)]:
                self._deliver(esme)

    def _deliver(self, esme: Esme) -> None:
        """Send what is next, as the faults have it."""
        faults = self.faults
        delivery = self._queue.popleft()
        if self._queue and self._draws(faults.reorder_share):
            later, delivery = delivery, self._queue.popleft()
            self._queue.appendleft(later)
        if self._draws(faults.corrupt_share):
            self.tally.broken += 1
            esme.deliver_broken(delivery.message)
        esme.deliver(delivery.message, delivery)
        self.tally.deliveries += 1
        if self._draws(faults.double_share):
            self.tally.doubled += 1
            esme.deliver(delivery.message, None)

    def _draws(self, share: float) -> bool:
        return bool(share) and self._random.random() < share

    def _storms(self, now: float) -> bool:
        """Return whether the carrier throttles at this moment."""
        if not self.faults.storm_every:
            return False
        if self._storms_since is None:
            self._storms_since = now
        return (now - self._storms_since) % self.faults.storm_every < self.faults.storm_seconds

    def tick(self, now: float) -> None:
        """Do what is due."""
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2](now)
        self.pump()

    def next_due(self) -> float | None:
        """Return when `tick` has something to do."""
        return self._due[0][0] if self._due else None

    def _at(self, due: float, action: Callable[[float], None]) -> None:
        heapq.heappush(self._due, (due, self.next_id(), action))

    def _take_submit(self, esme: Esme, request: Message, now: float) -> None:
        """Answer a submit_sm as the faults have it."""
        faults = self.faults
        if esme.over or (faults.drop_after and esme.submits >= faults.drop_after):
            esme.over = True
            return
        esme.submits += 1
        draw = self._random.random()
        status, message_id, receipt_id = codes.ESME_ROK, "", ""
        if draw < faults.throttle_share or self._storms(now):
            status = codes.ESME_RTHROTTLED
        elif draw < faults.throttle_share + faults.reject_share:
            status = codes.ESME_RINVDSTADR
        else:
            message_id, receipt_id = self._make_ids()
            self._take_segment(request.message, receipt_id, message_id)
        self.tally.submits[codes.status_name(status)] += 1
        if draw < 1 - faults.lose_share:
            self._at(now + faults.response_delay, lambda _: esme.answer(request.sequence, status, message_id))
        if message_id and faults.receipts and request.message.registered_delivery & 1:
            response = 0.0 if faults.receipt_first else faults.response_delay
            self._at(
                now + response + faults.receipt_delay,
                lambda _: self._send_receipt(request.message, receipt_id),
            )
        self.tick(now)

    def _make_ids(self) -> tuple[str, str]:
        """Return a new message's id as the response and as the receipt write it."""
        self._next_message += 1
        number = self._next_message
        told = f"{number:X}", str(number)
        match self.faults.message_ids:
            case MessageIds.HEX:
                return told[0], told[0]
            case MessageIds.DECIMAL:
                return told[1], told[1]
            case MessageIds.MIXED:
                return told
            case MessageIds.MIXED_BACK:
                return told[1], told[0]
            case MessageIds.PADDED:
                return told[0], f"{number:020x}"
            case MessageIds.HALVED:
                return f"{number:016X}", f"{number & 0xFFFFFFFF:08X}"
            case style:
                assert_never(style)

    def _send_receipt(self, message: ShortMessage, receipt_id: str) -> None:
        told = receipt_id
        if self._draws(self.faults.wrong_id_share):
            self.tally.wrong_ids += 1
            told = f"{self._random.getrandbits(60):X}"
        receipt = receipt_message(message, told, self.faults, self._now())
        self._queue.append(Delivery(receipt, None, receipt_id))

    def _take_segment(self, message: ShortMessage, receipt_id: str, message_id: str) -> None:
        """Put a segment of an answer to the others; show the answer when it is whole."""
        part, octets = read_segment(message, self.faults.alphabet)
        if message.registered_delivery & 1:  # some gateways ask for that of the last segment alone
            self._receipts[receipt_id] = None
        key = (message.source, message.destination, part.reference, part.total)
        gathered = self._gathering.setdefault(key, {})
        gathered[part.number] = (message, octets, f"{message_id} {receipt_id}")
        if len(gathered) == part.total:
            del self._gathering[key]
            self._show_answer([gathered[number] for number in sorted(gathered)])

    def _show_answer(self, segments: list[tuple[ShortMessage, bytes, str]]) -> None:
        message = segments[0][0]
        ids = [pair.split() for _, _, pair in segments]
        bubble = Bubble(
            id=self.next_id(),
            direction=Direction.MT,
            subscriber=message.destination,
            short_code=message.source,
            text=read_answer((octets for _, octets, _ in segments), message.data_coding, self.faults.alphabet),
            encoding=Encoding.UCS2 if message.data_coding == Encoding.UCS2.value else Encoding.GSM,
            segments=len(segments),
            message_ids=tuple(message_id for message_id, _ in ids),
            receipt=None,
            at=self._now(),
            settled_at=None,
        )
        self.conversations.add(bubble)
        awaited = {receipt_id for _, receipt_id in ids if receipt_id in self._receipts}
        for receipt_id in awaited:
            self._receipts[receipt_id] = bubble
        self._awaited[bubble.id] = awaited

    def _take_response(self, delivery: Delivery, status: int, now: float) -> None:
        """Take the gateway's word on a deliver_sm: done, or to be sent again; any other refusal ends it."""
        self.tally.responses[codes.status_name(status)] += 1
        if status == codes.ESME_ROK and self._draws(self.faults.forget_share):
            self.tally.forgotten += 1
            self._forgotten.append(Delivery(delivery.message, None, None))
        if status == codes.ESME_RX_T_APPN:
            self._at(now + self.faults.retry_delay, lambda _: self._queue.append(delivery))
        elif status == codes.ESME_ROK and delivery.bubble is not None:
            self._unacknowledged[delivery.bubble.id] -= 1
            if not self._unacknowledged[delivery.bubble.id]:
                del self._unacknowledged[delivery.bubble.id]
                self._settle(delivery.bubble, None)
        elif status == codes.ESME_ROK and delivery.receipt_of is not None:
            self._take_receipt_response(delivery.receipt_of)

    def _take_receipt_response(self, receipt_id: str) -> None:
        """Tick an answer once the receipts of all its segments are taken."""
        bubble = self._receipts.pop(receipt_id, None)
        if bubble is not None:
            self._awaited[bubble.id].discard(receipt_id)
            if not self._awaited[bubble.id]:
                del self._awaited[bubble.id]
                self._settle(bubble, self.faults.receipt_state)

    def _settle(self, bubble: Bubble, receipt: ReceiptState | None) -> None:
        at: datetime = self._now()
        self.conversations.settle(bubble.subscriber, bubble.id, at, receipt)
