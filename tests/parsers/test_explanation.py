"""Explanations tell each part of a text what it was taken for."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import read
from parsers.explanation import explain
from parsers.misread import Hint, MisreadKind
from parsers.reasons import REASONS
from parsers.vocabulary import CONVERSATION_VOCABULARY

TODAY = date(2026, 11, 22)


def told(text: str) -> list[tuple[str, str]]:
    return [(step.part, step.taken_for) for step in explain(text, today=TODAY).steps]


def test_tells_the_frame_and_every_field() -> None:
    assert told("Soan TK, Lê Thị Bé, 048150123456, 20/12/1950 gui 8188") == [
        ("Soan", "frame"),
        ("gui 8188", "frame"),
        ("TK", "keyword"),
        ("Lê Thị Bé", "full_name"),
        ("048150123456", "id_number"),
        ("20/12/1950", "birth_date"),
        ("TK", "register_account"),
    ]


def test_tells_the_normal_form_when_it_differs() -> None:
    assert told("DVC\u00a013557009")[0] == ("DVC 13557009", "normal form")


def test_tells_how_a_code_is_compared() -> None:
    step = explain("DVCh17.12-230815-0007", today=TODAY).steps[-2]
    assert (step.part, str(step.why)) == ("H17.12-230815-0007", "compared as H17122308150007")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("TK, Le An, 201499999, 31/02/1990", "the calendar has no such day"),
        ("TK, Le An, 201499999, 12/25/1990", "probably meant: TK, Le An, 201499999, 25/12/1990"),
        ("TK, Le An, 12345, 20/12/1990", "is not 9 or 12 digits"),
        ("DVC (dau cach) 12", "there is no receipt code"),
        ("DCV 13557009", "probably meant: DVC"),
        ("HD TK", "a call for help with register_account"),
        ("?", "a call for help"),
        ("x" * 2000, "longer than 1530 characters"),
        ("", "nothing is left"),
        ("gui 8188", "no keyword"),
    ],
)
def test_tells_why(text: str, why: str) -> None:
    explanation = explain(text, today=TODAY)
    assert why in str(explanation.steps[-1].why)
    assert explanation.reading == read(text, today=TODAY)


def test_tells_which_field_did_not_fit() -> None:
    whys = {step.taken_for: str(step.why) for step in explain("TK, An, 12345, 20/12/1990", today=TODAY).steps}
    assert whys["full_name"] == "taken for it, but it is a single word"
    assert whys["id_number"] == "taken for it, but it does not fit"
    assert whys["birth_date"] == "digits in the shape of a date: 1990-12-20"


def test_every_kind_and_hint_has_its_sentence() -> None:
    needed = {
        *(f"misread.{kind.value}" for kind in MisreadKind),
        *(f"hint.{hint.value}" for hint in Hint),
    }
    assert needed <= REASONS.words.keys()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            "Nguyeenx Vawn A",
            "the words between the numbers, read as Nguyễn Văn, because Nguyeenx Vawn are Telex or VNI keystrokes",
            id="Telex",
        ),
        pytest.param(
            "Nguye6n4 Va8n A",
            "the words between the numbers, read as Nguyễn Văn, because Nguye6n4 Va8n are Telex or VNI keystrokes",
            id="VNI",
        ),
        pytest.param("Nguyễn Văn A", "the words between the numbers", id="no keystrokes"),
    ],
)
def test_a_name_that_was_converted_says_from_what(written: str, expected: str) -> None:
    steps = explain(f"TK, {written}, 201499999, 20/12/1990", today=TODAY).steps
    assert [str(step.why) for step in steps if step.taken_for == "full_name"] == [expected]


def test_tells_the_keyword_of_the_conversation_and_takes_nothing_away_from_its_words() -> None:
    steps = explain("PA: den hong, xin cam on", today=TODAY, vocabulary=CONVERSATION_VOCABULARY).steps
    assert [(step.part, step.taken_for) for step in steps] == [("PA", "keyword"), ("PA", "report")]
    remark = explain("cam on nhung den van hong", today=TODAY, vocabulary=CONVERSATION_VOCABULARY).steps
    assert [(step.taken_for, str(step.why)) for step in remark] == [("remark", str(REASONS.message("remark")))]
