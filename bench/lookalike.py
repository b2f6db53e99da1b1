"""Look up receipt codes by their look-alike form among a million dossiers.

    python -m bench.lookalike [--dossiers 1000000] [--batches 200]

Prints the microseconds for each code when a batch of 100 codes is one query, as in dispatch. The reference is the same
with a table of 1,000 dossiers: with the index the two are nearly equal.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from db.citizens.dossiers import DossierFacts, canonical, find_by_lookalike, import_dossiers, lookalike_key
from db.schema import DossierStatus
from db.store.engine import Database, open_database
from db.store.sealing import Keyring, new_key
from db.upkeep.revision import upgrade

BATCH = 100


def facts(dossiers: int) -> Iterator[DossierFacts]:
    """Make dossiers with codes of the national form."""
    for number in range(dossiers):
        code = f"000.00.{number // 1_000_000:02d}.H17-2{number // 10_000 % 100_000:05d}-{number % 10_000:04d}"
        yield DossierFacts(code=code, status=DossierStatus.IN_PROGRESS)


def microseconds(database: Database, dossiers: int, batches: int) -> float:
    """Return the median time of one code."""
    chance = random.Random(1)  # noqa: S311 - the same codes each time
    codes = [one.code.replace("0", "O", 1) for one in facts(min(dossiers, 100_000))]
    times = []
    for _ in range(batches):
        keys = {lookalike_key(canonical(code)) for code in chance.sample(codes, BATCH)}
        started = time.perf_counter()
        with database.read() as connection:
            found = find_by_lookalike(connection, keys)
        times.append(time.perf_counter() - started)
        if len(found) != len(keys):
            raise SystemExit("a dossier was not found")
    return statistics.median(times) / BATCH * 1e6


def measure(dossiers: int, batches: int) -> float:
    """Fill a database of its own with so many dossiers and measure."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(
            f"sqlite:///{Path(folder) / 'bench.db'}", Keyring(keys={1: new_key()}, mark_key=new_key())
        )
        upgrade(database)
        ids = count(1)
        with database.write() as connection:
            import_dossiers(connection, facts(dossiers), now=datetime(2026, 1, 1, tzinfo=UTC), new_id=lambda: next(ids))
        try:
            return microseconds(database, dossiers, batches)
        finally:
            database.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--batches", type=int, default=200)
    asked = parser.parse_args()
    reference = measure(1_000, asked.batches)
    measured = measure(asked.dossiers, asked.batches)
    sys.stdout.write(
        f"{asked.dossiers:,} dossiers: {measured:.1f} us a code; 1,000 dossiers: {reference:.1f}; "
        f"ratio {measured / reference:.2f}\n"
    )


if __name__ == "__main__":
    main()
