"""Misreads: what was wrong, and a text ready to copy that holds the sender's own good fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine

import parsers
from handlers import apologise, handle
from handlers.answer import Outcome
from handlers.context import ServiceFacts
from handlers.correction import correct
from handlers.guidance import show_help
from handlers.wording.plain import is_plain
from parsers.commands import PASSWORD, LookUpStatus, RegisterAccount, ShowHelp
from parsers.grammars import GRAMMARS
from parsers.misread import FieldName, Hint, Misread, MisreadKind
from tests.handlers.surroundings import LONGEST_SERVICE, SERVICE, context

NAME = (FieldName.FULL_NAME, "NGUYEN VAN A")
NUMBER = (FieldName.ID_NUMBER, "201499999")
BORN = (FieldName.BIRTH_DATE, "20/12/1990")
CODE = (FieldName.RECEIPT_CODE, "123456")
TK, DVC = RegisterAccount.name, LookUpStatus.name
SEND_ALL = "Soan: TK, NGUYEN VAN A, 201499999, dd/mm/yyyy gui 8188"


def said(kind: MisreadKind, *good: tuple[FieldName, str], **more: object) -> str:
    return correct(Misread(kind=kind, good=good, **more), SERVICE).text  # type: ignore[arg-type]  # one test's fields


def test_names_the_wrong_date_and_carries_the_good_fields_back() -> None:
    text = said(
        MisreadKind.BIRTH_DATE, NAME, NUMBER, hint=Hint.IMPOSSIBLE, wrong="31/02/1990", fields=(FieldName.BIRTH_DATE,)
    )
    assert text == f"Ngay sinh 31/02/1990 khong co. {SEND_ALL}"


@pytest.mark.parametrize(
    ("hint", "wrong", "expected"),
    [
        (None, "abc", "Ngay sinh thieu hoac chua dung"),
        (None, None, "Ngay sinh thieu hoac chua dung"),
        (Hint.IMPOSSIBLE, "31/04/1990", "Ngay sinh 31/04/1990 khong co."),
        (Hint.IMPOSSIBLE, None, "Ngay sinh nay khong co."),
        (Hint.FUTURE, "20/12/2090", "Ngay sinh 20/12/2090 chua toi."),
        (Hint.TOO_OLD, "20/12/1790", "Ngay sinh 20/12/1790 cach nay hon 120 nam."),
        (Hint.IN_WORDS, "20 thang chap 1990", "Ngay sinh xin viet bang so"),
        (Hint.TWO_VALUES, None, "Tin nhan co hai ngay"),
        (Hint.MONTH_FIRST, "12/25/1990", "Ngay sinh 12/25/1990: viet ngay truoc, thang sau"),
        (Hint.PASSPORT, "x1", "Ngay sinh x1 chua dung"),  # a hint of another field is passed over
    ],
)
def test_every_hint_about_a_birth_date(hint: Hint | None, wrong: str | None, expected: str) -> None:
    text = said(MisreadKind.BIRTH_DATE, NAME, NUMBER, hint=hint, wrong=wrong)
    assert text.startswith(expected)
    assert text.endswith(SEND_ALL)


@pytest.mark.parametrize(
    ("hint", "wrong", "expected"),
    [
        (None, "12345", "So 12345 khong dung"),
        (None, None, "So CCCD/CMND thieu hoac chua dung"),
        (Hint.PHONE_NUMBER, "0905123456", "Day la so dien thoai, can so CCCD"),
        (Hint.PHONE_NUMBER, None, "Day la so dien thoai, can so CCCD"),
        (Hint.LOST_ZERO, "1499999", "So 1499999 thieu chu so, co the thieu so 0 o dau"),
        (Hint.PASSPORT, "B1234567", "B1234567 la so ho chieu"),
        (Hint.TWO_VALUES, None, "Tin nhan co hai so giay to khac nhau"),
    ],
)
def test_every_hint_about_an_identity_number(hint: Hint | None, wrong: str | None, expected: str) -> None:
    text = said(MisreadKind.ID_NUMBER, NAME, BORN, hint=hint, wrong=wrong)
    assert text.startswith(expected)
    assert text.endswith("Soan: TK, NGUYEN VAN A, so CCCD, 20/12/1990 gui 8188")


@pytest.mark.parametrize(
    ("hint", "wrong", "expected"),
    [
        (None, "A1 B2", "Ho ten thieu hoac chua dung"),
        (None, None, "Ho ten thieu hoac chua dung"),
        (Hint.ONE_WORD, "An", "Ho ten chua du, can ca ho va ten."),
        (Hint.LOST_LETTERS, "Nguy?n An", "Ho ten bi loi chu, hay viet ho ten khong dau."),
    ],
)
def test_every_hint_about_a_name(hint: Hint | None, wrong: str | None, expected: str) -> None:
    text = said(MisreadKind.FULL_NAME, NUMBER, BORN, hint=hint, wrong=wrong)
    assert text.startswith(expected)
    assert text.endswith("Soan: TK, ho ten, 201499999, 20/12/1990 gui 8188")


def test_a_doubtful_name_is_asked_for_in_quotes_which_are_then_taken_whole() -> None:
    text = said(MisreadKind.FULL_NAME, NUMBER, BORN, hint=Hint.TWO_VALUES)
    assert text == (
        "Chua ro phan nao la ho ten. Hay viet ho ten trong ngoac kep. "
        'Soan: TK, "ho ten", 201499999, 20/12/1990 gui 8188'
    )
    answered = parsers.read('TK, "Tran Hoang Hai Nam", 201499999, 20/12/1990', today=date(2026, 11, 22))
    assert isinstance(answered, RegisterAccount)
    assert answered.full_name == "Tran Hoang Hai Nam"


def test_a_word_with_two_spellings_is_asked_for_with_both() -> None:
    asked = parsers.read("TK, Tran Thi Hoas, 048190123456, 20/12/1990", today=date(2026, 11, 22))
    assert isinstance(asked, Misread)
    text = correct(asked, SERVICE).text
    assert text == (
        "Trong ho ten la Hoas hay Hoa? Neu la Hoas, hay viet ca ho ten trong ngoac kep. "
        "Soan: TK, ho ten, 048190123456, 20/12/1990 gui 8188"
    )
    quoted = parsers.read('TK, "Tran Thi Hoas", 048190123456, 20/12/1990', today=date(2026, 11, 22))
    assert isinstance(quoted, RegisterAccount)
    assert quoted.full_name == "Tran Thi Hoas"


def test_the_longest_word_with_two_spellings_fits_one_segment() -> None:
    text = said(
        MisreadKind.FULL_NAME, NUMBER, BORN, hint=Hint.TWO_SPELLINGS, spellings=("NGHIEENGXAAA", "NGHIÊNGXAAAA")
    )
    assert text.startswith("Trong ho ten la NGHIEENGXAAA hay NGHIENGXAAAA?")
    assert len(text) <= 160


def test_names_every_missing_field() -> None:
    fields = (FieldName.FULL_NAME, FieldName.ID_NUMBER, FieldName.BIRTH_DATE)
    assert said(MisreadKind.MISSING_FIELDS, fields=fields).startswith("Thieu ho ten, so CCCD/CMND va ngay sinh. Soan:")
    text = said(MisreadKind.MISSING_FIELDS, NAME, fields=fields[1:])
    assert text == "Thieu so CCCD/CMND va ngay sinh. Soan: TK, NGUYEN VAN A, so CCCD, dd/mm/yyyy gui 8188"
    assert said(MisreadKind.MISSING_FIELDS, NAME, NUMBER, fields=fields[2:]) == f"Thieu ngay sinh. {SEND_ALL}"


def test_names_a_second_field_that_is_wrong_too() -> None:
    fields = (FieldName.ID_NUMBER, FieldName.BIRTH_DATE)
    text = said(MisreadKind.BIRTH_DATE, NAME, hint=Hint.IMPOSSIBLE, fields=fields)
    assert text == (
        "Ngay sinh nay khong co. Xem lai ca so CCCD/CMND. Soan: TK, NGUYEN VAN A, so CCCD, dd/mm/yyyy gui 8188"
    )


@pytest.mark.parametrize(
    ("kind", "hint", "suggestion"),
    [
        (MisreadKind.BIRTH_DATE, Hint.MONTH_FIRST, "TK, Nguyễn Văn A, 201499999, 25/12/1990"),
        (MisreadKind.ID_NUMBER, Hint.LOST_ZERO, "TK, Nguyễn Văn A, 048090123456, 20/12/1990"),
        (MisreadKind.TOO_MANY_CODES, None, "DVC H17-1001, H17-1002, H17-1003"),
        (MisreadKind.UNKNOWN_KEYWORD, None, "DVC 123456"),
    ],
)
def test_the_parsers_own_suggestion_is_given_to_copy_without_accents(
    kind: MisreadKind, hint: Hint | None, suggestion: str
) -> None:
    text = said(kind, hint=hint, suggestion=suggestion, wrong="12/25/1990")
    assert text.endswith(f"Soan: {suggestion.replace('Nguyễn Văn', 'Nguyen Van')} gui 8188")


@pytest.mark.parametrize(
    ("suggestion", "good", "expected"),
    [
        pytest.param("DVC", (CODE,), "Co phai ban muon tra ho so? Soan: DVC 123456 gui 8188", id="DVC with its code"),
        pytest.param("DVC", (), "Co phai ban muon tra ho so? Soan: DVC ma bien nhan gui 8188", id="DVC alone"),
        pytest.param(
            "TK", (NAME, NUMBER, BORN), "Soan: TK, NGUYEN VAN A, 201499999, 20/12/1990 gui 8188", id="TK whole"
        ),
        pytest.param("TK, ", (), "Soan: TK, ho ten, so CCCD, dd/mm/yyyy gui 8188", id="TK alone"),
        pytest.param("HD", (), "Soan gui 8188: TK, ho ten", id="help"),
        pytest.param("XYZ", (), "Soan gui 8188: TK, ho ten", id="a keyword that is not known here"),
        pytest.param(None, (), "Soan gui 8188: TK, ho ten", id="nothing"),
    ],
)
def test_a_near_miss_is_shown_the_text_that_was_probably_meant(
    suggestion: str | None, good: tuple[tuple[FieldName, str], ...], expected: str
) -> None:
    text = said(MisreadKind.UNKNOWN_KEYWORD, *good, suggestion=suggestion)
    assert expected in text
    assert text.startswith("Chua ")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            MisreadKind.RECEIPT_CODE,
            "Chua co ma bien nhan. Xin xem ma tren giay bien nhan. Soan: DVC ma bien nhan gui 8188",
        ),
        (MisreadKind.TOO_MANY_CODES, "Moi tin nhan tra toi da 3 ma bien nhan. Soan: DVC ma bien nhan gui 8188"),
        (MisreadKind.TOO_MANY_PEOPLE, "Moi tin nhan chi mo tai khoan cho mot nguoi. Soan: TK, ho ten, so CCCD, "),
        (
            MisreadKind.ID_BIRTH_MISMATCH,
            "So CCCD va ngay sinh khong khop nam sinh, xin xem lai ca hai. Soan: TK, ho ten",
        ),
        (MisreadKind.EMPTY, "Tin nhan trong. Soan gui 8188: TK, "),
        (MisreadKind.TOO_LONG, "Tin nhan qua dai. Soan gui 8188: TK, "),
        (MisreadKind.TWO_COMMANDS, "Tin co hai viec, xin gui rieng tung viec. Soan gui 8188: TK, "),
        (MisreadKind.INCOMPLETE, "Tin den thieu mot phan, xin gui lai ca tin. Soan gui 8188: TK, "),
    ],
)
def test_every_other_kind(kind: MisreadKind, expected: str) -> None:
    assert said(kind).startswith(expected)


def test_quotes_a_wrong_code_and_no_other_words() -> None:
    assert said(MisreadKind.RECEIPT_CODE, wrong="AB12").startswith("AB12 khong phai ma bien nhan.")
    assert said(MisreadKind.RECEIPT_CODE, wrong="xin chào").startswith("Chua co ma bien nhan.")


@pytest.mark.parametrize("wrong", ["http://x.example", "x" * 41, "\u200b", "www.x.example"])
def test_does_not_quote_links_long_texts_or_nothing(wrong: str) -> None:
    text = said(MisreadKind.BIRTH_DATE, NAME, NUMBER, wrong=wrong)
    assert text.startswith("Ngay sinh thieu hoac chua dung")


def test_a_name_too_long_for_the_segment_is_left_out_and_never_cut() -> None:
    forty = (FieldName.FULL_NAME, "NGUYEN THI HOANG PHUONG THAO QUYNH ANHTH")
    ninety = (FieldName.FULL_NAME, "NGUYEN " * 14)
    assert len(forty[1]) == 40
    wrong = {"hint": Hint.MONTH_FIRST, "wrong": "12/25/1990"}
    assert "Soan: TK, NGUYEN THI HOANG PHUONG THAO QUYNH ANHTH, 201499999, dd/mm" in said(
        MisreadKind.BIRTH_DATE, forty, NUMBER, **wrong
    )
    assert "Soan: TK, ho ten, 201499999, dd/mm/yyyy gui 8188" in said(MisreadKind.BIRTH_DATE, ninety, NUMBER, **wrong)


def test_a_long_suggestion_takes_two_segments_and_is_told_whole() -> None:
    codes = ", ".join(f"AB{'24' * 18}{number}" for number in (10, 20, 30))
    text = said(MisreadKind.TOO_MANY_CODES, suggestion=f"DVC {codes}")
    assert codes in text
    assert 160 < len(text) <= 306
    short = replace(SERVICE, most_segments=1)
    assert len(correct(Misread(kind=MisreadKind.TOO_MANY_CODES, suggestion=f"DVC {codes}"), short).text) <= 160
    longer = f"TK, {'NGUYEN ' * 60}, 201499999, 25/12/1990"
    assert len(said(MisreadKind.BIRTH_DATE, NUMBER, suggestion=longer)) <= 160


FIELDS = st.fixed_dictionaries({}, optional={name: st.text(max_size=60) for name in FieldName})
MISREADS = st.builds(
    lambda kind, fields, command, suggestion, hint, good, wrong: Misread(
        kind=kind,
        fields=tuple(fields),
        command=command,
        suggestion=suggestion,
        hint=hint,
        good=tuple(good.items()),
        wrong=wrong,
    ),
    st.sampled_from(MisreadKind),
    st.lists(st.sampled_from(FieldName), unique=True),
    st.none() | st.sampled_from([grammar.name for grammar in GRAMMARS]),
    st.none() | st.text(max_size=100),
    st.none() | st.sampled_from(Hint),
    FIELDS,
    st.none() | st.text(max_size=60),
)


@given(MISREADS, st.sampled_from([SERVICE, LONGEST_SERVICE]))
def test_every_misread_is_answered_plainly_and_shortly(misread: Misread, service: ServiceFacts) -> None:
    answer = correct(misread, service)
    assert answer.outcome is Outcome.CORRECTED
    assert is_plain(answer.text)
    assert len(answer.text) <= (306 if misread.suggestion else 160)
    assert service.short_code in answer.text
    assert answer.masked is None


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (None, "Soan gui 8188: TK, ho ten, so CCCD, ngay sinh"),
        (RegisterAccount.name, "Mo tai khoan, soan: TK, ho ten"),
        (LookUpStatus.name, "Tra ho so, soan: DVC ma bien nhan"),
        (PASSWORD, "Quen mat khau, goi 1022 de duoc cap lai. Muon doi mat khau, vao Cong dich vu cong."),
    ],
)
def test_help_of_every_topic_is_one_segment(topic: str | None, expected: str) -> None:
    answer = show_help(ShowHelp(topic=topic), SERVICE)
    assert answer.text.startswith(expected)
    assert answer.outcome is Outcome.HELPED
    assert "1022" in answer.text
    assert max(len(show_help(ShowHelp(topic=topic), one).text) for one in (SERVICE, LONGEST_SERVICE)) <= 160


def test_apology_is_one_segment_and_tells_nothing_of_the_text() -> None:
    answer = apologise(SERVICE)
    assert answer.text.startswith("Xin loi")
    assert "1022" in answer.text
    assert answer.outcome is Outcome.APOLOGISED
    assert len(apologise(LONGEST_SERVICE).text) <= 160


def test_handle_sends_each_command_to_its_handler() -> None:
    engine = create_engine("sqlite://", poolclass=NullPool)
    with engine.connect() as connection:
        surroundings = context(connection)
        assert handle(ShowHelp(), surroundings).outcome is Outcome.HELPED
        assert handle(Misread(kind=MisreadKind.EMPTY), surroundings).outcome is Outcome.CORRECTED
    engine.dispose()


def test_a_near_miss_comes_back_as_the_whole_text_that_was_meant() -> None:
    reading = parsers.read("DCV 04486.G/2019/08708", today=date(2026, 11, 22))
    assert isinstance(reading, Misread)
    text = correct(reading, SERVICE).text
    assert "Soan: DVC 04486-G-2019-08708 gui 8188" in text
    reading = parsers.read("Nguyễn Văn A, 201499999, 20/12/1990", today=date(2026, 11, 22))
    assert isinstance(reading, Misread)
    assert "Soan: TK, Nguyen Van A, 201499999, 20/12/1990 gui 8188" in correct(reading, SERVICE).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DVC 048185001234", "Day la so CCCD, khong phai ma bien nhan."),
        ("DVC cccd 048185001234", "Day la so CCCD, khong phai ma bien nhan."),
        ("DVC 0905123456", "Day la so dien thoai, khong phai ma bien nhan."),
        ("DVC sdt 0905.123.456", "Day la so dien thoai, khong phai ma bien nhan."),
    ],
)
@pytest.mark.parametrize("asks_secret", [False, True])
def test_the_number_of_a_person_in_place_of_a_code_is_named_and_not_said_back(
    text: str,
    said: str,
    asks_secret: bool,  # noqa: FBT001 - a table's column
) -> None:
    reading = parsers.read(text, today=date(2026, 11, 22), with_secrets=asks_secret)
    assert isinstance(reading, Misread), text
    answer = correct(reading, ServiceFacts(asks_secret=asks_secret)).text
    assert said in answer
    assert "Soan: DVC ma bien nhan" in answer
    assert not any(digits in answer for digits in ("1234", "123.456"))
    assert len(answer) <= 160
