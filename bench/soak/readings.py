"""What is read of the process and its files while the load runs; from outside, so reading costs the process nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from db.schema import metadata

MEASURES = (
    *("RSS MB", "descriptors", "threads", "WAL MB", "database MB", "texts", "kB a text"),
    *("p50 ms", "p99 ms", "pages ms"),
)
"""The columns of the table. A p99 of pages would hang on single requests, so theirs is the median."""

_MB = 1e6


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One look."""

    rss_mb: float
    descriptors: int
    threads: int
    wal_mb: float


def look(pid: int, file: Path) -> Sample:
    """Look at a process and at the log of its SQLite database; raises OSError when the process is gone."""
    status = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
        if ":" in line
    )
    wal = file.with_name(f"{file.name}-wal")
    return Sample(
        rss_mb=int(status["VmRSS"].split()[0]) / 1024,
        descriptors=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=int(status["Threads"]),
        wal_mb=wal.stat().st_size / _MB if wal.exists() else 0.0,
    )


def count_texts(file: Path) -> int:
    """Count the texts."""
    return _count(file, "SELECT count(*) FROM inbound")


def count_unsure(file: Path) -> int:
    """Count the answers that are marked as perhaps sent twice."""
    return _count(file, "SELECT count(*) FROM outbound WHERE unsure")


def rows_by_table(file: Path) -> dict[str, int]:
    """Count the rows of every table."""
    return {table: _count(file, f'SELECT count(*) FROM "{table}"') for table in metadata.tables}  # noqa: S608 - ours


def _count(file: Path, asked: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return int(connection.execute(asked).fetchone()[0])


@dataclass(slots=True)
class Readings:
    """The series of every measure, a value for each slice."""

    file: Path
    rows: dict[str, int]  # of each table, at the start
    series: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MEASURES})

    def add(self, samples: Sequence[Sample], pages_ms: Sequence[float], p50: float, p99: float) -> dict[str, float]:
        """Add a slice; return its values.

        Medians, since one look may meet a connection that is open for a moment; of the log the longest.
        """
        texts, size = count_texts(self.file), self.file.stat().st_size
        found: dict[str, float] = {
            "RSS MB": median(one.rss_mb for one in samples),
            "descriptors": median(one.descriptors for one in samples),
            "threads": median(one.threads for one in samples),
            "WAL MB": max(one.wal_mb for one in samples),
            "database MB": size / _MB,
            "texts": texts,
            "kB a text": size / 1000 / max(1, texts),
            "p50 ms": p50,
            "p99 ms": p99,
            "pages ms": median(pages_ms) if pages_ms else 0.0,
        }
        for name, value in found.items():
            self.series[name].append(value)
        return found
