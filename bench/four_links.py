"""A row of `make bench`: four links that two processes hold, beside one process with the same four."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median

import psycopg

from bench.carrier import BenchError, Load, Report
from bench.clusters import Cluster
from bench.gateway import Installation
from bench.measured import Bench, Row

LINKS = ("main", "second", "third", "fourth")
ROUNDS = 3
"""Rounds for each repeat. In each all three run, one after the other: hosts change their speed within seconds."""

_WINDOW = 100
_WARM_UP = 1000
_BOUND_SECONDS = 20


def four_links(bench: Bench) -> Row:
    """DVC at full speed by four links: two full processes, one full process, and one on SQLite, in turns.

    A process takes every free link that its settings name, so the first of two with the same settings would hold all
    four. Here each names two of them.
    """
    with Cluster() as cluster, ExitStack() as stack:
        loads = [
            stack.enter_context(_on_postgres(bench, cluster, "two", (LINKS[:2], LINKS[2:]))),
            stack.enter_context(_on_postgres(bench, cluster, "one", (LINKS,))),
            stack.enter_context(_on_sqlite(bench)),
        ]
        for load in loads:
            bench.generator.run(load)
        for name in ("two", "one"):
            cluster.analyze(name)
        loads = [replace(load, count=bench.sizes.texts) for load in loads]
        rounds = [[bench.generator.run(load) for load in loads] for _ in range(ROUNDS * bench.sizes.repeats)]
    two, one, sqlite = zip(*rounds, strict=True)
    report = sorted(two, key=_rate)[len(two) // 2]
    return Row(
        name="four_links",
        title="four links, two full processes on PostgreSQL",
        report=report,
        rates=[_rate(each) for each in two],
        extra={
            "cores": os.cpu_count() or 0,
            "one_process_per_second": median(map(_rate, one)),
            "of_one_process": _ratio(two, one),
            "sqlite_per_second": median(map(_rate, sqlite)),
            "of_sqlite": _ratio(two, sqlite),
            "one_process_cpu_per_1000": median(each["cpu_per_1000"] for each in one),
            "sqlite_cpu_per_1000": median(each["cpu_per_1000"] for each in sqlite),
        },
        reference="plain100",
        same_work="plain100_receipts",
    )


def _rate(report: Report) -> float:
    return report["answers_per_second"]


def _ratio(reports: Sequence[Report], others: Sequence[Report]) -> float:
    return round(median(_rate(one) / _rate(other) for one, other in zip(reports, others, strict=True)), 3)


@contextmanager
def _on_postgres(bench: Bench, cluster: Cluster, name: str, shares: Sequence[Sequence[str]]) -> Iterator[Load]:
    """Run a process for each share of the links; give the load that reaches them all."""
    directory, url = bench.directory / f"four-{name}", cluster.database(name)
    places = [Installation(directory / str(number), url) for number, _ in enumerate(shares)]
    for place in places:
        place.ports = dict.fromkeys(LINKS, places[0].ports["main"])
        place.key_file = places[0].key_file
    places[0].prepare()
    with ExitStack() as stack:
        pids = []
        for place, links in zip(places, shares, strict=True):
            place.configure(window=_WINDOW, links=links)
            pids.append(stack.enter_context(place.serving()).pid)
        _await_holders(cluster.plain_url(name), len(shares))
        yield Load(port=places[0].ports[LINKS[0]], count=_WARM_UP, window=_WINDOW, pids=pids)


@contextmanager
def _on_sqlite(bench: Bench) -> Iterator[Load]:
    """Run one process on SQLite; give the load that reaches it."""
    place = Installation(bench.directory / "four-sqlite")
    place.ports = dict.fromkeys(LINKS, place.ports["main"])
    place.prepare()
    place.configure(window=_WINDOW, links=LINKS)
    with place.serving() as served:
        yield Load(port=place.ports[LINKS[0]], count=_WARM_UP, window=_WINDOW, pids=(served.pid,))


def _await_holders(url: str, wanted: int) -> None:
    """Wait until so many processes hold the four links, each as many."""
    asked = "SELECT count(*) FROM duty WHERE name LIKE 'link:%' AND lease_until > now() GROUP BY owner"
    deadline = time.monotonic() + _BOUND_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            held = [int(row[0]) for row in connection.execute(asked)]
            if held == [len(LINKS) // wanted] * wanted:
                return
            if time.monotonic() > deadline:
                raise BenchError(f"the links are held {held} by the processes, not evenly by {wanted}")
            time.sleep(0.1)
