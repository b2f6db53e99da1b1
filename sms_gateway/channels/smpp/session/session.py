"""One SMPP 3.4 session of an ESME, without I/O: octets in, events out; timers are told the time in monotonic seconds.

    OPEN --start--> BINDING --bind_resp--> BOUND --unbind--> UNBINDING --unbind_resp--> CLOSED
                                            | --unbind of theirs--> PARTING --unbind_resp--> CLOSED
                       any state --fall (refused, dead, told to)--> CLOSED

What is to be written gathers in the session; `take_octets` gives it. After `Fell` nothing more happens, and every
request without a response has been accounted for by `Unanswered`.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import assert_never

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import HEADER_LENGTH, Frame, Framer, pack_header
from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
    BindResponse,
    Message,
    MessageResponse,
    Plain,
    UnreadablePdu,
    read_pdu,
    write_bind,
    write_plain,
    write_response,
)
from sms_gateway.channels.smpp.pdu.short_message import decode_message_id, decode_short_message
from sms_gateway.channels.smpp.session.events import (
    Answered,
    AnsweredLate,
    Bound,
    Event,
    Fell,
    Received,
    Unanswered,
    Unwritten,
)
from sms_gateway.channels.smpp.session.terms import SessionState, SessionTerms

MAX_SEQUENCE = 0x7FFFFFFF
"""Sequence numbers go from 1 to this and begin anew (§3.2)."""

MOST_OVERDUE = 10_000
"""Requests given up whose late response is still recognised; the oldest are forgotten first."""

PARTING_SECONDS = 1.0
"""How long an unbind of the carrier waits for the responses in flight, of both sides."""

_Request = tuple[Hashable, float, int]
"""A submit_sm: its token, when it is given up, and its number among our requests."""


class Session:
    """The state of one session. Not thread-safe: it belongs to the I/O thread of its bind."""

    def __init__(self, terms: SessionTerms, *, last_sequence: int = 0) -> None:
        self.terms = terms
        self.state = SessionState.OPEN
        self.round_trip: float | None = None  # seconds, of the last enquire_link
        self.unreadable = 0  # PDUs that could not be read
        self._framer = Framer()
        self._out: list[bytes] = []
        self._sequence = last_sequence
        self._requests: dict[int, _Request] = {}  # oldest first
        self._overdue: dict[int, _Request] = {}  # given up; a response may still come
        self._enquiry: tuple[int, float, int] | None = None  # sequence number, when it was written, which request
        self._heard_at = 0.0
        self._give_up_at: float | None = None  # of the bind, the unbind or the parting
        self._parting = 0  # sequence number of their unbind
        self._owed = 0  # `Received` without `answer`
        self._asked = 0  # requests of ours so far: submit_sm and enquire_link
        self._proven = 0  # the last of them that was answered
        self._taken, self._taken_before = 0, 0  # of them, returned by the last `take_octets`, and by the one before

    @property
    def room(self) -> int:
        """How many more submit_sm the window takes; 0 unless bound."""
        return max(0, self.terms.window - len(self._requests)) if self.state is SessionState.BOUND else 0

    @property
    def in_flight(self) -> int:
        """How many submit_sm wait for their response."""
        return len(self._requests)

    @property
    def asked(self) -> int:
        """How many requests were written so far: a mark to compare with `proven`."""
        return self._asked

    @property
    def proven(self) -> int:
        """How many requests the other side surely has: it answered the last of them, so it has all before that."""
        return self._proven

    def take_octets(self) -> bytes:
        """Return what is to be written, and forget it."""
        if not self._out:
            return b""
        self._taken_before, self._taken = self._taken, self._asked
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    def start(self, now: float) -> None:
        """Ask for the bind."""
        self.state = SessionState.BINDING
        self._heard_at = now
        self._give_up_at = now + self.terms.response_seconds
        bind = self.terms.bind
        self._out.append(
            write_bind(
                BindRequest(
                    command=bind.command,
                    sequence=self._next_sequence(),
                    system_id=bind.system_id,
                    password=bind.password,
                    system_type=bind.system_type,
                    address_range=bind.address_range,
                )
            )
        )

    def submit(self, body: bytes, token: Hashable, now: float) -> None:
        """Send a submit_sm with this body. Needs room; `Answered` or `Unanswered` follows with the token."""
        sequence = self._next_sequence()
        self._asked += 1
        self._requests[sequence] = (token, now + self.terms.response_seconds, self._asked)
        self._out.append(pack_header(HEADER_LENGTH + len(body), codes.SUBMIT_SM, 0, sequence) + body)

    def answer(self, command: int, sequence: int, status: int) -> None:
        """Answer a `Received`; does nothing once the session is over."""
        if self.state is not SessionState.CLOSED:
            self._owed -= 1
            self._out.append(write_response(command, sequence, status))

    def enquire(self, now: float) -> None:
        """Ask whether the other side is alive; `round_trip` shows that it answered."""
        if self.state is SessionState.BOUND and self._enquiry is None:
            self._asked += 1
            self._enquiry = (self._next_sequence(), now, self._asked)
            self._out.append(write_plain(codes.ENQUIRE_LINK, self._enquiry[0]))

    def unbind(self, now: float) -> None:
        """Ask to end the session; it ends with the response, or when none comes."""
        if self.state is SessionState.BOUND:
            self.state = SessionState.UNBINDING
            self._give_up_at = now + self.terms.response_seconds
            self._out.append(write_plain(codes.UNBIND, self._next_sequence()))

    def fall(self, reason: str, *, asked: bool = False) -> list[Event]:
        """End the session, since the connection is gone or must be closed."""
        if self.state is SessionState.CLOSED:
            return []
        self.state = SessionState.CLOSED
        events: list[Event] = [Unanswered(token=token) for token, _, _ in self._requests.values()]
        self._requests.clear()
        self._overdue.clear()
        events.append(Fell(reason=reason, asked=asked, unanswered=len(events)))
        return events

    def lose_last_write(self) -> list[Event]:
        """Note that nothing of what `take_octets` returned last was written: the connection is gone."""
        lost = [each for each, (_, _, number) in self._requests.items() if number > self._taken_before]
        events: list[Event] = [Unwritten(token=self._requests.pop(each)[0]) for each in lost]
        return events + self.fall("connection closed")

    def receive(self, octets: bytes, now: float) -> list[Event]:
        """Take octets in; return the events. Never raises."""
        self._heard_at = now
        events: list[Event] = []
        for frame in self._framer.feed(octets):
            if self.state is SessionState.CLOSED:
                break
            if frame.command == codes.SUBMIT_SM_RESP:
                self._close_request(frame.sequence, frame.status, frame.pdu, events)
            elif frame.command == codes.DELIVER_SM and self.state is not SessionState.BINDING:
                message = decode_short_message(frame.pdu, HEADER_LENGTH)
                if message is None:
                    self._refuse_unreadable(frame.command, frame.sequence, codes.ESME_RINVCMDLEN)
                else:
                    self._owed += 1
                    events.append(
                        Received(command=frame.command, sequence=frame.sequence, message=message, pdu=frame.pdu)
                    )
            else:
                self._receive_rare(frame, now, events)
        if self._framer.bad_length is not None and self.state is not SessionState.CLOSED:
            self._out.append(write_plain(codes.GENERIC_NACK, 0, codes.ESME_RINVCMDLEN))
            events.extend(self.fall("command_length out of bounds"))
        return events

    def tick(self, now: float) -> list[Event]:
        """Do what is due: give up requests, ask whether the other side is alive, find that it is not."""
        events: list[Event] = []
        while self._requests:
            sequence, request = next(iter(self._requests.items()))
            if now < request[1]:
                break
            self._overdue[sequence] = self._requests.pop(sequence)
            if len(self._overdue) > MOST_OVERDUE:
                del self._overdue[next(iter(self._overdue))]
            events.append(Unanswered(token=request[0]))
        if self.state is SessionState.PARTING:
            return events + self._part(now)
        if self._give_up_at is not None and now >= self._give_up_at:
            what = "bind" if self.state is SessionState.BINDING else "unbind"
            return events + self.fall(f"no answer to {what}", asked=what == "unbind")
        if self.state is SessionState.BOUND:
            if self._enquiry is None:
                if now >= self._heard_at + self.terms.enquire_seconds:
                    self.enquire(now)
            elif now >= max(self._enquiry[1], self._heard_at) + self.terms.response_seconds:
                return events + self.fall("no answer to enquire_link")
        return events

    def next_due(self) -> float | None:
        """Return when `tick` has something to do; None when nothing is awaited."""
        due: list[float] = []
        if self.state is SessionState.PARTING and not (self._requests or self._owed):
            return 0.0
        if self._requests:
            due.append(next(iter(self._requests.values()))[1])
        if self._give_up_at is not None:
            due.append(self._give_up_at)
        if self.state is SessionState.BOUND:
            if self._enquiry is None:
                due.append(self._heard_at + self.terms.enquire_seconds)
            else:
                due.append(max(self._enquiry[1], self._heard_at) + self.terms.response_seconds)
        return min(due, default=None)

    def _next_sequence(self) -> int:
        self._sequence = self._sequence + 1 if self._sequence < MAX_SEQUENCE else 1
        return self._sequence

    def _close_request(self, sequence: int, status: int, response: bytes, events: list[Event]) -> None:
        """Match a response, a whole PDU; a response to no request is ignored."""
        request = self._requests.pop(sequence, None)
        kind: type[Answered | AnsweredLate] = Answered
        if request is None:
            request, kind = self._overdue.pop(sequence, None), AnsweredLate
        if request is not None:
            message_id = decode_message_id(response, HEADER_LENGTH) if status == codes.ESME_ROK else ""
            events.append(kind(token=request[0], status=status, message_id=message_id))
            self._proven = max(self._proven, request[2])

    def _refuse_unreadable(self, command: int, sequence: int, status: int) -> None:
        """Answer what cannot be read; never a response, or the two sides would answer each other without end."""
        self.unreadable += 1
        if command in (codes.DELIVER_SM, codes.DATA_SM):
            self._out.append(write_response(command, sequence, status))
        elif not command & codes.RESPONSE:
            self._out.append(write_plain(codes.GENERIC_NACK, sequence, status))

    def _receive_rare(self, frame: Frame, now: float, events: list[Event]) -> None:
        """Take a PDU that is not on the hot path."""
        pdu = read_pdu(frame)
        match pdu:
            case UnreadablePdu():
                self._refuse_unreadable(pdu.command, pdu.sequence, pdu.status)
            case Message(command=codes.DATA_SM) if self.state is not SessionState.BINDING:
                self._owed += 1
                events.append(Received(command=pdu.command, sequence=pdu.sequence, message=pdu.message, pdu=frame.pdu))
            case Message() | BindRequest():  # a request that only an SMSC takes, or one before the bind
                status = codes.ESME_RINVBNDSTS if pdu.command != codes.SUBMIT_SM else codes.ESME_RINVCMDID
                self._refuse_unreadable(pdu.command, pdu.sequence, status)
            case BindResponse():
                self._take_bind_response(pdu, events)
            case Plain():
                self._take_plain(pdu, now, events)
            case MessageResponse():
                pass  # of a request that we never make
            case _:
                assert_never(pdu)

    def _take_bind_response(self, pdu: BindResponse, events: list[Event]) -> None:
        if self.state is not SessionState.BINDING:
            return
        self._give_up_at = None
        if pdu.status != codes.ESME_ROK:
            events.extend(self.fall(f"bind refused: {codes.status_name(pdu.status)}"))
            return
        self.state = SessionState.BOUND
        events.append(Bound(system_id=pdu.system_id))

    def _take_plain(self, pdu: Plain, now: float, events: list[Event]) -> None:
        """Take a PDU without a body; outbind and alert_notification want no answer (§4.1.7, §4.12)."""
        if pdu.command == codes.ENQUIRE_LINK:
            self._out.append(write_plain(codes.ENQUIRE_LINK_RESP, pdu.sequence))
        elif pdu.command == codes.ENQUIRE_LINK_RESP:
            self._end_enquiry(pdu.sequence, now)
        elif pdu.command == codes.UNBIND:
            self._take_unbind(pdu.sequence, now)
            events.extend(self._part(now))
        elif pdu.command == codes.UNBIND_RESP and self.state is SessionState.UNBINDING:
            events.extend(self.fall("unbound", asked=True))
        elif pdu.command == codes.GENERIC_NACK:
            self._take_nack(pdu, now, events)

    def _take_unbind(self, sequence: int, now: float) -> None:
        """Let the other side end the session; in a bound session, once the responses in flight are there."""
        patience = PARTING_SECONDS if self.state is SessionState.BOUND else 0.0
        if self.state is not SessionState.PARTING:
            self._give_up_at = now + patience
        self.state, self._parting = SessionState.PARTING, sequence

    def _part(self, now: float) -> list[Event]:
        """Answer their unbind, if nothing is awaited and owed any more or the time is over."""
        if (self._requests or self._owed) and self._give_up_at is not None and now < self._give_up_at:
            return []
        self._out.append(write_plain(codes.UNBIND_RESP, self._parting))
        return self.fall("unbound by the SMSC", asked=True)

    def _take_nack(self, pdu: Plain, now: float, events: list[Event]) -> None:
        """Take a generic_nack: it answers a submit_sm, an enquire_link (so they are alive) or the bind (§4.3)."""
        if pdu.sequence in self._requests or pdu.sequence in self._overdue:
            self._close_request(pdu.sequence, pdu.status or codes.ESME_RSYSERR, b"", events)
        elif self.state is SessionState.BINDING:
            events.extend(self.fall(f"bind refused: {codes.status_name(pdu.status)}"))
        else:
            self._end_enquiry(pdu.sequence, now)

    def _end_enquiry(self, sequence: int, now: float) -> None:
        if self._enquiry is not None and self._enquiry[0] == sequence:
            self.round_trip = now - self._enquiry[1]
            self._proven = max(self._proven, self._enquiry[2])
            self._enquiry = None
