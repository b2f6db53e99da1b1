"""Rows of `make bench` with the conversation on: a text that opens a ticket, and what a look-up loses by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from statistics import median

from bench.carrier import Load, Report
from bench.city import CONVERSATION, count_tickets, question_texts, settle_city
from bench.gateway import Installation
from bench.measured import Bench, Row, Target

PAIRS = 3
"""Pairs of runs for each repeat: hosts change their speed within seconds, so only runs side by side are compared."""

_PLACE = "conversation"
"""Directory of the service with it; its rows share it."""

_WARM_UP = 300
_QUESTIONS = 2_000
"""Different texts; they come in turns."""

Pair = tuple[Report, Report]


def hoi(bench: Bench) -> Row:
    """HOI, from the text to its ticket and answer in one commit, beside DVC on a service without conversation."""
    with _both(bench) as (without, with_it):
        questions, file = _questions(bench, with_it), bench.directory / _PLACE / "gateway.db"
        before = count_tickets(file)
        pairs = _in_turns(bench, without, questions)
        opened = count_tickets(file) - before
    ratio, dvc, report = middle(pairs)
    asked = sum(one["texts"] for _, one in pairs)
    return Row(
        name="hoi",
        title="HOI, window 100, receipts, ticket and answer",
        report=report,
        rates=[one["answers_per_second"] for _, one in pairs],
        extra={"dvc_beside_per_second": dvc["answers_per_second"], "dvc_cpu_per_1000": dvc["cpu_per_1000"]},
        reference="plain100",
        same_work="plain100_receipts",
        targets=[
            Target(name="of DVC", value=ratio, bound=0.6, at_least=True),
            Target(name="texts without a ticket", value=asked - opened, bound=0),
        ],
    )


def dvc_conversation(bench: Bench) -> Row:
    """DVC with the conversation on, in turns with DVC on a service without."""
    with _both(bench) as (without, with_it):
        pairs = _in_turns(bench, without, with_it)
    ratio, off, report = middle(pairs)
    return Row(
        name="dvc_conversation",
        title="DVC, window 100, receipts, conversation on",
        report=report,
        rates=[one["answers_per_second"] for _, one in pairs],
        extra={
            "off_per_second": off["answers_per_second"],
            "off_cpu_per_1000": off["cpu_per_1000"],
            "cpu_ratio": round(median(on["cpu_per_1000"] / off["cpu_per_1000"] for off, on in pairs), 3),
        },
        reference="plain100",
        same_work="plain100_receipts",
        targets=[Target(name="of DVC without conversation", value=ratio, bound=0.97, at_least=True)],
    )


def middle(pairs: Sequence[Pair]) -> tuple[float, Report, Report]:
    """Return the median of the ratios of second to first, with the two runs that it comes from."""
    ratios = [(second["answers_per_second"] / first["answers_per_second"], first, second) for first, second in pairs]
    return sorted(ratios, key=itemgetter(0))[len(ratios) // 2]


@contextmanager
def _both(bench: Bench) -> Iterator[tuple[Load, Load]]:
    """Run a service without conversation and one with it, warmed up; give the loads of DVC that reach them."""
    is_new = not (bench.directory / _PLACE).exists()
    place = Installation(bench.directory / _PLACE)
    if is_new:
        place.prepare()
        settle_city(place)
    bench.sqlite.configure(window=100)
    place.configure(window=100, more=CONVERSATION)
    with bench.sqlite.serving() as off, place.serving() as on:
        loads = [
            Load(port=home.ports["main"], count=min(_WARM_UP, bench.sizes.texts), window=100, pids=(served.pid,))
            for home, served in ((bench.sqlite, off), (place, on))
        ]
        for load in loads:
            bench.generator.run(load)
        yield loads[0], loads[1]


def _in_turns(bench: Bench, first: Load, second: Load) -> list[Pair]:
    loads = [replace(load, count=bench.sizes.texts) for load in (first, second)]
    return [(bench.generator.run(loads[0]), bench.generator.run(loads[1])) for _ in range(PAIRS * bench.sizes.repeats)]


def _questions(bench: Bench, load: Load) -> Load:
    """Return a load of questions, warmed up."""
    file = bench.directory / "questions.txt"
    file.write_text("\n".join(question_texts(_QUESTIONS, seed=1)) + "\n", "utf-8")
    asking = replace(load, texts=file)
    bench.generator.run(asking)
    return asking
