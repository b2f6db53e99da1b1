"""A loop with the carrier: what we sent, or a receipt of it, comes back as a text. Nobody is blocked for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from db.citizens import block_list
from db.schema import outbound, segment
from db.store.engine import Database
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

CITIZEN = "84905123456"
RECEIPT = "id:{} sub:001 dlvrd:001 submit date:2611281900 done date:2611281901 stat:DELIVRD err:000 text:"
CODE = "000.00.12.H17-230815-0007"


def blocked(desk: Counterdesk) -> int:
    with desk.database.read() as connection:
        return len(block_list.read_list(connection, now=desk.now))


def sent_as(desk: Counterdesk, *message_ids: str) -> None:
    """Give the newest answers these ids, as if the carrier had taken them."""
    with desk.database.write() as connection:
        newest = connection.scalars(select(outbound.c.id).order_by(outbound.c.id.desc()).limit(len(message_ids))).all()
        taken = {"number": 1, "link": "main", "sent_at": desk.now}
        rows = [
            {"outbound_id": row, "message_id": one, "message_key": one.lower(), **taken}
            for row, one in zip(newest, message_ids, strict=True)
        ]
        connection.execute(insert(segment), rows)


def test_receipts_that_come_as_texts_get_no_answer_and_block_nobody(database: Database) -> None:
    desk = Counterdesk(database=database)
    for number in range(20):
        desk.pass_(seconds=1)
        fate = desk.text(CITIZEN, RECEIPT.format(f"1A2B{number:04X}"))
        assert (fate.state, fate.outcome, fate.answer) == ("silenced", "receipt", None)
    assert blocked(desk) == 0
    assert desk.events("loop_broken") == 0
    assert desk.events("carrier_loop") == 1
    assert 'sms_alarms_total{kind="carrier_loop"} 1.0' in desk.metrics.render().decode()
    assert desk.text(CITIZEN, "HD").outcome == "helped"
    desk.pass_(days=1, hours=1)
    desk.text(CITIZEN, RECEIPT.format("77"))
    assert desk.events("carrier_loop") == 2


@pytest.mark.parametrize("seconds", [1, 20])
@pytest.mark.parametrize("first", ["HD", "TK, Nguyen Van A, 001090000016, 20/12/1990", f"DVC {CODE}", "xin chao"])
@pytest.mark.parametrize("frame", ["{}", "[8188] {}", "{:.70}"])
def test_answers_that_come_back_end_at_once_and_block_nobody(
    sqlite_database: Database, first: str, seconds: float, frame: str
) -> None:
    desk = Counterdesk(database=sqlite_database)
    desk.dossiers([CODE])
    fate = desk.text(CITIZEN, first)
    answers = 0
    for _ in range(30):
        desk.pass_(seconds=seconds)
        if fate.answer is None:
            break
        answers += 1
        last = fate.answer
        fate = desk.text(CITIZEN, frame.format(last))
    assert answers <= 3
    assert fate.answer is None
    desk.pass_(seconds=15)  # later than a finger that hits twice
    fate = desk.text(CITIZEN, frame.format(last))
    assert (fate.state, fate.outcome) == ("silenced", "echo")
    assert blocked(desk) == 0
    assert desk.events("carrier_loop") == 1
    assert desk.text(CITIZEN, "HD").outcome == "helped"


@pytest.mark.parametrize(
    "receipt", ["MSGID {} OK", "delivered {} 2026-11-28", "Bao cao: tin {} da den may cua thue bao luc 19:01 28/11"]
)
@pytest.mark.parametrize("message_id", ["1A2B3C00", "8812345671"])
def test_a_receipt_in_an_unknown_dialect_is_known_by_the_id_of_our_answer(
    sqlite_database: Database, receipt: str, message_id: str
) -> None:
    desk = Counterdesk(database=sqlite_database)
    fate, texts = desk.text(CITIZEN, "HD"), 0
    while fate.answer is not None:
        texts += 1
        sent_as(desk, f"{message_id}{texts}")
        desk.pass_(seconds=1)
        fate = desk.text(CITIZEN, receipt.format(f"{message_id}{texts}"))
    assert texts <= 5
    assert fate.outcome == "echo"
    assert blocked(desk) == 0
    assert desk.events("carrier_loop") == 1
    desk.pass_(minutes=2)
    assert desk.text(CITIZEN, "HD").outcome == "helped"


@pytest.mark.parametrize(
    "words",
    ["Xin hoi: {} sao lau vay?", "{} bao gio xong?", "hoi lai {}", "DVC {}", "Fwd: {}", "{} cam on"],
)
def test_a_citizen_who_asks_about_an_answer_is_answered_each_time(sqlite_database: Database, words: str) -> None:
    desk = Counterdesk(database=sqlite_database)
    desk.dossiers([CODE])
    answer = desk.text(CITIZEN, f"DVC {CODE}").answer
    assert answer is not None
    for _ in range(5):
        desk.pass_(minutes=8)
        assert desk.text(CITIZEN, words.format(answer)).answer is not None
    assert desk.events("carrier_loop") == 0


def test_a_citizen_who_forwards_an_answer_to_us_is_answered(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    desk.text(CITIZEN, "xin chao")
    desk.pass_(minutes=1)
    answer = desk.text(CITIZEN, "HD").answer
    desk.pass_(minutes=1)
    assert desk.text(CITIZEN, f"Toi nhan duoc: {answer}").answer is not None
    assert desk.events("carrier_loop") == 0


def test_a_machine_that_says_words_of_its_own_is_still_left_alone(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    for _ in range(8):
        desk.pass_(seconds=15)
        desk.text(CITIZEN, "Cam on quy khach da nhan tin den so nay, chung toi se goi lai trong gio hanh chinh.")
    assert blocked(desk) == 1
    assert desk.events("carrier_loop") == 0


def test_what_an_earlier_hour_brought_is_not_compared(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    answer = str(desk.text(CITIZEN, "HD").answer)
    for _ in range(6):
        desk.now += timedelta(minutes=61)
        assert desk.text(CITIZEN, answer).answer is not None
    assert desk.events("carrier_loop") == 0
