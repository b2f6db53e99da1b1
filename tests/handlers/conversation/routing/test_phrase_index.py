"""The phrase index: compared with looking for every phrase at every word."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.conversation.routing.phrase_index import PhraseIndex

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


WORDS = st.sampled_from(["A", "B", "C"])
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@UNHURRIED
@given(st.lists(PHRASES, max_size=12), st.lists(WORDS, max_size=12))
def test_every_phrase_is_found_wherever_it_stands(phrases: list[str], text: list[str]) -> None:
    index = PhraseIndex((phrase, number) for number, phrase in enumerate(phrases))
    expected = {
        (phrase, start)
        for phrase in phrases
        for start in range(len(text))
        if text[start : start + phrase.count(" ") + 1] == phrase.split(" ")
    }
    found = list(index.find(text))
    assert {(one.phrase, one.start) for one in found} == expected
    assert len(found) == len(expected)
    assert all(one.end - one.start == one.phrase.count(" ") + 1 for one in found)
    assert all([phrases[value] for value in one.values] == [one.phrase] * len(one.values) for one in found)
    assert [(one.start, -one.end) for one in found] == sorted((one.start, -one.end) for one in found)


def test_an_empty_phrase_is_never_found() -> None:
    assert list(PhraseIndex([("", 1)]).find(["A"])) == []
