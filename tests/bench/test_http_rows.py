from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.carrier import Generator
from bench.gateway import Installation
from bench.http_rows import http_network
from bench.measured import Bench, Sizes

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is a C program")


@pytest.mark.long
def test_every_text_by_a_provider_is_answered_once_and_its_report_taken(tmp_path: Path) -> None:
    place = Installation(tmp_path / "sqlite")
    place.prepare()
    sizes = Sizes(texts=400, repeats=1)
    row = http_network(Bench(directory=tmp_path, generator=Generator(tmp_path), sqlite=place, sizes=sizes))
    report = row.report
    assert report["answered"] == report["acked"] == report["receipts_acked"] == 40
    assert (report["lost"], report["doubled"], report["wrong"]) == (0, 0, 0)
    assert all(target.met for target in row.targets)
