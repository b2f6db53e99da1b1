"""Canned answers: who may use which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from db.schema import OperatorRole
from db.staff.operators import add_operator
from db.store.engine import Database
from db.units.canned_answers import (
    CannedAnswer,
    add_canned_answer,
    canned_answers_for,
    change_canned_answer,
    remove_canned_answer,
)
from tests.db.units.rows import units

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
EVERYBODYS = CannedAnswer(id=1, language="vi", title="Chào", body="Xin chao {name}", changed_at=NOW)
OF_UNIT = replace(EVERYBODYS, id=2, title="B", unit_id=1)
OWN = replace(EVERYBODYS, id=3, title="A", operator_id=1)
OTHERS = (
    replace(OF_UNIT, id=4, unit_id=2),
    replace(OWN, id=5, operator_id=2),
    replace(EVERYBODYS, id=6, language="en"),
)


def fill(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        for number, name in enumerate(("lan", "nam"), 1):
            add_operator(
                connection, operator_id=number, name=name, password_hash="hash", role=OperatorRole.VIEWER, now=NOW
            )
        for answer in (EVERYBODYS, OF_UNIT, OWN, *OTHERS):
            add_canned_answer(connection, answer)


def test_an_operator_sees_their_own_their_units_and_everybodys(database: Database) -> None:
    fill(database)
    with database.read() as connection:
        assert canned_answers_for(connection, operator_id=1, unit_ids=[1], language="vi") == [OWN, OF_UNIT, EVERYBODYS]
        assert canned_answers_for(connection, operator_id=3, unit_ids=[], language="vi") == [EVERYBODYS]


def test_an_answer_that_is_gone_is_not_changed(database: Database) -> None:
    fill(database)
    with database.write() as connection:
        assert change_canned_answer(connection, replace(OWN, title="C"))
        assert remove_canned_answer(connection, OWN.id)
        assert not remove_canned_answer(connection, OWN.id)
        assert not change_canned_answer(connection, OWN)
