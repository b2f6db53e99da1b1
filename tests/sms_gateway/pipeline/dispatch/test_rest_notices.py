"""A number at rest as a machine's: a command of another kind gets one notice a day, and repetitions get none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.citizens import block_list
from db.store.address import Address
from db.store.engine import Database
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PERSON = "84905123456"
LOOK_UP = "DVC 000.00.12.H17-230815-0007"
REGISTRATION = "TK, Nguyen Van A, 201499999, 20/12/1990"


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    return Counterdesk(database=database)


def fall_silent(desk: Counterdesk) -> None:
    """Send texts of no use so fast that the number is taken for a machine's."""
    send_useless(desk, 6)
    assert desk.events("loop_broken") == 1


def send_useless(desk: Counterdesk, count: int) -> None:
    for number in range(count):
        desk.pass_(seconds=9)
        desk.text(PERSON, f"ho so xong chua {number}")


@pytest.mark.parametrize("command", [LOOK_UP, REGISTRATION])
def test_a_command_from_a_blocked_number_gets_one_notice(desk: Counterdesk, command: str) -> None:
    fall_silent(desk)
    desk.pass_(minutes=2)
    told = desk.text(PERSON, command)
    assert (told.state, told.outcome) == ("handled", "rest_told")
    assert told.answer is not None
    assert "1022" in told.answer
    assert len(told.answer) <= 160
    for text in (command, LOOK_UP, REGISTRATION, "HD"):
        desk.pass_(minutes=2)
        fate = desk.text(PERSON, text)
        assert (fate.state, fate.outcome, fate.answer) == ("silenced", "blocked", None)


def test_the_text_that_would_block_the_number_gets_the_notice_too(desk: Counterdesk) -> None:
    send_useless(desk, 5)
    desk.pass_(seconds=10)
    assert desk.text(PERSON, LOOK_UP).outcome == "rest_told"
    assert desk.events("loop_broken") == 1
    desk.pass_(seconds=11)
    assert desk.text(PERSON, LOOK_UP).outcome == "blocked"


def test_who_looked_up_code_after_code_gets_no_notice_for_the_next(desk: Counterdesk) -> None:
    for number in range(9):
        desk.pass_(seconds=5)
        fate = desk.text(PERSON, f"DVC 000.00.12.H17-230815-{number:04d}")
    assert (fate.outcome, fate.answer) == ("blocked", None)


def test_help_and_misread_texts_get_no_notice(desk: Counterdesk) -> None:
    fall_silent(desk)
    for text in ("HD", "ho so xong chua", "DVC"):
        desk.pass_(minutes=3)
        assert desk.text(PERSON, text).outcome == "blocked"


def test_a_number_that_staff_blocked_gets_no_notice(desk: Counterdesk) -> None:
    entry = block_list.Block(
        number=Address(PERSON), reason="insults", made_by="lan", since=desk.now, until=desk.now + timedelta(days=2)
    )
    with desk.database.write() as connection:
        block_list.put_on_list(connection, entry)
    assert desk.text(PERSON, LOOK_UP).outcome == "blocked"


def test_in_one_batch_the_notice_goes_out_once(desk: Counterdesk) -> None:
    fall_silent(desk)
    desk.pass_(minutes=2)
    fates = desk.batch([(PERSON, LOOK_UP), (PERSON, REGISTRATION)])
    assert [fate.outcome for fate in fates] == ["rest_told", "blocked"]
