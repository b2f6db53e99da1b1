from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.carrier import Generator
from bench.gateway import Installation
from bench.http_rows import http_network, zalo
from bench.measured import Bench, Sizes

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is a C program")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    place = Installation(tmp_path / "sqlite")
    place.prepare()
    sizes = Sizes(texts=400, repeats=1)
    return Bench(directory=tmp_path, generator=Generator(tmp_path), sqlite=place, sizes=sizes)


@pytest.mark.long
def test_every_text_by_a_provider_is_answered_once_and_its_report_taken(bench: Bench) -> None:
    row = http_network(bench)
    report = row.report
    assert report["answered"] == report["acked"] == report["receipts_acked"] == 40
    assert (report["lost"], report["doubled"], report["wrong"]) == (0, 0, 0)
    assert all(target.met for target in row.targets)


@pytest.mark.long
def test_every_text_by_zalo_is_taken_within_two_seconds_and_answered(bench: Bench) -> None:
    row = zalo(bench)
    assert row.report["answered"] == row.report["acked"] == 400
    assert row.extra["zalo_texts"] > 0
    assert [target.met for target in row.targets] == [True, True]
