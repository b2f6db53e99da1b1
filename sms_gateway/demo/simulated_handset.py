"""The handset of the demo: one citizen's telephone in every network that the demo simulates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from db.schema import ReceiptState
from db.store.address import Msisdn
from sms_gateway.channels.smpp.coding.text import Encoding
from sms_gateway.demo.handset import Bubble, Direction, Tick, Way
from sms_gateway.demo.simulator import Bubble as SimulatedBubble
from sms_gateway.demo.simulator import CitizenNetwork
from sms_gateway.demo.simulator import Direction as SimulatedDirection

_ENCODINGS = {Encoding.GSM: "GSM 03.38", Encoding.UCS2: "UCS-2"}
_TICKS = {
    ReceiptState.DELIVERED: Tick.DELIVERED,
    ReceiptState.ENROUTE: Tick.SENT,
    ReceiptState.ACCEPTED: Tick.SENT,
    ReceiptState.UNKNOWN: Tick.SENT,
}


def by_number(number: str) -> str:
    """Add nothing to the name of a way: the citizen has no other address there than the number."""
    del number
    return ""


def nothing_stored(number: Msisdn) -> Sequence[Bubble]:
    """Return no text: the networks have forgotten none."""
    del number
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedWay:
    """A network by which the handset sends."""

    title: str  # a brand or a protocol, the same in every language
    network: CitizenNetwork
    address: Callable[[str], str] = by_number  # how the network knows the citizen of a number, where that is shown
    is_sms: bool = True  # False: no alphabets and no segments


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedHandset:
    """Citizens' telephones in the simulated networks."""

    by: Mapping[str, SimulatedWay]  # in the order of the page
    short_code: str
    samples: Sequence[str]
    stored: Callable[[Msisdn], Sequence[Bubble]] = nothing_stored  # what the networks have forgotten

    def ways(self, number: Msisdn) -> Sequence[Way]:
        """Return by what this citizen can send; see sms_gateway.demo.handset.Handset."""
        return [
            Way(name=name, title=" ".join(filter(None, (way.title, way.address(number)))))
            for name, way in self.by.items()
        ]

    def send(self, number: Msisdn, text: str, way: str) -> None:
        """Send a text to the short code."""
        self.by[way].network.send_text(number, self.short_code, text)

    def conversation(self, number: Msisdn) -> Sequence[Bubble]:
        """Return what this citizen sent and received by any of them, oldest first."""
        bubbles = [_shown(bubble, way) for way in self.by.values() for bubble in way.network.conversation(number)]
        return sorted([*self.stored(number), *bubbles], key=attrgetter("at"))


def _shown(bubble: SimulatedBubble, way: SimulatedWay) -> Bubble:
    sent_by_citizen = bubble.direction is SimulatedDirection.MO
    tick = None
    if sent_by_citizen:
        tick = None if bubble.settled_at is None else Tick.SENT
    elif bubble.receipt is None:
        tick = Tick.SENT
    else:
        tick = _TICKS.get(bubble.receipt, Tick.FAILED)
    return Bubble(
        direction=Direction.FROM_CITIZEN if sent_by_citizen else Direction.TO_CITIZEN,
        text=bubble.text,
        by=way.title,
        encoding=_ENCODINGS[bubble.encoding] if way.is_sms else None,
        segments=bubble.segments,
        tick=tick,
        at=bubble.at,
    )
