"""The corpus of the conversation: every text in every situation, and texts and situations that are drawn."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.generators.conversation.corpus import Case, cases, rows, texts
from tests.generators.conversation.filings import a_filing, judged
from tests.generators.conversation.said import Meaning
from tests.generators.conversation.situations import BY_HAND
from tests.generators.generated import LONG, Reading, measure, samples, seed_of_this_run, told

pytestmark = [pytest.mark.no_cover, pytest.mark.timeout(1800)]
CASES = list(cases())


def test_the_corpus_holds_texts_of_every_meaning_in_every_situation() -> None:
    assert {said.meaning for _, said in texts()} == set(Meaning)
    assert len(texts()) >= 380
    assert len(CASES) >= 800
    by_situation = Counter(case.label for case in CASES)
    assert all(any(label.endswith(name) for label in by_situation) for name in BY_HAND)


@pytest.mark.parametrize("case", rows(), ids=lambda case: case.label)
def test_a_text_in_a_situation_of_its_own_is_filed_as_the_design_says(case: Case) -> None:
    sample = judged(case)
    assert sample.reading is Reading.RIGHT, sample.read_as


@pytest.mark.parametrize("name", BY_HAND)
def test_the_corpus_is_filed_as_the_rules_say(name: str) -> None:
    here = [judged(case) for case in CASES if case.situation is BY_HAND[name]]
    figures = measure(here, seed=0)
    assert len(here) > 200
    assert figures.wrong == [], told(figures)
    assert figures.share(Reading.RIGHT) >= 0.99, told(figures)


def test_drawn_texts_are_filed_as_the_rules_say() -> None:
    seed = seed_of_this_run()
    figures = measure(samples(a_filing, count=60_000 if LONG else 2_500, seed=seed), seed=seed)
    assert figures.wrong == [], told(figures)
    assert figures.share(Reading.RIGHT) >= 0.99, told(figures)
