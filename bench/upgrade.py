"""Time the backup and the upgrade of a database with millions of messages, while others read it.

    python -m bench.upgrade --messages 10000000

The upgrade is a made-up revision after the last one: it adds a column to the table of texts, and changes every row of
it in steps. `sms-gateway db upgrade` does the same in the same order; here the two parts are timed apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic

import click
import pytest
from sqlalchemy import text

from bench.fill import fill
from db.store.engine import Database, open_database
from db.upkeep.backup import back_up
from db.upkeep.revision import upgrade
from db.upkeep.row_counts import count_rows
from sms_gateway.process import keyfile
from tests.db.upkeep.next_revision import add_revision

_NEWEST = text("SELECT id FROM inbound ORDER BY id DESC LIMIT 50")
_COLUMN = "ALTER TABLE inbound ADD COLUMN made_up BIGINT"


@click.command()
@click.option("--messages", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--dossiers", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--batch", type=click.IntRange(1), default=50_000, show_default=True, help="Rows of a step.")
@click.option("--place", type=click.Path(path_type=Path), help="Folder for the files.  [default: the system's]")
def main(*, messages: int, dossiers: int, batch: int, place: Path | None) -> None:
    """Time backup and upgrade of a filled SQLite database."""
    with TemporaryDirectory(dir=place) as directory, pytest.MonkeyPatch.context() as patch:
        path, key_file = Path(directory) / "gateway.db", Path(directory) / "keys"
        keys = keyfile.load_or_make(key_file)
        new = open_database(f"sqlite:///{path}", keys)
        upgrade(new)
        new.close()
        with _timed("filled"):
            fill(path, key_file, messages=messages, dossiers=dossiers)
        click.echo(f"file: {path.stat().st_size / 1e9:.2f} GB")
        add_revision(Path(directory), patch, _COLUMN, moves="inbound", batch=batch)
        database = open_database(f"sqlite:///{path}", keys)
        with database.read() as connection:
            click.echo(f"rows: {sum(count_rows(connection).values()):,}")
        with _read_meanwhile(database), _timed("backup, checked"):
            back_up(path, Path(directory) / "backup.db")
        with _read_meanwhile(database), _timed(f"upgrade, {messages:,} rows changed in steps of {batch:,}"):
            upgrade(database)
        click.echo(f"file after it: {path.stat().st_size / 1e9:.2f} GB")
        database.close()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = monotonic()
    yield
    click.echo(f"{what}: {monotonic() - began:.1f} s")


@contextmanager
def _read_meanwhile(database: Database) -> Iterator[None]:
    """Read the newest texts ten times a second, as a page does; say how long the reads took."""
    stop, waits = Event(), list[float]()

    def read_on() -> None:
        while not stop.wait(0.1):
            began = monotonic()
            with database.read() as connection:
                connection.execute(_NEWEST).all()
            waits.append(monotonic() - began)

    reader = Thread(target=read_on)
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join()
    waits.sort()
    shown = ", ".join(
        f"{name} {waits[int(share * (len(waits) - 1))] * 1000:.1f} ms"
        for name, share in (("median", 0.5), ("p99", 0.99), ("longest", 1))
    )
    click.echo(f"  {len(waits)} reads meanwhile: {shown}")


if __name__ == "__main__":
    main()
