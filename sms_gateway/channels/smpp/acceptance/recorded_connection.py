"""One connection of an acceptance test, on which every PDU is written down."""

from __future__ import annotations

from dataclasses import replace

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import Framer
from sms_gateway.channels.smpp.pdu.pdu import BindRequest, write_bind
from sms_gateway.channels.smpp.session.events import Answered, Event, Unanswered
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.channels.smpp.session.terms import SessionState, SessionTerms
from sms_gateway.channels.smpp.session.wire import Wire
from sms_gateway.clock import monotonic
from sms_gateway.settings.link_model import LinkSettings

_LOOK_SECONDS = 0.02


class RecordedConnection:
    """A wire, its session, and a record of its PDUs; it runs in the caller's thread."""

    def __init__(self, settings: LinkSettings, command: int) -> None:
        self.kind = codes.BIND_KINDS[command]
        self.wire = Wire()
        self._request = BindRequest(
            command=command,
            sequence=0,
            system_id=settings.system_id,
            password=settings.password.get_secret_value(),
            system_type=settings.system_type,
            address_range=settings.address_range,
        )
        self.session = Session(
            SessionTerms(
                bind=self._request,
                window=settings.window,
                response_seconds=settings.response_seconds,
                enquire_seconds=settings.enquire_seconds,
            )
        )
        self.bound = False
        self.system_id = ""
        self.fell: str | None = None
        self.answers: list[Answered | Unanswered] = []
        self._theirs = Framer()
        self._pdus: list[str] = []

    def carry(self) -> list[Event]:
        """Write, wait a moment, read; return what happened."""
        if self.session.state in (SessionState.OPEN, SessionState.CLOSED):
            return []
        self._write()
        events: list[Event] = []
        if self.wire.wait(_LOOK_SECONDS):
            octets = self.wire.read()
            if octets is None:
                events += self.session.fall("connection closed")
            else:
                self._pdus += [f"< {written(frame.pdu)}" for frame in self._theirs.feed(octets)]
                events += self.session.receive(octets, monotonic())
        events += self.session.tick(monotonic())
        self._write()
        return events

    def has_answers(self, number: int) -> bool:
        """Return whether so many submit_sm are answered or given up."""
        return len(self.answers) >= number

    def take_pdus(self) -> list[str]:
        """Return what was sent and received since the last call."""
        pdus, self._pdus = self._pdus, []
        return pdus

    def _write(self) -> None:
        octets = self.session.take_octets()
        if not octets:
            return
        self.wire.write(octets)
        self._pdus += [f"> {written(self._shown(frame.pdu))}" for frame in Framer().feed(octets)]

    def _shown(self, pdu: bytes) -> bytes:
        """Return a PDU as the report may show it: without the password of a bind."""
        if int.from_bytes(pdu[4:8], "big") != self._request.command:
            return pdu
        masked = "*" * len(self._request.password)
        return write_bind(replace(self._request, sequence=int.from_bytes(pdu[12:16], "big"), password=masked))


def written(pdu: bytes) -> str:
    """Write a PDU for people: command, sequence number, of a response its status, then its octets in hexadecimal.

    >>> written(bytes.fromhex("00000010800000150000000000000007"))
    'enquire_link_resp 7 ESME_ROK  00000010800000150000000000000007'
    """
    command, status, sequence = (int.from_bytes(pdu[at : at + 4], "big") for at in (4, 8, 12))
    words = [codes.command_name(command), str(sequence)]
    if command & codes.RESPONSE:
        words.append(codes.status_name(status))
    return f"{' '.join(words)}  {pdu.hex()}"
