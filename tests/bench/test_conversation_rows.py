from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.carrier import Generator, Report
from bench.conversation_rows import hoi, middle
from bench.gateway import Installation
from bench.measured import Bench, Sizes

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is a C program")


@pytest.mark.long
def test_every_question_opens_a_ticket_and_is_answered(tmp_path: Path) -> None:
    place = Installation(tmp_path / "sqlite")
    place.prepare()
    sizes = Sizes(texts=40, repeats=1)
    row = hoi(Bench(directory=tmp_path, generator=Generator(tmp_path), sqlite=place, sizes=sizes))
    assert row.report["answered"] == row.report["acked"] == row.report["receipts_acked"] == 40
    assert (row.report["lost"], row.report["doubled"], row.report["strays"]) == (0, 0, 0)
    of_dvc, without_ticket = row.targets
    assert of_dvc.value > 0
    assert without_ticket.met


def test_the_middle_is_the_pair_with_the_median_ratio() -> None:
    def report(rate: float) -> Report:
        return {"answers_per_second": rate}

    pairs = [(report(100), report(90)), (report(200), report(100)), (report(50), report(50))]
    assert middle(pairs) == (0.9, report(100), report(90))
