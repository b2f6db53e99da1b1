"""The simulated provider: citizens text by it, the gateway sends answers by it, and it reports on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from threading import Event, Lock

from sms_gateway.channels.smpp.coding.text import count_segments
from sms_gateway.clock import Now, utc_now
from sms_gateway.demo.provider.counterpart import (
    HTML,
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    Verdict,
)
from sms_gateway.demo.provider.faults import Chance, Fault, ProviderFaults
from sms_gateway.demo.provider.listener import Listener
from sms_gateway.demo.provider.pusher import Delivery, Pusher
from sms_gateway.demo.simulator.conversation import Bubble, Conversation, Conversations, Direction

PORTAL = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Log in to use this network.</body></html>"

_KNOWN = "known"
_TAKEN = "taken"
_DECLINED = "declined"


@dataclass(kw_only=True, slots=True)
class ProviderTally:
    """What was counted since the start."""

    sends: Counter[str] = field(default_factory=Counter)  # requests of the gateway: taken, known, declined, or a fault
    responses: Counter[str] = field(default_factory=Counter)  # of the gateway to texts and reports, by HTTP status
    doubled: int = 0  # texts and reports that were sent once more although they were acknowledged
    refused: int = 0  # texts and reports that the gateway refused for good

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        counted = {"sends": dict(self.sends), "responses": dict(self.responses)}
        return counted | {"doubled": self.doubled, "refused": self.refused}


class SimulatedProvider:
    """A provider to test and show the gateway against, on one channel.

    It listens from the moment it is made (port 0 takes a free one). `start` sets it going, and `aim` says where the
    gateway is. Every method may be called from any thread.
    """

    def __init__(
        self,
        channel: str,
        counterpart: Counterpart,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: ProviderFaults | None = None,
        connections: int = 4,
        now: Now = utc_now,
        seed: int = 0,
    ) -> None:
        self._counterpart = counterpart
        self._now = now
        self._chance = Chance(seed)
        self._lock = Lock()
        self._stopping = Event()
        self._bubbles = count(1)
        self._ids = count(int(now().timestamp()) << 16)  # unlike those of the runs before, which a database remembers
        self._known: dict[str, str] = {}  # ids of answers by the gateway's key
        self._citizens: dict[str, str] = {}  # telephone numbers by the address in the network
        self._conversations = Conversations()
        self.faults = faults or ProviderFaults()
        self.tally = ProviderTally()
        self._pusher = Pusher(channel, counterpart.verdict, lambda: self.faults.retry_delay, connections=connections)
        self.tally.responses = self._pusher.responses
        self._listener = Listener(host, port, self._take)
        self.port = self._listener.port
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def start(self) -> None:
        """Begin to take connections and to bring texts."""
        self._listener.start()
        self._pusher.start()

    def aim(self, *gateways: str) -> None:
        """Bring texts and reports to the gateway with this address, such as `http://127.0.0.1:8188`.

        A gateway of several processes has several addresses: when one does not respond, the next is tried.
        """
        self._pusher.aim(*gateways)

    def stop(self, timeout: float = 1.0) -> None:
        """Drop all connections and end the threads."""
        self._stopping.set()
        self._listener.stop()
        self._pusher.stop(timeout)

    def send_text(self, sender: str, recipient: str, text: str) -> int:
        """Send a text as a citizen; return its bubble's id."""
        bubble = self._add(Direction.MO, sender, recipient, text, ())
        address = self._counterpart.address(sender)
        self._citizens[address] = sender
        arriving = CitizenText(id=self._next_id(), sender=address, recipient=recipient, body=text, at=self._now())
        self._bring(self._counterpart.push(arriving), bubble)
        return bubble.id

    def conversation(self, subscriber: str) -> Conversation:
        """Return what a citizen sees, oldest first."""
        return self._conversations.get(subscriber)

    def wait_for(self, subscriber: str, holds: Callable[[Conversation], bool], timeout: float = 10.0) -> Conversation:
        """Wait until something holds of a conversation and return it; raises TimeoutError."""
        return self._conversations.wait_for(subscriber, holds, timeout)

    def address_of(self, number: str) -> str:
        """Return how the network knows the citizen of a telephone number."""
        return self._counterpart.address(number)

    @property
    def is_sms(self) -> bool:
        """Return whether its texts are SMS, which have segments and alphabets."""
        return self._counterpart.is_sms

    def drop_connections(self) -> None:
        """Break every connection of the gateway, as a fallen network does."""
        self._listener.drop()

    def freeze(self) -> None:
        """Respond to nothing any more on the connections that are open."""
        self._listener.freeze()

    def leave(self) -> None:
        """Refuse connections until `come_back`; texts are still brought."""
        self._listener.leave()

    def come_back(self) -> None:
        """Take connections again."""
        self._listener.come_back()

    def _take(self, request: ReceivedRequest) -> Reply | None:
        """Respond to a request of the gateway as the faults have it."""
        read = self._counterpart.read(request)
        if isinstance(read, Reply):
            self._count(_DECLINED)
            return read
        fault = self._chance.fault(self.faults)
        if fault is not None:
            self._count(fault.value)
        reply: Reply | None
        match fault:
            case Fault.ERROR:
                reply = Reply(status=500, body=b"{}")
            case Fault.PORTAL:
                reply = Reply(body=PORTAL, content_type=HTML)
            case Fault.CUT | None:
                reply = self._accept(read, fault)
        if self.faults.response_delay:
            self._stopping.wait(self.faults.response_delay)
        return reply

    def _accept(self, sent: SentText, fault: Fault | None) -> Reply | None:
        """Take an answer: show it to its citizen, unless it is known, and report on it."""
        known, message_id = self._id_of(sent)
        if fault is None:
            self._count(_KNOWN if known else _TAKEN)
        if not known:
            citizen = self._citizens.get(sent.recipient, sent.recipient.removeprefix("+"))
            bubble = self._add(Direction.MT, citizen, sent.sender, sent.body, (message_id,))
            self._report(sent, message_id, bubble)
        if fault is Fault.CUT:
            return None
        accept_known = self._counterpart.accept_known
        accept = accept_known if known and accept_known is not None else self._counterpart.accept
        return accept(sent, message_id)

    def _id_of(self, sent: SentText) -> tuple[bool, str]:
        """Return whether an answer is known, and its id."""
        with self._lock:
            if self._counterpart.accept_known is None or not sent.key:
                return False, self._next_id()
            known = self._known.get(sent.key)
            if known is None:
                self._known[sent.key] = self._next_id()
            return known is not None, self._known[sent.key]

    def _report(self, sent: SentText, message_id: str, bubble: Bubble) -> None:
        write, faults = self._counterpart.report, self.faults
        if write is not None and faults.receipts:
            report = Report(message_id=message_id, state=faults.receipt_state, of=sent, at=self._now())
            self._bring(write(report), bubble, faults.response_delay + faults.receipt_delay)

    def _bring(self, request: PushedRequest, bubble: Bubble, delay: float = 0.0) -> None:
        self._pusher.push(Delivery(request=request, done=partial(self._done, request, bubble)), delay)

    def _done(self, request: PushedRequest, bubble: Bubble, verdict: Verdict, response: GatewayResponse) -> Verdict:
        """Settle a bubble whose request was taken, and bring the request once more where the faults say so."""
        if verdict is Verdict.TAKEN:
            receipt = self.faults.receipt_state if bubble.direction is Direction.MT else None
            self._conversations.settle(bubble.subscriber, bubble.id, self._now(), receipt)
            answer = self._counterpart.answer(response) if bubble.direction is Direction.MO else None
            if answer:
                self._add(Direction.MT, bubble.subscriber, bubble.short_code, answer, ())
            if self._chance.doubles(self.faults):
                self.tally.doubled += 1
                self._pusher.push(Delivery(request=request, done=_taken))
        elif verdict is Verdict.REFUSED:
            self.tally.refused += 1
        return verdict

    def _add(self, direction: Direction, subscriber: str, short_code: str, text: str, ids: tuple[str, ...]) -> Bubble:
        encoding, segments = count_segments(text)
        bubble = Bubble(
            id=next(self._bubbles),
            direction=direction,
            subscriber=subscriber,
            short_code=short_code,
            text=text,
            encoding=encoding,
            segments=segments if self._counterpart.is_sms else 1,
            message_ids=ids,
            receipt=None,
            at=self._now(),
            settled_at=None,
        )
        self._conversations.add(bubble)
        return bubble

    def _next_id(self) -> str:
        return str(next(self._ids))

    def _count(self, name: str) -> None:
        with self._lock:
            self.tally.sends[name] += 1


def _taken(verdict: Verdict, response: GatewayResponse) -> Verdict:
    """End a repetition, whatever the gateway says to it."""
    del verdict, response
    return Verdict.TAKEN
