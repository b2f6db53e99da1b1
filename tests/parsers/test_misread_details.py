"""What a misread carries besides its JSON: the cause, the good fields and the wrong one, as the sender wrote them."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import read
from parsers.commands import RegisterAccount
from parsers.misread import FieldName, Hint, Misread, MisreadKind

TODAY = date(2026, 11, 22)
NAME, NUMBER, BIRTH = FieldName.FULL_NAME, FieldName.ID_NUMBER, FieldName.BIRTH_DATE


def misread(text: str) -> Misread:
    reading = read(text, today=TODAY)
    assert isinstance(reading, Misread)
    return reading


@pytest.mark.parametrize(
    ("text", "hint", "wrong"),
    [
        ("TK, Lê An, 0905 123 456, 1990", Hint.PHONE_NUMBER, "0905 123 456"),
        ("TK, Lê An, 905123456, 1990", Hint.PHONE_NUMBER, "905123456"),
        ("TK, Lê An, 48090123456, 1990", Hint.LOST_ZERO, "48090123456"),
        ("TK, Lê An, B1234567, 1990", Hint.PASSPORT, "B1234567"),
        ("TK, Lê An, ho chieu 1234567, 1990", Hint.PASSPORT, "1234567"),
        ("TK, Lê An, 12345, 20/12/1990", None, "12345"),
        ("TK, Lê An, 20149999S, 20/12/1990", None, "20149999S"),
        ("TK, Lê An, 201499999, 201488888, 1990", Hint.TWO_VALUES, "201499999"),
        ("TK, Lê An, 201499999, 12/25/1990", Hint.MONTH_FIRST, "12/25/1990"),
        ("TK, Lê An, 201499999, 31/02/1990", Hint.IMPOSSIBLE, "31/02/1990"),
        ("TK, Lê An, 201499999, 01/01/2030", Hint.FUTURE, "01/01/2030"),
        ("TK, Lê An, 201499999, 1850", Hint.TOO_OLD, "1850"),
        ("TK, Lê An, 201499999, 5 tháng tư 1990", Hint.IN_WORDS, "5 tháng tư 1990"),
        ("TK, Lê An, 201499999, 1990, 20/12/1991", Hint.TWO_VALUES, "1990"),
        ("TK, An, 201499999, 1990", Hint.ONE_WORD, "An"),
        ("TK, Lê An, Hội An, 201499999, 1990", Hint.TWO_VALUES, "Lê An"),
    ],
)
def test_tells_the_cause_and_quotes_the_wrong_field(text: str, hint: Hint | None, wrong: str) -> None:
    reading = misread(text)
    assert (reading.hint, reading.wrong) == (hint, wrong)
    assert reading.command == RegisterAccount.name


def test_carries_the_good_fields_as_the_sender_wrote_them() -> None:
    reading = misread("TK; Nguyễn Văn Đức; 201.499.999; 31.02.90")
    assert reading.good == ((NAME, "Nguyễn Văn Đức"), (NUMBER, "201.499.999"))
    reading = misread("tk họ tên: lê an, sinh ngày 1.2.1990")
    assert reading.kind is MisreadKind.ID_NUMBER
    assert reading.good == ((NAME, "lê an"), (BIRTH, "1.2.1990"))


def test_quotes_at_most_forty_characters() -> None:
    reading = misread("TK, Lê An, " + "12345 " * 20 + ", 1990")
    assert reading.wrong is not None
    assert len(reading.wrong) == 40


def test_names_several_missing_fields() -> None:
    reading = misread("TK, Lê An")
    assert (reading.kind, reading.fields) == (MisreadKind.MISSING_FIELDS, (NUMBER, BIRTH))


def test_two_people_carry_no_field() -> None:
    reading = misread("TK, Lê An, 201499999, 1990; Lê Bé, 201488888, 1992")
    assert (reading.kind, reading.good) == (MisreadKind.TOO_MANY_PEOPLE, ())


def test_a_long_letter_is_asked_back() -> None:
    reading = misread("TK " + "chuyen la, " * 120 + "201499999, 20/12/1990")
    assert FieldName.FULL_NAME in reading.fields


def test_other_short_codes_are_thrown_away_too() -> None:
    text = "DVC 13557009 gui 1022"
    assert not isinstance(read(text, today=TODAY, short_codes=("8188", "1022")), Misread)
    assert misread("DVC 8188").kind is MisreadKind.RECEIPT_CODE
    assert not isinstance(read("DVC 8188", today=TODAY, short_codes=()), Misread)
