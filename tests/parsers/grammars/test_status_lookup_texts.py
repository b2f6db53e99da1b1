"""Generated look-ups: nothing is read wrong, and hardly anything is asked back.

SMS_GATEWAY_TEST_SEED=7 makes the texts of that seed; a failure prints the seed and the texts.
`python -m tests.generators.look_up_texts` makes any number of them.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter

import pytest

from parsers import read
from parsers.commands import LookUpStatus
from tests.generators.look_up_texts import TODAY, LookUpText, judge, make_texts, make_texts_without_codes

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

MOST_ASKED = 0.01
SHORT, LONG = 3_000, 1_000_000
USUAL_SEED = 20261122


def seed(usual: int) -> int:
    return int(os.environ.get("SMS_GATEWAY_TEST_SEED", usual))


def read_all(made_of: int, count: int, *, with_secrets: bool = False) -> None:
    print(f"{count} look-ups of seed {made_of}")  # noqa: T201 - shown when the test fails
    counts = Counter[str]()
    wrong: list[LookUpText] = []
    asked: list[LookUpText] = []
    for made in make_texts(made_of, count):
        if with_secrets and not made.is_sentence:
            continue
        verdict = judge(made, with_secrets=with_secrets)
        counts[verdict] += 1
        if verdict != "right":
            (wrong if verdict == "wrong" else asked).append(made)
    assert wrong == [], f"seed {made_of}"
    assert counts["asked"] <= MOST_ASKED * counts.total(), (f"seed {made_of}", asked[:20])


def test_thousands_of_look_ups_are_read_right_or_asked_back() -> None:
    read_all(seed(USUAL_SEED), SHORT)


def test_where_a_secret_is_needed_no_other_digits_of_a_sentence_are_one() -> None:
    read_all(seed(USUAL_SEED + 1), SHORT, with_secrets=True)


@pytest.mark.parametrize("with_secrets", [False, True])
def test_the_number_of_a_person_a_day_or_an_amount_is_never_looked_up(
    with_secrets: bool,  # noqa: FBT001 - a table's column
) -> None:
    made_of = seed(USUAL_SEED + 2)
    for text in make_texts_without_codes(made_of, SHORT):
        reading = read(text, today=TODAY, with_secrets=with_secrets)
        assert not isinstance(reading, LookUpStatus), (f"seed {made_of}", text, reading)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_million_look_ups_are_read_right_or_asked_back() -> None:
    read_all(seed(secrets.randbelow(2**32)), LONG)


def test_the_same_seed_makes_the_same_texts_and_another_others() -> None:
    assert list(make_texts(1, 50)) == list(make_texts(1, 50)) != list(make_texts(2, 50))
