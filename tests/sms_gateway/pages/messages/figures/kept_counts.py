"""Counts of days, written straight into the table, for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select

from db.reports.day_figures import Figure
from db.schema import day_count, month_count
from db.store.engine import Database


def write_counts(database: Database, days: Mapping[date, Mapping[Figure, int]]) -> None:
    """Write the counts of days, and add up their months."""
    names = ("kind", "key", "detail")
    with database.write() as connection:
        for day, counts in days.items():
            rows = [
                {"day": day, "kind": str(one.kind), "key": str(one.key), "detail": str(one.detail), "count": count}
                for one, count in counts.items()
            ]
            connection.execute(insert(day_count), rows)
        connection.execute(delete(month_count))
        sums: dict[tuple[date, str, str, str], int] = {}
        columns = (day_count.c.day, day_count.c.count, *(day_count.c[name] for name in names))
        for day, count, *of in connection.execute(select(*columns)):
            key = (day.replace(day=1), *of)
            sums[key] = sums.get(key, 0) + count
        for (day, *names_of), count in sums.items():
            values = dict(zip(names, names_of, strict=True))
            connection.execute(insert(month_count).values(day=day, count=count, **values))
