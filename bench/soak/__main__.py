"""`make soak`: 150 texts a second for ten minutes, or for HOURS, and what grows meanwhile.

python -m bench.soak [--hours 2] [--rate 150] [--json var/soak.json]
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from queue import Empty, Queue
from subprocess import Popen
from threading import Thread
from typing import IO, cast

import click

from bench.carrier import BenchError, Generator, Load, Report, Slice
from bench.fill import fill
from bench.gateway import Installation
from bench.limits import machine
from bench.pages import log_in
from bench.rows import ROOT
from bench.run import workplace
from bench.soak.chores import Chores
from bench.soak.growth import Verdict, judge, window_of
from bench.soak.readings import MEASURES, Readings, Sample, count_unsure, look, rows_by_table
from sms_gateway.clock import utc_now

KEPT = timedelta(days=30)  # the least that the settings allow
DOSSIERS = 100_000
SHORT = 1 / 6
"""Hours of a run without --hours."""

_LOOK_SECONDS = 5.0
_LONGEST_PERIOD = 600.0
_LEAD_SECONDS = 240
_FILLING = timedelta(minutes=2)  # from filling to the load: what is overdue then goes in the first minutes
_HOUR = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How long and how often."""

    seconds: float
    rate: float

    @property
    def slice_seconds(self) -> float:
        """A line of the table: ten minutes, or a tenth of a short run."""
        return min(600.0, self.seconds / 10)

    @property
    def period(self) -> float:
        """An import and a backup in each. The first and the last window are whole periods apart and meet the same."""
        slices = round(self.seconds / self.slice_seconds)
        window = window_of(slices, self.slice_seconds)
        apart = (slices - window) * self.slice_seconds
        return apart / ceil(apart / min(_LONGEST_PERIOD, 1.2 * window * self.slice_seconds))

    @property
    def cut_seconds(self) -> float:
        """Every link is cut this often."""
        return self.period / 2

    @property
    def lead_slices(self) -> int:
        """Slices before those that are judged: SQLite's caches fill, and each page is asked for the first time."""
        return ceil(_LEAD_SECONDS / self.slice_seconds)

    @property
    def whole_seconds(self) -> float:
        """With the lead."""
        return self.seconds + self.lead_slices * self.slice_seconds

    @property
    def texts(self) -> int:
        """All texts of the run: some seconds more than its slices, or the last slice would not be closed."""
        return int((self.whole_seconds + _LOOK_SECONDS) * self.rate)


def soak(plan: Plan, directory: Path) -> tuple[Report, Readings, Chores, list[str]]:
    """Run it; return what came of the texts, the series, the chores, and the errors in the log."""
    generator, place = Generator(directory), Installation(directory / "soak")
    _prepare(place, plan)
    with place.serving() as served:
        port = place.ports["main"]
        generator.run(Load(port=port, count=500, window=100))
        load = Load(
            port=port,
            count=plan.texts,
            window=100,
            rate=plan.rate,
            pids=(served.pid,),
            slice_seconds=plan.slice_seconds,
            cut_seconds=plan.cut_seconds,
            patience=60,
        )
        chores = Chores(place, dossiers=DOSSIERS, period=plan.period)
        file = place.directory / "gateway.db"
        readings = Readings(file=file, rows=rows_by_table(file))
        with _started(generator, load) as carrier:
            chores.start()
            try:
                report = _follow(carrier, served.pid, readings, chores)
            finally:
                chores.stop()
        return report, readings, chores, served.faults()


def _prepare(place: Installation, plan: Plan) -> None:
    """Fill the database with texts of a month ago, of which as many become too old as new ones come."""
    started = time.monotonic()
    place.configure(window=100, more=f"[retention]\ntext_days = {KEPT.days}\ntrace_days = {KEPT.days}\n")
    place.command("db", "upgrade")
    begin = utc_now() - KEPT
    came = begin, begin + _FILLING + timedelta(seconds=plan.whole_seconds)
    texts = int((came[1] - begin).total_seconds() * plan.rate)
    fill(place.directory / "gateway.db", place.key_file, messages=texts, dossiers=DOSSIERS, came=came)
    log_in(place)
    click.echo(f"filled with {texts:,} texts and {DOSSIERS:,} dossiers in {time.monotonic() - started:.0f} s")


@contextmanager
def _started(generator: Generator, load: Load) -> Iterator[Popen[str]]:
    carrier = generator.start(load)
    try:
        yield carrier
    finally:
        carrier.terminate()
        carrier.wait()


