"""What comes in by a bind: deliver_sm to arrivals, verdicts to responses. No I/O of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from db.store.record import record
from sms_gateway.channels.smpp.acknowledgements import Lot
from sms_gateway.channels.smpp.coding import national
from sms_gateway.channels.smpp.coding.packed_septets import unpack, unpack_surely
from sms_gateway.channels.smpp.coding.text import Encoding, decode_text, in_default_alphabet, is_binary, unpadded
from sms_gateway.channels.smpp.coding.udh import Part, make_part, names_port, read_languages, take_header
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.channels.smpp.pdu.tlv import tlv_value
from sms_gateway.channels.smpp.receipt import Receipt, read_receipt
from sms_gateway.channels.smpp.session.events import Received
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundPart, InboundText, Source, Verdict
from sms_gateway.settings.link_model import Alphabet

_LOG = logger_of(__name__)

MAX_PENDING = 5000
"""Arrivals without a verdict; more are refused, since the carrier keeps them better than our memory does."""

Acknowledgement = tuple[int, int, int, Lot | None]
"""What must be answered: the bind's number, the command, the sequence number, and its batch, if it is stored. A
tuple: one is made for each text."""

Response = tuple[Acknowledgement, int]
"""What to answer, and the status."""


@record
class Moment:
    """When and on which bind something came in."""

    bind: int  # our own count of the connection, so that no response goes out on a later one
    session: int  # the link's session number, as the pipeline knows it
    at: datetime


class Batch:
    """What one read of the connection brought: arrivals for the pipeline, and what can be answered at once."""

    __slots__ = ("arrivals", "lot", "responses")

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.responses: list[Response] = []
        self.lot: Lot | None = None  # of the arrivals, if there are any


class Incoming:
    """Turns messages into arrivals and remembers what each verdict concerns."""

    def __init__(self, link: str, alphabet: Alphabet, source: Source, short_codes: ShortCodes | None = None) -> None:
        self.draining = False
        self.useless_receipts = 0  # receipts that named no message
        self._link = link
        self._alphabet = alphabet
        self._source = source
        self._short_codes = short_codes or ShortCodes()
        self._ticket = 0
        self._pending: dict[int, Acknowledgement] = {}

    @property
    def pending(self) -> int:
        """How many arrivals have no verdict yet."""
        return len(self._pending)

    def receive(self, received: Sequence[Received], moment: Moment) -> Batch:
        """Take messages in."""
        batch = Batch()
        lot = Lot(moment.session, moment.at)
        for each in received:
            acknowledgement = (moment.bind, each.command, each.sequence, None)
            if self.draining or len(self._pending) >= MAX_PENDING:
                batch.responses.append((acknowledgement, codes.ESME_RX_T_APPN))
                continue
            try:
                content = self._read(each, moment)
            except Exception as error:  # noqa: BLE001 - a fault of ours in one message must not cost its neighbours
                event(_LOG, "message_unreadable", level="error", error=error, link=self._link)
                batch.responses.append((acknowledgement, codes.ESME_RX_T_APPN))
                continue
            if content is None:
                self.useless_receipts += 1
                batch.responses.append((acknowledgement, codes.ESME_ROK))  # it would be as useless the next time
                continue
            self._ticket += 1
            self._pending[self._ticket] = (moment.bind, each.command, each.sequence, lot)
            batch.arrivals.append(Arrival(source=self._source, ticket=self._ticket, content=content))
        if batch.arrivals:
            lot.waiting, batch.lot = len(batch.arrivals), lot
        return batch

    def settle(self, verdicts: Sequence[tuple[int, Verdict]]) -> list[Response]:
        """Turn verdicts into responses; a ticket that is not known (any more) is ignored."""
        responses: list[Response] = []
        for ticket, verdict in verdicts:
            pending = self._pending.pop(ticket, None)
            if pending is not None:
                responses.append((pending, codes.ESME_RX_T_APPN if verdict is Verdict.TRY_LATER else codes.ESME_ROK))
        return responses

    def _read(self, received: Received, moment: Moment) -> InboundText | InboundPart | DeliveryReceipt | None:
        """Return what a message is; None for a receipt that names no message."""
        message = received.message
        receipt = read_receipt(message, self._alphabet)
        if receipt is not None:
            return self._receipt(receipt, message, moment)
        octets, alphabet, body, is_program = message.user_data, self._alphabet, None, False
        if message.tlvs or message.esm_class & codes.ESM_UDHI:
            part, octets, alphabet = _take_part(message, alphabet)
            body = _read_national(message, octets, alphabet)
            is_program = _is_for_program(message)
            if part is not None and not is_program:
                return self._part(received, part, octets, body, moment)
        return InboundText(
            link=self._link,
            session=moment.session,
            provider_id=None,
            sender=message.source,
            recipient=self._short_codes.read(message.destination),
            body=decode_text(octets, message.data_coding, alphabet) if body is None else body,
            octets=octets,
            data_coding=message.data_coding,
            received_at=moment.at,
            wire=received.pdu,
            is_for_program=is_program,
        )

    def _receipt(self, receipt: Receipt, message: ShortMessage, moment: Moment) -> DeliveryReceipt | None:
        if receipt.message_id is None:
            return None
        return DeliveryReceipt(
            link=self._link,
            message_id=receipt.message_id,
            state=receipt.state,
            error=receipt.error,
            received_at=moment.at,
            sender=message.source,
        )

    def _part(self, received: Received, part: Part, octets: bytes, body: str | None, moment: Moment) -> InboundPart:
        """Make a part; one with tables of its own is read here and goes on as UCS-2, since each part names its own."""
        message = received.message
        return InboundPart(
            link=self._link,
            session=moment.session,
            sender=message.source,
            recipient=self._short_codes.read(message.destination),
            reference=part.reference,
            total=part.total,
            number=part.number,
            octets=octets if body is None else body.encode("utf-16-be"),
            data_coding=message.data_coding if body is None else Encoding.UCS2.value,
            received_at=moment.at,
            wire=received.pdu,
        )


def _is_for_program(message: ShortMessage) -> bool:
    """Return whether a message is for a program: WAP push, a visiting card, settings. A person uses no port.

    The parts of a long one are kept one by one, since nobody reads them.
    """
    if not is_binary(message.data_coding):
        return False
    if tlv_value(message.tlvs, codes.DESTINATION_PORT) is not None:
        return True
    octets = message.user_data or tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) or b""
    return bool(message.esm_class & codes.ESM_UDHI) and names_port(octets)


def _read_national(message: ShortMessage, octets: bytes, alphabet: Alphabet) -> str | None:
    """Read a text by the tables that its header names; None when it names none, or the octets cannot be septets."""
    if not message.esm_class & codes.ESM_UDHI or alphabet is not Alphabet.GSM or not octets.isascii():
        return None
    locking, single = read_languages(message.user_data or tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) or b"")
    if not (locking or single) or not in_default_alphabet(message.data_coding):
        return None
    return national.decode(unpadded(octets), locking, single)


def _take_part(message: ShortMessage, alphabet: Alphabet) -> tuple[Part | None, bytes, Alphabet]:
    """Find the text's octets and which part they are, by the user data header or the SAR parameters (§5.3.2.22).

    Each part is packed or padded separately, so septets are unpacked here, before parts are joined. The third value is
    the alphabet of the octets afterwards.
    """
    octets = message.user_data or tlv_value(message.tlvs, codes.MESSAGE_PAYLOAD) or b""
    part: Part | None = None
    whole = len(octets)
    if message.esm_class & codes.ESM_UDHI:
        part, octets = take_header(octets)
    if part is None and message.tlvs:
        numbers = [tlv_value(message.tlvs, tag) for tag in (codes.SAR_REFERENCE, codes.SAR_TOTAL, codes.SAR_NUMBER)]
        reference, total, number = (int.from_bytes(value or b"", "big") for value in numbers)
        part = make_part(reference, total, number)
    header_length = whole - len(octets)
    if (header_length or part is not None) and in_default_alphabet(message.data_coding):
        if alphabet is Alphabet.GSM_PACKED:
            return part, unpack(octets, header_length) or octets, Alphabet.GSM
        septets = unpack_surely(octets, header_length) if alphabet is Alphabet.GSM else None
        # The other parts show whether a zero at the end of a part is padding or a `@`: see `read_parts`.
        octets = septets or (octets if part is not None else unpadded(octets))
    return part, octets, alphabet
