"""What `make bench` measures, a row each: the gateway under a load, or the plain script under the same."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.carrier import Load, Report, processor_seconds
from bench.clusters import Cluster
from bench.conversation_rows import dvc_conversation, hoi
from bench.four_links import four_links
from bench.gateway import SECRET, Installation, end
from bench.http_rows import http_network, zalo
from bench.kannel import kannel
from bench.measured import Bench, Row, Target

ROOT = Path(__file__).parents[1]

TK = "TK, Nguyen Van Binh, 2{n}, 20/12/1990"
_FIRST_TK = 10_000_000
_NO_DISPATCH = "links,web,schedule"

_MISREAD = ("DVC", "TK Nguyen Van A", "chuc mung nam moi", "TK, Tran Thi B, 2014, 1/1/1990", "tra cứu hồ sơ giúp tôi")
_NAMES = ("Nguyen Van An", "Tran Thi Bich", "Le Hoang Cuong", "Pham Minh Dung", "Vo Thi Hanh", "Dang Quoc Khanh")


def _full_speed(bench: Bench, load: Load) -> tuple[Report, list[float]]:
    """Run several times; return the report of the median run, and all rates."""
    reports = [bench.generator.run(replace(load, count=bench.sizes.texts)) for _ in range(bench.sizes.repeats)]
    ordered = sorted(reports, key=lambda report: report["answers_per_second"])
    return ordered[len(ordered) // 2], [report["answers_per_second"] for report in reports]


@contextmanager
def _serving(bench: Bench, *, window: int, links: Sequence[str] = ("main",)) -> Iterator[Load]:
    """Run the gateway on SQLite, warmed up; give the load that reaches it."""
    bench.sqlite.configure(window=window, links=links)
    with bench.sqlite.serving() as served:
        load = Load(port=bench.sqlite.ports["main"], count=200, window=window, pids=(served.pid,))
        bench.generator.run(load)
        yield load
        faults = served.faults()
    if faults:
        sys.stderr.write(f"the gateway's log tells errors:\n{chr(10).join(faults[:5])}\n")


@contextmanager
def _plain(bench: Bench, *, window: int, receipts: bool) -> Iterator[Load]:
    """Run the plain script on the same dossiers; give the load that reaches it."""
    port, words = bench.sqlite.ports["main"], ["receipts"] if receipts else []
    process = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-m", "bench.plain_smpplib", str(port), str(bench.sqlite.directory / "gateway.db"), *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        load = Load(port=port, count=200, window=window, pids=(process.pid,), receipts=receipts)
        bench.generator.run(load)
        yield load
    finally:
        end(process)


def _kannel_full(name: str, window: int) -> Callable[[Bench], Row]:
    def measure(bench: Bench) -> Row:
        port, dossiers = bench.sqlite.ports["main"], bench.sqlite.directory / "gateway.db"
        with kannel(bench.directory, dossiers, carrier=port, window=window) as pids:
            load = Load(port=port, count=200, window=window, pids=pids)
            bench.generator.run(load)
            report, rates = _full_speed(bench, load)
        title = f"Kannel and an application, window {window}, receipts"
        return Row(name=name, title=title, report=report, rates=rates, reference=f"plain{window}")

    return measure


def _plain_full(name: str, window: int, *, receipts: bool = False) -> Callable[[Bench], Row]:
    def measure(bench: Bench) -> Row:
        with _plain(bench, window=window, receipts=receipts) as load:
            report, rates = _full_speed(bench, load)
        title = f"plain smpplib script, window {window}{', receipts' if receipts else ''}"
        return Row(name=name, title=title, report=report, rates=rates)

    return measure


def _plain_rate(name: str, rate: int) -> Callable[[Bench], Row]:
    def measure(bench: Bench) -> Row:
        with _plain(bench, window=100, receipts=False) as load:
            report = bench.generator.run(replace(load, rate=rate, count=int(rate * bench.sizes.seconds)))
        return Row(name=name, title=f"plain smpplib script, {rate} a second", report=report)

    return measure


def _full(name: str, window: int) -> Callable[[Bench], Row]:
    def measure(bench: Bench) -> Row:
        with _serving(bench, window=window) as load:
            report, rates = _full_speed(bench, load)
        targets = (
            Target(name="answers/s", value=report["answers_per_second"], bound=6000, at_least=True),
            Target(name="CPU s per 1,000", value=report["cpu_per_1000"], bound=0.2),
            Target(name="RSS MB", value=report["peak_rss_mb"], bound=150),
        )
        return Row(
            name=name,
            title=f"DVC, window {window}, receipts",
            report=report,
            rates=rates,
            reference=f"plain{window}",
            same_work=f"plain{window}_receipts",
            targets=targets if window == 100 else (),  # noqa: PLR2004 - the window that the target names
        )

    return measure


def _rate(name: str, rate: int, p50: float | None, p99: float) -> Callable[[Bench], Row]:
    def measure(bench: Bench) -> Row:
        with _serving(bench, window=100) as load:
            report = bench.generator.run(replace(load, rate=rate, count=int(rate * bench.sizes.seconds)))
        latency = report["latency_ms"]
        targets = [Target(name="p99 ms", value=latency["p99"], bound=p99)]
        if p50 is not None:
            targets.append(Target(name="p50 ms", value=latency["p50"], bound=p50))
        title = f"DVC, {rate} a second, receipts"
        return Row(name=name, title=title, report=report, reference=f"plain_rate{rate}", targets=targets)

    return measure


def http(bench: Bench) -> Row:
    """Texts by an HTTP endpoint, 32 connections kept alive; the answers go out by the link."""
    with _serving(bench, window=100) as load:
        over_http = replace(load, http_port=bench.sqlite.web_port, secret=SECRET, connections=32)
        report, rates = _full_speed(replace(bench, sizes=replace(bench.sizes, texts=bench.sizes.texts // 4)), over_http)
    target = Target(name="texts/s", value=report["answers_per_second"], bound=1000, at_least=True)
    return Row(name="http", title="DVC by HTTP, 32 connections", report=report, rates=rates, targets=[target])


def tk(bench: Bench) -> Row:
    """Accounts opened as fast as they can be on one link, while DVC comes at 100 a second on another."""
    with _serving(bench, window=100, links=("main", "second")) as load:
        passwords = replace(
            load,
            port=bench.sqlite.ports["second"],
            count=bench.sizes.passwords,
            window=10,
            template=TK,
            first=_FIRST_TK,
            numbers=bench.sizes.passwords,
            check=False,
        )
        beside = bench.generator.start(passwords)
        report = bench.generator.run(replace(load, rate=100, count=int(100 * bench.sizes.passwords / 40)))
        opened = bench.generator.finish(beside)
    rate, p99 = opened["answers_per_second"], report["latency_ms"]["p99"]
    return Row(
        name="tk",
        title="DVC, 100 a second, beside TK at full speed",
        report=report,
        extra={"tk_per_second": rate, "tk_lost": opened["lost"], "tk_cpu_per_1000": opened["cpu_per_1000"]},
        targets=[
            Target(name="TK/s", value=rate, bound=25, at_least=True),
            Target(name="p99 ms", value=p99, bound=20),
        ],
    )


def mixed(bench: Bench) -> Row:
    """80 % DVC, 15 % that cannot be read, 5 % TK, at full speed."""
    reports = []
    with _serving(bench, window=100) as load:
        for number in range(bench.sizes.repeats):
            texts = bench.directory / f"mixed-{number}.txt"
            count = bench.sizes.texts // 10
            texts.write_text("\n".join(mixed_texts(count, seed=number)) + "\n", "utf-8")
            reports.append(bench.generator.run(replace(load, count=count, texts=texts)))
    ordered = sorted(reports, key=lambda report: report["answers_per_second"])
    rates = [report["answers_per_second"] for report in reports]
    title = "80 % DVC, 15 % misread, 5 % TK, window 100"
    return Row(name="mixed", title=title, report=ordered[len(ordered) // 2], rates=rates)


def mixed_texts(count: int, *, seed: int) -> Iterator[str]:
    """Make the texts of the mixed row; no identity number comes twice, also not with another seed."""
    chance = random.Random(seed)  # noqa: S311 - draws texts, guards nothing
    for number in range(count):
        drawn = chance.random()
        if drawn < 0.80:  # noqa: PLR2004 - the shares are the row's definition
            yield f"DVC000.00.12.H17-230815-{10_000 + chance.randrange(10_000)}"
        elif drawn < 0.95:  # noqa: PLR2004
            yield chance.choice(_MISREAD)
        else:
            yield f"TK, {chance.choice(_NAMES)}, {300_000_000 + seed * 1_000_000 + number}, 20/12/1990"


def back_pressure(bench: Bench) -> Row:
    """Twice what can be sustained: what has no room waits at the carrier, and goes when there is room."""
    seconds = bench.sizes.pressed_seconds
    with _serving(bench, window=100) as load:
        sustained = bench.generator.run(replace(load, count=bench.sizes.texts))["answers_per_second"]
        offered = 2 * sustained
        report = bench.generator.run(
            replace(load, rate=offered, count=int(offered * seconds), series=True, patience=60)
        )
    series = report["series"]
    resident = [second["rss_mb"] for second in series] or [0.0]
    at_end_of_offer = series[min(int(seconds), len(series)) - 1] if series else None
    left = report["answered"] - (at_end_of_offer["answered"] if at_end_of_offer else 0)
    drained = max(0.001, report["seconds"] - seconds)
    return Row(
        name="back_pressure",
        title=f"DVC offered at {offered:.0f} a second for {seconds:.0f} s",
        report=report,
        extra={
            "sustained_per_second": sustained,
            "rss_first_second_mb": resident[0],
            "rss_median_mb": median(resident),
            "rss_last_second_mb": resident[-1],
            "drained_after_seconds": round(drained, 1),
            "drained_per_second": round(left / drained, 1),
        },
        targets=[
            Target(name="lost", value=report["lost"] + report["texts"] - report["answered"], bound=0),
            Target(name="RSS growth MB", value=resident[-1] - resident[min(2, len(resident) - 1)], bound=10),
        ],
    )


def _postgres(name: str, title: str, roles: Sequence[str | None], *, rate: int | None = None) -> Callable[[Bench], Row]:
    """Measure PostgreSQL with one process, or with the roles shared out among several; without a rate at full speed."""

    def measure(bench: Bench) -> Row:
        with Cluster() as cluster:
            place = Installation(bench.directory / name, cluster.database("bench"))
            place.prepare()
            place.configure(window=100)
            with ExitStack() as stack:
                processes = [stack.enter_context(place.serving(roles=some)) for some in roles]
                pids = [process.pid for process in processes]
                load = Load(port=place.ports["main"], count=1000, window=100, pids=pids)
                return _on_postgres(bench, cluster, load, name, title, rate=rate)

    return measure


def _on_postgres(bench: Bench, cluster: Cluster, load: Load, name: str, title: str, *, rate: int | None) -> Row:
    bench.generator.run(load)
    cluster.analyze("bench")  # autovacuum would within a minute; until then fresh tables are scanned
    if rate is not None:
        report = bench.generator.run(replace(load, rate=rate, count=int(rate * bench.sizes.seconds)))
        return Row(name=name, title=title, report=report, reference=f"plain_rate{rate}")
    before = processor_seconds(cluster.pid, "postgres")
    report, rates = _full_speed(bench, load)
    used = processor_seconds(cluster.pid, "postgres") - before
    texts = bench.sizes.texts * bench.sizes.repeats
    targets = [Target(name="answers/s", value=report["answers_per_second"], bound=4000, at_least=True)]
    return Row(
        name=name,
        title=title,
        report=report,
        rates=rates,
        extra={"postgres_cpu_per_1000": round(used * 1000 / texts, 4)},
        reference="plain100",
        same_work="plain100_receipts",
        targets=targets if name == "postgres" else (),
    )


ROWS: Mapping[str, Callable[[Bench], Row]] = {
    "plain10": _plain_full("plain10", 10),
    "plain100": _plain_full("plain100", 100),
    "plain100_receipts": _plain_full("plain100_receipts", 100, receipts=True),
    "plain_rate100": _plain_rate("plain_rate100", 100),
    "plain_rate500": _plain_rate("plain_rate500", 500),
    "kannel100": _kannel_full("kannel100", 100),
    "window10": _full("window10", 10),
    "window100": _full("window100", 100),
    "rate100": _rate("rate100", 100, 2, 4),
    "rate500": _rate("rate500", 500, None, 6),
    "http": http,
    "http_network": http_network,
    "tk": tk,
    "mixed": mixed,
    "dvc_conversation": dvc_conversation,
    "hoi": hoi,
    "zalo": zalo,
    "back_pressure": back_pressure,
    "postgres": _postgres("postgres", "DVC on PostgreSQL, one process, window 100", (None,)),
    "postgres_split1": _postgres(
        "postgres_split1", "the same, one process for links and one dispatching", (_NO_DISPATCH, "dispatch")
    ),
    "postgres_split2": _postgres(
        "postgres_split2", "the same, one process for links and two dispatching", (_NO_DISPATCH, "dispatch", "dispatch")
    ),
    "postgres_rate100": _postgres("postgres_rate100", "PostgreSQL, one process, 100 a second", (None,), rate=100),
    "postgres_split1_rate100": _postgres(
        "postgres_split1_rate100",
        "PostgreSQL, links and dispatch apart, 100 a second",
        (_NO_DISPATCH, "dispatch"),
        rate=100,
    ),
    "four_links": four_links,
}
"""Every row by its name, in the order of the table."""

ON_POSTGRES = frozenset(name for name in ROWS if name.startswith("postgres")) | {"four_links"}

ONLY_NAMED = frozenset({"four_links"})
"""Rows that run only when they are named, since they take minutes."""
