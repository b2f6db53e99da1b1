"""Reactions: what is one, what is around it, and the texts that only look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.normal_form import normalise
from parsers.text.reactions import Reaction, ReactionKind, read_reaction, read_signs


def read(text: str) -> Reaction | None:
    return read_reaction(normalise(text))


KINDS = {
    ReactionKind.YES: "co|có|Co a|dạ có ạ|da co|dong y|Đồng ý|em dong y|y|Yes|đúng|Đúng rồi|ddungs|co, cam on|"
    "vang dong y",
    ReactionKind.POLITE: "vang|Vâng|vâng ạ|da|Dạ|da vang|Dạ vâng ạ|vang cam on|vangggg|da em",
    ReactionKind.NO: "khong|Không|ko|k|no|sai|khong a|dạ không ạ|khoong|khong gui|sai roi",
    ReactionKind.THANKS: "cam on|Cảm ơn|cám ơn nhiều|cam on em|thanks|tks|Thank you so much|"
    "cam on chi, chuc chi suc khoe|da cam on|camon|camr own|cảm ơn vì đã hỗ trợ|xin cam on|"
    "cảm ơn anh chị đã hỗ trợ nhiệt tình|cam on vi da tra loi a|cam on co|"
    "chuc em suc khoe|cam on!!! :)|tran trong cam on",
    ReactionKind.OK: "cam on da ro|"
    "ok|OK em|oke|okkkk|ok cam on nhieu nha|da ro|da biet|biet roi|Dạ biết rồi|ok da vang|hieu roi a",
    ReactionKind.STOP: "stop|STOP!|ngung|ngừng|dừng|Dừng|dung gui tin nua|Dung gui nua|đừng gửi tin nữa|duwngf|"
    "ngung gui tin",
    ReactionKind.DONE: "da xong|Đã xong|da sua roi|đã sửa rồi|xong roi|da xong roi cam on|ok da xong|daxong|"
    "da khac phuc xong",
    ReactionKind.UNCLEAR: "dung|Dung|DUNG|dung a|đừng|dùng|dungf",
    ReactionKind.BAD_SCORE: "0|6|9|10|12 diem|4,5|4.5|10 diem|10/10|6/5|6 sao|0 sao|muoi diem|05|3,5 sao",
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts.split("|")])
def test_reads_what_is_said(kind: ReactionKind, text: str) -> None:
    assert read(text) == Reaction(kind)


@pytest.mark.parametrize("text", ["3", " 3 ", "3.", "(3)", "so 3", "số 3 nhé", "3 a", "viec 3", "3: viec moi", "3 👍"])
def test_reads_a_digit(text: str) -> None:
    assert read(text) == Reaction(ReactionKind.DIGIT, 3)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("1 gui", 1), ("1: gui", 1), ("2: khong gui", 2), ("5 rat tot", 5), ("1 (kem)", 1)],
)
def test_a_digit_counts_before_the_words_beside_it(text: str, digit: int) -> None:
    assert read(text) == Reaction(ReactionKind.DIGIT, digit)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5 sao", 5),
        ("5sao", 5),
        ("5*", 5),
        ("5/5", 5),
        ("4 / 5", 4),
        ("2 tren 5", 2),
        ("cham 5 diem nhe", 5),
        ("em chấm 4 điểm", 4),
        ("5 sao cam on em", 5),
        ("danh gia 3 sao", 3),
        ("5 sao cho em", 5),
        ("năm sao", 5),
        ("mot sao", 1),
    ],
)
def test_reads_a_score_in_digits(text: str, score: int) -> None:
    assert read(text) == Reaction(ReactionKind.SCORE, score)


SCALE = {
    5: "rat tot|Rất tốt|rat hai long|Rất hài lòng|rat tot a|toi rat hai long|rattot|tuyet voi",
    4: "tot|Tốt|tot a|hai long|hài lòng|ok tot|tot roi cam on em",
    3: "binh thuong|Bình thường|tam|tạm|tạm được",
    2: "kem|kém quá|khong hai long|Không hài lòng|chua hai long|khonghailong|ko hai long",
    1: "rat kem|rất kém|te|Tệ|rat te|tệ quá",
}


@pytest.mark.parametrize(
    ("score", "text"), [(score, text) for score, texts in SCALE.items() for text in texts.split("|")]
)
def test_reads_the_words_of_the_scale(score: int, text: str) -> None:
    assert read(text) == Reaction(ReactionKind.SCORE, score, by_words=True)


REMARKS = (
    "|?|ok?|5?|co khong|tot khong|5 ngay roi chua ai goi|cam on nhung rac van con|cam on ma chua thay ai|"
    "van te|chua xong|van chua|cam on con|khong sao|khong co|khong tot|lai hong|den lai hong roi|"
    "10 ngay roi|5h|5a|25 Le Duan|nha so 3|so nha 25|nha 5|phuong 5|chi 2|"
    "2 cai|so 25|25|3 viec|gui 1|123|0905123456|1 2|4 hoac 5|nổ|nổ rồi|vàng|tám|cô|đá|em oi|a lo|"
    "xin chao|anh chi|2 khong|hai long nhung cham|ok khong|so|danh gia|cho|dong y khong|dung gui cho ai|"
    "dung roi chua|stop ho ga|co nguoi lay rac|TK|YC482173051|20/12/1990|5-5-2026|4,5,6|1/5/2026"
)


@pytest.mark.parametrize("text", REMARKS.split("|"))
def test_other_words_make_it_a_remark(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["👍", "👍🏻", "❤️", "🙏🙏🙏", " 🙏 ", "👍!", "😊👍"])
def test_three_signs_alone_are_ok(text: str) -> None:
    assert read_signs(text) == Reaction(ReactionKind.OK)
    assert read(text) is None


@pytest.mark.parametrize("text", ["", "😡", "...", "?", "👍?", "ok 👍", "5 👍", "😂😂"])
def test_other_signs_say_nothing(text: str) -> None:
    assert read_signs(text) is None


CORES = st.sampled_from(
    [
        (text, kind)
        for kind, texts in KINDS.items()
        for text in texts.split("|")
        if "cam on" not in text and " " not in text
    ]
    + [(text, ReactionKind.SCORE) for texts in SCALE.values() for text in texts.split("|")]
).filter(lambda core: core[1] not in {ReactionKind.THANKS, ReactionKind.POLITE})
BEFORE = st.sampled_from(["", "", "dạ ", "em oi ", "da em ", "chi oi, ", "toi "])
BEHIND = st.sampled_from(
    ["", "", " a", " ạ", " nhé", " nha em", ", cam on em", " cảm ơn", " 🙏", " chuc em suc khoe", "..."]
)
SAYING_MORE = st.sampled_from(
    ["nhung", "chua", "vẫn", "van", "lại", "lai", "ma", "hom qua", "den hong", "rac", "o dau", "dien"]
)


@given(BEFORE, CORES, BEHIND)
def test_words_around_a_reaction_do_not_change_it(before: str, core: tuple[str, ReactionKind], behind: str) -> None:
    found = read(before + core[0] + behind)
    assert found is not None
    assert found.kind is core[1]


@given(BEFORE, CORES, SAYING_MORE, BEHIND)
def test_one_word_more_makes_it_a_remark(before: str, core: tuple[str, ReactionKind], more: str, behind: str) -> None:
    assert read(f"{before}{core[0]} {more}{behind}") is None
    assert read(f"{before}{core[0]}{behind} {more}") is None


@given(st.text(max_size=60) | st.text(st.sampled_from("0123456789/., saodiemkhong?\n"), max_size=30))
def test_never_raises_and_a_value_is_one_to_five(text: str) -> None:
    found = read(text)
    assert found is None or (found.value is None) == (found.kind not in {ReactionKind.DIGIT, ReactionKind.SCORE})
    assert found is None or found.value is None or 1 <= found.value <= 5
