"""Where the microseconds go: processor and wall time of every step, for each text, under load.

    python -m bench.steps [--count 5000] [--window 100] [--rate 0]

The service runs with a stopwatch around each step; a step's time is without that of the steps inside it. The watch
itself costs about a microsecond a call, so the sums are a little high. For single functions and lines: py-spy.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bench.carrier import Generator, Load
from bench.gateway import Installation
from bench.run import workplace

STEPS = {
    "T1 mark": "sms_gateway.pipeline.intake.storage:_mark",
    "T1 look back": "sms_gateway.pipeline.intake.storage:_look_back",
    "T1 insert": "db.messages.inbox:store",
    "T1 rest": "sms_gateway.pipeline.intake.batch:Reception._store",
    "T1 acknowledge": "sms_gateway.pipeline.intake.batch:Reception._acknowledge",
    "T2 read": "sms_gateway.pipeline.loop:read_text",
    "T2 still held": "db.messages.inbox:still_held",
    "T2 dossiers": "handlers.commands.dossier_codes:find_by_lookalike",
    "T2 guard": "sms_gateway.pipeline.dispatch.guard:judge",
    "T2 handle": "sms_gateway.pipeline.dispatch.handling:handle",
    "T2 insert answers": "db.messages.outbox_insert:add",
    "T2 finish texts": "db.messages.inbox:finish",
    "T2 rest": "sms_gateway.pipeline.dispatch.handling:dispatch",
    "T3a claim": "db.messages.outbox:claim",
    "T3a claim, rest": "sms_gateway.pipeline.delivery.sending:claim",
    "T3a hand over": "sms_gateway.pipeline.rounds:Round._hand_over",
    "T3b settle": "db.messages.outbox:settle",
    "T3b segments": "db.messages.outbox:add_segments",
    "T3b adopt receipts": "db.messages.receipts:adopt",
    "T3b rest": "sms_gateway.pipeline.delivery.sending:settle",
    "T4 receipts": "sms_gateway.pipeline.delivery.receipts:record_receipts",
    "T4 acknowledge": "sms_gateway.pipeline.rounds:acknowledge_receipts",
    "reclaim": "sms_gateway.pipeline.loop:Pipeline._reclaim_texts",
    "begin": "sqlalchemy.engine.base:Connection._begin_impl",
    "commit": "sqlalchemy.engine.default:DefaultDialect.do_commit",
    "SQLite: one row": "sqlalchemy.engine.default:DefaultDialect.do_execute",
    "SQLite: many rows": "sqlalchemy.engine.default:DefaultDialect.do_executemany",
    "carry, rest": "sms_gateway.pipeline.rounds:Round.carry",
    "round, rest": "sms_gateway.pipeline.loop:Pipeline._round",
    "gather": "sms_gateway.pipeline.work:WorkQueue.gather",
    "link: wait": "sms_gateway.channels.smpp.session.wire:Wire.wait",
    "link: read": "sms_gateway.channels.smpp.session.wire:Wire.read",
    "link: write": "sms_gateway.channels.smpp.session.wire:Wire.write",
    "link: PDUs in": "sms_gateway.channels.smpp.session.session:Session.receive",
    "link: arrivals": "sms_gateway.channels.smpp.incoming:Incoming.receive",
    "link: responses": "sms_gateway.channels.smpp.bind:Bind._take_events",
    "link: verdicts": "sms_gateway.channels.smpp.bind:Bind._take_verdicts",
    "link: fill": "sms_gateway.channels.smpp.outgoing:Outgoing.fill",
    "link: rest": "sms_gateway.channels.smpp.bind:Bind._round",
}
"""What is watched, by where it is looked up; a name that is no more there is left out of the table."""


class Watch:
    """Times of steps without those inside them, on every thread."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}  # calls, processor seconds, wall seconds
        self._threads = threading.local()

    def around(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """Return the step with a stopwatch around it."""

        @wraps(step)
        def watched(*arguments: Any, **named: Any) -> Any:
            self._begin()
            try:
                return step(*arguments, **named)
            finally:
                self._end(name)

        return watched

    def collector(self, phase: str, about: dict[str, int]) -> None:
        """Watch the garbage collector, as one of `gc.callbacks`; it strikes in the middle of any step."""
        if phase == "start":
            self._begin()
        else:
            self._end(f"garbage collector, {about['generation']}")

    def _begin(self) -> None:
        stack = self._threads.__dict__.setdefault("stack", [])
        stack.append([0.0, 0.0, time.thread_time(), time.perf_counter()])

    def _end(self, name: str) -> None:
        cpu_now, wall_now = time.thread_time(), time.perf_counter()
        stack = self._threads.stack
        cpu_inside, wall_inside, cpu, wall = stack.pop()
        if stack:
            stack[-1][0] += cpu_now - cpu
            stack[-1][1] += wall_now - wall
        total = self.times.setdefault(name, [0, 0.0, 0.0])
        total[0] += 1
        total[1] += cpu_now - cpu - cpu_inside
        total[2] += wall_now - wall - wall_inside


def serve(out: str, words: list[str]) -> None:
    """Be `sms-gateway` with stopwatches; write their times at the end."""
    watch = Watch()
    for name, place in STEPS.items():
        module, _, path = place.partition(":")
        *owners, attribute = path.split(".")
        owner: Any = importlib.import_module(module)
        for one in owners:
            owner = getattr(owner, one, None)
        step = getattr(owner, attribute, None)
        if step is not None:
            setattr(owner, attribute, watch.around(name, step))
    gc.callbacks.append(watch.collector)
    atexit.register(lambda: Path(out).write_text(json.dumps(watch.times), "utf-8"))
    main = importlib.import_module("sms_gateway.cli").main
    main(words, prog_name="sms-gateway")


@click.command()
@click.option("--count", type=click.IntRange(100), default=5000, show_default=True)
@click.option("--window", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.option("--rate", type=float, default=0, help="Texts a second; without it full speed.")
def main(count: int, window: int, rate: float) -> None:
    """Print the time of each step, in microseconds a text."""
    with workplace() as directory:
        generator, place = Generator(directory), Installation(directory / "sqlite")
        place.prepare()
        place.configure(window=window)
        out = directory / "times.json"
        with place.serving(through=["-m", "bench.steps", "--serve", str(out)]) as served:
            load = Load(port=place.ports["main"], count=count, window=window, rate=rate, pids=(served.pid,))
            report = generator.run(load)
        times: dict[str, list[float]] = json.loads(out.read_text("utf-8"))
    rate_told, latency = report["answers_per_second"], report["latency_ms"]
    click.echo(f"{rate_told:,.0f} answers/s with stopwatches, p50 {latency['p50']:.2f} ms, p99 {latency['p99']:.2f} ms")
    click.echo(f"{report['cpu_per_1000'] * 1000:.0f} us of processor a text, all threads\n")
    click.echo(f"{'step':24}{'calls':>8}{'cpu us/text':>14}{'wall us/text':>14}")
    for name, (calls, cpu, wall) in sorted(times.items(), key=lambda item: -item[1][1]):
        if calls:
            click.echo(f"{name:24}{calls:8.0f}{cpu * 1e6 / count:14.1f}{wall * 1e6 / count:14.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], sys.argv[3:])
    else:
        main()
