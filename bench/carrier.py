"""The carrier of the benchmark: compiles bench/load.c, runs it, and reads what it measured."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypedDict, cast

SOURCE = Path(__file__).with_name("load.c")

FIRST_CITIZEN = 84_900_000_000
DOSSIERS = 10_000
FIRST_DOSSIER = 10_000
CODE = "000.00.12.H17-230815-{n}"
DVC = f"DVC{CODE}"
"""The text of a status look-up; the generator puts the running number in."""


class BenchError(Exception):
    """The measuring itself could not be done; its text says why. Show it and stop."""


class Quantiles(TypedDict):
    """Milliseconds."""

    p50: float
    p90: float
    p99: float
    max: float


class Second(TypedDict):
    """How a run stood after one more second."""

    sent: int
    answered: int
    backlog: int  # texts due and not sent: the window was full
    rss_mb: float


class Slice(TypedDict):
    """What load.c prints of a part of the run; the counts are since its start."""

    slice: int
    sent: int
    answered: int
    disconnects: int
    latency_ms: Quantiles  # of the texts of this part


class Report(TypedDict, total=False):
    """What load.c prints."""

    texts: int
    sent: int
    acked: int
    answered: int
    seconds: float  # from the first text to the last answer
    answers_per_second: float
    latency_ms: Quantiles  # from text to answer
    ack_ms: Quantiles  # from text to its acknowledgement
    lost: int  # acknowledged, and never answered
    doubled: int
    wrong: int  # answers that do not hold the code of their text
    strays: int
    refused: int  # texts refused for now, and sent again
    submits: int
    receipts_acked: int
    disconnects: int
    most_backlog: int
    cpu_seconds: float
    cpu_per_1000: float
    peak_rss_mb: float
    series: list[Second]


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """One run of the generator."""

    port: int  # where it listens for the bind
    count: int
    window: int = 10
    rate: float = 0  # texts a second; 0: as fast as the window allows
    template: str = DVC
    first: int = FIRST_DOSSIER  # running numbers that take the place of {n}
    numbers: int = DOSSIERS
    texts: Path | None = None  # a file of texts, in place of the template
    pids: Sequence[int] = ()
    http_port: int = 0
    secret: str = ""
    connections: int = 8
    check: bool = True
    series: bool = False
    receipts: bool = True
    patience: float = 15
    binds: int = 1  # it begins when so many are there
    slice_seconds: float = 0  # above 0: a line about the texts of each so many seconds, before the report
    cut_seconds: float = 0  # above 0: every bind is closed this often


class Citizens:
    """Gives each run citizens of its own, or the duplicate rules would rightly swallow its texts."""

    def __init__(self) -> None:
        self._next = FIRST_CITIZEN

    def take(self, number: int) -> int:
        """Return the first number of so many."""
        first = self._next
        self._next += number
        return first


class Generator:
    """The compiled generator."""

    def __init__(self, directory: Path) -> None:
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            raise BenchError("the load generator is a C program and there is no compiler; fix: apt-get install gcc")
        self._program = directory / "load"
        built = subprocess.run(  # noqa: S603 - our own source
            [compiler, "-O2", "-std=c11", "-o", self._program, SOURCE], capture_output=True, check=False, text=True
        )
        if built.returncode:
            raise BenchError(f"{SOURCE} does not compile:\n{built.stderr}")
        self._citizens = Citizens()
        self._runs = count()

    def run(self, load: Load) -> Report:
        """Run it to its end."""
        return self.finish(self.start(load))

    def start(self, load: Load) -> subprocess.Popen[str]:
        """Start it; it listens at once and begins when the gateway has bound."""
        words = [str(self._program), "--port", load.port, "--count", load.count, "--window", load.window]
        words += ["--from", self._citizens.take(load.count), "--first", load.first, "--numbers", load.numbers]
        words += ["--texts", load.texts] if load.texts else ["--text", load.template]
        words += ["--rate", load.rate] if load.rate else []
        words += ["--pids", ",".join(map(str, load.pids))] if load.pids else []
        if load.http_port:
            words += ["--http", load.http_port, "--secret", load.secret, "--connections", load.connections]
        chosen = {"--check": load.check and not load.texts, "--series": load.series, "--receipts": load.receipts}
        words += [name for name, wanted in chosen.items() if wanted]
        words += [
            "--patience",
            load.patience,
            "--binds",
            load.binds,
            "--slice",
            load.slice_seconds,
            "--cut",
            load.cut_seconds,
        ]
        return subprocess.Popen(  # noqa: S603 - our own program
            list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def finish(self, process: subprocess.Popen[str]) -> Report:
        """Wait for its end and read its report."""
        try:
            out, fault = process.communicate()
        except BaseException:
            process.kill()
            process.communicate()
            raise
        if process.returncode:
            raise BenchError(fault.strip() or f"the generator ended with {process.returncode}")
        return cast("Report", json.loads(out.splitlines()[-1]))


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def processor_seconds(root: int, name: str) -> float:
    """Return the processor time of every living descendant of a process that has this name."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, tail = entry.read_text("ascii", "replace").rpartition(")")
        except OSError:
            continue  # it ended meanwhile
        fields = tail.split()
        pid = int(entry.parent.name)
        parents[pid] = int(fields[1])
        if head.partition("(")[2] == name:
            used[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return sum(seconds for pid, seconds in used.items() if _descends(pid, root, parents))


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid and pid != root:
        pid = parents.get(pid, 0)
    return pid == root
