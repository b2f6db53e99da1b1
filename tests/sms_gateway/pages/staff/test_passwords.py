"""Which new passwords of operators are taken."""

from __future__ import annotations

import itertools
import random
import string
from time import perf_counter

import pytest
from flask.testing import FlaskClient

from handlers.first_passwords import ALPHABET
from sms_gateway.pages.staff.passwords import Weak, hash_password, password_fits, weakness
from tests.generators.generated import LONG
from tests.sms_gateway.conftest import PASSWORD, form_token
from tests.sms_gateway.pages.acting import ENGLISH

pytestmark = pytest.mark.no_cover  # the same lines many times

NAME = "lan.trần"

COMMON = [
    "1qaz2wsx3edc",
    "q1w2e3r4t5y6",
    "qwerty123456",
    "123456qwerty",
    "zaq1xsw2cde3",
    "qazwsxedcrfv",
    "1a2s3d4f5g6h",
    "asdfghjkl;'qwerty",
    "poiuytrewq12",
    "Password1234",
    "P@ssw0rd2026!",
    "passwordpassword1",
    "Welcome@2026",
    "iloveyou1234",
    "iloveyouforever",
    "Michael.Jackson",
    "counterstrike1",
    "123456789012",
    "0905123456 2026",
    "079201001234",
    "20/11/1990 0905",
    "matkhau123456",
    "Matkhau@12345",
    "Mật khẩu 2026",
    "anhyeuem1990",
    "yêuemmãimãi12",
    "Hanoi.Vietnam.1",
    "gfhjkmgfhjkm1",
    "DaNang@2026!!",
]
LOCAL = [
    "Viettel@2024!",
    "viettel123456",
    "mobifone@1234",
    "Vinaphone@2025",
    "vnpt@12345678",
    "Congan@123456",
    "quangninh2026",
    "QuangNinh@2026",
    "thuathienhue123",
    "haiphong.2026",
    "BaRiaVungTau2025",
    "vanphong2026",
    "phongkythuat1",
    "kythuat12345",
    "bangiamdoc123",
    "Giamdoc@123456",
    "hoilamgi123456",
    "tuyetvoi12345",
    "motconvit123",
    "khongnoiduoc",
    "conmeocon123",
    "chuyentinh123",
    "a1b2c3d4e5f6",
    "1a2b3c4d5e6f",
    "abc123def456",
    "hagl@2026!!!",
    "manutd123456",
    "Barcelona@2026",
    "realmadrid12",
    "vietcombank123",
    "Techcombank@1",
    "sacombank.2026",
    "khoailang@123",
    "2026khoailang",
    "!!khoailang2026",
    "Khoailang#1990",
    "vienkiemsat123",
    "doanthanhnien1",
    "VietnamAirlines1",
    "Quảng Ninh 2026",
    "Thừa Thiên Huế 123",
    "Công an Quảng Trị 1",
    "Viettel Mobifone",
    "văn phòng ubnd 2026",
]
"""Words of this country with years, digits and signs, with accents and blanks or without."""
REPEATED = ["a" * 12, "ab" * 8, "112211221122", "clerkclerkclerk", "Lan1Lan1Lan1", "xkcdxkcdxkcd"]
OWN = [
    "CongAn.DaNang.2026",
    "thutuchanhchinh",
    "Bệnh viện Đà Nẵng",
    "Lan.2026-Danang",
    "tongdai1022danang",
    "tra cuu ho so",
    "8188smsgateway",
]
GOOD = [
    PASSWORD,
    "four green boats at dawn",
    "correct horse battery table",
    "con mèo ngủ trên mái nhà",
    "hôm nay trời mưa rất to",
    "Xk9#mQ2$vL7p",
    "lan thích ăn bún mắm nêm",
    "x7 là phòng họp ở tầng ba",
    "khoai lang nướng 2026",
    "cá chuồn nướng Quảng Nam",
    "bảo vệ thích ăn khoai 12",
    "Viettel gọi lúc bảy giờ kém",
    "khoailangnuong",
    "tram-xe-buyt-7-mua",
    "🐟🐠🐡🦀🦞🦐 bơi quanh đảo",
]


@pytest.mark.parametrize(
    ("why", "clear"),
    [
        *((Weak.COMMON, one) for one in (*COMMON, *LOCAL)),
        *((Weak.REPEATED, one) for one in REPEATED),
        *((Weak.OWN_WORDS, one) for one in OWN),
        (Weak.SHORT, "Xk9#mQ2$vL7"),
        (Weak.LONG, "four green boats " * 12),
    ],
)
def test_what_a_guesser_tries_first_is_refused(why: Weak, clear: str) -> None:
    assert weakness(clear, NAME) is why


@pytest.mark.parametrize("clear", GOOD)
def test_a_phrase_of_ones_own_is_taken(clear: str) -> None:
    assert weakness(clear, NAME) is None


@pytest.mark.parametrize("length", [12, 64, 200])
def test_no_kind_of_characters_is_demanded_and_long_ones_are_taken_whole(length: int) -> None:
    phrase = "chiếc ghe xanh rời bến lúc bình minh "
    assert weakness((phrase * 5)[:length], NAME) is None


@pytest.mark.parametrize("letters", [string.ascii_lowercase, string.ascii_letters + string.digits, ALPHABET])
def test_random_ones_are_hardly_ever_refused(letters: str) -> None:
    chance = random.Random(20261122)
    count = 2000 if LONG else 300
    refused = sum(weakness("".join(chance.choices(letters, k=12)), NAME) is not None for _ in range(count))
    assert refused <= count // 100


def test_every_pair_of_common_pieces_with_a_year_is_refused() -> None:
    pieces = ("password", "matkhau", "welcome", "danang", "lan", "qwerty", "123456", "iloveyou", "admin", "hoso")
    for first, second in itertools.permutations(pieces, 2):
        for joined in (f"{first}{second}2026", f"{first.title()}.{second}!1", f"{first}@{second.upper()}1990"):
            if len(joined) >= 12:
                assert weakness(joined, NAME) is not None, joined


def test_the_longest_password_is_judged_at_once() -> None:
    for evil in (("qwertyuiop" * 20)[:199] + "é", "ab" * 99 + "c", ("1qaz2wsx3edc4rfv" * 13)[:200]):
        started = perf_counter()
        weakness(evil, NAME)
        assert perf_counter() - started < 1


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("1qaz2wsx3edc", "made of common words, keyboard rows or numbers"),
        ("aaaaaaaaaaaa", "repeats a few characters"),
        ("lan.danang.2026", "made of your name or words of the service"),
        ("x1Y2z3", "needs at least 12 characters"),
        ("four green boats " * 12, "more than 200 characters"),
    ],
)
def test_the_page_says_what_is_wrong(logged_in: FlaskClient, new: str, words: str) -> None:
    token = form_token(logged_in.get("/admin/password"))
    data = {"csrf": token, "current": PASSWORD, "new": new, "again": new}
    page = logged_in.post("/admin/password", data=data, headers=ENGLISH)
    assert page.status_code == 400
    assert words in page.text


def test_the_hash_is_argon2id_with_19_mib_and_opens_with_that_password_alone() -> None:
    hashed = hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_fits(hashed, PASSWORD)
    assert not password_fits(hashed, f"{PASSWORD} ")
