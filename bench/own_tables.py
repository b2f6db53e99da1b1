"""Time look-ups in an own table of a million rows, and the reading of TK and DVC with own tables beside without.

Run `.venv/bin/python -m bench.own_tables [--rows 1000000] [--asked 2000] [--directory /tmp]`.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from statistics import median, quantiles

import click

import parsers
from db.citizens.lookups import NewRow, StoredTable, TableDefinition, add_rows, add_table, find_rows
from db.schema import KeyShape, LookupState
from db.store.engine import Database, open_database
from db.upkeep.revision import upgrade
from parsers.grammar import Vocabulary
from parsers.grammars import GRAMMARS
from parsers.vocabulary import vocabulary_of
from sms_gateway.back_office.own_tables.commands_of_tables import table_grammar
from sms_gateway.demo.sample_tables import BUS, HOURS, WATER
from sms_gateway.process import keyfile

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
TEXTS = ("TK, Nguyen Van A, 201499999, 20/12/1990", "DVC 000.00.12.H17-230815-0007", "dvc ma ho so 123456 gui 8188")
_BATCH = 20_000
_ROUNDS, _READ = 15, 200


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
@click.option("--asked", default=2_000, show_default=True)
@click.option("--directory", type=click.Path(path_type=Path), default=Path(tempfile.gettempdir()), show_default=True)
def main(rows: int, asked: int, directory: Path) -> None:
    """Fill a table, look keys up one by one, and read texts with and without own tables."""
    with tempfile.TemporaryDirectory(dir=directory) as place:
        keyring = keyfile.load_or_make(Path(place) / "keys")
        database = open_database(f"sqlite:///{place}/gateway.db", keyring)
        upgrade(database)
        seconds = _fill(database, rows)
        click.echo(f"rows stored: {rows:,} in {seconds:.1f} s, {rows / seconds:,.0f} a second")
        draw = Random(8188)  # noqa: S311 - which keys are asked
        for label, keys in (
            ("a key that is there", [f"KH{draw.randrange(rows):08d}" for _ in range(asked)]),
            ("a key that is not", [f"XX{draw.randrange(rows):08d}" for _ in range(asked)]),
        ):
            middle, high = _look_up(database, keys)
            click.echo(f"{label}: {middle:.0f} us a look-up in the middle, {high:.0f} us at 99 %")
        database.close()
    for label, ratio, plain, own in _reading():
        click.echo(f"reading {label}: {plain:.2f} us without tables, {own:.2f} us with three ({ratio:+.1%})")


def _table() -> StoredTable:
    about = TableDefinition(
        title="tien nuoc",
        keywords=("NUOC",),
        shape=KeyShape.CODE,
        template="Khach hang {ma}: {so_tien} dong.",
        columns=("ma", "mat_khau", "so_tien"),
        key_column="ma",
        secret_column="mat_khau",  # noqa: S106 - the name of a column
    )
    return StoredTable(id=1, name="nuoc", state=LookupState.APPROVED, definition=about, made_by="bench", made_at=NOW)


def _fill(database: Database, rows: int) -> float:
    new_id = count(1).__next__
    started = time.perf_counter()
    with database.write() as connection:
        add_table(connection, _table())
    for start in range(0, rows, _BATCH):
        some = (
            NewRow(cells=(f"KH{number:08d}", f"{number % 9973:06d}", "245.000"), key=f"KH{number:08d}")
            for number in range(start, min(start + _BATCH, rows))
        )
        with database.write() as connection:
            add_rows(connection, 1, some, new_id=new_id)
    return time.perf_counter() - started


def _look_up(database: Database, keys: list[str]) -> tuple[float, float]:
    """Return the microseconds of the middle look-up and of that at 99 %."""
    taken = []
    with database.read() as connection:
        for key in keys:
            started = time.perf_counter()
            find_rows(connection, _table(), {key.replace("O", "0")})
            taken.append((time.perf_counter() - started) * 1e6)
    return median(taken), quantiles(taken, n=100)[98]


def _reading() -> Iterator[tuple[str, float, float, float]]:
    tables = (
        StoredTable(id=number, name=name, state=LookupState.APPROVED, definition=about, made_by="x", made_at=NOW)
        for number, (name, about) in enumerate((("bus", BUS), ("water", WATER), ("hours", HOURS)))
    )
    plain, own = vocabulary_of(), vocabulary_of((*GRAMMARS, *map(table_grammar, tables)))
    for text in TEXTS:
        times: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(_ROUNDS):
            for with_tables, vocabulary in ((False, plain), (True, own)):
                times[with_tables].append(_timed(partial(_read, text, vocabulary)))
        before, after = min(times[False]), min(times[True])
        yield text[:12], after / before - 1, before, after


def _read(text: str, vocabulary: Vocabulary) -> None:
    parsers.read(text, today=NOW.date(), vocabulary=vocabulary)


def _timed(work: Callable[[], None]) -> float:
    """Return the microseconds of processor time of one call."""
    gc.disable()
    started = time.process_time()
    for _ in range(_READ):
        work()
    taken = time.process_time() - started
    gc.enable()
    return taken / _READ * 1e6


if __name__ == "__main__":
    main()
