"""Accounts: one for each identity number, also when two ask at once; first passwords end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select, text, update

from db.citizens.accounts import (
    NO_PASSWORD,
    Account,
    expire_first_passwords,
    find_by_id_number,
    find_by_phone,
    find_taken,
    open_account,
)
from db.schema import AccountState, account
from db.store.address import Address, Msisdn
from db.store.engine import Database

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HASH = "$argon2id$v=19$made-up"
ACCOUNT = Account(
    id=1,
    user_name="nguyenvana",
    id_number="201499999",
    full_name="Nguyễn Văn A",
    birth_date="1990-12-20",
    phone=Msisdn(Address("84905123456")),
    password_expires_at=NOW + timedelta(days=3),
    state=AccountState.FIRST_PASSWORD,
    created_at=NOW,
    inbound_id=7,
)


def hash_of(database: Database, account_id: int) -> str:
    with database.read() as connection:
        return str(connection.execute(select(account.c.password_hash).where(account.c.id == account_id)).scalar_one())


def test_opens_an_account_and_finds_it_again(database: Database) -> None:
    with database.write() as connection:
        assert open_account(connection, ACCOUNT, password_hash=HASH)
    with database.read() as connection:
        assert find_by_id_number(connection, "201499999") == ACCOUNT
        assert find_by_id_number(connection, "201499998") is None
        assert find_by_phone(connection, ACCOUNT.phone) == [ACCOUNT]
        assert find_by_phone(connection, Msisdn(Address("84905123457"))) == []
    assert hash_of(database, 1) == HASH


def test_a_phone_may_open_accounts_for_a_family(database: Database) -> None:
    child = replace(ACCOUNT, id=2, user_name="nguyenvanb", id_number="048215000001")
    with database.write() as connection:
        assert open_account(connection, ACCOUNT, password_hash=HASH)
        assert open_account(connection, child, password_hash=HASH)
        assert find_by_phone(connection, ACCOUNT.phone) == [ACCOUNT, child]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(ACCOUNT, id=2, user_name="other"), id="same identity number"),
        pytest.param(replace(ACCOUNT, id=2, id_number="048215000001"), id="same user name"),
    ],
)
def test_refuses_a_second_one_and_leaves_the_transaction_usable(database: Database, other: Account) -> None:
    with database.write() as connection:
        assert open_account(connection, ACCOUNT, password_hash=HASH)
        assert not open_account(connection, other, password_hash="another")
        assert find_by_id_number(connection, ACCOUNT.id_number) == ACCOUNT
    assert hash_of(database, 1) == HASH


def test_of_two_at_once_one_opens_and_the_other_sees_it(database: Database) -> None:
    seen: list[tuple[bool, Account | None]] = []

    def second() -> None:
        with database.write() as connection:
            opened = open_account(connection, replace(ACCOUNT, id=2, user_name="other"), password_hash="another")
            seen.append((opened, find_by_id_number(connection, ACCOUNT.id_number)))

    thread = Thread(target=second)
    with database.write() as connection:
        assert open_account(connection, ACCOUNT, password_hash=HASH)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive(), "the second must wait until the first has committed"
    thread.join(10)
    assert seen == [(False, ACCOUNT)]


def test_tells_which_user_names_are_taken(database: Database) -> None:
    with database.write() as connection:
        open_account(connection, ACCOUNT, password_hash=HASH)
        assert find_taken(connection, ["nguyenvana", "nguyenvana2"]) == {"nguyenvana"}
        assert find_taken(connection, []) == frozenset()


def test_personal_data_are_neither_in_the_rows_nor_in_the_repr(database: Database) -> None:
    with database.write() as connection:
        open_account(connection, ACCOUNT, password_hash=HASH)
    with database.read() as connection:
        row = str(connection.execute(text("SELECT * FROM account")).one())
    for private in (ACCOUNT.id_number, ACCOUNT.full_name, ACCOUNT.birth_date, ACCOUNT.phone):
        assert private not in row
        assert private not in repr(ACCOUNT)
    assert "nguyenvana" in repr(ACCOUNT)


def expire(database: Database, days: float, limit: int = 1000) -> int:
    with database.write() as connection:
        return expire_first_passwords(connection, NOW + timedelta(days=days), limit=limit)


def test_first_passwords_end_once_and_not_before_their_time(database: Database) -> None:
    with database.write() as connection:
        open_account(connection, ACCOUNT, password_hash=HASH)
    assert expire(database, 2.9) == 0
    assert hash_of(database, 1) == HASH
    assert expire(database, 3) == 1
    assert hash_of(database, 1) == NO_PASSWORD
    assert expire(database, 4) == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one | {"state": AccountState.ACTIVE, "password_expires_at": None}, id="changed"),
        pytest.param(lambda one: one | {"state": AccountState.DISABLED}, id="closed by an operator"),
    ],
)
def test_other_passwords_do_not_end(
    database: Database, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    with database.write() as connection:
        open_account(connection, ACCOUNT, password_hash=HASH)
        connection.execute(update(account).values(change({})))
    assert expire(database, 30) == 0
    assert hash_of(database, 1) == HASH


def test_ends_passwords_a_few_at_a_time(database: Database) -> None:
    with database.write() as connection:
        for number in range(1, 6):
            one = replace(ACCOUNT, id=number, user_name=f"name{number}", id_number=f"20149999{number}")
            open_account(connection, one, password_hash=HASH)
    assert [expire(database, 3, limit=2) for _ in range(4)] == [2, 2, 1, 0]
