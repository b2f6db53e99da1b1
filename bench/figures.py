"""Time of the page Figures and of the report beside Today, with a year of messages behind them.

python -m bench.figures [--messages 1000000] [--tickets 100000] [--keep DIRECTORY]

Times are the processor's in this process (database, template). Each page is asked for by turns with Today, since a
shared machine is now faster and now slower. With --keep the database stays, and the next run uses it again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from flask.testing import FlaskClient

from bench.every_page import application
from bench.fill import fill
from bench.fill_tickets import fill_tickets
from bench.pages import log_in_to
from db.store.engine import Database, open_database
from db.store.ids import first_id_at
from db.upkeep.revision import upgrade
from sms_gateway.clock import utc_now
from sms_gateway.pages.messages.figures.spans import quarter_of
from sms_gateway.process import keyfile
from sms_gateway.process.back_office_jobs import days_counting
from sms_gateway.process.minute_counts import ROLLUP
from sms_gateway.settings.model import RetentionSettings

REPEATS = 15


@click.command()
@click.option("--messages", default=1_000_000, show_default=True)
@click.option("--tickets", default=100_000, show_default=True)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path))
def main(messages: int, tickets: int, keep: Path | None) -> None:
    """Fill a database, count its days as the schedule does, ask for the pages, print the table."""
    with _directory(keep) as directory:
        database = _filled(directory, messages, tickets)
        days, seconds, slowest = _count(database)
        click.echo(
            f"{messages:,} messages, {tickets:,} tickets; {days} days counted in {seconds:.1f} s of the processor"
        )
        click.echo(f"the slowest day took {1000 * slowest:.0f} ms\n")
        click.echo("| page | ms | kB | ratio to Today |\n|---|---:|---:|---:|")
        client = application(database).test_client()
        client.set_cookie("session", log_in_to(database))
        for name, path in _pages().items():
            click.echo(_line(client, name, path))
        database.close()


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory() as made:
            yield Path(made)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep


def _filled(directory: Path, messages: int, tickets: int) -> Database:
    file, keys = directory / "gateway.db", directory / "keys"
    is_new = not file.exists()
    if is_new:
        keyfile.make(keys)
    database = open_database(f"sqlite:///{file}", keyfile.load(keys))
    if is_new:
        upgrade(database)
        database.close()
        fill(file, keys, messages=messages, dossiers=0)
        fill_tickets(file, keys, tickets=tickets)
        database = open_database(f"sqlite:///{file}", keyfile.load(keys))
    return database


def _count(database: Database) -> tuple[int, float, float]:
    """Do what the schedule does: count minutes for Today, and every day; return how long the days took."""
    now = utc_now()
    with database.read() as connection:
        writers = ROLLUP.count_due(connection, now_id=first_id_at(now))
    for write in writers:
        with database.write() as connection:
            write(connection)
    counting = days_counting(RetentionSettings())
    with database.read() as connection:
        days = counting.due_days(connection, now)
    taken = []
    for day in days:
        started = time.process_time()
        with database.read() as connection:
            keep = counting.look(connection, day, now)
        with database.write() as connection:
            keep(connection)
        taken.append(time.process_time() - started)
    return len(days), sum(taken), max(taken)


def _pages() -> dict[str, str]:
    quarter = quarter_of((utc_now() - timedelta(days=90)).date())
    return {
        "figures by day": "/admin/figures",
        "figures by day, 100 days": "/admin/figures?from=2020-01-01&to=" + utc_now().date().isoformat(),
        "figures by month": "/admin/figures?by=month",
        "figures by year": "/admin/figures?by=year",
        "a table as CSV": "/admin/figures.csv?by=month&table=texts",
        "report of a quarter": f"/admin/figures/report?year={quarter.year}&q={quarter.number}",
    }


def _line(client: FlaskClient, name: str, path: str) -> str:
    times, ratios, size = [], [], 0
    for _ in range(REPEATS):
        today, _ = _milliseconds(client, "/admin")
        page, size = _milliseconds(client, path)
        times.append(page)
        ratios.append(page / today)
    return f"| {name} | {median(times):.1f} | {size / 1024:.1f} | {median(ratios):.2f} |"


def _milliseconds(client: FlaskClient, path: str) -> tuple[float, int]:
    started = time.process_time()
    response = client.get(path)
    taken = 1000 * (time.process_time() - started)
    if response.status_code != 200:  # noqa: PLR2004 - HTTP: OK
        raise click.ClickException(f"{path} said {response.status_code}")
    return taken, len(response.data)


if __name__ == "__main__":
    main()
