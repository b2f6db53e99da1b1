"""API clients on the real database: keys, rotation, and what is stored of a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from db.back_office.api_clients import (
    MOST_CLIENTS,
    Added,
    Scope,
    add_client,
    disable_client,
    find_by_key,
    is_use_due,
    list_clients,
    note_use,
    rotate_key,
    signers,
)
from db.schema import api_client
from db.store.engine import Database

NOON = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def add(database: Database, name: str, *, client_id: int = 1, key: str = "first", secret: str | None = None) -> Added:
    with database.write() as connection:
        return add_client(
            connection, client_id=client_id, name=name, scopes={Scope.DOSSIERS}, key=key, secret=secret, now=NOON
        )


def owner(database: Database, key: str, now: datetime = NOON) -> str | None:
    with database.read() as connection:
        found = find_by_key(connection, key, now)
    return None if found is None else found.name


def test_a_key_opens_for_its_client_and_is_stored_nowhere(database: Database) -> None:
    assert add(database, "lgsp") is Added.ADDED
    assert (owner(database, "first"), owner(database, "other"), owner(database, "")) == ("lgsp", None, None)
    with database.read() as connection:
        row = connection.execute(select(api_client)).one()
        (client,) = list_clients(connection)
    assert all("first" not in str(value) and b"first" not in bytes(str(value), "utf-8") for value in row)
    assert (client.scopes, client.signs, client.used_at) == (frozenset({Scope.DOSSIERS}), False, None)


def test_a_name_is_given_once_even_after_it_was_disabled(database: Database) -> None:
    add(database, "lgsp")
    with database.write() as connection:
        assert disable_client(connection, "lgsp", NOON)
        assert not disable_client(connection, "lgsp", NOON)
    assert owner(database, "first") is None
    assert add(database, "lgsp", client_id=2, key="second") is Added.TAKEN


def test_the_previous_key_and_secret_are_taken_until_their_time_is_over(database: Database) -> None:
    add(database, "lgsp", secret="whsec_one")
    with database.write() as connection:
        assert rotate_key(connection, "lgsp", key="second", secret="whsec_two", previous_until=NOON + DAY, now=NOON)
        assert not rotate_key(connection, "nobody", key="x", secret=None, previous_until=NOON, now=NOON)
    assert (owner(database, "first"), owner(database, "second")) == ("lgsp", "lgsp")
    assert (owner(database, "first", NOON + DAY), owner(database, "second", NOON + DAY)) == (None, "lgsp")
    with database.read() as connection:
        (now,), (later,) = signers(connection, NOON), signers(connection, NOON + DAY)
    assert (now.secrets, later.secrets) == (("whsec_two", "whsec_one"), ("whsec_two",))


def test_a_client_that_carries_its_key_signs_nothing_also_after_a_rotation(database: Database) -> None:
    add(database, "lgsp")
    with database.write() as connection:
        rotate_key(connection, "lgsp", key="second", secret="whsec_two", previous_until=NOON + DAY, now=NOON)
        assert signers(connection, NOON) == []


def test_the_last_use_is_known_to_the_minute(database: Database) -> None:
    add(database, "lgsp")
    with database.write() as connection:
        (client,) = list_clients(connection)
        note_use(connection, client, NOON)
        (client,) = list_clients(connection)
    assert [is_use_due(client, NOON + timedelta(seconds=after)) for after in (0, 59, 60)] == [False, False, True]


def test_there_is_a_limit_of_clients_that_disabled_ones_do_not_use_up(database: Database) -> None:
    with database.write() as connection:
        for number in range(MOST_CLIENTS):
            added = add_client(
                connection, client_id=number, name=f"c{number}", scopes=(), key=f"k{number}", secret=None, now=NOON
            )
            assert added is Added.ADDED, number
    assert add(database, "one-more", client_id=500) is Added.TOO_MANY
    with database.write() as connection:
        disable_client(connection, "c7", NOON)
    assert add(database, "one-more", client_id=500) is Added.ADDED
