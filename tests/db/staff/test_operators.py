"""Operators in rows: names, tries, locks and sessions, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from db.schema import OperatorRole, operator, operator_session
from db.staff.log_in_attempts import (
    FREE_TRIES,
    LONGEST_LOCK,
    NAME_TRIES,
    REMEMBERED,
    Place,
    count_try,
    forget_old,
    locked_places,
    record_success,
)
from db.staff.operators import (
    ONE_TIME,
    add_operator,
    change_password,
    find_alike,
    find_operator,
    is_name,
    list_operators,
    normal_name,
    reset_password,
)
from db.staff.sessions import (
    close_session,
    close_sessions_of,
    find_session,
    forget_ended_sessions,
    open_session,
    touch_session,
)
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOKEN = "canary-token-41c7"
EVER = datetime(2020, 1, 1, tzinfo=UTC)
OFFICE = Place(key="office", is_known=False)


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
            count_try(connection, "lan", OFFICE, now)


def is_open(database: Database, now: datetime) -> bool:
    """Tell whether a try at this moment would be looked at, and count none."""
    with database.write() as connection, connection.begin_nested() as tentative:
        found = count_try(connection, "lan", OFFICE, now)
        tentative.rollback()
    return found is not None


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


@pytest.mark.parametrize(
    "name",
    [
        "\u0430dmin",
        "bo\u0455s",
        "\uff41\uff44\uff4d\uff49\uff4e",
        "lan anh",
        "lan\u200b",
        "l\u0131nh",
        "",
        "x" * 65,
        "a/b",
    ],
)
def test_a_name_of_another_script_or_with_other_signs_is_none(database: Database, name: str) -> None:
    assert not is_name(name)
    with database.write() as connection, pytest.raises(ValueError, match="not a name"):
        add_operator(connection, operator_id=2, name=name, password_hash="-", role=OperatorRole.VIEWER, now=NOW)


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize("name", ["LAN", "1an", "Ian", "lân", "la\u0323\u0302n"])
def test_a_name_that_looks_like_another_is_not_given(database: Database, name: str) -> None:
    with database.write() as connection:
        assert find_alike(connection, name) == "lan"
        assert not add_operator(
            connection, operator_id=2, name=name, password_hash="-", role=OperatorRole.VIEWER, now=NOW
        )


@pytest.mark.parametrize("name", ["command-line", "command.line", "comrnand_line", "1oop", "l00p"])
def test_nobody_is_called_like_a_program(database: Database, name: str) -> None:
    with database.write() as connection:
        assert not add_operator(
            connection, operator_id=2, name=name, password_hash="-", role=OperatorRole.VIEWER, now=NOW
        )


def test_a_name_from_before_this_rule_stays(database: Database) -> None:
    old = "chị Lan \u2013 \uff41"
    with database.write() as connection:
        connection.execute(
            insert(operator).values(
                id=7,
                name=normal_name(old),
                password_hash="-",
                role=OperatorRole.VIEWER,
                must_change=False,
                created_at=NOW,
            )
        )
        found = find_operator(connection, old)
        assert found is not None
        assert count_try(connection, old, OFFICE, NOW) is not None
        assert reset_password(connection, old, "-", NOW)


@pytest.mark.usefixtures("lan")
def test_wrong_tries_lock_the_account_and_the_lock_ends(database: Database) -> None:
    fail(database, FREE_TRIES - 1)
    with database.write() as connection:
        assert count_try(connection, "lan", OFFICE, NOW) is not None  # the fifth is still looked at
    with database.write() as connection:
        assert count_try(connection, "lan", OFFICE, NOW + MINUTE - timedelta(seconds=1)) is None
        assert count_try(connection, "lan", OFFICE, NOW + MINUTE) is not None


@pytest.mark.usefixtures("lan")
def test_the_lock_doubles_up_to_its_longest(database: Database) -> None:
    now, locks = NOW, []
    fail(database, FREE_TRIES - 1, now)
    for _ in range(8):
        fail(database, 1, now)
        minutes = 0
        while not is_open(database, now + minutes * MINUTE):
            minutes += 1
        locks.append(minutes)
        now += minutes * MINUTE
    assert locks == [1, 2, 4, 8, *([LONGEST_LOCK // MINUTE] * 4)]


@pytest.mark.usefixtures("lan")
def test_a_lock_holds_at_its_place_only(database: Database) -> None:
    fail(database, FREE_TRIES)
    with database.write() as connection:
        assert count_try(connection, "lan", OFFICE, NOW) is None
        assert count_try(connection, "lan", Place(key="home", is_known=False), NOW) is not None
        assert locked_places(connection, 1, NOW) == 1
        assert locked_places(connection, 1, NOW + MINUTE) == 0


@pytest.mark.usefixtures("lan")
def test_many_places_lock_the_name_but_not_the_browser_that_it_knows(database: Database) -> None:
    browser = Place(key="browser", is_known=True)
    for number in range(NAME_TRIES):
        with database.write() as connection:
            assert count_try(connection, "lan", Place(key=f"{number}", is_known=False), NOW) is not None
    with database.write() as connection:
        assert count_try(connection, "lan", Place(key="another", is_known=False), NOW) is None
        assert count_try(connection, "lan", browser, NOW) is not None
        record_success(connection, 1, browser)
        found = find_operator(connection, "lan")
        assert found is not None
        assert (found.failures, found.locked_until) == (NAME_TRIES, NOW + MINUTE)
    for _ in range(FREE_TRIES):
        with database.write() as connection:
            assert count_try(connection, "lan", browser, NOW) is not None
    with database.write() as connection:
        assert count_try(connection, "lan", browser, NOW) is None
        assert count_try(connection, "lan", Place(key="another", is_known=False), NOW + MINUTE) is not None


@pytest.mark.usefixtures("lan")
def test_a_name_is_no_longer_watched_a_day_after_its_lock(database: Database) -> None:
    later = NOW + MINUTE + REMEMBERED
    for number in range(NAME_TRIES):
        with database.write() as connection:
            count_try(connection, "lan", Place(key=f"{number}", is_known=False), NOW)
    fail(database, 1, later)
    with database.read() as connection:
        found = find_operator(connection, "lan")
    assert found is not None
    assert (found.failures, found.locked_until) == (1, None)


@pytest.mark.usefixtures("lan")
def test_places_are_forgotten_after_a_day(database: Database) -> None:
    fail(database, FREE_TRIES - 1)
    with database.write() as connection:
        assert forget_old(connection, NOW + REMEMBERED - MINUTE) == 0
    fail(database, 1, NOW + REMEMBERED)  # counted anew, though its row is still there
    assert is_open(database, NOW + REMEMBERED)
    with database.write() as connection:
        assert forget_old(connection, NOW + 2 * REMEMBERED) == 1


@pytest.mark.usefixtures("lan")
def test_a_right_password_forgets_the_wrong_ones(database: Database) -> None:
    fail(database, FREE_TRIES)
    with database.write() as connection:
        record_success(connection, 1, OFFICE)
        assert count_try(connection, "lan", OFFICE, NOW) is not None


def test_a_try_for_nobody_is_none(database: Database) -> None:
    with database.write() as connection:
        assert count_try(connection, "nobody", OFFICE, NOW) is None


@pytest.mark.usefixtures("lan")
def test_a_disabled_operator_can_neither_try_nor_go_on(database: Database) -> None:
    open_one(database)
    with database.write() as connection:
        connection.execute(update(operator).values(disabled=True))
        assert count_try(connection, "lan", OFFICE, NOW) is None
        assert find_session(connection, TOKEN, NOW, used_since=EVER) is None


@pytest.mark.usefixtures("lan")
def test_a_reset_lifts_the_lock_ends_the_sessions_and_asks_for_a_change(database: Database) -> None:
    fail(database, FREE_TRIES)
    with database.write() as connection:
        change_password(connection, 1, "own")
    open_one(database)
    with database.write() as connection:
        assert reset_password(connection, "Lan", "one-time", NOW) is True
        found = count_try(connection, "lan", OFFICE, NOW)
        assert found is not None
        assert (found.password_hash, found.must_change, found.locked_until) == ("one-time", True, None)
        assert found.password_until == NOW + ONE_TIME
        assert find_session(connection, TOKEN, NOW, used_since=EVER) is None
        assert reset_password(connection, "nobody", "one-time", NOW) is False


@pytest.mark.usefixtures("lan")
def test_an_own_password_needs_no_further_change(database: Database) -> None:
    with database.write() as connection:
        change_password(connection, 1, "own")
        found = find_operator(connection, "lan")
        assert found is not None
        assert (found.password_hash, found.must_change, found.password_until) == ("own", False, None)


@pytest.mark.usefixtures("lan")
def test_a_session_is_found_by_its_token_until_it_ends(database: Database) -> None:
    open_one(database)
    with database.read() as connection:
        found = find_session(connection, TOKEN, NOW, used_since=EVER)
        assert found is not None
        assert (found.operator.name, found.csrf, found.created_at, found.seen_at) == ("lan", "form", NOW, NOW)
        assert found.expires_at == NOW + MINUTE
        assert find_session(connection, TOKEN, NOW + MINUTE, used_since=EVER) is None
        assert find_session(connection, "other", NOW, used_since=EVER) is None
        assert find_session(connection, TOKEN, NOW, used_since=NOW) is None  # not used since


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
        touch_session(connection, TOKEN, used_at=NOW + timedelta(seconds=30))
        found = find_session(connection, TOKEN, NOW, used_since=EVER)
        assert found is not None
        assert found.seen_at == NOW + timedelta(seconds=30)


@pytest.mark.usefixtures("lan")
def test_sessions_are_closed_one_by_one_or_all_at_once(database: Database) -> None:
    for token in ("a", "b", "c"):
        open_one(database, token=token)
    with database.write() as connection:
        close_session(connection, "a")
        close_session(connection, "a")  # gone already: no fault
        assert find_session(connection, "a", NOW, used_since=EVER) is None
        assert find_session(connection, "b", NOW, used_since=EVER) is not None
        close_sessions_of(connection, 1)
        assert find_session(connection, "c", NOW, used_since=EVER) is None


@pytest.mark.usefixtures("lan")
def test_only_ended_sessions_are_forgotten(database: Database) -> None:
    open_one(database, token="short", expires=MINUTE)
    open_one(database, token="long", expires=5 * MINUTE)
    with database.write() as connection:
        assert forget_ended_sessions(connection, NOW + MINUTE) == 1
        assert find_session(connection, "long", NOW + MINUTE, used_since=EVER) is not None
