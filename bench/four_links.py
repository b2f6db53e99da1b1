"""A row of `make bench`: four links that two processes hold, beside one process with the same four."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from statistics import median

import psycopg

from bench.carrier import BenchError, Load, Report
from bench.clusters import Cluster
from bench.gateway import Installation
from bench.measured import Bench, Row

LINKS = ("main", "second", "third", "fourth")
_WINDOW = 100
_WARM_UP = 1000
_BOUND_SECONDS = 20


def four_links(bench: Bench) -> Row:
    """DVC at full speed by four links: two full processes, one full process, and one on SQLite, in turns.

    A process takes every free link that its settings name, so the first of two with the same settings would hold all
    four. Here each names two of them.
    """
    with Cluster() as cluster:
        services = (
            _Service.on_postgres(bench, cluster, "two", (LINKS[:2], LINKS[2:])),
            _Service.on_postgres(bench, cluster, "one", (LINKS,)),
            _Service.on_sqlite(bench),
        )
        rounds = [[_measure(bench, cluster, one) for one in services] for _ in range(bench.sizes.repeats)]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Service:
    """One way to hold the links: its processes, which links each holds, and its database in the cluster."""

    places: Sequence[Installation]
    shares: Sequence[Sequence[str]]
    database: str = ""

    @classmethod
    def on_postgres(cls, bench: Bench, cluster: Cluster, name: str, shares: Sequence[Sequence[str]]) -> _Service:
        url = cluster.database(name)
        places = [Installation(bench.directory / f"four-{name}-{number}", url) for number, _ in enumerate(shares)]
        return cls(places=places, shares=shares, database=name).prepared()

    @classmethod
    def on_sqlite(cls, bench: Bench) -> _Service:
        return cls(places=[Installation(bench.directory / "four-sqlite")], shares=(LINKS,)).prepared()

    def prepared(self) -> _Service:
        """Give all links one carrier, and all processes one key file."""
        first = self.places[0]
        for place, links in zip(self.places, self.shares, strict=True):
            place.ports = dict.fromkeys(LINKS, first.ports["main"])
            place.key_file = first.key_file
            if place is first:
                place.prepare()
            place.configure(window=_WINDOW, links=links)
        return self


def _measure(bench: Bench, cluster: Cluster, service: _Service) -> Report:
    """Start the processes and run the load; the others are stopped meanwhile, or their links would wait to bind."""
    with ExitStack() as stack:
        pids = [stack.enter_context(place.serving()).pid for place in service.places]
        port = service.places[0].ports["main"]
        load = Load(port=port, count=_WARM_UP, window=_WINDOW, binds=len(LINKS), pids=pids)
        bench.generator.run(load)
        if service.database:
            cluster.analyze(service.database)
            _await_holders(cluster.plain_url(service.database), len(service.shares))
        return bench.generator.run(replace(load, count=bench.sizes.texts))


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
