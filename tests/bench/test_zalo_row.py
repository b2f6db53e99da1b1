from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.carrier import Generator
from bench.gateway import Installation
from bench.measured import Bench, Sizes
from bench.zalo_row import zalo

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is a C program")


@pytest.mark.long
def test_every_text_by_zalo_is_answered_beside_the_carriers(tmp_path: Path) -> None:
    place = Installation(tmp_path / "sqlite")
    place.prepare()
    row = zalo(
        Bench(directory=tmp_path, generator=Generator(tmp_path), sqlite=place, sizes=Sizes(texts=2000, repeats=1))
    )
    assert row.report["answered"] == row.report["acked"] == 2000
    assert row.extra["zalo_texts"] > 0
    assert [target.met for target in row.targets] == [True, True]
