"""Slow rounds under a steady load, beside a process that only sleeps and syncs: which stalls are the machine's.

    python -m bench.stalls [--minutes 10] [--rate 100]

The control process shares nothing with the gateway but a core and the disk. Twenty times a second it sleeps, writes a
page to a file of its own and syncs it. When it stalls at the moment of a slow round, so did the machine. `stolen` is
how long the host of a virtual machine gave that core to others.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import click

from bench.carrier import Generator, Load
from bench.gateway import Installation, end
from bench.run import workplace

PAUSE = 0.05
NOTEWORTHY = 0.02
"""Seconds from which on the control process notes that it slept too long, or that a sync took long."""

NEAR = 0.1
"""Seconds before and after a slow round in which a stall of the control process counts as the same."""

_EVENT = re.compile(r"^(\S+Z) \w+ \S+ slow_round (.*)$", re.MULTILINE)
_BUCKET = re.compile(r'^sms_round_seconds_bucket\{le="([^"]+)"\} (\S+)$', re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stall:
    """What the control process noted: when it was over, and milliseconds too late, of the sync, and stolen."""

    at: float
    late: float
    sync: float
    stolen: float


def control(out: str, pid: int) -> None:
    """Be the control process, on the core of the service; write a line for each stall."""
    place = Path(out)
    core = min((os.sched_getaffinity(int(task.name)) for task in Path(f"/proc/{pid}/task").iterdir()), key=len)
    os.sched_setaffinity(0, core)
    page = os.open(place.with_suffix(".page"), os.O_CREAT | os.O_RDWR)
    with place.open("w", encoding="ascii", buffering=1) as told:
        while True:
            stolen_before = _stolen(min(core))
            began = time.monotonic()
            time.sleep(PAUSE)
            late = time.monotonic() - began - PAUSE
            os.pwrite(page, os.urandom(4096), 0)
            began = time.monotonic()
            os.fdatasync(page)
            sync = time.monotonic() - began
            if late >= NOTEWORTHY or sync >= NOTEWORTHY:
                stolen = _stolen(min(core)) - stolen_before
                told.write(json.dumps([time.time(), late * 1000, sync * 1000, stolen]) + "\n")


def _stolen(core: int) -> float:
    """Return the milliseconds that the host took from a core so far."""
    line = next(one for one in Path("/proc/stat").read_text("ascii").splitlines() if one.startswith(f"cpu{core} "))
    return int(line.split()[8]) * 1000 / os.sysconf("SC_CLK_TCK")


@contextmanager
def _control(out: Path, pid: int) -> Iterator[None]:
    words = [sys.executable, "-m", "bench.stalls", "--control", str(out), str(pid)]
    process = subprocess.Popen(words)  # noqa: S603 - ourselves
    try:
        yield
    finally:
        end(process)


def _stalls(out: Path) -> list[Stall]:
    lines = [json.loads(line) for line in out.read_text("ascii").splitlines() if line.endswith("]")]
    return [Stall(at=at, late=late, sync=sync, stolen=stolen) for at, late, sync, stolen in lines]


def _histogram(port: int) -> list[tuple[str, int]]:
    """Return how many rounds took at most so many seconds and more than the bound before."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        found = _BUCKET.findall(answer.read().decode("utf-8"))
    counts = [int(float(count)) for _, count in found]
    return [(bound, count - before) for (bound, _), count, before in zip(found, counts, [0, *counts], strict=False)]


def _row(at: str, words: str, stalls: Sequence[Stall]) -> str:
    told = dict(word.split("=", 1) for word in words.split())
    ended = datetime.fromisoformat(at).timestamp()
    began = ended - int(told["ms"]) / 1000
    same = [one for one in stalls if began - NEAR <= one.at and one.at - max(one.late, one.sync) / 1000 <= ended + NEAR]
    late, sync, stolen = (max((getattr(one, name) for one in same), default=0.0) for name in ("late", "sync", "stolen"))
    control = f"{sync:7.0f} {late:7.0f} {stolen:7.0f}"
    return f"{at[11:23]} {told['ms']:>6} {told['step']:12} {told['cause']:14} {control}   {words}"


@click.command()
@click.option("--minutes", type=float, default=10, show_default=True)
@click.option("--rate", type=float, default=100, show_default=True, help="Texts a second.")
def main(minutes: float, rate: float) -> None:
    """Print a histogram of the rounds, and each slow round beside what the control process noted."""
    with workplace() as directory:
        generator, place = Generator(directory), Installation(directory / "sqlite")
        place.prepare()
        place.configure()
        out = directory / "control.txt"
        with place.serving() as served:
            load = Load(port=place.ports["main"], count=200, window=100, pids=(served.pid,))
            generator.run(load)
            with _control(out, served.pid):
                report = generator.run(
                    Load(port=load.port, count=int(rate * minutes * 60), window=100, rate=rate, pids=load.pids)
                )
            rounds = _histogram(place.web_port)
            slow = _EVENT.findall(served.log.read_text("utf-8", "replace"))
        stalls = _stalls(out)
    latency = report["latency_ms"]
    click.echo(
        f"{datetime.now(UTC):%H:%M} UTC; {report['answers_per_second']:.0f} answers/s, lost {report['lost']}, ",
        nl=False,
    )
    click.echo(f"p50 {latency['p50']:.2f}, p99 {latency['p99']:.2f}, max {latency['max']:.0f} ms; ", nl=False)
    click.echo(f"{report['cpu_per_1000']:.3f} s of processor for 1,000 texts")
    click.echo("\nrounds by their longest seconds: " + ", ".join(f"{bound} {count}" for bound, count in rounds))
    click.echo(f"\nthe control process noted {len(stalls)} stalls of {NOTEWORTHY * 1000:.0f} ms and more")
    click.echo(f"\n{'at':12} {'ms':>6} {'step':12} {'cause':14}    sync    late  stolen   of the control process, ms")
    for at, words in slow:
        click.echo(_row(at, words, stalls))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--control"]:
        control(sys.argv[2], int(sys.argv[3]))
    else:
        main()
