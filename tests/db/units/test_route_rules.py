"""Topics and rules in rows."""

from __future__ import annotations

from dataclasses import replace

from db.schema import Priority
from db.store.engine import Database
from db.units.route_rules import (
    RuleRow,
    TopicRow,
    add_topic,
    change_topic,
    count_hits,
    list_rules,
    list_topics,
    replace_rules,
)
from tests.db.units.rows import units

LAMPS = TopicRow(id=1, code="lamps", name="Đèn đường", words=("DEN DUONG", "DEN"), unit_id=1, priority=Priority.HIGH)
FIRST = RuleRow(id=5, position=1, kind="report", any_of=("DEN DUONG", "MAT DIEN"), all_of=("HONG",), topic_id=1)
SECOND = RuleRow(id=4, position=2, area=("HAI CHAU",), unit_id=2, priority=Priority.LOW)


def test_topics_and_rules_are_read_as_they_were_written_in_their_order(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        add_topic(connection, LAMPS)
        replace_rules(connection, [SECOND, FIRST])
        assert list_topics(connection) == [LAMPS]
        assert list_rules(connection) == [FIRST, SECOND]
        change_topic(connection, replace(LAMPS, words=(), unit_id=None, is_accusation=True))
        assert list_topics(connection) == [replace(LAMPS, words=(), unit_id=None, is_accusation=True)]
        replace_rules(connection, [])
        assert list_rules(connection) == []


def test_hits_are_added_up(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        add_topic(connection, LAMPS)
        replace_rules(connection, [FIRST, SECOND])
        count_hits(connection, [None])
        count_hits(connection, [5, 4, None, 5])
        count_hits(connection, [5, 5, 5, 99])  # 99 was deleted meanwhile
        assert [rule.hits for rule in list_rules(connection)] == [5, 1]
