"""Thanks get no answer: they are stored and shown, use up nothing, and are held against nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.citizens import block_list
from db.schema import inbound
from db.store.address import Address
from db.store.engine import Database
from sms_gateway.pipeline.dispatch.guard import Limits
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk, Fate

PERSON = "84905123456"
THANKED = Fate(state="handled", outcome="thanked", answer=None)


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    return Counterdesk(database=database)


@pytest.mark.parametrize("text", ["ok", "Cảm ơn rất nhiều ❤️", "da vang", "ok cam on em nhe ❤️", "👍"])
def test_thanks_are_stored_as_thanked_and_not_answered(desk: Counterdesk, text: str) -> None:
    assert desk.text(PERSON, text) == THANKED
    with desk.database.read() as connection:
        assert connection.execute(select(inbound.c.reading)).scalar_one() == "thanks"
    assert "sms_misreads_total{" not in desk.metrics.render().decode()


def test_thanks_use_up_no_answer_of_the_hour_and_get_no_notice(desk: Counterdesk) -> None:
    desk.limits = Limits(per_hour=2, in_a_row=100)
    for number in range(6):
        desk.pass_(minutes=2)
        assert desk.text(PERSON, f"ok {'nhe' * (number % 2)}") == THANKED
    assert [desk.text(PERSON, text).outcome for text in ("HD", "HD TK")] == ["helped"] * 2
    assert desk.text(PERSON, "cam on") == THANKED
    assert desk.text(PERSON, "HD DVC").outcome == "hour_limit_told"
    assert desk.text(PERSON, "vang a") == THANKED


def test_thanks_inside_one_batch_use_up_nothing(desk: Counterdesk) -> None:
    desk.limits = Limits(per_hour=2, in_a_row=100)
    texts = ("ok", "HD", "cam on", "vang", "HD TK", "da")
    assert [fate.outcome for fate in desk.batch([(PERSON, text) for text in texts])] == [
        *("thanked", "helped", "thanked", "thanked", "helped", "thanked")
    ]


def test_thanks_make_nobody_a_machine(desk: Counterdesk) -> None:
    for text in ("HD", "ok", "HD TK", "ok a", "HD DVC", "ok em", "TK", "cam on", "DVC", "vang"):
        desk.pass_(seconds=5)
        assert desk.text(PERSON, text).state == "handled"
    desk.pass_(seconds=5)
    assert desk.text(PERSON, "da vang") == THANKED
    assert desk.events("loop_broken") == 0
    for number in range(40):
        desk.pass_(seconds=2)
        assert desk.text(PERSON, f"cam on{' nhe' * (number % 3)}").answer is None
    assert desk.events("loop_broken") == 0


def test_the_thanks_of_a_blocked_number_are_silenced(desk: Counterdesk) -> None:
    block = block_list.Block(
        number=Address(PERSON), reason="x", made_by="lan", since=desk.now, until=desk.now + timedelta(days=1)
    )
    with desk.database.write() as connection:
        block_list.put_on_list(connection, block)
    assert desk.text(PERSON, "ok").outcome == "blocked"
