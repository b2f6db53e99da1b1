"""What limits must know is asked in every batch, by one statement: it must not grow slower with the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from db.citizens.block_list import Block, put_on_list
from db.limits.sender_limits import Asked, Known, NewAttempt, add_attempts, mark_of, read_known
from db.messages import inbox
from db.messages.inbox import Handled, NewInbound
from db.schema import AttemptKind, InboundState, account_day
from db.store.address import Address
from db.store.engine import Database
from tests.db.plans import explained

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
BY_INDEX = [
    "ix_inbound_sender (<expr>=? AND sender_mark=? AND state=? AND id>?)",
    "block USING INDEX sqlite_autoindex_block_1 (number_mark=?)",
]
BY_INDEX_OF_ATTEMPTS = [
    "ix_attempt_sender (sender_mark=? AND id>?)",
    "ix_attempt_subject (subject_mark=? AND id>?)",
    "ix_attempt_area (area_mark=? AND id>?)",
    "ix_attempt_missed (id>?)",
    "COVERING INDEX ix_attempt_registered (id>?)",
    "account_day USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
]


def asked(senders: int, *, guesses: bool, most: int = 1000) -> Asked:
    marks = [mark(number) for number in range(senders)]
    tried = marks if guesses else []
    return Asked(senders=marks, guessers=tried, people=tried, areas=tried, since_id=1, lately_id=1, most=most, now=NOW)


def mark(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.mark.parametrize("senders", [1, 2, 100])
@pytest.mark.parametrize("guesses", [False, True])
def test_looks_only_at_what_these_numbers_did(sqlite_database: Database, senders: int, *, guesses: bool) -> None:
    with sqlite_database.write() as connection, explained(connection) as plans:
        read_known(connection, asked(senders, guesses=guesses))
    for wanted in BY_INDEX + BY_INDEX_OF_ATTEMPTS * guesses:
        assert any(wanted in plan for plan in plans), (wanted, plans)
    assert not any("SCAN" in plan and "SCAN CONSTANT ROW" not in plan and "lately" not in plan for plan in plans)


def test_asks_nothing_for_nobody(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection, explained(connection) as plans:
        assert read_known(connection, asked(0, guesses=False)) == Known()
    assert plans == []


def test_tells_what_was_tried_by_whom(database: Database) -> None:
    look_up, register = AttemptKind.LOOK_UP, AttemptKind.REGISTER
    with database.write() as connection:
        add_attempts(
            connection,
            [
                NewAttempt(1, look_up, mark(0), b"miss", mark(1), hit=False),
                NewAttempt(2, look_up, mark(0), b"hit", mark(1), hit=True),
                NewAttempt(3, look_up, mark(0), b"hit", mark(1), hit=False),  # there once is there
                NewAttempt(4, look_up, mark(7), b"miss", mark(1), hit=False),  # who is not asked about, but where
                NewAttempt(5, register, mark(0), mark(8), None, hit=True),
                NewAttempt(6, register, mark(9), mark(0), None, hit=True),  # anyone who registers who is asked about
            ],
        )
        days = [{"first_id": first, "busiest_hour": hour} for first, hour in ((9, 90), (10, 7), (11, 12), (20, 99))]
        connection.execute(insert(account_day), days)
        known = read_known(connection, replace(asked(2, guesses=True), days=(10, 20)))
        few = read_known(connection, asked(2, guesses=True, most=2))
    assert known == Known(
        codes={mark(0): {b"miss": False, b"hit": True}},
        people={mark(0): {mark(8)}},
        phones={mark(0): {mark(9)}},
        misses={mark(1): 3},
        missed_lately=3,
        registered_lately=2,
        busiest_hour=12,
    )
    assert (few.registered_lately, few.busiest_hour) == (2, 0)
    assert few.missed_lately == 2


def test_what_was_told_stands_with_the_text_it_was_told_to(database: Database) -> None:
    at = NOW - timedelta(minutes=1)
    text = NewInbound(
        id=5,
        link="main",
        reply_link="main",
        session=1,
        once=None,
        fingerprint=b"f" * 16,
        sender="84905000001",
        recipient="8188",
        data_coding=0,
        octets=b"DVC",
        wire=None,
        body="DVC",
        received_at=at,
        state=InboundState.RECEIVED,
        duplicate_of=None,
        lease_until=None,
    )
    told = Handled(id=5, state=InboundState.HANDLED, reading=None, outcome="status_told", told=mark(1) + mark(2))
    with database.write() as connection:
        sender = mark_of(connection, "phone", text.sender)
        add_attempts(connection, [NewAttempt(6, AttemptKind.LOOK_UP, sender, mark(1), mark(9), hit=False)])
        inbox.store(connection, [text, replace(text, id=7)], [replace(told, id=7, told=mark(2) + mark(3))], at=at)
        inbox.finish(connection, [told], at=at)
        who = Asked(senders=[sender], guessers=[sender], since_id=1, lately_id=1, most=1, now=NOW)
        known, later = read_known(connection, who), read_known(connection, replace(who, since_id=8))
    assert known.codes == {sender: dict.fromkeys(map(mark, (1, 2, 3)), True)}  # what was there once is there
    assert len(known.standings[sender].answered) == 2
    assert later.codes == {}


def test_a_block_counts_until_its_end(database: Database) -> None:
    ends = {"84905000001": -1, "84905000002": 1}
    with database.write() as connection:
        for number, seconds in ends.items():
            until = NOW + timedelta(seconds=seconds)
            entry = Block(number=Address(number), reason="why", made_by="lan", since=NOW, until=until)
            put_on_list(connection, entry)
        marks = {number: mark_of(connection, "phone", number) for number in ends}
        question = Asked(senders=marks.values(), since_id=1, lately_id=1, most=1, now=NOW)
        standings = read_known(connection, question).standings
    assert {number: mark in standings and standings[mark].is_blocked for number, mark in marks.items()} == {
        "84905000001": False,
        "84905000002": True,
    }
