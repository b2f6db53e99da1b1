"""Texts of which a part never came: `_` in these tables is the gap."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import GAP, read
from parsers.commands import LookUpStatus, RegisterAccount, ShowHelp
from parsers.explanation import explain
from parsers.misread import Misread, MisreadKind

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("DVC 000.00.12.H17-230815-0007 nho anh chi tra gium em _ xin cam on", ["0000012H172308150007"]),
        ("DVC 123456, 104_02", ["123456"]),
        ("DVC 123 456; 777888 _ 999", ["123456"]),
        ("DVC 123456, _", ["123456"]),
        ("DVC 123456 cua toi _", ["123456"]),
        ("DVC 123456 gui _", ["123456"]),
        ("DVC 123456, 104_02, 777888", ["123456", "777888"]),
        ("DVC 123456, _5, _6, 777888", ["123456", "777888"]),
    ],
)
def test_a_code_far_from_the_gap_is_looked_up(text: str, codes: list[str]) -> None:
    reading = read(text.replace("_", GAP), today=TODAY)
    assert isinstance(reading, LookUpStatus)
    assert [code.canonical for code in reading.codes] == codes


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("DVC10402_", None),
        ("DVC _10402", LookUpStatus.name),
        ("DVC 104_02", LookUpStatus.name),
        ("DVC 123456 _", LookUpStatus.name),
        ("DVC 123456 _ 789", LookUpStatus.name),
        ("DVC 000.00.12.H17 - 230815 - _", LookUpStatus.name),
        ("DVC 000.00.12.H17 -\n_", LookUpStatus.name),
        ("DVC AB_ 987654321", LookUpStatus.name),
        ("DVC OOO _", LookUpStatus.name),
        ("_DVC 123456", None),
        ("DVC_ 123456", None),
        ("_123456, 777888", None),
        ("TK, Nguyen Van A, 001090_456, 20/12/1990", RegisterAccount.name),
        ("TK, Nguyen Van A, 001090123456, 20/12/19_", RegisterAccount.name),
        ("TK, Nguyen _, 001090123456, 20/12/1990", RegisterAccount.name),
        ("TK, Nguyen Van A, 001090123456, 20/12/1990, o so 5 Bach Dang, _", RegisterAccount.name),
        ("_, TK, Nguyen Van A, 001090123456, 20/12/1990", RegisterAccount.name),
        ("HD_", None),
        ("_", None),
        ("_?", None),
    ],
)
def test_all_else_is_asked_for_again(text: str, command: str | None) -> None:
    reading = read(text.replace("_", GAP), today=TODAY)
    assert isinstance(reading, Misread)
    assert (reading.kind, reading.command) == (MisreadKind.INCOMPLETE, command)


@pytest.mark.parametrize(
    "text",
    [
        *("DVC 000.00.12.H17-230815-000_, 1234", "DVC 13557_, 1234", "DVC 13557_, AB12CD", "DVC 13557_ cua toi 1234"),
        *("DVC 13557_; mk 1234", "DVC 13557_\n, 1234 cam on", "DVC 1234, 000.00.12.H17-23_"),
    ],
)
def test_the_secret_of_a_code_that_touches_a_gap_is_no_code(text: str) -> None:
    reading = read(text.replace("_", GAP), today=TODAY, with_secrets=True)
    assert isinstance(reading, Misread)
    assert reading.kind is MisreadKind.INCOMPLETE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DVC 13557_, 1234, 13557009", [("13557009", "")]),
        ("DVC 123456, 104_, 1234", [("123456", "")]),
        ("DVC 13557009, 1234, 000_", [("13557009", "1234")]),
        ("DVC 13557009 1234 cam on _", [("13557009", "1234")]),
    ],
)
def test_the_secret_of_a_code_that_touches_a_gap_is_for_no_other(text: str, told: list[tuple[str, str]]) -> None:
    reading = read(text.replace("_", GAP), today=TODAY, with_secrets=True)
    assert isinstance(reading, LookUpStatus)
    assert [(code.written, code.secret) for code in reading.codes] == told


def test_a_secret_may_stand_in_what_is_left() -> None:
    reading = read(f"DVC 10402 12{GAP}", today=TODAY, with_secrets=True)
    assert isinstance(reading, Misread)
    assert reading.may_hold_secret


def test_a_call_for_help_is_answered() -> None:
    assert isinstance(read(f"HD, {GAP}", today=TODAY), ShowHelp)


@pytest.mark.parametrize("dots", ["…", "..."])
def test_dots_of_a_citizen_are_no_gap(dots: str) -> None:
    assert isinstance(read(f"TK, Nguyen Van A, 201499999, 20/12/1990{dots}", today=TODAY), RegisterAccount)
    assert isinstance(read(f"DVC 123456 {dots}", today=TODAY), LookUpStatus)


def test_what_the_gap_did_is_explained() -> None:
    told = explain(f"DVC 123456, 104{GAP}", today=TODAY)
    assert [(step.part, step.taken_for) for step in told.steps] == [
        ("123456", "receipt_code"),
        ("DVC", "look_up_status"),
    ]
    assert [step.taken_for for step in explain(f"DVC 104{GAP}", today=TODAY).steps] == ["misread incomplete"]
