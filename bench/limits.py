"""What this machine can do at most: the figures that every other one is to be read against."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

_ROW = b"x" * 200


def sqlite_limits(directory: Path, seconds: float) -> dict[str, float]:
    """Return syncs and commits a second on the disk that the databases lie on."""
    return {
        "append_fsync_per_second": _appends(directory / "appended", seconds),
        "sqlite_commits_of_1_row_per_second": _sqlite_commits(directory / "limit-1.db", seconds, rows=1),
        "sqlite_commits_of_100_rows_per_second": _sqlite_commits(directory / "limit-100.db", seconds, rows=100),
    }


def postgres_limits(url: str, seconds: float) -> dict[str, float]:
    """Return commits a second of one client; `url` without the driver's name in it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE limits (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body BYTEA)")

        def commit() -> None:
            connection.execute("INSERT INTO limits (body) VALUES (%s)", (_ROW,))

        rate = _rate(commit, seconds)
        connection.execute("DROP TABLE limits")
    return {"postgresql_commits_of_1_row_per_second": rate}


def machine() -> dict[str, str | int | float]:
    """Describe the machine and the versions."""
    cpu = next((line for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown: unknown")
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "MemTotal: 0 kB")
    return {
        "processor": cpu.partition(":")[2].strip(),
        "cores": os.cpu_count() or 0,
        "memory_mb": int(memory.split()[1]) // 1024,
        "kernel": platform.release(),
        "python": f"{platform.python_version()} of {sys.base_prefix}",
        "sqlite": sqlite3.sqlite_version,
        "load_at_start": os.getloadavg()[0],
        "commit": _commit(),
    }


def _appends(path: Path, seconds: float) -> float:
    with path.open("wb", buffering=0) as file:

        def append() -> None:
            file.write(_ROW)
            os.fsync(file.fileno())

        return _rate(append, seconds)


def _sqlite_commits(path: Path, seconds: float, *, rows: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE limits (id INTEGER PRIMARY KEY, body BLOB)")

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO limits (body) VALUES (?)", [(_ROW,)] * rows)
            connection.execute("COMMIT")

        return _rate(commit, seconds)
    finally:
        connection.close()


def _rate(work: Callable[[], None], seconds: float) -> float:
    done, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < seconds:
        work()
        done += 1
    return round(done / passed, 1)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git there is
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).parent,
    )
    return found.stdout.strip() or f"none ({Path(sys.executable).name})"
