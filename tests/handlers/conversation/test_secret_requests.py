"""Requests for secrets: what is refused, what is a warning or an instruction, and texts made of known parts."""

from __future__ import annotations

import random
from itertools import product
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.secret_requests import VERBS, find_secret_requests
from handlers.wording.plain import unaccented
from tests.handlers.wording.test_echo import SEED

REFUSED = [
    "gui mat khau cho toi",
    "Gửi mật khẩu cho tôi",
    "cho xin ma OTP",
    "Anh cho xin mã OTP với",
    "Xin mật khẩu của anh",
    "Anh cho mat khau de em kiem tra",
    "Ban gui lai cho em mat khau",
    "nhan tin ma xac thuc cho can bo",
    "Vui lòng nhắn tin mã xác thực",
    "tra loi tin nay ma PIN",
    "Anh đọc giúp em mã OTP",
    "soan OTP gui 8188",
    "cung cap so CCCD va mat khau",
    "Xin cho biết mật khẩu",
    "Gởi MK cho tôi",
    "MA OTP? Xin gui ma OTP.",
    "Không vào được thì gửi mật khẩu cho tôi",
    "Nếu không vào được, gửi mật khẩu cho tôi",
    "Neu khong vao duoc, vui long gui mat khau",
    "Trả lời đúng mật khẩu cũ",
    "Đúng rồi, gửi mật khẩu cho tôi",
    "Khong gui mat khau cho ai. Gui mat khau cho toi",
    "Send me your password",
    "Please tell us the OTP",
    "Vui long cung cap so the va CVV",
    "Nhap OTP roi bao lai",
    "Nhập mã OTP vào máy rồi báo lại cho em",
    "Get the OTP and tell us",
]
SENT = [
    "khong gui mat khau cho ai",
    "Không gửi mật khẩu cho ai",
    "Đừng gửi mã OTP cho người lạ",
    "dung gui ma OTP cho nguoi la",
    "Tuyệt đối không cung cấp, đọc hay gửi mã OTP cho bất kỳ ai",
    "tuyet doi khong cung cap, doc hay gui ma OTP cho bat ky ai",
    "8188 khong bao gio yeu cau ban gui mat khau",
    "Can bo chua bao gio xin mat khau",
    "Cán bộ chưa bao giờ hỏi hay xin mật khẩu",
    "mang CCCD den de nhan mat khau moi",
    "Muốn cấp lại mật khẩu, mang CCCD đến bộ phận một cửa",
    "Chờ mật khẩu mới trong 5 phút",
    "Quên mật khẩu, gọi 1022 để được cấp lại",
    "Gui pin cu den UBND phuong",
    "Dọn pin thải ở công viên",
    "Gui don den mot cua. Mat khau moi se co sau 3 ngay",
    "gui ho so, ban sao va giay to, sau do doi mat khau",
    "Never send your password to anybody",
    "Do not send the OTP",
    "Nhap OTP tren trang, xong thi dang nhap",
    "Doi mat khau roi bao lai cho can bo",
    "Khong nhap OTP roi gui cho ai",
    "",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_request_is_found(text: str) -> None:
    assert find_secret_requests(text) != []


@pytest.mark.parametrize("text", SENT)
def test_a_warning_or_an_instruction_is_none(text: str) -> None:
    assert find_secret_requests(text) == []


GAPS = ["", "giup", "cho em", "lai cho toi"]
SECRETS_ASKED = ["mật khẩu", "mã OTP", "OTP", "mã xác thực", "PIN"]
BEFORE = ["", "Chào anh", "Vui lòng", "Chị"]
NEGATIONS = ["không", "đừng", "tuyệt đối không", "chưa bao giờ"]
SPELLINGS = sorted({spelling for ways in VERBS.values() for spelling in ways} | (VERBS.keys() - {"goi"}))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_verb_with_every_secret_is_found_and_with_a_negation_it_is_not(spelling: str) -> None:
    for gap, secret, before in product(GAPS, SECRETS_ASKED, BEFORE):
        asked = " ".join(f"{before} {spelling} {gap} {secret} nhé".split())
        assert len(find_secret_requests(asked)) == 1, asked
        assert len(find_secret_requests(asked.upper())) == 1, asked
    for negation, secret in product(NEGATIONS, SECRETS_ASKED):
        warned = f"Xin nhớ {negation} {spelling} {secret} cho ai"
        assert find_secret_requests(warned) == [], warned
        if spelling != "gởi":
            assert find_secret_requests(unaccented(warned)) == [], warned


def test_a_secret_farther_behind_the_verb_is_not_asked_for() -> None:
    assert find_secret_requests("gui a b c mat khau") != []
    assert find_secret_requests("gui a b c d mat khau") == []


def test_a_request_is_found_among_innocent_sentences() -> None:
    chosen = random.Random(SEED)
    for _ in range(500):
        sentences = chosen.choices([text for text in SENT if text], k=chosen.randrange(4))
        assert find_secret_requests(". ".join(sentences)) == []
        sentences.insert(chosen.randrange(len(sentences) + 1), chosen.choice(REFUSED[:15]))
        assert find_secret_requests(". ".join(sentences)) != [], sentences


@given(st.text(st.sampled_from("gửi mat khẩu OTP không, .\n"), max_size=200))
def test_places_are_in_the_text_and_in_order(text: str) -> None:
    places = find_secret_requests(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert list(places) == sorted(places)


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    def seconds(words: int) -> float:
        text = "khong gui, " * words
        started = perf_counter()
        find_secret_requests(text)
        return perf_counter() - started

    short = min(seconds(500) for _ in range(3))
    assert min(seconds(4_000) for _ in range(3)) < 40 * short
