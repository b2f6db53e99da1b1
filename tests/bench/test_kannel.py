from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from bench.carrier import Generator, Load, free_port
from bench.kannel import is_installed, kannel

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None or not is_installed(), reason="needs a C compiler and Debian's package kannel"
)


def test_kannel_answers_every_text_of_the_load_with_its_dossier(tmp_path: Path) -> None:
    dossiers = tmp_path / "dossiers.db"
    with sqlite3.connect(dossiers) as rows:
        rows.execute("CREATE TABLE dossier (code TEXT, status TEXT)")
        codes = [(f"000.00.12.H17-230815-{number}", "done") for number in range(10_000, 10_400)]
        rows.executemany("INSERT INTO dossier VALUES (?, ?)", codes)
    rows.close()
    port = free_port()
    with kannel(tmp_path, dossiers, carrier=port, window=10) as pids:
        report = Generator(tmp_path).run(Load(port=port, count=400, window=10, pids=pids))
    assert report["answered"] == report["receipts_acked"] == 400
    assert (report["lost"], report["doubled"], report["wrong"]) == (0, 0, 0)
    assert report["cpu_seconds"] > 0
