"""What comes in by a link: deliver_sm to arrivals, verdicts to responses. No I/O of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sms_gateway.road.ports import Arrival, DeliveryReceipt, Door, InboundText, Verdict
from sms_gateway.settings.model import Alphabet
from sms_gateway.smpp import codes
from sms_gateway.smpp.events import Received
from sms_gateway.smpp.parts import Acknowledgement, Gathering, Parts, Piece
from sms_gateway.smpp.receipt import read_receipt
from sms_gateway.smpp.shortmessage import ShortMessage
from sms_gateway.smpp.text import decode_text
from sms_gateway.smpp.tlv import tlv_value
from sms_gateway.smpp.udh import Part, make_part, take_header

MAX_PENDING = 5000
"""Arrivals without a verdict; more are sent back to the carrier, which keeps them better than our memory does."""

AGAIN_SECONDS = 1.0
"""A long text that was refused after some of its parts were acknowledged is offered again after this."""

Response = tuple[Acknowledgement, int]
"""What to answer, and the status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """When and on which bind something came in."""

    bind: int  # our own count of the connection, so that no response goes out on a later one
    session: int  # the bind session's number, as the road knows it
    at: datetime
    now: float  # the same in monotonic seconds


class Batch:
    """What one look at the connection brought: arrivals for the road, and what can be answered at once."""

    __slots__ = ("arrivals", "responses")

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.responses: list[Response] = []


