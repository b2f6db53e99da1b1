"""The page of sentences: the same as the command writes, and one segment each."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.wording.catalogues import CATALOGUES
from handlers.wording.phrases import Phrase
from tools.sentences import page, shown

ROOT = Path(__file__).parents[2]
SENTENCES = list(Phrase)[list(Phrase).index(Phrase.QUESTION_OPENED) : list(Phrase).index(Phrase.HOW_TO_REPLY)]


def test_the_page_is_what_the_command_writes() -> None:
    written = (ROOT / "docs/sentences.md").read_text("utf-8")
    assert written == page()  # fix: python -m tools.sentences > docs/sentences.md


@pytest.mark.parametrize("language", list(CATALOGUES))
def test_every_sentence_takes_one_segment_in_its_fullest_form(language: str) -> None:
    previews = {phrase: shown(phrase, language) for phrase in SENTENCES}
    assert {phrase: one.shown for phrase, one in previews.items() if one.segments != 1 or not one.is_gsm} == {}
    assert {phrase: one.shown for phrase, one in previews.items() if "{" in one.shown} == {}
