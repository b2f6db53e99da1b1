"""Which first words are slips for a keyword that words follow, and which are words of their own."""

from __future__ import annotations

import pytest

from parsers.reading.near_keyword import near_command
from parsers.text.excerpt import Excerpt
from parsers.vocabulary import CONVERSATION_VOCABULARY, VOCABULARY


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("report", "PAden PAho PArac PAA PPA PA25"),
        ("question", "HPI HOII HHOI HIO HOIlam H0I HOU"),
        ("proposal", "KNN KKN NK KNto"),
        ("suggestion", "GGY YG GYnen"),
        ("urgent", "SOSS S0S SOSchay"),
        (None, "toi roi noi goi hai ho hop hoc pa hoi ba ma oa pano Hoian how hok hi"),
        (None, "ko kh kg km nn gd sms so tt khanh dg5"),
    ],
)
def test_tells_slips_from_words(command: str | None, words: str) -> None:
    found = {word: near_command(Excerpt.of(f"{word} den duong"), 0, CONVERSATION_VOCABULARY) for word in words.split()}
    assert found == dict.fromkeys(words.split(), command)


def test_nothing_is_near_without_conversation() -> None:
    assert near_command(Excerpt.of("PAden hong"), 0, VOCABULARY) is None
