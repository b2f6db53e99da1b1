"""Rows of `make bench` with the simulated provider of a network: texts, answers and delivery reports by HTTP.

The provider is a program of Python on the same machine, and uses about as much of it as the gateway.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from bench.carrier import CODE, DOSSIERS, DVC, FIRST_DOSSIER, Load, Quantiles, Report
from bench.chaos.carriers import HttpCarrier
from bench.gateway import Served
from bench.measured import Bench, Row, Target
from sms_gateway.demo.provider import ProviderFaults
from sms_gateway.demo.simulator import Bubble, Conversation, Direction

CHANNEL = "provider"
CONNECTIONS = 32
"""As many as the row `http` has."""

ZALO_RATE = 50
ZALO_PATIENCE_MS = 2000
"""How long Zalo waits for a response. It turns off a webhook that is late too often."""

_FIRST_CITIZEN = 84_960_000_000
_POLL_SECONDS = 0.002
_PATIENCE = 15.0
_WARM_UP = 200
_citizens = count(_FIRST_CITIZEN)


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpLoad:
    """One run of texts by a provider."""

    texts: int  # at most
    beside: subprocess.Popen[str] | None = None  # it ends when this process does
    window: int = CONNECTIONS  # citizens without an answer, at most
    rate: float = 0  # texts a second; 0: as fast as the window allows


def http_network(bench: Bench) -> Row:
    """Texts, answers and delivery reports by HTTP; the provider is a program of Python on the same machine."""
    with serving(bench, "plain") as (carrier, served):
        run(carrier, served.pid, HttpLoad(texts=_WARM_UP))
        load = HttpLoad(texts=bench.sizes.texts // 10)
        reports = [run(carrier, served.pid, load) for _ in range(bench.sizes.repeats)]
    ordered = sorted(reports, key=lambda report: report["answers_per_second"])
    report = ordered[len(ordered) // 2]
    return Row(
        name="http_network",
        title=f"DVC by HTTP in and out, reports, {CONNECTIONS} connections",
        report=report,
        rates=[one["answers_per_second"] for one in reports],
        targets=[Target(name="lost", value=report["lost"], bound=0)],
    )


def zalo(bench: Bench) -> Row:
    """Texts by the webhook of Zalo, which waits 2 seconds for a response, beside DVC by SMPP at full speed."""
    with serving(bench, "zalo") as (carrier, served):
        load = Load(port=bench.sqlite.ports["main"], count=200, window=100, pids=(served.pid,))
        bench.generator.run(load)
        pressing = bench.generator.start(replace(load, count=bench.sizes.texts))
        found = run(carrier, served.pid, HttpLoad(texts=bench.sizes.texts, beside=pressing, rate=ZALO_RATE))
        report = bench.generator.finish(pressing)
        refused = carrier.tally.refused
    p99 = found["ack_ms"]["p99"]
    return Row(
        name="zalo",
        title=f"DVC, window 100, receipts; beside it {ZALO_RATE} texts a second by Zalo",
        report=report,
        extra={
            "zalo_texts": found["texts"],
            "zalo_p50_ms": found["ack_ms"]["p50"],
            "zalo_p99_ms": p99,
            "zalo_max_ms": found["ack_ms"]["max"],
        },
        reference="plain100",
        same_work="plain100_receipts",
        targets=[
            Target(name="p99 ms of Zalo's webhook", value=p99, bound=ZALO_PATIENCE_MS),
            Target(name="texts by Zalo refused or without an answer", value=refused + found["lost"], bound=0),
        ],
    )


@contextmanager
def serving(bench: Bench, network: str) -> Iterator[tuple[HttpCarrier, Served]]:
    """Run the gateway on SQLite with a link and a channel of this network."""
    place = bench.sqlite
    carrier = HttpCarrier(network, ProviderFaults(), channel=CHANNEL, web_port=place.web_port, connections=CONNECTIONS)
    carrier.start()
    try:
        place.configure(window=100, more=carrier.section(place.directory, CONNECTIONS))
        if network == "zalo":
            first = place.directory / "refresh-token"
            first.write_text("first\n", "ascii")
            place.command("tokens", "authorise", CHANNEL, "--file", str(first))
        with place.serving() as served:
            yield carrier, served
    finally:
        carrier.stop()


def run(carrier: HttpCarrier, pid: int, load: HttpLoad) -> Report:
    """Let citizens ask for dossiers, one text each, and measure."""
    citizens: list[str] = []
    taken = carrier.tally.sends["taken"]
    used, began = _processor_seconds(pid), time.monotonic()
    while len(citizens) < load.texts and (load.beside is None or load.beside.poll() is None):
        if _must_wait(carrier.tally.sends["taken"] - taken, len(citizens), time.monotonic() - began, load):
            time.sleep(_POLL_SECONDS)
            continue
        citizens.append(str(next(_citizens)))
        carrier.send_text(citizens[-1], "8188", DVC.replace("{n}", str(_dossier(len(citizens) - 1))))
    deadline = time.monotonic() + _PATIENCE
    while carrier.tally.sends["taken"] - taken < len(citizens) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    seconds = time.monotonic() - began
    _await_receipts(carrier, citizens, deadline)
    used = _processor_seconds(pid) - used
    return _report([carrier.conversation(citizen) for citizen in citizens], seconds, used, _peak_mib(pid))


def _must_wait(answered: int, sent: int, seconds: float, load: HttpLoad) -> bool:
    if load.rate:
        return sent > seconds * load.rate
    return sent - answered >= load.window


def _dossier(number: int) -> int:
    return FIRST_DOSSIER + number % DOSSIERS


def _await_receipts(carrier: HttpCarrier, citizens: Sequence[str], deadline: float) -> None:
    while time.monotonic() < deadline:
        if all(bubble.settled_at for citizen in citizens for bubble in carrier.conversation(citizen)):
            return
        time.sleep(0.05)


def _report(conversations: Sequence[Conversation], seconds: float, used: float, peak: float) -> Report:
    texts = [next(bubble for bubble in one if bubble.direction is Direction.MO) for one in conversations]
    answers = [[bubble for bubble in one if bubble.direction is Direction.MT] for one in conversations]
    codes = [CODE.replace("{n}", str(_dossier(number))) for number in range(len(texts))]
    answered = sum(bool(one) for one in answers)
    return Report(
        texts=len(texts),
        sent=len(texts),
        acked=sum(bubble.settled_at is not None for bubble in texts),
        answered=answered,
        seconds=round(seconds, 3),
        answers_per_second=round(answered / seconds, 1),
        latency_ms=_quantiles([_ms(text.at, one[0].at) for text, one in zip(texts, answers, strict=True) if one]),
        ack_ms=_quantiles([_ms(text.at, text.settled_at) for text in texts if text.settled_at]),
        lost=sum(not one for one in answers),
        doubled=sum(max(0, len(one) - 1) for one in answers),
        wrong=sum(code not in bubble.text for code, one in zip(codes, answers, strict=True) for bubble in one),
        refused=0,
        submits=sum(map(len, answers)),
        receipts_acked=sum(_is_reported(bubble) for one in answers for bubble in one),
        cpu_seconds=round(used, 3),
        cpu_per_1000=round(used * 1000 / max(1, answered), 4),
        peak_rss_mb=peak,
    )


def _is_reported(bubble: Bubble) -> bool:
    return bubble.receipt is not None


def _ms(began: datetime, ended: datetime) -> float:
    return (ended - began).total_seconds() * 1000


def _quantiles(values: Sequence[float]) -> Quantiles:
    ordered = sorted(values) or [0.0]

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)

    return Quantiles(p50=at(0.5), p90=at(0.9), p99=at(0.99), max=round(ordered[-1], 2))


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024, 1)
