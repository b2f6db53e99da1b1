"""Registrations as people write them: none is stored under a wrong name, number or date, and few are asked back.

`python -m tests.generators.registrations --count 1000000` prints the figures; SMS_GATEWAY_TEST_SEED chooses the texts.
"""

from __future__ import annotations

import random

import pytest

from tests.generators.for_somebody import a_registration_for_somebody
from tests.generators.generated import LONG, Figures, Reading, measure, samples, seed_of_this_run, told
from tests.generators.other_words import a_registration_with_other_words
from tests.generators.registrations import a_registration

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

MOST_ASKED = 0.015


def run(count: int) -> Figures:
    seed = seed_of_this_run()
    return measure(samples(a_registration, count=count, seed=seed), seed=seed)


def judge(figures: Figures) -> None:
    assert not figures.wrong, told(figures)
    assert figures.share(Reading.ASKED) <= MOST_ASKED, told(figures)


def test_of_thousands_of_registrations_none_is_wrong_and_few_are_asked() -> None:
    judge(run(4_000))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_of_a_million_registrations_none_is_wrong_and_few_are_asked() -> None:
    judge(run(1_000_000))


def test_no_word_beside_a_name_is_stored_with_it() -> None:
    seed = seed_of_this_run()
    figures = measure(samples(a_registration_with_other_words, count=60_000 if LONG else 1000, seed=seed), seed=seed)
    assert not figures.wrong, told(figures)


def test_no_word_about_whom_it_is_for_is_stored_with_a_name() -> None:
    seed = seed_of_this_run()
    figures = measure(samples(a_registration_for_somebody, count=60_000 if LONG else 1000, seed=seed), seed=seed)
    assert not figures.wrong, told(figures)
    assert figures.counts[Reading.RIGHT] > figures.total / 4


def test_a_seed_repeats_the_same_text() -> None:
    first, second = (a_registration(random.Random(7)) for _ in range(2))
    assert first == second


def test_the_texts_are_of_many_shapes() -> None:
    shapes = {part for number in range(3000) for part in a_registration(random.Random(number)).shape.split()}
    assert len(shapes) > 60
