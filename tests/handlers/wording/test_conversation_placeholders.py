"""The sentences of the conversation: what they may hold, words that read two ways, and keywords from settings."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from handlers.conversation.answers.sentence import one_segment
from handlers.wording.catalogue import Wording, placeholders
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.conversation_placeholders import CONVERSATION, CONVERSATION_PLACEHOLDERS, MAY_BE_MISSING
from handlers.wording.phrases import Phrase
from parsers.grammars.conversation import CONVERSATION as GRAMMARS
from tests.handlers.surroundings import CONVERSATION_KEYWORDS, CONVERSING, SERVICE

languages = pytest.mark.parametrize("wording", CATALOGUES.values(), ids=list(CATALOGUES))
PHRASES = list(Phrase)[list(Phrase).index(Phrase.QUESTION_OPENED) :]

TWO_WAYS = {
    "dung: right, stop, do not, use": r"(?<!noi )\bdung\b",
    "ban for busy": r"\b(?:dang|deu|rat|can bo|khi) ban\b(?! \w*(?:bo sung|hoi))",
    "nhan for texting us": r"\b(?:hay|xin|moi|ban) nhan\b(?! viec)|\bnhan (?:cho|toi|den|ve|so)\b",
    "chi can": r"\bchi can\b",
    "neu khong yeu cau": r"\bneu khong yeu cau\b",
}


def test_every_phrase_with_placeholders_is_one_of_the_conversation() -> None:
    assert set(CONVERSATION_PLACEHOLDERS) <= set(PHRASES)
    assert CONVERSATION_KEYWORDS.keys() == CONVERSATION


def test_a_keyword_is_named_by_the_name_of_its_service() -> None:
    assert {grammar.service for grammar in GRAMMARS if grammar.is_offered} == CONVERSATION
    assert {grammar.service: grammar.default_keywords[0] for grammar in GRAMMARS if grammar.is_offered} == {
        **CONVERSATION_KEYWORDS
    }


@languages
def test_a_phrase_names_what_it_may_and_nothing_goes_unused(wording: Wording) -> None:
    for phrase in PHRASES:
        used = frozenset[str]().union(*map(placeholders, wording.sentences[phrase]))
        names = CONVERSATION_PLACEHOLDERS.get(phrase)
        allowed = frozenset[str]() if names is None else names.allowed
        assert used <= allowed, phrase
        assert allowed - used - {"short_code", "hotline", "unit", "ticket_status", "how_to_reply", "question"} <= {
            "language",
            "due_time",
        }, phrase


@languages
def test_a_phrase_is_said_where_everything_that_may_be_missing_is(wording: Wording) -> None:
    for phrase in PHRASES:
        names = CONVERSATION_PLACEHOLDERS.get(phrase)
        needed = frozenset[str]() if names is None else names.needed
        allowed = frozenset[str]() if names is None else names.allowed
        sure = needed | (allowed - MAY_BE_MISSING)
        assert any(placeholders(form) <= sure for form in wording.sentences[phrase]), phrase


@pytest.mark.parametrize("reading", TWO_WAYS)
def test_no_vietnamese_sentence_reads_two_ways(reading: str) -> None:
    found = {
        phrase: form
        for phrase in PHRASES
        for form in CATALOGUES["vi"].sentences[phrase]
        if re.search(TWO_WAYS[reading], form.lower())
    }
    assert found == {}


def test_the_words_that_read_two_ways_are_found() -> None:
    for words in ("tin nay khong dung", "can bo dang ban", "hay nhan cho toi", "ban chi can", "neu khong yeu cau dong"):
        assert any(re.search(pattern, words) for pattern in TWO_WAYS.values()), words


@languages
def test_a_sentence_names_keywords_by_placeholders_alone(wording: Wording) -> None:
    literal = re.compile(rf"(?<![{{\w])(?:{'|'.join(CONVERSATION_KEYWORDS.values())}|TK|DVC|HD)(?![\w}}])")
    assert {phrase for phrase in PHRASES for form in wording.sentences[phrase] if literal.search(form)} == set()


def test_a_renamed_keyword_is_in_the_sentence_and_one_that_is_off_is_not() -> None:
    renamed = replace(CONVERSING, keywords={**CONVERSING.keywords, "question": "HOIDAP"})
    values = {"number": "YC482173051"}
    assert "soan: HOIDAP noi dung" in one_segment(Phrase.FILED, renamed, values)
    assert one_segment(Phrase.FILED, SERVICE, values) == "Da ghi them vao YC482173051. Neu la viec khac, goi 1022"
