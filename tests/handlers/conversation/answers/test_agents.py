"""An agent's words as they are sent, and what people on duty get."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.answers.agents import agent_answer, ask_details, duty_call, reminder
from handlers.wording.fit import counted_by_length
from tests.handlers.conversation.answers.cases import TICKET, A
from tests.handlers.surroundings import CONVERSING, LONGEST_CONVERSING, SERVICE

TAIL = " Chua xong: tra loi tin nay. Danh gia: soan 1 den 5."
FULL_TAIL = " Chua xong: tra loi tin nay. Danh gia: soan so tu 1 (kem) den 5 (rat tot)."


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Mời ông đến một cửa.", f"{A}: Moi ong den mot cua.{FULL_TAIL}"),
        ("  Sua\n\txong –  “25 Le Duan”… ", f'{A}: Sua xong - "25 Le Duan"...{FULL_TAIL}'),
    ],
    ids=["accents that would cost a segment", "signs and blanks"],
)
def test_an_answer_that_resolves_has_the_number_and_what_comes_next(words: str, sent: str) -> None:
    assert agent_answer(A, words, CONVERSING, resolves=True) == sent


def test_what_a_score_means_is_said_where_it_costs_no_segment() -> None:
    room = 160 - len(f"{A}: .")
    for letters, tail in ((room - len(FULL_TAIL), FULL_TAIL), (room - len(FULL_TAIL) + 1, TAIL)):
        text = agent_answer(A, "x" * letters, CONVERSING, resolves=True)
        assert (text.endswith(f"x.{tail}"), counted_by_length(text)) == (True, 1), text


def test_where_a_message_has_no_segments_the_closing_sentence_is_one_that_fits_it() -> None:
    fuller = agent_answer(A, "Da xong.", CONVERSING, resolves=True)
    longest = len(fuller) - 1
    service = replace(CONVERSING, segments_of=lambda text: 1 + len(text) // (longest + 1), most_written=1)
    assert len(agent_answer(A, "Da xong.", service, resolves=True)) <= longest


def test_an_answer_that_goes_on_has_the_number_alone_and_keeps_accents_that_cost_nothing() -> None:
    assert agent_answer(A, "Đang xem xét.", CONVERSING, resolves=False) == f"{A}: Đang xem xét."


def test_where_the_full_closing_sentence_would_take_a_fourth_segment_the_short_one_is_sent() -> None:
    room = 459 - len(f"{A}: .")
    assert agent_answer(A, "x" * (room - len(TAIL)), CONVERSING, resolves=True).endswith("soan 1 den 5.")
    assert agent_answer(A, "x" * (room - len(TAIL) + 1), CONVERSING, resolves=True).endswith("tra loi tin nay.")
    assert agent_answer(A, "x" * 500, CONVERSING, resolves=True).endswith("tra loi tin nay.")


def test_another_sentence_follows_words_with_a_sign_at_their_end_alone() -> None:
    for words, sent in (
        ("Gio lam viec 7:30-17:30", "Gio lam viec 7:30-17:30. Chua xong: "),
        ("Khong can ho khau,", "Khong can ho khau. Chua xong: "),
        ("Ban da nhan chua?", "Ban da nhan chua? Chua xong: "),
        ("Xem bang (so 2)", "Xem bang (so 2). Chua xong: "),
        ("Da xong!", "Da xong! Chua xong: "),
    ):
        assert sent in agent_answer(A, words, CONVERSING, resolves=True), words
    assert agent_answer(A, "Gio lam viec 7:30-17:30", CONVERSING, resolves=False).endswith("17:30")
    for asked, sent in (("so nha bao nhieu?", "bo sung: so nha bao nhieu? Xin "), ("x" * 46 + "y?", "y? Xin ")):
        question = replace(TICKET, asked=asked)
        assert sent in ask_details(question, asked, CONVERSING), asked
        assert sent.removeprefix("bo sung: ") in reminder(question, date(2026, 12, 5), CONVERSING), asked


def test_where_ratings_are_off_none_is_asked_for() -> None:
    assert agent_answer(A, "Da xong.", SERVICE, resolves=True) == f"{A}: Da xong. Chua xong: tra loi tin nay."


def test_where_replies_need_a_keyword_it_is_in_the_closing_sentence() -> None:
    keyed = replace(CONVERSING, bare_replies=False)
    assert agent_answer(A, "Da xong.", keyed, resolves=True).endswith(
        f" Chua xong: soan TL {A} noi dung. Danh gia: soan DG so tu 1 (kem) den 5 (rat tot)."
    )


@given(st.text(max_size=600))
def test_whatever_an_agent_types_is_written(words: str) -> None:
    text = agent_answer(A, words, LONGEST_CONVERSING, resolves=True)
    assert text.startswith(f"{A}: ")
    assert counted_by_length(text) >= 1


def test_a_short_question_is_one_sentence_and_a_long_one_is_asked_whole() -> None:
    assert ask_details(TICKET, "so nha, ten duong", CONVERSING) == (
        f"{A}: can bo can ban bo sung: so nha, ten duong. Xin tra loi tin nay truoc 05/12. Chua ro goi 1022"
    )
    long = "Xin cho biet den hong o doan nao cua duong Le Duan, gan so nha nao, va hong tu ngay nao?"
    asked = replace(TICKET, asked=long)
    assert ask_details(asked, long, CONVERSING) == f"{A}: {long} Xin tra loi tin nay truoc 05/12."
    assert ask_details(replace(asked, reply_by=None), long, CONVERSING) == f"{A}: {long} Xin tra loi tin nay."


def test_a_person_on_duty_gets_sixty_letters_and_no_number_of_the_citizen() -> None:
    words = "Cháy ở chung cư 12 Trần Phú, tầng 5, gọi 0905123456, có người mắc kẹt bên trong, khói nhiều lắm"
    text = duty_call(A, words, "phường Hải Châu", CONVERSING)
    assert text == (
        f"KHAN {A}, phuong Hai Chau: Chay o chung cu 12 Tran Phu, tang 5, goi ***, co nguoi.... "
        f"Da biet, soan: NHAN {A} gui 8188"
    )


def test_the_next_person_learns_how_long_nobody_has_answered() -> None:
    assert duty_call(A, "Chay nha", None, CONVERSING, minutes=5) == (
        f"KHAN {A}, chua ai xu ly: Chay nha. Da biet, soan: NHAN {A}"
    )
    assert duty_call(A, "0905123456", "phuong Hai Chau", CONVERSING) == (
        f"KHAN {A}, phuong Hai Chau. Da biet, soan: NHAN {A} gui 8188"
    )


def test_without_the_command_to_acknowledge_people_on_duty_are_texted_all_the_same() -> None:
    silent = replace(
        CONVERSING, keywords={name: word for name, word in CONVERSING.keywords.items() if name != "acknowledge"}
    )
    assert duty_call(A, "Chay nha", None, silent) == f"KHAN {A}. Goi 1022"
    assert duty_call(A, "Chay nha", None, silent, minutes=5) == f"KHAN {A}, chua ai xu ly. Goi 1022"
