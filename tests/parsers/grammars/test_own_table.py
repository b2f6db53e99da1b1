"""Keys of own tables as citizens write them; the commands are made from data, as pages and files make them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers
from parsers.commands import LookUpStatus, RegisterAccount, ShowHelp
from parsers.commands.tables import AskTable, command_of
from parsers.explanation import explain
from parsers.grammars import GRAMMARS
from parsers.grammars.own_table import TableWriting, grammar_of
from parsers.grammars.own_table_keys import KeyShape
from parsers.masking import hide_secrets
from parsers.misread import Misread, MisreadKind
from parsers.printed import as_json, official_form
from parsers.vocabulary import vocabulary_of

TODAY = date(2026, 11, 29)
BUS = TableWriting(name="bus", keywords=("BUS", "XEBUYT"), shape=KeyShape.CODE)
METER = TableWriting(name="meter", keywords=("DIEN",), shape=KeyShape.DIGITS)
WATER = TableWriting(name="water", keywords=("NUOC",), shape=KeyShape.CODE, needs_secret=True)
SCHOOL = TableWriting(name="school", keywords=("TRUONG",), shape=KeyShape.WORDS)
MARKS = TableWriting(name="marks", keywords=("DIEM",), shape=KeyShape.DIGITS, needs_secret=True)
PUPILS = TableWriting(name="pupils", keywords=("HOCVIEN",), shape=KeyShape.WORDS, needs_secret=True)
HOURS = TableWriting(name="hours", keywords=("GIO",), shape=KeyShape.NONE)
VOCABULARY = vocabulary_of((*GRAMMARS, *map(grammar_of, (BUS, METER, WATER, SCHOOL, MARKS, PUPILS, HOURS))))


def read(text: str) -> object:
    return parsers.read(text, today=TODAY, vocabulary=VOCABULARY)


@pytest.mark.parametrize(
    ("text", "table", "canonical", "secret"),
    [
        ("BUS R16", "bus", "R16", None),
        ("bus tuyến số r 16 gửi 8188", "bus", "R16", None),
        ("Xebuyt: 5", "bus", "5", None),
        ("BUS 11A cua toi", "bus", "11A", None),
        ("Bus 11a 8188", "bus", "11A", None),
        ("DIEN ma khach hang PB 0301 234", "meter", "0301234", None),
        ("DIEN 0301.234", "meter", "0301234", None),
        ("DIEN 0301234 thang 11", "meter", "0301234", None),
        ("DIEN 0301234 ky 11/2026", "meter", "0301234", None),
        ("BUS 5 luc 7h", "bus", "5", None),
        ("NUOC DN123456 4321", "water", "DN123456", "4321"),
        ("NUOC DN 123 456, 4321", "water", "DN123456", "4321"),
        ("nuoc ma kh DN123456 mat khau ab12cd", "water", "DN123456", "AB12CD"),
        ("NUOC DN123456", "water", "DN123456", ""),
        ("TRUONG Nguyễn Huệ", "school", "NGUYENHUE", None),
        ("GIO", "hours", "", None),
        ("GIO lam viec", "hours", "", None),
    ],
)
def test_a_key_is_read_as_it_is_written(text: str, table: str, canonical: str, secret: str | None) -> None:
    reading = read(text)
    assert isinstance(reading, command_of(table)), reading
    assert (reading.canonical, reading.secret) == (canonical, secret)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BUS", MisreadKind.RECEIPT_CODE),
        ("BUS toi muon hoi", MisreadKind.RECEIPT_CODE),
        ("BUS " + "A1" * 40, MisreadKind.RECEIPT_CODE),
        ("BUS 1, 6", MisreadKind.RECEIPT_CODE),
        ("BUS R16 va R17", MisreadKind.RECEIPT_CODE),
        ("BUSS 5", MisreadKind.UNKNOWN_KEYWORD),
        ("GIOI", MisreadKind.UNKNOWN_KEYWORD),
    ],
)
def test_what_holds_no_key_is_a_misread(text: str, expected: MisreadKind) -> None:
    reading = read(text)
    assert isinstance(reading, Misread), reading
    assert reading.kind is expected
    assert reading.command == ("table_bus" if expected is MisreadKind.RECEIPT_CODE else None)


def test_a_word_before_a_key_may_belong_to_it_and_joined_keys_are_asked_for_again() -> None:
    for text, key, instead in (
        ("NUOC KH 001234 9876", "001234", ["KH001234"]),
        ("NUOC ma KH-001234, 9876", "001234", ["KH001234"]),
        ("BUS TRAM 15", "15", ["TRAM15"]),
        ("TRUONG Chợ Cồn", "CON", ["CHOCON"]),
        ("BUS cho em hoi 15", "15", []),
        ("DIEN ma so 15", "15", []),
    ):
        reading = read(text)
        assert isinstance(reading, AskTable), text
        assert (reading.canonical, [one.canonical for one in reading.instead]) == (key, instead), text
    assert isinstance(read("DIEN 12 va 3"), Misread)


def test_a_slip_in_the_keyword_is_suggested_without_the_secret() -> None:
    reading = read("NUOCC DN123456 4321")
    assert isinstance(reading, Misread)
    assert (reading.suggestion, reading.meant, reading.may_hold_secret) == ("NUOC", "NUOC DN123456 ****", True)


def test_help_names_the_table_and_other_commands_stay_as_they_are() -> None:
    assert read("HD BUS") == read("BUS HD") == ShowHelp(topic="table_bus")
    plain = vocabulary_of()
    for text in ("TK, Nguyen Van A, 201499999, 20/12/1990", "DVC 000.00.12.H17-230815-0007", "DVC 123456 cam on"):
        assert read(text) == parsers.read(text, today=TODAY, vocabulary=plain)
        assert isinstance(read(text), RegisterAccount | LookUpStatus)


def test_it_is_printed_written_and_explained_without_its_secret() -> None:
    reading = read("nuoc dn 123456 4321")
    assert isinstance(reading, AskTable)
    assert "4321" not in repr(reading)
    assert as_json(reading, VOCABULARY) == {
        "command": "table_water",
        "key": "DN123456",
        "canonical": "DN123456",
        "with_secret": True,
    }
    assert official_form(reading, VOCABULARY) == "NUOC DN123456 ****"
    steps = explain("nuoc dn 123456 4321", today=TODAY, vocabulary=VOCABULARY).steps
    assert [(one.part, one.taken_for) for one in steps][-3:-1] == [("DN123456", "own key"), ("****", "secret")]


def test_a_keyword_without_a_key_is_no_secret_and_lacks_no_receipt_code() -> None:
    for text in ("HOCVIEN", "Xin HOCVIEN"):
        reading = read(text)
        assert isinstance(reading, Misread)
        assert hide_secrets(text, reading, VOCABULARY) == text
        assert "key of the look-up table" in str(explain(text, today=TODAY, vocabulary=VOCABULARY).steps[-1].why)
    text = "HOCVIEN " + "ab12cd " * 9
    assert hide_secrets(text, read(text), VOCABULARY) == "HOCVIEN " + "****** " * 9  # type: ignore[arg-type] # a reading


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("NUOC DN123456 4321", "NUOC DN123456 ****"),
        ("Nuoc DN 123 456, mk ab12cd", "Nuoc DN 123 456, ** ******"),
        ("NUOC 4321 4321", "NUOC 4321 ****"),
        ("BUS 5 1234", "BUS 5 1234"),
    ],
)
def test_a_secret_is_hidden_where_the_text_is_shown(text: str, hidden: str) -> None:
    reading = read(text)
    assert not isinstance(reading, Misread)
    assert hide_secrets(text, reading, VOCABULARY) == hidden  # type: ignore[arg-type] # a command


@pytest.mark.parametrize(
    ("text", "canonical", "secret", "hidden"),
    [
        ("xin NUOC DN123456 4321 nhe", "DN123456", "4321", "*** NUOC DN123456 **** ***"),
        ("DIEM 012345 6789 nha", "012345", "6789", "DIEM 012345 **** ***"),
        ("NUOC DN123456-4321", "DN123456", "4321", "NUOC DN123456-****"),
        ("NUOC DN123456/4321", "DN123456", "4321", "NUOC DN123456/****"),
        ("NUOC DN123456.4321", "DN123456", "4321", "NUOC DN123456.****"),
        ("NUOC DN123456 mk la 4321", "DN123456", "4321", "NUOC DN123456 ** ** ****"),
        ("NUOC DN123456 mat khau cua toi la 4321", "DN123456", "4321", "NUOC DN123456 *** **** *** *** ** ****"),
        ("NUOC DN123456 4 so cuoi cccd: 4321", "DN123456", "4321", "NUOC DN123456 * ** **** ****: ****"),
        ("NUOC DN123456 ma tra cuu AB 12 CD", "DN123456", "AB12CD", "NUOC DN123456 ** *** *** ** ** **"),
        ("NUOC ma tra cuu DN123456 4321", "DN123456", "4321", "NUOC ** *** *** DN123456 ****"),
        ("NUOC mk 4321 DN123456", "DN123456", "4321", "NUOC ** **** DN123456"),
        ("NUOC 4321 DN123456", "DN123456", "4321", "NUOC **** ********"),
        ("NUOC 4321 DN 123 456", "DN123456", "4321", "NUOC **** DN 123 456"),
        ("NUOC DN123456 QWERTYZ", "DN123456", "QWERTYZ", "NUOC DN123456 *******"),
        ("NUOC HMK 1234 9876", "HMK1234", "9876", "NUOC HMK 1234 ****"),
        ("NUOC SPIN1234 9876", "SPIN1234", "9876", "NUOC SPIN1234 ****"),
        ("HOCVIEN 4321 Nguyen An", "NGUYENAN", "4321", "HOCVIEN **** Nguyen An"),
        ("HOCVIEN An 01/02/1990 cam on", "AN", "01021990", "HOCVIEN An **/**/**** *** **"),
        ("NUOC DN123456 AB 12 CD", "DN123456AB12", "", "NUOC DN123456 ** ** **"),
        ("NUOC DN 123456 1 2", "DN12345612", "", "NUOC DN 123456 * *"),
    ],
)
def test_everyday_spellings_hide_the_secret_and_open_the_row(
    text: str, canonical: str, secret: str, hidden: str
) -> None:
    reading = read(text)
    assert isinstance(reading, AskTable), reading
    assert (reading.canonical, reading.secret) == (canonical, secret)
    assert hide_secrets(text, reading, VOCABULARY) == hidden
    assert not secret or secret not in str(as_json(reading, VOCABULARY))


@given(
    st.sampled_from([" ", "-", " / ", ", ", " mk ", " mat khau la ", " - pass: "]), st.sampled_from(["", " nhe", " a"])
)
def test_a_secret_is_hidden_however_it_is_joined_to_its_key(joint: str, courtesy: str) -> None:
    text = f"NUOC DN123456{joint}4321{courtesy}"
    reading = read(text)
    assert isinstance(reading, AskTable)
    assert (reading.canonical, reading.secret) == ("DN123456", "4321")
    assert "4321" not in hide_secrets(text, reading, VOCABULARY)


@given(st.sampled_from(["BUS", "DIEN", "NUOC", "TRUONG", "GIO"]), st.text(max_size=60))
def test_any_text_is_read_and_what_is_read_is_written_so_that_it_reads_back(keyword: str, text: str) -> None:
    reading = read(f"{keyword} {text}")
    if not isinstance(reading, AskTable) or reading.secret:
        return
    again = read(official_form(reading, VOCABULARY))
    assert isinstance(again, AskTable | Misread | ShowHelp)
    if isinstance(again, AskTable) and reading.canonical:
        assert again.name == reading.name
