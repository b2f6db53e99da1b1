"""Words that stand for a keyword of the conversation, and words that only begin so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.conversation_frame import conversation_frame
from parsers.text.normal_form import normalise


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ("Cho toi hoi dang ky tam tru can gi", "question", "dang ky tam tru can gi"),
        ("xin cho em hoi: gia dat", "question", "gia dat"),
        ("xin hoi thu tuc", "question", "thu tuc"),
        ("muon hoi thu tuc", "question", "thu tuc"),
        ("cho con hoi lich tiem", "question", "lich tiem"),
        ("Cho e hoi ti", "question", "ti"),
        ("cho hoi DVC 000.00.12.H17-230815-0007", "question", "DVC 000.00.12.H17-230815-0007"),
        ("Xin chao, cho toi hoi lam ho chieu o dau", "question", "lam ho chieu o dau"),
        ("Chào anh chị, cho em hỏi làm hộ chiếu ở đâu ạ", "question", "làm hộ chiếu ở đâu ạ"),
        ("Da em chao anh chi, cho em hoi lich", "question", "lich"),
        ("em muon hoi lich", "question", "lich"),
        ("anh oi cho e hoi lich", "question", "lich"),
        ("alo cho hoi lich", "question", "lich"),
        ("cho tôi được hỏi lịch", "question", "lịch"),
        ("chotoihoi lich", "question", "lich"),
        ("cho toi hoi", "question", ""),
        ("phan anh den duong hong", "report", "den duong hong"),
        ("Phản ánh: đèn đường hỏng", "report", "đèn đường hỏng"),
        ("PHAN ANH DEN HONG", "report", "DEN HONG"),
        ("toi muon phan anh rac", "report", "rac"),
        ("Kinh gui UBND phuong Hai Chau, toi xin phan anh rac", "report", "rac"),
        ("Kien nghi mo duong", "proposal", "mo duong"),
        ("em xin kiến nghị mở đường", "proposal", "mở đường"),
        ("Góp ý - bot loa phuong", "suggestion", "bot loa phuong"),
        ("toi xin gop y bot loa", "suggestion", "bot loa"),
    ],
)
def test_finds_what_the_first_words_make_of_a_text(text: str, kind: str, content: str) -> None:
    normal = normalise(text)
    found = conversation_frame(normal)
    assert found is not None
    assert (found[0], normal[found[1] :]) == (kind, content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HOI may gio mo cua",
        "may gio mo cua",
        "cho hội phụ nữ mượn sân",
        "xin hồi âm sớm",
        "cho toi hoidap",
        "toi hoi cai nay",
        "cho toi gui them anh",
        "Phan Anh Tuan, 201499999, 20/12/1990",
        "phan anhden",
        "cam on, cho toi hoi",
        "den hong cho toi hoi",
        "xin chao anh chi",
        "chua ai phan anh",
    ],
)
def test_other_words_are_no_frame(text: str) -> None:
    assert conversation_frame(normalise(text)) is None


def one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split("|"))


FRAMES = st.tuples(
    one_of("|xin chao,|Chào chị,|da|anh oi|kinh gui UBND phuong:"),
    one_of("cho|xin cho|muon|xin|Xin cho"),
    one_of("|toi|em|e|chau|con|minh|anh|chi"),
    one_of("hoi|hỏi|HOI|hoi:|hoi,"),
).map(" ".join)


@given(FRAMES, one_of("lam ho chieu o dau|may gio mo cua?|25 Le Duan thuoc phuong nao"))
def test_every_combination_of_the_frame_is_a_question(frame: str, content: str) -> None:
    normal = normalise(f"{frame} {content}")
    found = conversation_frame(normal)
    assert found is not None
    assert (found[0], normal[found[1] :]) == ("question", content)


@given(st.text(max_size=80) | st.lists(one_of("cho|xin|em|chao|hoi|phan|anh|kinh|gui|,|da|a|lo")).map(" ".join))
def test_never_raises_and_ends_inside_the_text(text: str) -> None:
    normal = normalise(text)
    found = conversation_frame(normal)
    assert found is None or 0 < found[1] <= len(normal)
