"""The benchmark's report: a table for people, a JSON file for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.measured import Row

_HEAD = (
    "row",
    "answers/s",
    "ratio",
    "with receipts",
    "p50 ms",
    "p99 ms",
    "max ms",
    "CPU s/1,000",
    "RSS MB",
    "lost",
    "doubled",
)


def table(rows: Sequence[Row]) -> str:
    """Write the rows as a table in Markdown; the ratios are to the plain script, without receipts and with."""
    rates = {row.name: row.report["answers_per_second"] for row in rows}
    lines = [_line(_HEAD), _line(["---"] + ["---:"] * (len(_HEAD) - 1))]
    lines += [_line(_cells(row, rates)) for row in rows]
    return "\n".join(lines)


def _cells(row: Row, rates: Mapping[str, float]) -> Sequence[str]:
    report, latency = row.report, row.report["latency_ms"]
    rate = report["answers_per_second"]
    ratio, same_work = (
        f"{rate / rates[name]:.2f}" if rates.get(name) else "" for name in (row.reference, row.same_work)
    )
    unanswered = report["lost"] + report["sent"] - report["acked"]
    return (
        row.title,
        f"{rate:,.0f}",
        ratio,
        same_work,
        f"{latency['p50']:.1f}",
        f"{latency['p99']:.1f}",
        f"{latency['max']:.0f}",
        f"{report['cpu_per_1000']:.3f}",
        f"{report['peak_rss_mb']:.0f}",
        str(unanswered),
        str(report["doubled"]),
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def notes(rows: Sequence[Row]) -> str:
    """Write what else the rows told, and which targets of theirs are reached."""
    lines = []
    for row in rows:
        said = [f"{name} {value:g}" for name, value in row.extra.items()]
        if row.report.get("wrong") or row.report.get("refused"):
            said.append(f"wrong {row.report['wrong']}, refused for now {row.report['refused']}")
        for target in row.targets:
            sign = ">=" if target.at_least else "<="
            reached = "reached" if target.met else "NOT REACHED"
            said.append(f"{target.name} {target.value:.4g} ({sign} {target.bound:g}: {reached})")
        if said:
            lines.append(f"{row.name}: {'; '.join(said)}")
    return "\n".join(lines)


def write_json(
    path: Path,
    machine: Mapping[str, str | int | float],
    limits: Mapping[str, float],
    rows: Sequence[Row],
) -> None:
    """Write everything that was measured."""
    found = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": dict(machine),
        "limits": dict(limits),
        "rows": {
            row.name: asdict(row) | {"targets": [asdict(one) | {"met": one.met} for one in row.targets]} for row in rows
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
