"""Questions back: each can be answered with one digit, and none has more choices than were given."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from handlers.conversation.answers.asks import account_in_question, score_wanted, which, with_question_hint
from tests.handlers.conversation.answers.cases import OTHER, TICKET, A, B
from tests.handlers.surroundings import CONVERSING, SERVICE

COPY = "TK, NGUYEN THI NGOC TRAM, 048190123456, 20/12/1990"


@pytest.mark.parametrize(
    ("choices", "digits"),
    [((TICKET, OTHER, None), "1, 2 hoac 3"), ((TICKET, OTHER), "1 hoac 2"), ((TICKET, None), "1 hoac 2")],
    ids=["two and a new one", "two", "one and a new one"],
)
def test_every_choice_has_its_digit(choices: tuple[None, ...], digits: str) -> None:
    text = which(choices, CONVERSING)
    assert f"Tra loi {digits}." in text
    assert re.findall(r"(\d): ", text) == [str(digit + 1) for digit, _ in enumerate(choices)]


def test_more_tickets_than_are_offered_can_be_seen() -> None:
    assert which((TICKET, OTHER, None), CONVERSING, are_all=False).endswith("Tin da duoc giu. TT: xem het.")


def test_a_subject_that_cannot_be_repeated_is_left_out() -> None:
    text = which((replace(TICKET, subject="0905123456"), None), CONVERSING)
    assert text == f"Tin nay cho viec nao? 1: {A}. 2: viec moi. Tra loi 1 hoac 2. Tin da duoc giu."


def test_where_replies_need_a_keyword_the_choice_is_one_too() -> None:
    text = which((TICKET, OTHER, None), replace(CONVERSING, bare_replies=False))
    assert text == (
        f"Tin nay cho viec nao? {A} hoac {B}: soan lai TL so yeu cau noi dung. Viec moi: soan HOI noi dung. "
        "Tin da duoc giu. Xem: TT"
    )


def test_a_text_to_copy_is_never_cut() -> None:
    usual = account_in_question([COPY, "TK, ho ten, so CCCD, ngay sinh"], CONVERSING)
    assert usual == (
        f"Tin co so giay to, chua gui cho can bo. Mo tai khoan, soan: {COPY} gui 8188. "
        "Muon hoi, gui lai va bo so giay to."
    )
    long = COPY.replace("TRAM", "TRAM " * 20 + "TRAM")
    assert account_in_question([long], CONVERSING).count(long) == 1


def test_a_hint_is_added_where_it_fits_and_questions_are_on() -> None:
    assert with_question_hint("Chua ro lenh.", CONVERSING) == "Chua ro lenh. Hoi can bo, soan: HOI noi dung gui 8188"
    assert with_question_hint("x" * 150, CONVERSING) == "x" * 150
    assert with_question_hint("Chua ro lenh.", SERVICE) == "Chua ro lenh."


def test_a_score_that_is_none_is_answered_also_where_ratings_are_off() -> None:
    assert score_wanted(A, SERVICE) == f"Diem cua {A} chua ro. Ho tro: 1022"