class Incoming:
    """Turns messages into arrivals and remembers whom each verdict concerns."""

    def __init__(self, link: str, alphabet: Alphabet, door: Door) -> None:
        self.draining = False
        self.useless_receipts = 0  # receipts that named no message
        self._link = link
        self._alphabet = alphabet
        self._door = door
        self._parts = Parts()
        self._ticket = 0
        self._pending: dict[int, Acknowledgement | tuple[Gathering, Arrival]] = {}
        self._again: list[tuple[float, Arrival]] = []

    @property
    def pending(self) -> int:
        """How many arrivals have no verdict yet."""
        return len(self._pending)

    @property
    def impatient(self) -> bool:
        """Tell whether time matters, so that `receive` wants to be called often."""
        return self._parts.gathering or bool(self._again)

    def receive(self, received: Sequence[Received], moment: Moment) -> Batch:
        """Take messages in, and do what time asks for."""
        batch = Batch()
        for each in received:
            acknowledgement = (moment.bind, each.command, each.sequence)
            if self.draining or len(self._pending) >= MAX_PENDING:
                batch.responses.append((acknowledgement, codes.ESME_RX_T_APPN))
            else:
                self._receive_one(each.message, acknowledgement, moment, batch)
        if self._again:
            batch.arrivals += [arrival for due, arrival in self._again if moment.now >= due]
            self._again = [(due, arrival) for due, arrival in self._again if moment.now < due]
        overdue, released = self._parts.tick(moment.now)
        if self.draining:
            overdue += self._parts.close_begun(moment.now)
        batch.arrivals += [self._arrive_long(gathering, moment) for gathering in overdue]
        batch.responses += [(each, codes.ESME_ROK) for each in released]
        return batch

    def settle(self, verdicts: Sequence[tuple[int, Verdict]], now: float) -> list[Response]:
        """Turn verdicts into responses; a ticket that is not known (any more) is passed over."""
        responses: list[Response] = []
        for ticket, verdict in verdicts:
            pending = self._pending.pop(ticket, None)
            if pending is None:
                continue
            status = codes.ESME_RX_T_APPN if verdict is Verdict.TRY_LATER else codes.ESME_ROK
            if len(pending) == 3:  # noqa: PLR2004 - an acknowledgement, no gathering: the hot path
                responses.append((pending, status))
            else:
                responses += self._settle_long(ticket, *pending, status, now)
        return responses

    def _receive_one(
        self, message: ShortMessage, acknowledgement: Acknowledgement, moment: Moment, batch: Batch
    ) -> None:
        receipt = read_receipt(message, self._alphabet)
        if receipt is not None:
            if receipt.message_id is None:
                self.useless_receipts += 1
                batch.responses.append((acknowledgement, codes.ESME_ROK))  # it would be as useless the next time
                return
            content: InboundText | DeliveryReceipt = DeliveryReceipt(
                link=self._link,
                message_id=receipt.message_id,
                state=receipt.state,
                error=receipt.error,
                received_at=moment.at,
            )
        else:
            octets = message.user_data
            if message.tlvs or message.esm_class & codes.ESM_UDHI:
                part, octets = _take_part(message)
                if part is not None:
                    self._receive_part(message, part, octets, acknowledgement, moment, batch)
                    return
            content = InboundText(
                link=self._link,
                session=moment.session,
                provider_id=None,
                sender=message.source,
                recipient=message.destination,
                body=decode_text(octets, message.data_coding, self._alphabet),
                octets=octets,
                data_coding=message.data_coding,
                received_at=moment.at,
            )
        self._ticket += 1
        self._pending[self._ticket] = acknowledgement
        batch.arrivals.append(Arrival(door=self._door, ticket=self._ticket, content=content))

    def _receive_part(  # noqa: PLR0917 - one caller, which has them all
        self,
        message: ShortMessage,
        part: Part,
        octets: bytes,
        acknowledgement: Acknowledgement,
        moment: Moment,
        batch: Batch,
    ) -> None:
        if self._parts.full(octets):
            batch.responses.append((acknowledgement, codes.ESME_RX_T_APPN))
            return
        piece = Piece(
            sender=message.source,
            recipient=message.destination,
            part=part,
            octets=octets,
            data_coding=message.data_coding,
            acknowledgement=acknowledgement,
        )
        batch.arrivals += [self._arrive_long(gathering, moment) for gathering in self._parts.add(piece, moment.now)]

    def _arrive_long(self, gathering: Gathering, moment: Moment) -> Arrival:
        sender, recipient, _, _ = gathering.key
        content = InboundText(
            link=self._link,
            session=moment.session,
            provider_id=None,
            sender=sender,
            recipient=recipient,
            body=gathering.read(self._alphabet),
            octets=gathering.octets,
            data_coding=gathering.data_coding,
            received_at=moment.at,
        )
        gathering.shed()
        self._ticket += 1
        arrival = Arrival(door=self._door, ticket=self._ticket, content=content)
        self._pending[self._ticket] = (gathering, arrival)
        return arrival

    def _settle_long(
        self, ticket: int, gathering: Gathering, arrival: Arrival, status: int, now: float
    ) -> list[Response]:
        """Answer every part; but a refused text of which a part is acknowledged is ours, so it is offered again."""
        if status != codes.ESME_ROK and gathering.acknowledged_early:
            self._pending[ticket] = (gathering, arrival)
            self._again.append((now + AGAIN_SECONDS, arrival))
            return []
        gathering.stored = status == codes.ESME_ROK
        if not gathering.stored:
            self._parts.forget(gathering)
        held = [each for _, each in gathering.held]
        gathering.held.clear()
        return [(each, status) for each in held]


def _take_part(message: ShortMessage) -> tuple[Part | None, bytes]:
    """Find the text's octets and which part they are, by the user data header or the SAR parameters (§5.3.2.22)."""
    octets = message.user_data or tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) or b""
    part: Part | None = None
    if message.esm_class & codes.ESM_UDHI:
        part, octets = take_header(octets)
    if part is None and message.tlvs:
        numbers = [tlv_value(message.tlvs, tag) for tag in (codes.SAR_REFERENCE, codes.SAR_TOTAL, codes.SAR_NUMBER)]
        reference, total, number = (int.from_bytes(value or b"", "big") for value in numbers)
        part = make_part(reference, total, number)
    return part, octets
