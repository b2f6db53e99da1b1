"""Questions, and what two texts have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.normal_form import fold, normalise
from parsers.text.questions import is_question, overlap, words_in

QUESTIONS = (
    "may gio mo cua|bao giờ xong|bao lau co ket qua|the nao la tam tru|o dau|can giay to gi|lam sao|co duoc khong|"
    "co phi ko|phường nào|toi quen mk|quên mật khẩu|TK bi khoa|bao nhieu tien|xong chua?"
)
OTHERS = "van chua thay ai den sua|5 sao|cap ban sao khai sinh|den hong|toi da nop roi|giay khai sinh||nhanh nao2"


@pytest.mark.parametrize("text", QUESTIONS.split("|"))
def test_question_words_make_a_question(text: str) -> None:
    assert is_question(fold(normalise(text)))


@pytest.mark.parametrize("text", OTHERS.split("|"))
def test_other_texts_are_none(text: str) -> None:
    assert not is_question(fold(normalise(text)))


def test_words_are_letters_and_digits() -> None:
    assert words_in("PA: DEN HONG, SO 25!") == ("PA", "DEN", "HONG", "SO", "25")
    assert words_in("...") == ()


@pytest.mark.parametrize(
    ("text", "other", "share"),
    [
        ("may gio phuong mo cua thu bay", "MAY GIO phuong mo cua, thu bay?", 1.0),
        ("đèn đường hỏng rồi", "den duong hong roi", 1.0),
        ("den duong hong roi", "den duong hong qua", 3 / 5),
        ("a b c d e", "a b c d", 4 / 5),
        ("a b c", "a b c", 0.0),
        ("a b c d", "a b c", 0.0),
        ("den den den den", "den den den den", 1.0),
        ("", "", 0.0),
        ("mot hai ba bon", "nam sau bay tam", 0.0),
    ],
)
def test_overlap_is_the_share_of_the_words_of_both(text: str, other: str, share: float) -> None:
    assert overlap(fold(text), fold(other)) == pytest.approx(share)


WORDS = st.lists(st.sampled_from(["DEN", "DUONG", "HONG", "ROI", "O", "LE", "DUAN", "25"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_overlap_is_a_share_and_the_same_both_ways(text: str, other: str) -> None:
    assert 0.0 <= overlap(text, other) <= 1.0
    assert overlap(text, other) == overlap(other, text)
    assert overlap(text, text) == (1.0 if len(words_in(text)) >= 4 else 0.0)
