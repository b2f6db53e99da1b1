"""Operators in rows: names, tries, locks and sessions, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from db.engine import Database
from db.operator_sessions import (
    close_session,
    close_sessions_of,
    find_session,
    forget_ended_sessions,
    open_session,
    touch_session,
)
from db.operators import (
    FREE_TRIES,
    LONGEST_LOCK,
    add_operator,
    change_password,
    count_try,
    find_operator,
    list_operators,
    may_try,
    record_success,
    reset_password,
)
from db.schema import OperatorRole, operator, operator_session

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOKEN = "canary-token-41c7"


@pytest.fixture
def lan(database: Database) -> int:
    with database.write() as connection:
        assert add_operator(
            connection, operator_id=1, name="Lan", password_hash="hash", role=OperatorRole.VIEWER, now=NOW
        )
    return 1


def fail(database: Database, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        with database.write() as connection:
            count_try(connection, "lan", now)


def open_one(database: Database, *, token: str = TOKEN, expires: timedelta = MINUTE) -> None:
    with database.write() as connection:
        open_session(connection, token=token, operator_id=1, csrf="form", now=NOW, expires_at=NOW + expires)


@pytest.mark.usefixtures("lan")
def test_an_operator_is_found_by_the_name_however_it_is_typed(database: Database) -> None:
    with database.read() as connection:
        found = find_operator(connection, "  LAN ")
        assert found is not None
        assert (found.name, found.role, found.must_change, found.created_at) == ("lan", OperatorRole.VIEWER, True, NOW)
        assert "hash" not in repr(found)
        assert find_operator(connection, "huy") is None


@pytest.mark.usefixtures("lan")
def test_a_name_is_given_once(database: Database) -> None:
    with database.write() as connection:
        again = add_operator(
            connection, operator_id=2, name="LAN", password_hash="other", role=OperatorRole.OPERATOR, now=NOW
        )
        assert again is False
        assert [one.id for one in list_operators(connection)] == [1]


@pytest.mark.usefixtures("lan")
def test_wrong_tries_lock_the_account_and_the_lock_ends(database: Database) -> None:
    fail(database, FREE_TRIES - 1)
    with database.write() as connection:
        assert count_try(connection, "lan", NOW) is not None  # the fifth is still looked at
    with database.write() as connection:
        assert count_try(connection, "lan", NOW + MINUTE - timedelta(seconds=1)) is None
        assert count_try(connection, "lan", NOW + MINUTE) is not None


@pytest.mark.usefixtures("lan")
def test_whether_a_try_counts_can_be_asked_first(database: Database) -> None:
    with database.read() as connection:
        assert may_try(connection, "Lan", NOW)
        assert not may_try(connection, "nobody", NOW)
    fail(database, FREE_TRIES)
    with database.read() as connection:
        assert not may_try(connection, "lan", NOW)
        assert may_try(connection, "lan", NOW + MINUTE)


@pytest.mark.usefixtures("lan")
def test_the_lock_doubles_up_to_its_longest(database: Database) -> None:
    now, locks = NOW, []
    for _ in range(FREE_TRIES + 7):
        fail(database, 1, now)
        with database.read() as connection:
            found = find_operator(connection, "lan")
            assert found is not None
            if found.locked_until is not None:
                locks.append((found.locked_until - now) // MINUTE)
                now = found.locked_until
    assert locks[:6] == [1, 2, 4, 8, 15, 15]
    assert max(locks) == LONGEST_LOCK // MINUTE


@pytest.mark.usefixtures("lan")
def test_a_right_password_forgets_the_wrong_ones(database: Database) -> None:
    fail(database, FREE_TRIES)
    with database.write() as connection:
        record_success(connection, 1)
        assert count_try(connection, "lan", NOW) is not None


def test_a_try_for_nobody_is_none(database: Database) -> None:
    with database.write() as connection:
        assert count_try(connection, "nobody", NOW) is None


@pytest.mark.usefixtures("lan")
def test_a_disabled_operator_can_neither_try_nor_go_on(database: Database) -> None:
    open_one(database)
    with database.write() as connection:
        connection.execute(update(operator).values(disabled=True))
        assert count_try(connection, "lan", NOW) is None
        assert find_session(connection, TOKEN, NOW) is None


@pytest.mark.usefixtures("lan")
def test_a_reset_lifts_the_lock_ends_the_sessions_and_asks_for_a_change(database: Database) -> None:
    fail(database, FREE_TRIES)
    with database.write() as connection:
        change_password(connection, 1, "own")
    open_one(database)
    with database.write() as connection:
        assert reset_password(connection, "Lan", "one-time") is True
        found = count_try(connection, "lan", NOW)
        assert found is not None
        assert (found.password_hash, found.must_change, found.locked_until) == ("one-time", True, None)
        assert find_session(connection, TOKEN, NOW) is None
        assert reset_password(connection, "nobody", "one-time") is False


@pytest.mark.usefixtures("lan")
def test_an_own_password_needs_no_further_change(database: Database) -> None:
    with database.write() as connection:
        change_password(connection, 1, "own")
        found = find_operator(connection, "lan")
        assert found is not None
        assert (found.password_hash, found.must_change) == ("own", False)


@pytest.mark.usefixtures("lan")
def test_a_session_is_found_by_its_token_until_it_ends(database: Database) -> None:
    open_one(database)
    with database.read() as connection:
        found = find_session(connection, TOKEN, NOW)
        assert found is not None
        assert (found.operator.name, found.csrf, found.created_at, found.seen_at) == ("lan", "form", NOW, NOW)
        assert found.expires_at == NOW + MINUTE
        assert find_session(connection, TOKEN, NOW + MINUTE) is None
        assert find_session(connection, "other", NOW) is None


@pytest.mark.usefixtures("lan")
def test_the_token_itself_is_not_stored(database: Database) -> None:
    open_one(database)
    with database.read() as connection:
        mark = connection.execute(select(operator_session.c.token_mark)).scalar_one()
    assert isinstance(mark, bytes)
    assert TOKEN.encode() not in mark


@pytest.mark.usefixtures("lan")
def test_a_touched_session_tells_when(database: Database) -> None:
    open_one(database)
    with database.write() as connection:
        touch_session(connection, TOKEN, NOW + timedelta(seconds=30))
        found = find_session(connection, TOKEN, NOW)
        assert found is not None
        assert found.seen_at == NOW + timedelta(seconds=30)


@pytest.mark.usefixtures("lan")
def test_sessions_are_closed_one_by_one_or_all_at_once(database: Database) -> None:
    for token in ("a", "b", "c"):
        open_one(database, token=token)
    with database.write() as connection:
        close_session(connection, "a")
        close_session(connection, "a")  # gone already: no fault
        assert find_session(connection, "a", NOW) is None
        assert find_session(connection, "b", NOW) is not None
        close_sessions_of(connection, 1)
        assert find_session(connection, "c", NOW) is None


@pytest.mark.usefixtures("lan")
def test_only_ended_sessions_are_forgotten(database: Database) -> None:
    open_one(database, token="short", expires=MINUTE)
    open_one(database, token="long", expires=5 * MINUTE)
    with database.write() as connection:
        assert forget_ended_sessions(connection, NOW + MINUTE) == 1
        assert find_session(connection, "long", NOW + MINUTE) is not None
