"""A service is switched off by a row, once, and on again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

from db.staff.service_switches import SwitchedOff, list_switched_off, off_sentences, switch_off, switch_on
from db.store.engine import Database

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


def test_services_are_switched_off_and_on_once_each(database: Database) -> None:
    with database.write() as connection:
        assert list_switched_off(connection) == {}
        later = NOW + timedelta(minutes=1)
        assert switch_off(connection, "register_account", operator="lan", now=later, sentence="Tam ngung.")
        assert switch_off(connection, "conversation", operator="lan", now=NOW)
        assert not switch_off(connection, "conversation", operator="minh", now=later, sentence="x")
        assert list(list_switched_off(connection).items()) == [
            ("conversation", SwitchedOff(operator="lan", at=NOW)),
            ("register_account", SwitchedOff(operator="lan", at=later, sentence="Tam ngung.")),
        ]
        assert off_sentences(connection) == {"conversation": "", "register_account": "Tam ngung."}
        assert switch_on(connection, "conversation")
        assert not switch_on(connection, "conversation")
        assert list(list_switched_off(connection)) == ["register_account"]


def test_two_people_press_the_button_at_the_same_moment(postgres_database: Database) -> None:
    def press(operator: str) -> bool:
        with postgres_database.write() as connection:
            return switch_off(connection, "conversation", operator=operator, now=NOW)

    with ThreadPoolExecutor(max_workers=1) as pool:
        with postgres_database.write() as connection:
            assert switch_off(connection, "conversation", operator="lan", now=NOW)
            second = pool.submit(press, "minh")
            wait([second], timeout=0.3)  # it waits for the end of the first
        assert second.result(timeout=20) is False
    with postgres_database.read() as connection:
        assert list_switched_off(connection) == {"conversation": SwitchedOff(operator="lan", at=NOW)}
