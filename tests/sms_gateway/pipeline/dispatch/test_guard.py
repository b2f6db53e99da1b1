"""Limits and loops: people are answered, machines fall silent, and everybody is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from db.citizens import block_list
from db.store.address import Address
from db.store.engine import Database
from handlers.answer import Outcome
from sms_gateway.demo.service import demo_settings
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.settings.model import LimitsSettings, LookUpSecret, Settings
from sms_gateway.wiring.pipeline_parts import limits_of
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PERSON = "84905123456"
SMALL = {
    "per_hour",
    "per_day",
    "machine_answers",
    "codes_per_day",
    "misses_per_day",
    "area_misses",
    "accounts_an_hour",
    "accounts_per_phone",
    "phones_per_identity",
}


@pytest.fixture
def desk(sqlite_database: Database) -> Counterdesk:
    return Counterdesk(database=sqlite_database)


@pytest.fixture
def either(database: Database) -> Counterdesk:
    """On both databases, for what their queries decide."""
    return Counterdesk(database=database)


def blank(number: int) -> str:
    return f"xin chao lan {number}"


BOTS: dict[str, Callable[[int], str]] = {
    "the same text": lambda _: "Thank you for your message",
    "a counter": lambda number: f"Thank you, your message no {number} was received",
    "a clock": lambda number: f"12:{number // 60:02d}:{number % 60:02d} Chung toi da nhan tin",
    "a command": lambda _: "HD",
    "a code of its own": lambda number: f"DVC 000.00.12.H17-230815-{number:04d}",
    "an empty text": lambda _: "",
}


@pytest.mark.parametrize("seconds", [1, 5, 11])
@pytest.mark.parametrize("bot", BOTS)
def test_a_machine_falls_silent_after_at_most_five_answers(desk: Counterdesk, bot: str, seconds: int) -> None:
    answers = 0
    for number in range(100):
        desk.pass_(seconds=seconds)
        answers += desk.text(PERSON, BOTS[bot](number)).answer is not None
    assert answers <= 5
    assert desk.events("loop_broken") == 1


@pytest.mark.parametrize("seconds", [15, 30])
@pytest.mark.parametrize("bot", ["a counter", "a clock", "the same text", "a command"])
def test_a_slow_machine_that_says_nothing_of_use_falls_silent_too(desk: Counterdesk, bot: str, seconds: int) -> None:
    answers = 0
    for number in range(60):
        desk.pass_(seconds=seconds)
        answers += desk.text(PERSON, BOTS[bot](number)).answer is not None
    assert answers <= 5


@pytest.mark.parametrize("body", [blank, BOTS["a code of its own"], lambda _: "TK, Nguyen Van A, 20149999, 20/12/1990"])
def test_a_patient_person_is_never_cut_off(desk: Counterdesk, body: Callable[[int], str]) -> None:
    for number, pause in enumerate([60, 75, 40, 80, 45, 70, 38, 62, 90, 40]):
        desk.pass_(seconds=pause)
        assert desk.text(PERSON, body(number)).answer is not None


def test_texts_that_a_carrier_kept_and_hands_over_together_make_nobody_a_machine(desk: Counterdesk) -> None:
    fates = desk.batch([(PERSON, blank(number)) for number in range(10)])
    assert sum(fate.answer is not None for fate in fates) == 5
    assert desk.events("loop_broken") == 0
    desk.pass_(minutes=4)
    assert desk.text(PERSON, "HD").answer is not None


def test_the_hour_ends_with_one_notice_and_then_silence(either: Counterdesk) -> None:
    outcomes = []
    for number in range(40):
        either.pass_(seconds=75)
        outcomes.append(either.text(PERSON, blank(number)).outcome)
    assert outcomes[:20] == ["corrected"] * 20
    assert outcomes[20] == "hour_limit_told"
    assert set(outcomes[21:]) == {"hour_limit"}
    either.pass_(hours=1)
    assert either.text(PERSON, "HD").outcome == "helped"


def test_the_day_ends_with_one_notice_and_then_silence(desk: Counterdesk) -> None:
    outcomes = []
    for number in range(100):
        desk.pass_(minutes=5)
        outcomes.append(desk.text(PERSON, blank(number)).outcome)
    assert outcomes[:60] == ["corrected"] * 60
    assert outcomes[60] == "day_limit_told"
    assert set(outcomes[61:]) == {"day_limit"}
    desk.pass_(days=1)
    assert desk.text(PERSON, "HD").outcome == "helped"


def test_one_number_costs_no_other(either: Counterdesk) -> None:
    for number in range(10):
        either.pass_(seconds=1)
        either.text(PERSON, blank(number))
    fates = either.batch([(PERSON, "HD"), ("84905999888", "HD")])
    assert [fate.state for fate in fates] == ["silenced", "handled"]


def test_the_limit_holds_inside_one_batch(desk: Counterdesk) -> None:
    desk.limits = Limits(per_hour=3, in_a_row=100)
    fates = desk.batch([(PERSON, blank(number)) for number in range(6)])
    assert [fate.outcome for fate in fates] == ["corrected"] * 3 + ["hour_limit_told"] + ["hour_limit"] * 2


def test_a_blocked_number_gets_no_answer_until_the_end_date(either: Counterdesk) -> None:
    block = block_list.Block(
        number=Address(PERSON),
        reason="insults",
        made_by="lan",
        since=either.now,
        until=either.now + timedelta(days=2),
    )
    with either.database.write() as connection:
        block_list.put_on_list(connection, block)
        block_list.put_on_list(connection, block)  # again does no harm
        assert block_list.read_list(connection, now=either.now) == [block]
    fate = either.text(PERSON, "HD")
    assert (fate.state, fate.outcome, fate.answer) == ("silenced", "blocked", None)
    either.pass_(days=2, seconds=1)
    assert either.text(PERSON, "HD").outcome == "helped"
    with either.database.write() as connection:
        assert block_list.read_list(connection, now=either.now) == []
        assert block_list.forget_ended_blocks(connection, either.now) == 1
        assert not block_list.take_off_list(connection, Address(PERSON))


def test_our_own_number_is_never_answered(desk: Counterdesk) -> None:
    desk.limits = Limits(own_numbers=frozenset({PERSON}))
    assert desk.text(PERSON, "HD").outcome == "own_number"


@pytest.mark.parametrize(
    "sender", ["8188", "113", "VIETTEL", "0981234567890", "84981234567890", "841401234567", "01461234567", ""]
)
def test_what_is_no_persons_phone_is_never_answered(desk: Counterdesk, sender: str) -> None:
    fate = desk.text(sender, "HD")
    assert (fate.state, fate.answer) == ("unanswerable", None)


def tk(number: int) -> str:
    return f"TK, Nguyen Van A, {201499000 + number}, 20/12/1990"


def test_one_phone_registers_three_people_a_day(either: Counterdesk) -> None:
    outcomes = []
    for number in (1, 2, 3, 4, 1, 5):
        either.pass_(minutes=3)
        outcomes.append(either.text(PERSON, tk(number)).outcome)
    refused = Outcome.REGISTRATION_LIMITED.value
    assert outcomes == ["account_opened"] * 3 + [refused, "account_exists", refused]
    either.pass_(days=1)
    assert either.text(PERSON, tk(4)).outcome == "account_opened"


def test_one_identity_number_is_registered_from_three_phones_a_day(either: Counterdesk) -> None:
    answers = [either.text(f"8490512345{number}", tk(1)) for number in range(5)]
    assert [fate.outcome for fate in answers[:3]] == ["account_opened", "account_refused", "account_refused"]
    assert {fate.answer for fate in answers[1:]} == {answers[1].answer}  # the limit tells nothing


def test_the_notices_fit_into_one_segment_and_name_the_hotline(desk: Counterdesk) -> None:
    desk.limits = Limits(per_hour=1, per_day=2)
    desk.text(PERSON, "HD")
    hour = desk.text(PERSON, "HD TK")
    desk.pass_(hours=2)
    day = desk.text(PERSON, "HD DVC")
    assert (hour.outcome, day.outcome) == ("hour_limit_told", "day_limit_told")
    for fate in (hour, day):
        assert fate.answer is not None
        assert len(fate.answer) <= 160
        assert "1022" in fate.answer


def test_every_setting_of_the_section_reaches_the_guard() -> None:
    given = Settings(limits=LimitsSettings(**{name: 6 + place for place, name in enumerate(sorted(SMALL))}))
    reached = repr(limits_of(given))
    assert [place for place in range(len(SMALL)) if f"={6 + place}" not in reached] == []
    others = {"overall_misses", "machine_minutes", "changes_per_operator", "countries", "answers_an_hour"}
    assert set(LimitsSettings.model_fields) == {*SMALL, *others}
    wide = limits_of(Settings(limits=LimitsSettings(countries=["84", "82"], answers_an_hour=77)))
    assert (wide.countries, wide.answers_an_hour) == (("84", "82"), 77)


def test_the_demo_answers_whoever_taps_every_sample(desk: Counterdesk, tmp_path: Path) -> None:
    desk.limits = limits_of(demo_settings(tmp_path, 0, 2775, {}, LookUpSecret.NONE))
    codes = [f"000.00.12.H17-230815-{number:04d}" for number in range(10)]
    desk.dossiers(codes)
    for body in [*(f"DVC {code}" for code in codes), "HD", "HD TK", "xin chao", "TK", "DVC 1234567"]:
        desk.pass_(seconds=3)
        assert desk.text(PERSON, body).answer is not None
