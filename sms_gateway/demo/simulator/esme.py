"""A gateway's connection as the simulated carrier sees it, without I/O."""

from __future__ import annotations

from collections.abc import Hashable

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import Framer
from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
    Message,
    MessageResponse,
    Plain,
    UnreadablePdu,
    read_pdu,
    write_bind_response,
    write_pdu,
    write_plain,
    write_response,
)
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message

_RECEIVING = (codes.BIND_RECEIVER, codes.BIND_TRANSCEIVER)
_TRANSMITTING = (codes.BIND_TRANSMITTER, codes.BIND_TRANSCEIVER)
SYSTEM_ID = "simulator"


class Esme:
    """The carrier's half of a session: answers binds and enquiries, hands up all else that matters."""

    def __init__(self, system_id: str | None, password: str | None) -> None:
        self.bound: int | None = None  # the command it bound with
        self.over = False  # write what is left, then close
        self.submits = 0  # submit_sm that were taken
        self.enquiries = 0  # enquire_link that came in
        self.refused: list[int] = []  # statuses of generic_nack that came in
        self._system_id = system_id
        self._password = password
        self._framer = Framer()
        self._out: list[bytes] = []
        self._sequence = 0
        self._unacknowledged: dict[int, Hashable] = {}

    @property
    def receives(self) -> bool:
        """Return whether deliver_sm may be sent to it."""
        return self.bound in _RECEIVING and not self.over

    @property
    def unacknowledged(self) -> int:
        """How many deliver_sm wait for their response."""
        return len(self._unacknowledged)

    def take_octets(self) -> bytes:
        """Return what is to be written, and forget it."""
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    def take_unacknowledged(self) -> list[Hashable]:
        """Return the tokens of the deliver_sm without a response, and forget them."""
        tokens = list(self._unacknowledged.values())
        self._unacknowledged.clear()
        return tokens

    def deliver(self, message: ShortMessage, token: Hashable) -> None:
        """Send a deliver_sm; its response comes back with the token."""
        self._unacknowledged[self._next_sequence()] = token
        if message.tlvs and not message.user_data:
            self._out.append(write_pdu(codes.DATA_SM, self._sequence, encode_data_message(message)))
        else:
            self._out.append(write_pdu(codes.DELIVER_SM, self._sequence, encode_short_message(message)))

    def answer(self, sequence: int, status: int, message_id: str) -> None:
        """Answer a submit_sm."""
        self._out.append(write_response(codes.SUBMIT_SM, sequence, status, message_id))

    def ask(self, command: int) -> None:
        """Send an enquire_link, unbind, outbind or alert_notification."""
        self._out.append(write_plain(command, self._next_sequence()))

    def deliver_broken(self, message: ShortMessage) -> None:
        """Send a deliver_sm whose text runs past its end; whatever comes back concerns nobody."""
        body = encode_short_message(message._replace(tlvs=()))
        self._out.append(write_pdu(codes.DELIVER_SM, self._next_sequence(), body[: len(body) // 2]))

    def send_octets(self, octets: bytes) -> None:
        """Send anything."""
        self._out.append(octets)

    def receive(self, octets: bytes) -> list[Message | tuple[Hashable, int]]:
        """Take octets in; return the submit_sm, and the token and status of each answered deliver_sm."""
        events: list[Message | tuple[Hashable, int]] = []
        for frame in self._framer.feed(octets):
            pdu = read_pdu(frame)
            match pdu:
                case MessageResponse(command=codes.DELIVER_SM_RESP | codes.DATA_SM_RESP):
                    if pdu.sequence in self._unacknowledged:
                        events.append((self._unacknowledged.pop(pdu.sequence), pdu.status))
                case Message(command=codes.SUBMIT_SM):
                    if self.bound in _TRANSMITTING:
                        events.append(pdu)
                    else:
                        self.answer(pdu.sequence, codes.ESME_RINVBNDSTS, "")
                case BindRequest():
                    self._bind(pdu)
                case Plain():
                    self._take_plain(pdu)
                case UnreadablePdu() | Message():
                    self._out.append(write_plain(codes.GENERIC_NACK, pdu.sequence, codes.ESME_RINVCMDID))
                case _:
                    pass  # a response that nobody waits for
        self.over = self.over or self._framer.bad_length is not None
        return events

    def _next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence

    def _bind(self, request: BindRequest) -> None:
        status = codes.ESME_ROK
        if self.bound is not None:
            status = codes.ESME_RALYBND
        elif self._system_id is not None and request.system_id != self._system_id:
            status = codes.ESME_RBINDFAIL
        elif self._password is not None and request.password != self._password:
            status = codes.ESME_RINVPASWD
        else:
            self.bound = request.command
        self._out.append(write_bind_response(request.command, request.sequence, status, SYSTEM_ID))

    def _take_plain(self, pdu: Plain) -> None:
        if pdu.command == codes.ENQUIRE_LINK:
            self.enquiries += 1
            self._out.append(write_plain(codes.ENQUIRE_LINK_RESP, pdu.sequence))
        elif pdu.command == codes.UNBIND:
            self._out.append(write_plain(codes.UNBIND_RESP, pdu.sequence))
            self.over = True
        elif pdu.command == codes.UNBIND_RESP:
            self.over = True
        elif pdu.command == codes.GENERIC_NACK:
            self.refused.append(pdu.status)
