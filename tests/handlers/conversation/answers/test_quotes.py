"""What is repeated of somebody's words: short, plain, and nothing that a phone shows as a link or a number."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.answers.quotes import quote_citizen, quote_ours
from handlers.wording.plain import is_plain
from tests.handlers.wording.test_echo import LINKS, PHONES, SEED, contacts_in, mangled

WORDS = ("den duong hong", "ho ga", "xem", "goi", "lien he", "gui ve", "nop phat tai", "so", "zalo", "Đường", "ngập")


@pytest.mark.parametrize(
    ("written", "letters", "said"),
    [
        pytest.param("đèn đường hỏng", 20, "den duong hong", id="whole"),
        pytest.param("Đèn đường hỏng 3 ngày nay tại 25 Lê Duẩn", 20, "Den duong hong 3...", id="cut between words"),
        pytest.param("x" * 30, 20, "x" * 17 + "...", id="one long word"),
        pytest.param("goi 0905 123 456 nhe", 20, "goi *** nhe", id="a telephone number"),
        pytest.param("CCCD 048090123456 cua toi", 40, "CCCD *** cua toi", id="an identity number"),
        pytest.param("ho so 000.00.12.H17-230815-0007", 40, "ho so ***.H***", id="a code"),
        pytest.param("nop tai vneid.top/nop ngay", 40, "nop tai *** ngay", id="a link"),
        pytest.param("xem https://a.example/b nhe", 40, "xem nhe", id="a link with its scheme"),
        pytest.param("so nha 25, phuong 9", 40, "so nha 25, phuong 9", id="short numbers stay"),
        pytest.param("hong tu 05/11", 40, "hong tu 05/11", id="a day stays"),
        pytest.param("0905123456", 40, None, id="nothing but a number"),
        pytest.param("😀😀", 40, None, id="nothing that can be said"),
        pytest.param(" ... ", 40, None, id="nothing but signs"),
        pytest.param("", 40, None, id="nothing"),
    ],
)
def test_a_citizens_words_are_repeated_without_contacts(written: str, letters: int, said: str | None) -> None:
    assert quote_citizen(written, letters) == said


def test_an_agents_words_keep_their_numbers() -> None:
    assert quote_ours("Nộp trước 05/12/2026, gọi 0236 3822222?", 48) == "Nop truoc 05/12/2026, goi 0236 3822222"
    assert quote_ours("?", 48) is None


@given(st.text(max_size=200), st.integers(8, 60))
def test_a_quote_is_short_and_plain(text: str, letters: int) -> None:
    for said in (quote_citizen(text, letters), quote_ours(text, letters)):
        assert said is None or (0 < len(said) <= letters and is_plain(said))


def test_no_quote_shows_a_contact() -> None:
    chosen = random.Random(SEED)
    quoted = 0
    for _ in range(3_000):
        bait = mangled(chosen.choice((*LINKS, *PHONES)), chosen)
        text = f"{chosen.choice(WORDS)} {bait} {chosen.choice(WORDS)}"
        said = quote_citizen(text, 60)
        quoted += said is not None
        assert said is None or contacts_in(said) == [], (text, said)
    assert quoted > 1_000
