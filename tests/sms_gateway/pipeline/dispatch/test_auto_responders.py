"""The pace: machines that answer our answers are told from people, by times and outcomes alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.citizens import block_list
from db.limits.sender_limits import Answered
from db.store.address import Address
from db.store.engine import Database
from handlers.answer import Outcome
from sms_gateway.pipeline.dispatch.auto_responders import ReplyPace, pace_of
from tests.sms_gateway.pipeline.dispatch.desk import NOON, Counterdesk

PERSON = "84905123456"
IN_A_ROW = 5
BOTS: dict[str, Callable[[int], str]] = {
    "the same text": lambda _: "Thank you for your message",
    "a counter": lambda number: f"Thank you, your message no {number} was received",
    "a clock": lambda number: f"12:{number // 60:02d}:{number % 60:02d} Chung toi da nhan tin",
    "a command": lambda _: "HD",
    "a code of its own": lambda number: f"DVC 000.00.12.H17-230815-{number:04d}",
}


def texts_answered(pauses: Sequence[float], outcome: Outcome = Outcome.CORRECTED) -> int:
    """Return how many answers a number gets that writes so many seconds after each, until it falls silent."""
    at, before = NOON, list[Answered]()
    for pause in pauses:
        at += timedelta(seconds=pause)
        if pace_of(before, at, IN_A_ROW) is not ReplyPace.HUMAN:
            break
        before.append(Answered(received_at=at, handled_at=at + timedelta(milliseconds=5), outcome=outcome.value))
    return len(before)


def delays(seconds: float, jitter: float, *, texts: int = 30) -> list[float]:
    random = Random(f"{seconds} {jitter}")
    return [seconds * random.uniform(1 - jitter, 1 + jitter) for _ in range(texts)]


@pytest.mark.parametrize("jitter", [0, 0.1])
@pytest.mark.parametrize("seconds", [1, 5, 15, 20, 30])
@pytest.mark.parametrize("outcome", [Outcome.CORRECTED, Outcome.HELPED, Outcome.STATUS_NOT_FOUND])
def test_a_machine_is_told_after_five_answers(seconds: int, jitter: float, outcome: Outcome) -> None:
    assert texts_answered(delays(seconds, jitter), outcome) == IN_A_ROW


@pytest.mark.parametrize(
    ("seconds", "jitter", "answers"),
    [(45, 0, 5), (45, 0.1, 10), (60, 0, 10), (60, 0.1, 10), (75, 0, 30), (45, 0.5, 30)],
)
def test_a_slow_machine_is_told_as_soon_as_no_person_can_be_hurt(seconds: int, jitter: float, answers: int) -> None:
    assert texts_answered(delays(seconds, jitter)) == answers


@pytest.mark.parametrize("seconds", [15, 30, 45])
@pytest.mark.parametrize("bot", BOTS)
def test_a_bot_gets_five_answers_and_then_a_rest(sqlite_database: Database, bot: str, seconds: int) -> None:
    desk = Counterdesk(database=sqlite_database)
    fates = []
    for number in range(20):
        desk.pass_(seconds=seconds)
        fates.append(desk.text(PERSON, BOTS[bot](number)))
    assert [fate.answer is not None for fate in fates] == [True] * 5 + [False] * 15
    assert [fate.outcome for fate in fates[5:]] == ["loop"] + ["blocked"] * 14
    assert desk.events("loop_broken") == 1
    told = desk.metrics.render().decode()
    assert 'sms_silenced_total{reason="loop"} 1.0' in told
    assert 'sms_silenced_total{reason="blocked"} 14.0' in told
    assert 'sms_alarms_total{kind="loop_broken"} 1.0' in told


def test_each_rest_of_a_machine_is_longer(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    answered: list[datetime] = []
    until = desk.now + timedelta(days=1)
    while desk.now < until:
        desk.pass_(seconds=30 if answered and answered[-1] == desk.now else 600)
        if desk.text(PERSON, "I am away").answer is not None:
            answered.append(desk.now)
    rests = [after - before for before, after in pairwise(answered) if after - before > timedelta(minutes=12)]
    assert [round(rest / timedelta(hours=1)) for rest in rests] == [1, 4, 16]
    assert len(answered) == 4 * 5


def test_an_operator_who_takes_a_number_off_the_list_ends_the_rest_for_good(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    for number in range(6):
        desk.pass_(seconds=1)
        desk.text(PERSON, BOTS["a counter"](number))
    with desk.database.write() as connection:
        assert block_list.take_off_list(connection, Address(PERSON))
    desk.pass_(minutes=2)
    assert desk.text(PERSON, "HD").outcome == "helped"


def test_a_machines_entry_is_remembered_for_a_day_after_its_end(database: Database) -> None:
    desk = Counterdesk(database=database)
    for number in range(6):
        desk.pass_(seconds=1)
        desk.text(PERSON, BOTS["a counter"](number))
    desk.pass_(hours=2)
    with database.write() as connection:
        assert block_list.read_list(connection, now=desk.now) == []
        assert block_list.forget_ended_blocks(connection, desk.now) == 0
        assert block_list.forget_ended_blocks(connection, desk.now + block_list.REMEMBERED) == 1


@given(st.lists(st.floats(min_value=50.1, max_value=400), min_size=10, max_size=10))
def test_ten_tries_in_ten_minutes_are_answered_however_even_they_are(pauses: list[float]) -> None:
    assert texts_answered(pauses) == len(pauses)


@given(st.lists(st.floats(min_value=20.5, max_value=60), min_size=10, max_size=10))
def test_a_person_whose_texts_come_to_something_is_answered_at_any_speed_of_people(pauses: list[float]) -> None:
    for outcome in (Outcome.STATUS_TOLD, Outcome.ACCOUNT_OPENED, Outcome.ACCOUNT_EXISTS):
        assert texts_answered(pauses, outcome) == len(pauses)


@given(st.randoms(use_true_random=False))
def test_an_uneven_person_is_answered(random: Random) -> None:
    pauses = [random.choice((21, 24)) if turn % 2 else random.uniform(32, 60) for turn in range(20)]
    assert texts_answered(pauses) == len(pauses)


def test_a_clerk_looks_up_twenty_dossiers_one_after_another(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    desk.dossiers(BOTS["a code of its own"](number).removeprefix("DVC ") for number in range(20))
    for number in range(20):
        desk.pass_(seconds=30)  # even as a machine: what was found shows that it is none
        assert desk.text(PERSON, BOTS["a code of its own"](number)).answer is not None
