"""Keywords that the settings rename are read everywhere in a text like the printed ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import parsers
from parsers.commands import Command, LookUpStatus, RegisterAccount
from parsers.explanation import explain
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.printed import official_form
from parsers.vocabulary import VOCABULARY, vocabulary_of

TODAY = date(2026, 11, 22)
PERSON = "Nguyen Van A, 201499999, 20/12/1990"
CODE = "000.00.12.H17-230815-0007"
RENAMED = vocabulary_of(keywords={"register_account": ["MOTK", "MOTAIKHOAN"], "look_up_dossier": ["TRACUU", "HOSO"]})


def read(text: str, *, with_secrets: bool = False, renamed: bool = True) -> Command | Misread:
    vocabulary = RENAMED if renamed else VOCABULARY
    return parsers.read(text, today=TODAY, with_secrets=with_secrets, vocabulary=vocabulary)


@pytest.mark.parametrize(
    "text",
    [
        "TK: Nguyen Van A TK 201499999 20/12/1990",
        "TK: Nguyen Van A DVC 201499999 20/12/1990",
        "TK, DVC Nguyen Van A, 201499999, 20/12/1990",
        f"TK TK {PERSON}",
        f"dang ky TK {PERSON}",
        f"mo TK {PERSON}",
        f"Xin chao, cho toi dang ky TK moi {PERSON}",
        f"dang ky tai khoan TK: {PERSON}",
        "dang ky TK Nguyen Van A TK 201499999 20/12/1990",
        "mo TK Nguyen Van A, 201499999",
        f"DVC {CODE}. mo TK {PERSON}",
        f"DVC {CODE} dang ky cho em TK {PERSON}",
        "DVC13557009DVC13557010",
        "DVC 13557009DVC13557010",
        "DVC 13557009 DVC13557010",
        "DVC 13557009, 13557010DVC13557011",
        f"chao anh, xem giup em DVC{CODE} nhe",
        f"em hoi DVC {CODE} voi",
    ],
)
@pytest.mark.parametrize("with_secrets", [False, True])
@pytest.mark.parametrize(("account", "look_up"), [("MOTK", "TRACUU"), ("MOTAIKHOAN", "HOSO")])
def test_a_text_with_them_is_read_as_with_the_printed_ones(
    text: str, account: str, look_up: str, *, with_secrets: bool
) -> None:
    def other(words: str) -> str:
        return words.replace("TK", account).replace("DVC", look_up)

    def taught(words: str | None) -> str | None:
        return words and words.replace("TK", "MOTK").replace("DVC", "TRACUU")

    printed = read(text, with_secrets=with_secrets, renamed=False)
    reading = read(other(text), with_secrets=with_secrets)
    if isinstance(printed, Misread):
        wrong = printed.wrong and other(printed.wrong)
        expected = replace(printed, wrong=wrong, suggestion=taught(printed.suggestion), meant=taught(printed.meant))
        assert reading == expected
    else:
        assert reading == printed


@pytest.mark.parametrize("keyword", ["MOTK", "MOTAIKHOAN", "TRACUU", "HOSO", "TK", "DVC"])
def test_no_keyword_becomes_a_part_of_a_name(keyword: str) -> None:
    text = f"MOTK: Nguyen Van A {keyword} 201499999 20/12/1990"
    reading = read(text)
    assert isinstance(reading, Misread)
    assert (reading.kind, reading.fields) == (MisreadKind.FULL_NAME, (FieldName.FULL_NAME,))
    steps = explain(text, today=TODAY, vocabulary=RENAMED).steps
    assert [step.why.key for step in steps if step.taken_for == FieldName.FULL_NAME.value] == ["why.unfit"]


def test_a_keyword_that_can_be_a_word_of_a_name_is_one() -> None:
    vocabulary = vocabulary_of(keywords={"look_up_dossier": ["GIO"]})
    reading = parsers.read("TK, Le Van Gio, 201499999, 20/12/1990", today=TODAY, vocabulary=vocabulary)
    assert isinstance(reading, RegisterAccount)
    assert reading.full_name == "Le Van Gio"


def test_tk_is_the_short_form_of_the_word_for_account_with_any_keyword() -> None:
    for text in (f"mo TK {PERSON}", f"dang ky tai khoan {PERSON}", f"mo MOTK {PERSON}", f"tao MOTAIKHOAN {PERSON}"):
        assert isinstance(read(text), RegisterAccount), text
    unknown = read(f"mo MOTK {PERSON}", renamed=False)
    assert not isinstance(unknown, RegisterAccount)


def test_two_codes_with_a_keyword_between_them_are_not_one_code() -> None:
    reading = read("HOSO13557009HOSO13557010")
    assert isinstance(reading, Misread)
    assert (reading.kind, reading.wrong) == (MisreadKind.RECEIPT_CODE, "13557009HOSO13557010")
    secret = read("HOSO13557009HOSO13557010 1234", with_secrets=True)
    assert isinstance(secret, Misread)
    assert secret.wrong is None
    apart = read("HOSO 13557009 HOSO 13557010")
    assert isinstance(apart, LookUpStatus)
    assert official_form(apart, RENAMED) == "TRACUU 13557009, 13557010"


@pytest.mark.parametrize(
    "text", ["TRACUU 13557009", "tra cuu 13557009", "Xin chao, tra cuu: 13557009", "TRACUU13557009"]
)
def test_a_word_that_people_write_around_commands_can_be_a_keyword(text: str) -> None:
    reading = read(text)
    assert isinstance(reading, LookUpStatus)
    assert official_form(reading, RENAMED) == "TRACUU 13557009"
