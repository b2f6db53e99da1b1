"""Long texts cut into parts, any of which may never come: no account, and no code that the citizen did not write."""

from __future__ import annotations

import os
from datetime import date
from random import Random

import pytest

from parsers import GAP, read
from parsers.commands import LookUpStatus, RegisterAccount
from parsers.fields.codes.receipt_codes import canonical_form
from sms_gateway.channels.smpp.coding.long_texts import read_parts
from sms_gateway.pipeline.ports import Piece
from sms_gateway.settings.link_model import Alphabet

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

TODAY = date(2026, 11, 22)
TEXTS = 40_000 if os.environ.get("SMS_GATEWAY_TEST_LONG") == "1" else 1_500
NAMES = ("Nguyen Van An", "Tran Thi Bich Hoa", "H'Hen Nie", "Le Hoang Nam", "Dang Y Nhi")
WORDS = (
    "cho toi hoi",
    "nho anh chi tra gium em",
    "xin cam on",
    "ho so dat dai",
    "cua toi",
    "gui 8188",
    "o Da Nang",
    "...",
)


def code(random: Random) -> str:
    digits = "".join(random.choice("0123456789") for _ in range(18))
    return random.choice(
        (
            f"000.{digits[:2]}.{digits[2:4]}.H{digits[4:6]}-230815-{digits[6:10]}",
            f"000.00.{digits[2:4]}.H17 - 230815 - {digits[6:10]}",
            f"H17.{digits[2:4]}-230815-{digits[6:10]}",
            f"HS{digits[:6]}",
            f"1{digits[:7]}",
            f"1{digits[:3]} {digits[3:6]}",
        )
    )


def look_up(random: Random) -> tuple[str, set[str]]:
    """Make a text that asks for codes; return it with the codes as they are compared."""
    codes = [code(random) for _ in range(random.randint(1, 3))]
    asked = random.choice((", ", "; ", " va ", "\n")).join(codes)
    text = f"{random.choice(('DVC ', 'DVC', 'dvc: '))}{asked} {' '.join(random.choices(WORDS, k=random.randint(0, 3)))}"
    return text, {canonical_form(each) for each in codes}


def registration(random: Random) -> str:
    number = f"0010{random.randint(10, 99)}{random.randint(0, 999_999):06}"
    date_there = f"{random.randint(1, 28)}/{random.randint(1, 12)}/19{random.randint(40, 99)}"
    fields = [random.choice(NAMES), number, date_there]
    extra = " ".join(random.choices(WORDS, k=random.randint(0, 3)))
    return f"TK{random.choice((', ', ' '))}{random.choice((', ', ' - ', '; ')).join(fields)} {extra}"


def cut(text: str, random: Random) -> list[Piece]:
    wide = random.random() < 0.5
    octets = text.encode("utf-16-be") if wide else text.encode("ascii")
    length = random.randint(3, 20) * (2 if wide else 1)
    coding = 8 if wide else 0
    return [Piece(octets=octets[at : at + length], data_coding=coding) for at in range(0, len(octets), length)]


def received(text: str, random: Random) -> str:
    """Return what is read of a text when at least one of its parts never came."""
    pieces = dict(enumerate(cut(text, random), start=1))
    total = len(pieces)
    for lost in random.sample(sorted(pieces), random.randint(1, max(1, total // 3))):
        del pieces[lost]
    return read_parts(total, pieces, Alphabet.GSM)


@pytest.mark.parametrize("with_secrets", [False, True], ids=["open", "secrets"])
def test_what_is_read_of_a_look_up_was_written(*, with_secrets: bool) -> None:
    random = Random(7)
    looked_up = 0
    for _ in range(TEXTS):
        whole, written = look_up(random)
        given = received(whole, random)
        assert GAP in given
        reading = read(given, today=TODAY, with_secrets=with_secrets)
        assert not isinstance(reading, RegisterAccount), (whole, given)
        if isinstance(reading, LookUpStatus):
            looked_up += 1
            assert {each.canonical for each in reading.codes} <= written, (whole, given)
    assert looked_up > TEXTS // 50, "no code was far from a gap"


@pytest.mark.parametrize("with_secrets", [False, True], ids=["open", "secrets"])
def test_no_account_is_opened_of_a_text_with_a_gap(*, with_secrets: bool) -> None:
    random = Random(8)
    for _ in range(TEXTS):
        whole = registration(random)
        given = received(whole, random)
        reading = read(given, today=TODAY, with_secrets=with_secrets)
        assert not isinstance(reading, RegisterAccount | LookUpStatus), (whole, given)
