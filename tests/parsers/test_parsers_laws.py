"""The laws of reading, held for every text: hypothesis looks for the one that breaks them.

SMS_GATEWAY_TEST_LONG=1 turns the examples up: `make test-long` tries more than 200,000.
"""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from parsers import LONGEST_TEXT, read
from parsers.commands import BirthDate, FullName, IdNumber, LookUpStatus, ReceiptCode, RegisterAccount, ShowHelp
from parsers.explanation import TAKEN_FOR, explain
from parsers.fields.codes.receipt_codes import canonical_form
from parsers.fields.identity_numbers import birth_year_of, is_phone_number
from parsers.masking import hide_secrets
from parsers.misread import Misread, MisreadKind
from parsers.printed import as_json, official_form
from parsers.text.normal_form import fold, normalise

TODAY = date(2026, 11, 22)
pytestmark = [pytest.mark.no_cover, pytest.mark.timeout(1800)]  # the long run holds 60,000 examples in one test
LONG = os.environ.get("SMS_GATEWAY_TEST_LONG") == "1"


def examples(usual: int) -> settings:
    """Sixty times the usual number in the long run, a third of it in the short one: 231,000 and 1,300 in all."""
    return settings(
        max_examples=usual * 60 if LONG else usual // 3,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates and unassigned code points too
WORDS = (
    "TK DVC HD Nguyễn Văn A Nguyen,An 201499999 048090123456 20/12/1990 20.12.90 1950 -- / . , ; : - _ | ( ) [ ] < > ?"
    " ' soan gui 8188 cam on cmnd sinh ngay nam nu sdt 0905123456 000.00.12.H17-230815-0007 123456 va O l \n \t \u200b"
    " &amp; &#39; &quot; Ã© \ufffd thang cap H'Hen Nguyeenx Va8n B1234567 mr ma ho so dia chi"
)
PIECES = st.sampled_from(re.split(" ", WORDS))
LIKELY_TEXT = st.lists(st.one_of(PIECES, st.sampled_from(["", " ", ", "])), max_size=30).map(" ".join)
TEXTS = st.one_of(ANY_TEXT, LIKELY_TEXT, st.lists(PIECES, max_size=40).map("".join))

COMPOSITIONS: st.SearchStrategy[Literal["NFC", "NFD"]] = st.sampled_from(["NFC", "NFD"])
FAMILY_NAMES = st.sampled_from(["Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "H'Hen", "Y", "Ông"])
OTHER_NAMES = st.sampled_from(["Văn", "Thị", "Hoa", "An", "Bình", "Nam", "Nữ", "Sinh", "A", "Niê", "Êban", "Mỹ"])
NAMES = st.builds(
    lambda family, others, given_name: " ".join([family, *others, given_name]),
    FAMILY_NAMES,
    st.lists(OTHER_NAMES, max_size=3),
    st.sampled_from(["Hoa", "An", "Bình", "Nam", "Nữ", "Sinh", "A", "Niê", "Êban"]),
)
BIRTHS = st.dates(date(1908, 1, 1), TODAY - timedelta(days=1)).map(
    lambda day: BirthDate(year=day.year, month=day.month, day=day.day)
)


@st.composite
def registrations(draw: st.DrawFn) -> RegisterAccount:
    born = draw(BIRTHS)
    match draw(st.integers(0, 3)):
        case 0:
            born = BirthDate(year=born.year)
        case 1:
            born = BirthDate(year=born.year, month=born.month)
    tail = draw(st.integers(0, 999_999))
    century = draw(st.sampled_from("01" if born.year < 2000 else "23"))
    long = f"{draw(st.integers(1, 96)):03d}{century}{born.year % 100:02d}{tail:06d}"
    short = f"{draw(st.integers(0, 3))}{draw(st.integers(0, 99_999_998)):08d}"
    number = draw(st.sampled_from([long, short])).replace("000000000", "010000000")
    return RegisterAccount(full_name=FullName(draw(NAMES)), id_number=IdNumber(number), birth_date=born)


CODES = (
    st.from_regex(r"[A-Z]{0,2}[0-9]{3,8}([./-][A-Z0-9]{1,6}){0,3}", fullmatch=True)
    .filter(
        lambda code: (
            len(canonical_form(code)) > 3 and canonical_form(code) != "8188" and "DVC" not in canonical_form(code)
        )
    )
    .filter(lambda code: not is_phone_number(canonical_form(code)))
)  # `03200000.00` is asked back as a telephone number


@examples(1000)
@given(TEXTS)
def test_never_raises_and_prints_as_json(text: str) -> None:
    printed = as_json(read(text, today=TODAY))
    assert next(iter(printed)) in {"command", "misread"}


@examples(150)
@given(TEXTS)
def test_every_reading_can_be_explained(text: str) -> None:
    told = explain(text, today=TODAY)
    assert told.reading == read(text, today=TODAY)
    assert told.steps
    assert {step.taken_for for step in told.steps} <= TAKEN_FOR
    assert all(str(step.why) for step in told.steps)


@examples(600)
@given(TEXTS)
def test_the_normal_form_is_idempotent(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert len(fold(normal)) == len(normal)


@examples(200)
@given(st.text(st.sampled_from(list("&amp;#38;lt x\u0301Ã©\u00a0;")), max_size=60))
def test_the_normal_form_is_idempotent_for_entities_and_mojibake(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal


@examples(600)
@given(TEXTS)
def test_what_is_accepted_is_well_formed(text: str) -> None:
    reading = read(text, today=TODAY)
    if isinstance(reading, RegisterAccount):
        assert re.fullmatch(r"[0-9]{9}|[0-9]{12}", reading.id_number)
        assert birth_year_of(reading.id_number) in {None, reading.birth_date.year}
        assert all(
            letter.isalpha() or unicodedata.combining(letter) or letter in " '.-" for letter in reading.full_name
        )
        assert len(re.split(r"[ .-]+", reading.full_name)) > 1
        assert TODAY.year - 120 <= reading.birth_date.year <= TODAY.year
    if isinstance(reading, LookUpStatus):
        assert 1 <= len(reading.codes) <= 3
        assert all(re.fullmatch(r"[A-Z0-9]{4,40}", code.canonical) for code in reading.codes)
    if isinstance(reading, Misread):
        assert reading.wrong is None or len(reading.wrong) <= 40


@examples(400)
@given(registrations())
def test_a_registration_in_the_official_form_reads_back_the_same(command: RegisterAccount) -> None:
    assert read(official_form(command), today=TODAY) == command


@examples(200)
@given(st.lists(CODES, min_size=1, max_size=3, unique_by=canonical_form))
def test_a_look_up_in_the_official_form_reads_back_the_same(codes: list[str]) -> None:
    command = LookUpStatus(codes=tuple(ReceiptCode(written=code, canonical=canonical_form(code)) for code in codes))
    assert read(official_form(command), today=TODAY) == command


def test_help_in_the_official_form_reads_back_the_same() -> None:
    for text in ("HD", "HD TK", "HD DVC"):
        reading = read(text, today=TODAY)
        assert isinstance(reading, ShowHelp)
        assert official_form(reading) == text


@examples(400)
@given(
    registrations(),
    st.sampled_from(["TK", "tk", "Tk", "tK", "T.K", "t k", "TḰ", "[TK", "Soan TK", "gui: tk"]),
    st.sampled_from([",", ";", "|", "\n", "\t", " - ", " ; ", ",,", " , "]),
    COMPOSITIONS,
)
def test_case_accents_separators_and_composition_do_not_change_a_registration(
    command: RegisterAccount, keyword: str, separator: str, composition: Literal["NFC", "NFD"]
) -> None:
    _, name, number, born = official_form(command).split(", ")
    text = unicodedata.normalize(composition, separator.join([keyword, name, number, born]))
    assert read(text, today=TODAY) == command


@examples(100)
@given(registrations(), st.permutations([0, 1, 2]))
def test_the_order_of_fields_does_not_change_a_registration(command: RegisterAccount, order: list[int]) -> None:
    fields = official_form(command).split(", ")[1:]
    # As the last field, a sex may stand behind the name, and is asked for (docs/parsing.md).
    assume(order[-1] != 0 or not command.full_name.endswith((" Nam", " Nữ", " A")))
    assert read("TK, " + ", ".join(fields[at] for at in order), today=TODAY) == command


@examples(200)
@given(
    CODES,
    st.sampled_from(["DVC", "dvc", "Dvc", "ĐVC", "D.V.C", "d v c"]),
    st.sampled_from([" ", ",", ":", " - ", "; ", "="]),
)
def test_case_accents_and_separators_do_not_change_a_look_up(code: str, keyword: str, separator: str) -> None:
    reading = read(keyword + separator + code.lower(), today=TODAY)
    assert isinstance(reading, LookUpStatus)
    assert [found.canonical for found in reading.codes] == [canonical_form(code)]


def test_a_text_of_a_hundred_kilobytes_is_a_misread() -> None:
    for unit in ("a", "TK, ", "\ud835", "\x00", "1 ", "&amp;", "Ã©", "e\u0302\u0303"):
        reading = read(unit * (100_000 // len(unit)), today=TODAY)
        assert isinstance(reading, Misread)
        assert reading.kind is MisreadKind.TOO_LONG


def test_ten_segments_are_still_read() -> None:
    text = "TK, Nguyen Van A, 201499999, 20/12/1990, Hai Chau"
    assert isinstance(read(text.ljust(LONGEST_TEXT, "x"), today=TODAY), RegisterAccount)


SECRETS = st.one_of(
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{8}", fullmatch=True).filter(lambda one: one.isalpha() or not one.isdecimal()),
)
NATIONAL_CODES = st.builds(
    lambda day, number: f"000.00.12.H17-{day:%y%m%d}-{number:04d}",
    st.dates(date(2018, 1, 1), TODAY),
    st.integers(0, 9999),
)


@examples(400)
@given(st.one_of(TEXTS, st.tuples(TEXTS, NATIONAL_CODES, SECRETS, TEXTS).map("DVC ".join)))
def test_reading_with_secrets_never_raises_and_hides_as_much_as_it_shows(text: str) -> None:
    reading = read(text, today=TODAY, with_secrets=True)
    told = explain(text, today=TODAY, with_secrets=True)
    assert told.reading == reading
    assert next(iter(as_json(reading))) in {"command", "misread"}
    assert len(hide_secrets(text, reading)) == len(text)
    if isinstance(reading, LookUpStatus):
        assert all(code.secret is not None for code in reading.codes)
        assert all(re.fullmatch(r"|[A-Z0-9]{4,12}", code.secret or "") for code in reading.codes)
    if not isinstance(read(text, today=TODAY), LookUpStatus | Misread):
        assert reading == read(text, today=TODAY)


@examples(200)
@given(
    NATIONAL_CODES,
    SECRETS,
    st.sampled_from([" ", ", ", ";", "\n", " - ", "-", "/", ":", " mk ", " CCCD: ", "\u00a0", "\u200b "]),
    st.booleans(),
)
def test_a_code_and_its_secret_are_read_apart_and_the_secret_hidden(
    code: str,
    secret: str,
    between: str,
    is_lower: bool,  # noqa: FBT001 - hypothesis gives it by name
) -> None:
    text = f"DVC {code}{between}{secret}"
    text = text.lower() if is_lower else text
    reading = read(text, today=TODAY, with_secrets=True)
    assert isinstance(reading, LookUpStatus)
    assert [(one.canonical, one.secret) for one in reading.codes] == [(canonical_form(code), secret)]
    assert secret not in hide_secrets(text, reading).upper().removeprefix(f"DVC {code}")
    assert secret not in repr(reading).replace(code, "").replace(canonical_form(code), "")
