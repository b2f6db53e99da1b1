"""`make bench`: measures the gateway as a user runs it, beside a plain script and the machine's own limits.

python -m bench.run [--quick] [--only-sqlite] [--rows window100,rate100] [--json var/bench.json]
"""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from bench.carrier import BenchError, Generator
from bench.clusters import Cluster
from bench.gateway import Installation
from bench.kannel import is_installed
from bench.limits import machine, postgres_limits, sqlite_limits
from bench.measured import QUICK, Bench, Row, Sizes
from bench.rows import ON_POSTGRES, ONLY_NAMED, ROOT, ROWS
from bench.table import notes, table, write_json


@contextmanager
def workplace() -> Iterator[Path]:
    """Make a directory on the project's own disk (/tmp may be memory, where a sync costs nothing); remove it."""
    (ROOT / "var").mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "var"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def wanted_rows(names: str | None, *, only_sqlite: bool) -> Sequence[str]:
    """Choose rows by name; without names those of the table, that of Kannel only where Kannel is installed."""
    chosen: Collection[str] = [name.strip() for name in names.split(",")] if names else ROWS.keys() - ONLY_NAMED
    unknown = [name for name in chosen if name not in ROWS]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: choose among {', '.join(ROWS)}")
    left_out = ON_POSTGRES if only_sqlite else frozenset()
    if not names and not is_installed():
        left_out |= {"kannel100"}
    return [name for name in ROWS if name in chosen and name not in left_out]


def measure(names: Sequence[str], sizes: Sizes, out: Path) -> list[Row]:
    """Measure the rows, print each as it is had, and write the file."""
    about = machine()
    click.echo("; ".join(f"{name} {value}" for name, value in about.items()))
    with workplace() as directory:
        generator = Generator(directory)
        place = Installation(directory / "sqlite")
        place.prepare()
        limits = sqlite_limits(directory, sizes.limit_seconds)
        if ON_POSTGRES & set(names):
            with Cluster() as cluster:
                cluster.database("limits")
                limits |= postgres_limits(cluster.plain_url("limits"), sizes.limit_seconds)
        click.echo("; ".join(f"{name} {value:,.0f}" for name, value in limits.items()))
        bench = Bench(directory=directory, generator=generator, sqlite=place, sizes=sizes)
        rows: list[Row] = []
        for name in names:
            row = ROWS[name](bench)
            rows.append(row)
            latency = row.report["latency_ms"]
            click.echo(
                f"{row.name:18} {row.report['answers_per_second']:8,.0f}/s  p50 {latency['p50']:7.2f} ms  "
                f"p99 {latency['p99']:7.2f} ms  CPU {row.report['cpu_per_1000']:.3f} s/1,000"
            )
            write_json(out, about, limits, rows)
    click.echo(f"\n{table(rows)}\n\n{notes(rows)}\n\n{out}")
    return rows


def _stop(number: int, frame: object) -> None:
    del number, frame
    raise KeyboardInterrupt


@click.command()
@click.option("--quick", is_flag=True, help="Seconds instead of minutes; good for trying, not for figures.")
@click.option("--only-sqlite", is_flag=True, help="Leave PostgreSQL out.")
@click.option("--rows", "names", metavar="NAME,…", help=f"Measure these only: {', '.join(ROWS)}.")
@click.option("--json", "out", type=click.Path(path_type=Path), default=ROOT / "var/bench.json", show_default=True)
def main(names: str | None, out: Path, *, quick: bool, only_sqlite: bool) -> None:
    """Measure the gateway and print a table."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        measure(wanted_rows(names, only_sqlite=only_sqlite), QUICK if quick else Sizes(), out)
    except BenchError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
