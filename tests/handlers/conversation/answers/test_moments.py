"""Times and hours in words: in the zone of the service, as people of the language write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.answers.moments import (
    OpenSpan,
    day_in_words,
    hours_in_words,
    moment_in_words,
    time_in_words,
)
from handlers.wording.catalogues import CATALOGUES
from tests.handlers.surroundings import SERVICE

ENGLISH = replace(SERVICE, wording=CATALOGUES["en"])
OFFICE = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
MORNING = ((time(7, 30), time(11, 30)),)
ALWAYS = ((time(), time()),)


def test_a_moment_is_said_with_its_weekday_and_without() -> None:
    late = datetime(2026, 11, 29, 17, 5, tzinfo=UTC)  # past midnight in the zone of the service
    assert moment_in_words(late, SERVICE) == ["0h05 thu hai 30/11", "0h05 30/11"]
    assert moment_in_words(late, ENGLISH) == ["0:05 Mon 30/11", "0:05 30/11"]
    assert day_in_words(late, SERVICE) == "30/11"
    assert day_in_words(date(2026, 1, 2), ENGLISH) == "02/01"
    assert time_in_words(time(15), SERVICE) == "15h00"


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - made aware below
def test_no_moment_is_longer_than_sentences_allow_for(moment: datetime) -> None:
    for said in moment_in_words(moment.replace(tzinfo=UTC), SERVICE):
        assert len(said) <= len("17h30 chu nhat 30/11")
        assert said.endswith(day_in_words(moment.replace(tzinfo=UTC), SERVICE))


@given(st.integers(0, 6))
def test_each_weekday_has_its_own_word(days: int) -> None:
    monday = datetime(2026, 11, 30, 5, tzinfo=UTC)
    names = ["thu hai", "thu ba", "thu tu", "thu nam", "thu sau", "thu bay", "chu nhat"]
    assert f" {names[days]} " in moment_in_words(monday + timedelta(days=days), SERVICE)[0]


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ([OFFICE] * 5 + [(), ()], "7h30-11h30, 13h30-17h30 thu hai den thu sau"),
        ([OFFICE] * 5 + [MORNING, ()], "7h30-11h30, 13h30-17h30 thu hai den thu sau; 7h30-11h30 thu bay"),
        ([ALWAYS] * 7, "0h00-24h00 thu hai den chu nhat"),
        ([MORNING, (), MORNING, (), (), (), ()], "7h30-11h30 thu hai; 7h30-11h30 thu tu"),
        ([()] * 7, ""),
        ([], ""),
    ],
    ids=["office", "saturday morning", "always", "two days", "never", "unknown"],
)
def test_days_with_the_same_hours_are_one_stretch(week: Sequence[Sequence[OpenSpan]], said: str) -> None:
    assert hours_in_words(week, SERVICE) == said
    assert hours_in_words([list(day) for day in week], SERVICE) == said
