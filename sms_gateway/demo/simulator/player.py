"""Plays a scenario on a simulated carrier and sums up what came of it."""

from __future__ import annotations

import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.clock import monotonic
from sms_gateway.demo.simulator.conversation import Bubble, Direction
from sms_gateway.demo.simulator.scenario import Act, Scenario, Tls, lay_over
from sms_gateway.demo.simulator.server import Simulator

_LOOK_SECONDS = 0.02
_UNKNOWN_COMMAND = struct.pack(">LLLL", 16, 0x428, 0, 1)
_BAD_LENGTH = struct.pack(">LLLL", 7, codes.ENQUIRE_LINK, 0, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What came of a scenario; times in seconds. It goes out as JSON."""

    seconds: float
    binds: int  # how often a gateway bound
    texts: int  # sent by citizens
    acknowledged: int  # of them, by the gateway, all parts
    answered: int  # citizens' texts with an answer at least
    answers: int  # all, so more than `answered` where texts were answered twice
    receipts_taken: int  # answers whose receipts are all acknowledged
    doubled_answers: int
    answer_p50: float | None  # from the text to its answer
    answer_p99: float | None
    submits: dict[str, int]  # by the status they were answered with
    responses: dict[str, int]  # to deliver_sm, by status
    deliveries: int
    doubled: int
    broken: int
    forgotten: int
    wrong_ids: int

    @property
    def complete(self) -> bool:
        """Return whether every text was acknowledged and answered."""
        return self.texts == self.acknowledged == self.answered

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return asdict(self) | {"complete": self.complete}


def make_simulator(scenario: Scenario, host: str = "127.0.0.1", port: int = 0) -> Simulator:
    """Return the carrier of a scenario, not started. Raises OSError for a port or certificate that cannot be used."""
    return Simulator(
        host,
        port,
        system_id=scenario.system_id,
        password=scenario.password,
        faults=scenario.first_faults(),
        tls=None if scenario.tls is None else _server_context(scenario.tls),
        seed=scenario.seed,
    )


def _server_context(tls: Tls) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls.cert_file, tls.key_file)
    if tls.client_ca_file is not None:
        context.load_verify_locations(tls.client_ca_file)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def play(scenario: Scenario, simulator: Simulator, asked: threading.Event | None = None) -> Summary:
    """Play until every text is answered, the time is over or `asked` is set. Raises TimeoutError when nobody binds."""
    asked = asked or threading.Event()
    deadline = monotonic() + scenario.bind_seconds
    while not simulator.bound and not asked.wait(_LOOK_SECONDS):
        if monotonic() > deadline:
            raise TimeoutError(f"nobody has bound within {scenario.bind_seconds:g} s")
    begun = monotonic()
    senders: list[str] = []
    for at, act in sorted(_acts(scenario, simulator, senders), key=lambda each: each[0]):
        if asked.wait(max(0.0, begun + min(at, scenario.seconds) - monotonic())) or at > scenario.seconds:
            break
        act()
    while not asked.wait(_LOOK_SECONDS) and monotonic() < begun + scenario.seconds:
        if _is_over(scenario, _conversations(simulator, senders)):
            asked.wait(scenario.settle_seconds)
            break
    return _sum_up(simulator, senders, monotonic() - begun)


def _acts(scenario: Scenario, simulator: Simulator, senders: list[str]) -> Iterator[tuple[float, Callable[[], None]]]:
    """Yield everything that is to be done, and when."""
    for texts in scenario.texts:
        first = int(texts.sender)
        for number in range(texts.count):
            sender = str(first + number)

            def send(sender: str = sender, recipient: str = texts.recipient, text: str = texts.text) -> None:
                if sender not in senders:
                    senders.append(sender)
                simulator.send_text(sender, recipient, text)

            yield texts.at + number / texts.per_second, send
    for event in scenario.events:

        def happen(act: Act | None = event.do, changes: dict[str, object] = event.faults) -> None:
            simulator.faults = lay_over(simulator.faults, changes)
            if act is not None:
                _do(act, simulator)

        yield event.at, happen


def _do(act: Act, simulator: Simulator) -> None:
    match act:
        case Act.DROP:
            simulator.drop_connections()
        case Act.FREEZE:
            simulator.freeze()
        case Act.UNBIND:
            simulator.unbind_all()
        case Act.ENQUIRE:
            simulator.ask_all(codes.ENQUIRE_LINK)
        case Act.GARBAGE:
            simulator.send_octets(_UNKNOWN_COMMAND)
        case Act.BAD_LENGTH:
            simulator.send_octets(_BAD_LENGTH)


def _conversations(simulator: Simulator, senders: Sequence[str]) -> list[tuple[list[Bubble], list[Bubble]]]:
    """Return texts and answers of each citizen."""
    found = []
    for sender in senders:
        bubbles = simulator.conversation(sender)
        found.append(
            (
                [bubble for bubble in bubbles if bubble.direction is Direction.MO],
                [bubble for bubble in bubbles if bubble.direction is Direction.MT],
            )
        )
    return found


def _is_over(scenario: Scenario, conversations: Sequence[tuple[list[Bubble], list[Bubble]]]) -> bool:
    return all(
        all(text.settled_at for text in texts)
        and (not scenario.expect_answers or (len(answers) >= len(texts) and all(each.settled_at for each in answers)))
        for texts, answers in conversations
    )


def _sum_up(simulator: Simulator, senders: Sequence[str], seconds: float) -> Summary:
    conversations = _conversations(simulator, senders)
    waits = sorted(
        wait for texts, answers in conversations for wait in _waits([it.at for it in texts], [it.at for it in answers])
    )
    tally = simulator.tally
    return Summary(
        seconds=round(seconds, 3),
        binds=simulator.binds,
        texts=sum(len(texts) for texts, _ in conversations),
        acknowledged=sum(text.settled_at is not None for texts, _ in conversations for text in texts),
        answered=sum(min(len(texts), len(answers)) for texts, answers in conversations),
        answers=sum(len(answers) for _, answers in conversations),
        receipts_taken=sum(answer.receipt is not None for _, answers in conversations for answer in answers),
        doubled_answers=sum(max(0, len(answers) - len(texts)) for texts, answers in conversations),
        answer_p50=_share(waits, 0.5),
        answer_p99=_share(waits, 0.99),
        submits=dict(tally.submits),
        responses=dict(tally.responses),
        deliveries=tally.deliveries,
        doubled=tally.doubled,
        broken=tally.broken,
        forgotten=tally.forgotten,
        wrong_ids=tally.wrong_ids,
    )


def _waits(texts: Sequence[datetime], answers: Sequence[datetime]) -> list[float]:
    return [(answer - text).total_seconds() for text, answer in zip(texts, answers, strict=False)]


def _share(waits: Sequence[float], share: float) -> float | None:
    return round(waits[min(len(waits) - 1, int(len(waits) * share))], 4) if waits else None