def _follow(carrier: Popen[str], pid: int, readings: Readings, chores: Chores) -> Report:
    """Look every few seconds, and close a slice with each line of the carrier; return its last line."""
    lines: Queue[str | None] = Queue()
    Thread(target=_read, args=[cast("IO[str]", carrier.stdout), lines], daemon=True).start()
    click.echo("| slice | answered | " + " | ".join(MEASURES) + " |\n|" + " ---: |" * (2 + len(MEASURES)))
    samples: list[Sample] = []
    last = ""
    while True:
        samples.append(look(pid, readings.file))
        try:
            line = lines.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
        if line is None:
            break
        last = line
        if line.startswith('{"slice"'):
            _close_slice(cast("Slice", json.loads(line)), samples, readings, chores)
            samples = []
    if carrier.wait():
        raise BenchError(cast("IO[str]", carrier.stderr).read().strip() or "the generator ended early")
    return cast("Report", json.loads(last))


def _read(out: IO[str], lines: Queue[str | None]) -> None:
    for line in out:
        lines.put(line)
    lines.put(None)


def _close_slice(found: Slice, samples: list[Sample], readings: Readings, chores: Chores) -> None:
    latency = found["latency_ms"]
    values = readings.add(samples, chores.take_pages_ms(), latency["p50"], latency["p99"])
    shown = " | ".join(f"{value:,.0f}" if name == "texts" else f"{value:.1f}" for name, value in values.items())
    click.echo(f"| {found['slice']} | {found['answered']:,} | {shown} |")


def faults_of(report: Report, unsure: int, verdicts: list[Verdict], troubles: list[str]) -> list[str]:
    """Return what must not be: lost texts, doubles that are not marked, measures that grew, errors."""
    lost = report["lost"] + report["texts"] - report["acked"]
    faults = [f"lost: {lost}"] if lost else []
    if report["doubled"] > unsure:
        faults.append(f"doubled: {report['doubled']}, of which at most {unsure} are marked unsure")
    if report["wrong"] or report["strays"]:
        faults.append(f"wrong answers: {report['wrong']}, answers to nobody: {report['strays']}")
    faults += [verdict.line() for verdict in verdicts if verdict.grew]
    return faults + [
        f"{count} times: {trouble}" if count > 1 else trouble for trouble, count in Counter(troubles).items()
    ]


def _stop(number: int, frame: object) -> None:
    del number, frame
    raise KeyboardInterrupt


@click.command()
@click.option(
    "--hours",
    type=click.FloatRange(min=0.05),
    default=SHORT,
    help="How long; ten minutes by default. Some minutes of warm-up come before.",
)
@click.option("--rate", type=click.FloatRange(min=1), default=150, show_default=True, help="Texts a second.")
@click.option("--json", "out", type=click.Path(path_type=Path), default=ROOT / "var/soak.json", show_default=True)
def main(hours: float, rate: float, out: Path) -> None:
    """Run the gateway for long under a steady load, and fail when anything grows or is lost.

    Exit codes: 0 nothing grew, nothing was lost; 1 something did, and the last lines say what.
    """
    signal.signal(signal.SIGTERM, _stop)
    plan = Plan(seconds=hours * _HOUR, rate=rate)
    about = machine()
    click.echo("; ".join(f"{name} {value}" for name, value in about.items()))
    try:
        with workplace() as directory:
            report, readings, chores, errors = soak(plan, directory)
            unsure, rows = count_unsure(readings.file), rows_by_table(readings.file)
    except BenchError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        sys.exit(130)
    judged = {name: values[plan.lead_slices :] for name, values in readings.series.items()}
    verdicts = judge(judged, plan.slice_seconds)
    faults = faults_of(report, unsure, verdicts, chores.faults + errors)
    click.echo("\n" + "\n".join(verdict.line() for verdict in verdicts))
    for name, seconds in chores.seconds.items():
        click.echo(f"{name}: {len(seconds)}, seconds {', '.join(f'{one:.0f}' for one in seconds)}")
    more = [f"{name} {count - readings.rows[name]:+,}" for name, count in rows.items() if count != readings.rows[name]]
    click.echo(f"rows, beside the start: {', '.join(more)}")
    lost = report["lost"] + report["texts"] - report["acked"]
    click.echo(
        f"texts {report['texts']:,}; links cut {report['disconnects']} times; lost {lost}; "
        f"doubled {report['doubled']}; marked unsure {unsure}"
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": about, "plan": asdict(plan), "report": report, "series": readings.series, "faults": faults}
    out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if faults:
        click.echo("\nNOT FINE:\n" + "\n".join(faults), err=True)
        sys.exit(1)
    click.echo("\nnothing grew, nothing was lost")


if __name__ == "__main__":
    main()
