"""A file of counts a day, for the statistics of the city: written whole or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection

from db.reports.daily_counts import DailyCount, count_day
from sms_gateway.clock import LOCAL_ZONE

COLUMNS = ("day", "command", "outcome", "unit", "ward", "count")
CAUGHT_UP = 7
"""Days back that a missing file is still written: the service may have been down."""

_FIRST_OF_FORMULA = frozenset("=+-@\t\r")
"""A spreadsheet takes a cell for a formula that begins so."""


def csv_of(connection: Connection, day: date) -> str:
    """Return the counts of a day in the city as CSV, with its heading."""
    start = datetime.combine(day, time(), LOCAL_ZONE)
    return _written(day, count_day(connection, start, start + timedelta(days=1)))


def file_of(directory: Path, day: date) -> Path:
    """Return where the counts of a day are."""
    return directory / f"counts-{day.isoformat()}.csv"


def missing_days(directory: Path, today: date) -> Sequence[date]:
    """Return the days before this one whose file is not there, oldest first."""
    days = (today - timedelta(days=ago) for ago in range(CAUGHT_UP, 0, -1))
    return [day for day in days if not file_of(directory, day).exists()]


def write_file(directory: Path, day: date, content: str) -> None:
    """Write the file of a day: a reader sees the whole file or none, also if the machine stops. Safe to repeat."""
    with NamedTemporaryFile("w", dir=directory, prefix=".counts-", delete=False, encoding="utf-8", newline="") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o640)
            Path(file.name).replace(file_of(directory, day))
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _written(day: date, counts: Sequence[DailyCount]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in counts:
        words = [_harmless(word) for word in (one.command, one.outcome, one.unit, one.ward)]
        writer.writerow([day.isoformat(), *words, one.count])
    return text.getvalue()


def _harmless(word: str) -> str:
    return f"'{word}" if word[:1] in _FIRST_OF_FORMULA else word
