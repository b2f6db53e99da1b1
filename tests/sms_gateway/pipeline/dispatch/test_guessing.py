"""Guessing receipt codes: what a scan of 10,000 tries from 100 numbers is told, and what an honest citizen is told."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.schema import attempt, inbound
from db.store.engine import Database
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits, may_tell
from tests.generators.generated import LONG
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk, Fate

pytestmark = pytest.mark.no_cover  # the same lines many times

AREA = "000.00.12.H17-230815"
PERSON = "84905123456"
NUMBERS = [f"849051{number:05d}" for number in range(100)]


@pytest.fixture
def desk(sqlite_database: Database) -> Counterdesk:
    return Counterdesk(database=sqlite_database)


def code(number: int, area: str = AREA) -> str:
    return f"{area}-{number:04d}"


def told(fate: Fate) -> bool:
    return fate.answer is not None and "dang xu ly" in fate.answer


def scan(desk: Counterdesk, codes: Sequence[str], *, pause: float = 80) -> tuple[int, int]:
    """Guess each code from the next of 100 numbers, by default slowly enough to be no machine.

    Return answers and disclosures.
    """
    answers, disclosed = 0, set()
    for start in range(0, len(codes), 100):
        desk.pass_(seconds=pause)
        batch = [(NUMBERS[(start + place) % 100], f"DVC {one}") for place, one in enumerate(codes[start : start + 100])]
        for (_, body), fate in zip(batch, desk.batch(batch), strict=True):
            answers += fate.answer is not None
            if told(fate):
                disclosed.add(body)
    return answers, len(disclosed)


@pytest.mark.parametrize(
    "there", [pytest.param(10_000, marks=pytest.mark.long), 5_000, pytest.param(100, marks=pytest.mark.long)]
)
def test_a_scan_from_100_numbers_is_told_little_and_raises_one_alarm(desk: Counterdesk, there: int) -> None:
    random = Random(there)
    desk.dossiers(code(number) for number in random.sample(range(10_000), there))
    guesses = [code(number) for number in random.sample(range(10_000), 10_000 if LONG else 1_000)]
    _, disclosed = scan(desk, guesses)
    assert disclosed <= 100 * GuessLimits().codes  # what 100 citizens may see
    if there < 10_000:
        assert disclosed <= 100 + GuessLimits().area_misses * there // (10_000 - there) + 30
    assert desk.events("scanning") == 1


@pytest.mark.parametrize("there", [10_000, pytest.param(100, marks=pytest.mark.long)])
def test_a_scan_as_fast_as_machines_raises_one_alarm_though_every_code_exists(desk: Counterdesk, there: int) -> None:
    desk.dossiers(code(number) for number in range(there))
    guesses = [code(number) for number in Random(there).sample(range(10_000), 10_000)]
    answers, disclosed = scan(desk, guesses[:2000], pause=10)
    assert answers == 500  # five to each number, then it rests
    assert disclosed <= 500
    assert desk.events("loop_broken") == 100
    assert desk.events("scanning") == 1


def test_machines_that_ask_for_the_same_code_again_are_no_scan(desk: Counterdesk) -> None:
    desk.dossiers(code(number) for number in range(100))
    scan(desk, [code(number) for number in range(100)] * 7, pause=11)
    assert desk.events("loop_broken") == 100
    assert desk.events("scanning") == 0


def test_what_a_machine_asked_for_last_is_told_after_its_rest(desk: Counterdesk) -> None:
    desk.dossiers(code(number) for number in range(3))
    for number in (0, 1, 0, 1, 0):
        desk.pass_(seconds=10)
        assert told(desk.text(PERSON, f"DVC {code(number)}"))
    desk.pass_(seconds=10)
    assert desk.text(PERSON, f"DVC {code(2)}").answer is None
    desk.pass_(hours=2)
    assert told(desk.text(PERSON, f"DVC {code(2)}"))


def test_a_scan_that_hops_between_offices_raises_one_alarm_too(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(overall_misses=200))
    areas = [f"000.00.{office:02d}.H17-2308{day:02d}" for office in range(1, 90) for day in range(1, 29)]
    _, disclosed = scan(desk, [code(7, area) for area in areas])
    assert disclosed == 0
    assert desk.events("scanning") == 1


def test_the_words_for_no_such_code_and_too_many_tries_are_the_same(database: Database) -> None:
    desk = Counterdesk(database=database)
    desk.dossiers([code(1)])
    texts = []
    for number in range(100, 108):
        desk.pass_(minutes=2)
        texts.append(desk.text(PERSON, f"DVC {code(number)}"))
    desk.pass_(minutes=2)
    withheld = desk.text(PERSON, f"DVC {code(1)}")
    assert [fate.outcome for fate in texts] == ["status_not_found"] * 5 + ["status_withheld"] * 3
    assert withheld.outcome == "status_withheld"
    shapes = {
        str(fate.answer).replace(code(number), "CODE") for number, fate in zip(range(100, 108), texts, strict=True)
    }
    assert shapes == {str(withheld.answer).replace(code(1), "CODE")}
    desk.pass_(days=1)
    assert told(desk.text(PERSON, f"DVC {code(1)}"))


def test_what_was_told_is_told_again_however_often_it_is_asked(desk: Counterdesk) -> None:
    desk.dossiers(code(number) for number in range(10))
    for number in range(10):
        desk.pass_(minutes=2)
        assert told(desk.text(PERSON, f"DVC {code(number)}")) == (number < 5)
    desk.pass_(minutes=2)
    assert told(desk.text(PERSON, f"DVC {code(0)}"))
    assert told(desk.text(PERSON, f"dvc {code(1).lower()}"))


def test_only_what_was_not_there_leaves_an_attempt(desk: Counterdesk) -> None:
    desk.dossiers([code(0)])
    desk.text(PERSON, f"DVC {code(0)}")
    desk.pass_(minutes=2)
    desk.text(PERSON, f"DVC {code(1)}")
    with desk.database.read() as connection:
        assert list(connection.scalars(select(attempt.c.hit))) == [False]
        assert [told is None for told in connection.scalars(select(inbound.c.told).order_by(inbound.c.id))] == [
            False,
            True,
        ]


def test_codes_told_to_texts_that_waited_count_from_when_they_are_told(desk: Counterdesk) -> None:
    """A day's backlog, or texts of yesterday that an operator runs again, open no more than a day's codes."""
    desk.dossiers(code(number) for number in range(15))
    waiting = desk.store([(PERSON, f"DVC {code(number)}") for number in range(15)])
    desk.pass_(hours=25)
    fates = [fate for one in waiting for fate in desk.dispatch([one])]
    assert [told(fate) for fate in fates] == [True] * GuessLimits().codes + [False] * (15 - GuessLimits().codes)


def test_of_three_codes_in_a_text_those_within_the_limit_are_told(desk: Counterdesk) -> None:
    desk.dossiers(code(number) for number in range(10))
    desk.text(PERSON, f"DVC {code(0)}, {code(1)}, {code(2)}")
    desk.pass_(minutes=2)
    fate = desk.text(PERSON, f"DVC {code(3)}, {code(4)}, {code(5)}")
    assert fate.outcome == "status_partly_told"
    assert str(fate.answer).count("dang xu ly") == 2


def test_an_honest_citizen_is_told_in_the_middle_of_a_scan(database: Database) -> None:
    desk = Counterdesk(database=database)
    desk.dossiers([code(1)])
    scan(desk, [code(number) for number in range(1000, 2000)])
    assert desk.events("scanning") == 1
    assert told(desk.text(PERSON, f"DVC {code(1)}"))
    desk.pass_(minutes=1)
    assert not told(desk.text("84905999999", f"DVC {code(9999)}"))
    desk.pass_(minutes=1)
    assert told(desk.text("84905999999", f"DVC {code(1)}"))  # one slip is forgiven


def test_an_alarm_is_raised_once_a_day(desk: Counterdesk) -> None:
    for day in (0, 0, 1):
        desk.pass_(days=day, minutes=1)
        area = f"000.00.{desk.now.minute:02d}.H17-230815"
        desk.batch([(number, f"DVC {code(9, area)}") for number in NUMBERS[:40]])
        if day:
            assert desk.events("scanning") == 2
            assert 'sms_alarms_total{kind="scanning"} 2.0' in desk.metrics.render().decode()
        else:
            assert desk.events("scanning") == 1


@given(
    tried=st.dictionaries(st.binary(min_size=1, max_size=1), st.booleans()),
    asked=st.binary(min_size=1, max_size=1),
    strict=st.booleans(),
)
def test_nobody_is_told_more_than_the_limit(tried: dict[bytes, bool], asked: bytes, *, strict: bool) -> None:
    limit = GuessLimits()
    if may_tell(tried, asked, strict=strict, given=limit) and not tried.get(asked):
        assert sum(tried.values()) < (1 if strict else limit.codes)
    if tried.get(asked):
        assert may_tell(tried, asked, strict=strict, given=limit)
    if may_tell(tried, asked, strict=True, given=limit):
        assert may_tell(tried, asked, strict=False, given=limit)
