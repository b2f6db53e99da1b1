"""The rights of a person: all is told, all is erased, and nobody else loses anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.citizens import block_list, erasure, person_export
from db.schema import InboundState, OutboundState, account, attempt, inbound, outbound
from db.store.address import Address
from db.store.engine import Database
from db.store.phone_numbers import read_sender
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PERSON = Address("84905123456")
OTHER = Address("84905999888")
ID_NUMBER = "201499999"
TK = f"TK, Nguyen Van A, {ID_NUMBER}, 20/12/1990"


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    desk = Counterdesk(database=database)
    for sender, body in [(PERSON, TK), (PERSON, "HD"), (OTHER, "HD"), (OTHER, f"DVC {ID_NUMBER}"), (PERSON, "HD DVC")]:
        desk.pass_(minutes=2)
        desk.text(sender, body)
    return desk


def send_all(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(outbound).values(state=OutboundState.SENT))


def test_everything_of_a_number_is_told(desk: Counterdesk) -> None:
    entry = block_list.Block(
        number=PERSON, reason="why", made_by="lan", since=desk.now, until=desk.now + timedelta(days=1)
    )
    with desk.database.write() as connection:
        block_list.put_on_list(connection, entry)
        stored = person_export.find_by_number(connection, PERSON, read_sender)
    assert [one.words for one in stored.texts if one.way == "received"] == [TK, "HD", "HD DVC"]
    assert len(stored.texts) == 6
    assert "MK: ****" in stored.texts[1].words
    assert [one.id_number for one in stored.accounts] == [ID_NUMBER]
    assert [one.reason for one in stored.blocks] == ["why"]
    assert stored.attempts == 1
    assert "argon2" not in repr(stored)


def test_everything_of_an_identity_number_is_told(desk: Counterdesk) -> None:
    with desk.database.read() as connection:
        stored = person_export.find_by_id_number(connection, ID_NUMBER)
        nobody = person_export.find_by_id_number(connection, "999999999")
    assert [one.words for one in stored.texts if one.way == "received"] == [TK]
    assert [one.full_name for one in stored.accounts] == ["Nguyen Van A"]
    assert (nobody.texts, nobody.accounts) == ([], [])


def test_a_number_is_erased_everywhere_and_the_rows_stay(desk: Counterdesk) -> None:
    send_all(desk)
    with desk.database.write() as connection:
        erased = erasure.erase_number(connection, PERSON, read_sender, now=desk.now)
        again = erasure.erase_number(connection, PERSON, read_sender, now=desk.now)
        stored = person_export.find_by_number(connection, PERSON, read_sender)
        other = person_export.find_by_number(connection, OTHER, read_sender)
        rows = connection.execute(select(inbound.c.state, inbound.c.reading, inbound.c.body)).all()
    assert (erased.texts, erased.answers, erased.attempts, erased.under_way) == (3, 3, 1, 0)
    assert erased.kept_accounts == 1
    assert (again.texts, again.answers) == (0, 0)
    assert (stored.texts, stored.attempts) == ([], 0)
    assert len(other.texts) == 4
    assert len(rows) == 5
    assert all(row.state is InboundState.HANDLED and row.reading for row in rows)


def test_an_identity_number_is_erased_with_its_account_and_texts(desk: Counterdesk) -> None:
    send_all(desk)
    with desk.database.write() as connection:
        erased = erasure.erase_id_number(connection, ID_NUMBER, read_sender)
        bodies = list(connection.scalars(select(inbound.c.body)))
        assert connection.execute(select(account)).all() == []
        assert person_export.find_by_number(connection, PERSON, read_sender).texts  # the rest of the number stays
        kinds = list(connection.scalars(select(attempt.c.kind)))
    assert (erased.texts, erased.answers, erased.accounts, erased.attempts) == (1, 1, 1, 2)
    assert TK not in bodies
    assert kinds == []


def test_what_is_under_way_is_left_and_told(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        erased = erasure.erase_number(connection, PERSON, read_sender, now=desk.now)
    assert (erased.texts, erased.answers, erased.under_way) == (0, 0, 3)
    send_all(desk)
    with desk.database.write() as connection:
        assert erasure.erase_number(connection, PERSON, read_sender, now=desk.now).under_way == 0
