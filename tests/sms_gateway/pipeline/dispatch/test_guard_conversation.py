"""The guard and conversations: people who answer agents are no machines, two machines still are, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from db.citizens.block_list import Block, put_on_list
from db.store.address import Address
from db.store.engine import Database
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acted
from sms_gateway.pipeline.dispatch.guard import Limits
from tests.generators.generated import LONG
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, city_hall

WORDS = tuple("nha so duong ngo hem den nuoc rac cay cong via he truoc sau gan cho truong chua hom".split())  # noqa: SIM905 - read as words


def some_words(random: Random) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(3, 8)))


def asked_by_agent(hall: CityHall) -> str:
    hall.text(AN, "PA den duong hong o phuong Hai Chau")
    hall.pass_(minutes=10)
    number = hall.tickets()[0].number
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha, ten duong?"), number)
    hall.pass_(seconds=20)
    return number


@pytest.mark.parametrize("seed", range(5 if LONG else 2))
def test_a_person_who_answers_an_agent_five_times_in_a_minute_is_no_loop(sqlite_database: Database, seed: int) -> None:
    random = Random(seed)
    hall = city_hall(sqlite_database)
    number = asked_by_agent(hall)
    fates = []
    for _ in range(7):
        fates.append(hall.text(AN, some_words(random)))
        hall.pass_(seconds=random.uniform(5, 11))
    assert {fate.outcome for fate in fates} == {"text_filed_for_agent"}
    assert len(hall.entries(number)) == 2 + 7


@pytest.mark.parametrize("first", ["HOI lam ho chieu can giay to gi", "toi dang di vang, se goi lai sau"])
@pytest.mark.parametrize("seed", range(4 if LONG else 2))
def test_two_machines_stop_talking_to_each_other(sqlite_database: Database, seed: int, first: str) -> None:
    random = Random(seed)
    hall = city_hall(sqlite_database)
    delay = random.uniform(1, 8)
    answers = 0
    fate = hall.text(AN, first)
    while fate.answer is not None and answers < 20:
        answers += 1
        hall.pass_(seconds=delay * random.uniform(0.95, 1.05))
        fate = hall.text(AN, f"Auto reply: {some_words(random)}")
    assert answers < 8


@pytest.mark.parametrize("seed", range(4 if LONG else 2))
def test_a_machine_in_an_agent_s_conversation_is_seen_after_ten_even_replies(
    sqlite_database: Database, seed: int
) -> None:
    """Its delay is even, as no person's is for ten texts; what came before it was seen is filed."""
    random, hall = Random(seed), city_hall(sqlite_database)
    number = asked_by_agent(hall)
    delay, fates = random.uniform(1, 20), []
    for place in range(16):
        fates.append(hall.text(AN, f"Auto reply number {place}: {some_words(random)}"))
        hall.pass_(seconds=delay * random.uniform(0.95, 1.05))
    assert [fate.outcome for fate in fates] == ["text_filed_for_agent"] * 10 + ["loop"] + ["blocked"] * 5
    assert len(hall.entries(number)) == 2 + 10


def test_a_person_who_writes_to_an_agent_as_evenly_as_a_clock_for_a_minute_is_no_loop(
    sqlite_database: Database,
) -> None:
    hall = city_hall(sqlite_database)
    number = asked_by_agent(hall)
    for place in range(6):
        assert hall.text(AN, f"y thu {place} cua toi la vay do").outcome == "text_filed_for_agent"
        hall.pass_(seconds=12)
    assert len(hall.entries(number)) == 2 + 6


def test_limits_keep_back_answers_and_not_the_texts(database: Database) -> None:
    hall = city_hall(database, limits=Limits(per_hour=6))
    number = asked_by_agent(hall)
    fates = []
    for place in range(9):
        fates.append(hall.text(AN, f"them chi tiet thu {place} cua toi"))
        hall.pass_(minutes=3)
    assert fates[-1].state == "silenced"
    assert fates[-1].outcome == "hour_limit"
    assert len(hall.entries(number)) == 2 + 9
    done = hall.act(lambda link, office, acting: answering.answer(link, office, acting, "Da ghi nhan."), number)
    assert isinstance(done, Acted)
    assert hall.texts_to(AN)[-1].endswith("Da ghi nhan.")


def test_a_blocked_number_files_nothing(database: Database) -> None:
    hall = city_hall(database)
    with hall.database.write() as connection:
        put_on_list(
            connection,
            Block(number=Address(AN), reason="spam", made_by="lan", since=hall.now, until=hall.now + timedelta(days=1)),
        )
    assert hall.text(AN, "HOI lam ho chieu can giay to gi").outcome == "blocked"
    assert hall.tickets() == []
