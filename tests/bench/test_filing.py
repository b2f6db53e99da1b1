from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bench.city import add_city
from bench.filing import Batches, context_of
from bench.guarded import opened_rig
from db.schema import ticket


def test_each_text_of_a_batch_opens_a_ticket_and_is_answered(tmp_path: Path) -> None:
    with opened_rig(tmp_path) as rig:
        add_city(rig.database)
        batches = Batches(rig, context_of(rig), size=2)
        spans = batches.run(["HOI den duong hong o phuong Hai Chau", "HOI dang ky tam tru can giay to gi"])
        with rig.database.read() as connection:
            opened = connection.scalar(select(func.count()).select_from(ticket))
    assert opened == 2
    assert all("so YC" in answer for answer in batches.answers), batches.answers
    assert all(span > 0 for span in spans.values()), spans
