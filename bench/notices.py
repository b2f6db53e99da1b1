"""Time the notices of a bulk change: to queue them, to send them, and how long DVC waits meanwhile beside without.

Run `.venv/bin/python -m bench.notices [--dossiers 10000] [--rate 50] [--directory /tmp]`. The gateway runs in a process
of its own, on SQLite, with one link to the simulated carrier of `bench.load`.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from bench.carrier import Generator, Load, Report
from bench.gateway import Installation

BY_DAY = ("-m", "bench.by_day")
NOTICES = "[notices]\nenabled = true\nhold_minutes = 0\n"
_FIRST_PHONE = 84_970_000_000
_PAUSE = 0.5
_LONGEST = 3600.0
_BESIDE_SECONDS = 30


@click.command()
@click.option("--dossiers", default=10_000, show_default=True, help="Dossiers that are followed, and change at once.")
@click.option("--rate", default=50, show_default=True, help="DVC a second meanwhile.")
@click.option("--directory", type=click.Path(path_type=Path), default=Path(tempfile.gettempdir()), show_default=True)
def main(dossiers: int, rate: int, directory: Path) -> None:
    """Change dossiers that citizens follow, and measure what follows."""
    with tempfile.TemporaryDirectory(dir=directory) as place:
        generator, office = Generator(Path(place)), Installation(Path(place) / "office")
        office.prepare()
        office.configure(more=NOTICES)
        _hand_in(office, dossiers, status=4)
        with office.serving(through=BY_DAY) as served:
            load = Load(port=office.ports["main"], count=200, pids=(served.pid,), window=100)
            generator.run(load)
            load = replace(load, rate=rate, count=rate * _BESIDE_SECONDS)
            _tell("DVC without notices", generator.run(load))
            began = time.monotonic()
            _hand_in(office, dossiers, status=9)
            click.echo(f"import that queues {_count(office, 'waiting'):,} notices: {time.monotonic() - began:.1f} s")
            began = time.monotonic()
            for report in _while_waiting(office, generator, load):
                _tell(f"DVC while notices go out, {_count(office, 'released'):,} by now", report)
            seconds = time.monotonic() - began
            sent = _count(office, "released")
            click.echo(f"{sent:,} notices sent in {seconds:.0f} s, {sent / seconds:.1f} a second")


def _hand_in(office: Installation, dossiers: int, *, status: int) -> None:
    """Import dossiers with the telephones of those who follow them."""
    table = office.directory / "followed.csv"
    rows = (f"H17-261129-{number:06d},{status},0{_FIRST_PHONE % 10**9 + number}" for number in range(dossiers))
    table.write_text("\n".join(["code,status,phone", *rows]) + "\n", "utf-8")
    office.command("dossiers", "import", str(table), "--phones-agreed")


def _while_waiting(office: Installation, generator: Generator, load: Load) -> Iterator[Report]:
    """Ask for states as long as notices wait."""
    until = time.monotonic() + _LONGEST
    while _count(office, "waiting") and time.monotonic() < until:
        yield generator.run(load)
        time.sleep(_PAUSE)


def _count(office: Installation, state: str) -> int:
    path = office.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT count(*) FROM notice WHERE state = ?", (state,)).fetchone()
    return int(found[0])


def _tell(what: str, report: Report) -> None:
    latency = report["latency_ms"]
    click.echo(
        f"{what}: {report['answered']:,} of {report['texts']:,} answered, p50 {latency['p50']:.1f} ms, "
        f"p99 {latency['p99']:.1f} ms, max {latency['max']:.0f} ms; {report['strays']:,} other texts taken"
    )


if __name__ == "__main__":
    main()
