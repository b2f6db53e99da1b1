from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.carrier import Generator, Load, Report, free_port
from bench.kannel import is_installed
from bench.measured import Row, Target
from bench.rows import ON_POSTGRES, ONLY_NAMED, ROWS, mixed_texts
from bench.run import wanted_rows
from bench.table import notes, table, write_json
from parsers import read
from parsers.misread import Misread
from sms_gateway.clock import utc_now

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is a C program")

ROOT = Path(__file__).parents[2]

REPORT: Report = {
    "texts": 2,
    "sent": 2,
    "acked": 2,
    "answered": 1,
    "answers_per_second": 50.0,
    "latency_ms": {"p50": 1.0, "p90": 2.0, "p99": 3.0, "max": 4.0},
    "cpu_per_1000": 0.1,
    "peak_rss_mb": 90.0,
    "lost": 1,
    "doubled": 0,
}


def test_measures_the_gateway_as_a_user_runs_it(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    run = subprocess.run(
        [sys.executable, "-m", "bench.run", "--quick", "--only-sqlite", "--rows", "rate100", "--json", str(out)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(out.read_text("utf-8"))
    report = found["rows"]["rate100"]["report"]
    assert report["answered"] == report["acked"] == report["receipts_acked"] == report["texts"] == 200
    assert (report["lost"], report["doubled"], report["wrong"], report["strays"]) == (0, 0, 0, 0)
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p99"] <= report["latency_ms"]["max"]
    assert report["cpu_seconds"] > 0
    assert report["peak_rss_mb"] > 10
    assert found["limits"]["append_fsync_per_second"] > 0
    assert found["machine"]["cores"] >= 1
    assert "DVC, 100 a second" in run.stdout


def test_the_generator_says_when_nobody_answers(tmp_path: Path) -> None:
    generator = Generator(tmp_path)
    port = free_port()
    process = generator.start(Load(port=port, count=3, window=2, patience=0.3))
    script = subprocess.Popen([sys.executable, "-c", _MUTE, str(port)])
    report = generator.finish(process)
    script.wait(10)
    assert (report["sent"], report["acked"], report["answered"]) == (3, 3, 0)
    assert report["lost"] == 3


def test_the_generator_reports_each_slice_and_cuts_binds(tmp_path: Path) -> None:
    port = free_port()
    load = Load(port=port, count=100, rate=200, window=50, patience=0.3, slice_seconds=0.1, cut_seconds=0.25)
    process = Generator(tmp_path).start(load)
    script = subprocess.Popen([sys.executable, "-c", _MUTE, str(port)])
    out, _ = process.communicate()
    script.wait(10)
    *slices, report = map(json.loads, out.splitlines())
    assert [one["slice"] for one in slices[:2]] == [1, 2]
    assert slices[0]["sent"] < slices[1]["sent"] <= report["sent"] < 100
    assert (slices[1]["disconnects"], report["disconnects"]) == (0, 1)


_MUTE = """
import socket, struct, sys
for _ in range(100):
    try:
        link = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        break
    except OSError:
        pass
link.sendall(struct.pack(">4L", 23, 9, 0, 1) + bytes(7))
kept = b""
while got := link.recv(4096):
    kept += got
    while len(kept) >= 16 and len(kept) >= (size := struct.unpack(">L", kept[:4])[0]):
        command, _, sequence = struct.unpack(">3L", kept[4:16])
        kept = kept[size:]
        if command == 5:
            link.sendall(struct.pack(">4L", 17, 5 | 1 << 31, 0, sequence) + bytes(1))
"""


def test_mixed_texts_are_what_their_shares_say() -> None:
    texts = list(mixed_texts(2000, seed=1))
    today = utc_now().date()
    readings = [read(text, today=today, short_codes=()) for text in texts]
    misread = sum(isinstance(reading, Misread) for reading in readings)
    assert 0.12 < misread / len(texts) < 0.18
    identities = [text for text in texts if text.startswith("TK, ") and "2014" not in text]
    assert 0.03 < len(identities) / len(texts) < 0.07
    assert set(identities).isdisjoint(mixed_texts(2000, seed=2))


def test_rows_are_chosen_by_name_in_the_tables_order() -> None:
    assert wanted_rows("rate100, plain10", only_sqlite=False) == ["plain10", "rate100"]
    everything = [name for name in ROWS if name not in ONLY_NAMED and (name != "kannel100" or is_installed())]
    assert wanted_rows(None, only_sqlite=False) == everything
    assert not ON_POSTGRES & set(wanted_rows(None, only_sqlite=True))


def test_the_table_compares_with_the_reference_and_tells_what_is_missed(tmp_path: Path) -> None:
    ours = Row(name="ours", title="ours", report=REPORT, reference="plain", same_work="receipts")
    plain = Row(name="plain", title="plain", report={**REPORT, "answers_per_second": 25.0})
    receipts = Row(name="receipts", title="receipts", report={**REPORT, "answers_per_second": 40.0})
    missed = Target(name="answers/s", value=50, bound=60, at_least=True)
    told = Row(name="told", title="told", report=REPORT, extra={"x": 2.0}, targets=[missed])
    assert "| ours | 50 | 2.00 |  | 1.0 | 3.0 | 4 | 0.100 | 90 | 1 | 0 |" in table([ours, plain]).splitlines()
    assert "| ours | 50 | 2.00 | 1.25 | 1.0 | 3.0" in table([ours, plain, receipts])
    assert notes([ours, told]) == "told: x 2; answers/s 50 (>= 60: NOT REACHED)"
    write_json(tmp_path / "new" / "bench.json", {"cores": 2}, {"fsync": 1.0}, [told])
    written = json.loads((tmp_path / "new" / "bench.json").read_text("utf-8"))
    assert written["rows"]["told"]["targets"][0]["met"] is False
