"""The phones of citizens: one row each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from db.schema import citizen
from db.store.address import Address
from db.tickets.senders import choose_language, languages_of, meet, name_citizen, note_filed
from tests.db.tickets.ticket_rows import CITIZEN, NOW, OTHER, Town


def test_a_phone_has_one_row_that_knows_when_it_was_seen(town: Town) -> None:
    later = NOW + timedelta(days=1)
    with town.database.write() as connection:
        first = meet(connection, [CITIZEN, OTHER, CITIZEN], now=NOW, new_id=town.new_id)
        assert meet(connection, [CITIZEN], now=later, new_id=town.new_id) == {CITIZEN: first[CITIZEN]}
        assert meet(connection, [], now=later, new_id=town.new_id) == {}
        rows = connection.execute(select(citizen.c.phone, citizen.c.created_at, citizen.c.seen_at)).all()
    assert set(rows) == {(CITIZEN, NOW, later), (OTHER, NOW, NOW)}


def test_a_language_is_that_of_the_last_choice(town: Town) -> None:
    with town.database.write() as connection:
        choose_language(connection, CITIZEN, "en", now=NOW, new_id=town.new_id)
        meet(connection, [OTHER], now=NOW, new_id=town.new_id)
        assert languages_of(connection, [CITIZEN, OTHER]) == {CITIZEN: "en"}
        choose_language(connection, CITIZEN, "vi", now=NOW, new_id=town.new_id)
        assert languages_of(connection, [CITIZEN]) == {CITIZEN: "vi"}
        assert languages_of(connection, []) == {}


def test_the_last_filed_text_and_the_name_are_noted(town: Town) -> None:
    later = NOW + timedelta(minutes=1)
    with town.database.write() as connection:
        found = meet(connection, [CITIZEN], now=NOW, new_id=town.new_id)[CITIZEN]
        note_filed(connection, [(CITIZEN, 5, NOW), (CITIZEN, 6, later)])
        name_citizen(connection, found, "Nguyen Van A")
        row = connection.execute(select(citizen)).one()
    assert (row.previous_ticket_id, row.previous_at, row.seen_at, row.name) == (6, later, later, "Nguyen Van A")


def test_phones_that_write_at_once_have_one_row_each(town: Town) -> None:
    phones = [Address(f"8490500{number:04}") for number in range(20)]

    def write(turn: int) -> None:
        for start in range(0, 20, 5):
            some = phones[(start + turn * 3) % 20 :][:5]
            with town.database.write() as connection:
                assert set(meet(connection, some, now=NOW, new_id=town.new_id)) == set(some)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with town.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(citizen)) == 20


def test_what_is_filed_is_noted_with_the_phone_known_or_new(town: Town) -> None:
    later = NOW + timedelta(minutes=1)
    with town.database.write() as connection:
        meet(connection, [CITIZEN], now=NOW, new_id=town.new_id)
        filed = [(CITIZEN, 5, later), (OTHER, 6, NOW), (OTHER, 7, later)]
        meet(connection, [CITIZEN, OTHER], now=NOW, new_id=town.new_id, filed=filed)
        columns = citizen.c.phone, citizen.c.created_at, citizen.c.seen_at, citizen.c.previous_ticket_id
        rows = connection.execute(select(*columns, citizen.c.previous_at)).all()
    assert set(rows) == {(CITIZEN, NOW, later, 5, later), (OTHER, NOW, later, 7, later)}
