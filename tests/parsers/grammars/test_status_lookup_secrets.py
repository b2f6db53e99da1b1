"""DVC with a secret: every untidy way to write it, what is asked back, and that the secret is shown nowhere."""

from __future__ import annotations

import json
from datetime import date

import pytest

from parsers import read
from parsers.commands import LookUpStatus
from parsers.explanation import explain
from parsers.masking import hide_secrets
from parsers.misread import Misread, MisreadKind
from parsers.printed import as_json, official_form
from sms_gateway.cli.parse_report import tell

TODAY = date(2026, 11, 22)
ONE = "000.00.12.H17-230815-0007"
TWO = "000.00.12.H17-230815-0008"
THREE = "H17.12-230815-0009"


def told(text: str) -> list[tuple[str, str | None]] | MisreadKind:
    reading = read(text, today=TODAY, with_secrets=True)
    if isinstance(reading, Misread):
        return reading.kind
    assert isinstance(reading, LookUpStatus), text
    return [(code.written, code.secret) for code in reading.codes]


BETWEEN = (
    *(" sinh 1990", " da nop 5000", " so nha 1234", " cua toi 1234", " Nguyen Van A 1990", " cua ABCD1234"),
    *(", da nop 5000", " (da nop 5000)", ", cua toi 1234", ", so 1234", ", cam on, 1234", " cua toi, 1234"),
    *(
        ", Nguyen Van A, 1990",
        ", so nha, 1234",
        "\nsinh 1990",
        " o to 43A1 cua toi",
        ", cua NGUYEN",
        " cam on, THONGTIN",
    ),
    *(" 0905 123 456", " sdt 0905123456 KQWERTYZ"),
)
"""Digits and words behind a code that are no secret, since they do not stand right behind it."""

ONE_CODE = [
    ("printed form", f"DVC {ONE} 1234", "1234"),
    ("glued keyword", f"DVC{ONE} 1234", "1234"),
    ("glued keyword and one letter", f"DVC{THREE} 1234", "1234"),
    ("lower case", f"dvc {ONE.lower()} abcd1234", "ABCD1234"),
    ("accented keyword", f"ĐVC {ONE} 1234", "1234"),
    ("accented password", f"DVC {ONE} ábcđ1234", "ABCD1234"),
    ("spaced keyword", f"D.V.C {ONE} 1234", "1234"),
    ("comma", f"DVC {ONE}, 1234", "1234"),
    ("semicolon", f"DVC {ONE};1234", "1234"),
    ("new line", f"DVC {ONE}\n1234", "1234"),
    ("tab", f"DVC {ONE}\t1234", "1234"),
    ("bar", f"DVC {ONE}|1234", "1234"),
    ("colon", f"DVC {ONE}:1234", "1234"),
    ("number sign", f"DVC {ONE} #1234", "1234"),
    ("star", f"DVC {ONE}*1234", "1234"),
    ("equals", f"DVC {ONE}=1234", "1234"),
    ("spaced hyphen", f"DVC {ONE} - 1234", "1234"),
    ("hyphen behind the national form", f"DVC {ONE}-1234", "1234"),
    ("slash behind the national form", f"DVC {ONE}/1234", "1234"),
    ("underscore behind the national form", f"DVC {ONE}_1234", "1234"),
    ("en dash", f"DVC {ONE} – 1234", "1234"),
    ("full width", f"DVC {ONE} １２３４", "1234"),
    ("NBSP", f"DVC\u00a0{ONE}\u00a01234", "1234"),
    ("parentheses", f"DVC {ONE} (1234)", "1234"),
    ("printed brackets", f"DVC<{ONE}> <1234>", "1234"),
    ("whole in brackets", f"[DVC {ONE} 1234]", "1234"),
    ("copied instruction", f"Soan tin DVC {ONE} 1234 gui 8188", "1234"),
    ("bare short code behind", f"DVC {ONE} 1234 8188", "1234"),
    ("the short code as secret", f"DVC {ONE} 8188", "8188"),
    ("thanks", f"DVC {ONE} 1234 xin cam on", "1234"),
    ("final dot", f"DVC {ONE} 1234.", "1234"),
    ("words between, labelled", f"DVC {ONE} cua toi mk 1234", "1234"),
    ("an amount behind it", f"DVC {ONE} 1234 da nop 5000", "1234"),
    ("labelled mk", f"DVC {ONE} mk 1234", "1234"),
    ("labelled mk glued", f"DVC {ONE} mk1234", "1234"),
    ("labelled mat khau", f"DVC {ONE}, mật khẩu: abcd1234", "ABCD1234"),
    ("labelled ma tra cuu", f"DVC {ONE} mã tra cứu 7GHQK9QX", "7GHQK9QX"),
    ("labelled CCCD", f"DVC {ONE} CCCD 1234", "1234"),
    ("labelled last four", f"DVC {ONE} 4 số cuối CCCD là 1234", "1234"),
    ("whole CCCD, labelled", f"DVC {ONE} so CCCD 048090121234", "1234"),
    ("whole CCCD", f"DVC {ONE} 048090121234", "1234"),
    ("whole CMND", f"DVC {ONE}, 201491234", "1234"),
    ("letters for digits", f"DVC {ONE} l2O4", "L2O4"),
    ("six digits", f"DVC {ONE} 482915", "482915"),
    ("password of letters, alone behind the code", f"DVC {ONE} KQWERTYZ", "KQWERTYZ"),
    ("password of letters, labelled", f"DVC {ONE} mk KQWERTYZ cam on", "KQWERTYZ"),
    ("password of twelve", f"DVC {ONE} AB12CD34EF56", "AB12CD34EF56"),
    ("label before the code", f"DVC ma ho so {ONE} 1234", "1234"),
    ("blanks in the code", "DVC 000.00.12.H17 - 230815 - 0007 1234", "1234"),
    ("secret before the code", f"DVC 1234 {ONE}", "1234"),
    ("secret before the code, comma", f"DVC 1234, {ONE}", "1234"),
    ("without keyword", f"{ONE} 1234", "1234"),
    ("labelled telephone number", f"DVC {ONE} 1234 sdt 0905123456", "1234"),
    ("password with the letters of a label inside", f"DVC {ONE} 00000DT0", "00000DT0"),
    ("password that begins like a label", f"DVC {ONE} NAM2KQ9X", "NAM2KQ9X"),
    ("password like a label and a number", f"DVC {ONE} DT1234", "DT1234"),
    ("no secret", f"DVC {ONE}", ""),
    ("no secret but words", f"DVC {ONE} cua toi", ""),
    *((f"no secret: {words}", f"DVC {ONE}{words}", "") for words in BETWEEN),
    ("three digits are none", f"DVC {ONE} 123", ""),
    ("printed stars", f"DVC {ONE} ****", ""),
]


@pytest.mark.parametrize(("text", "secret"), [row[1:] for row in ONE_CODE], ids=[row[0] for row in ONE_CODE])
def test_reads_a_code_of_the_national_form_and_its_secret(text: str, secret: str) -> None:
    code = THREE if THREE in text else ONE
    assert told(text) == [(code, secret)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Codes of other forms: what is more than a series' next code is a secret.
        ("DVC 13557009 1234", [("13557009", "1234")]),
        ("DVC 13557009, 1234", [("13557009", "1234")]),
        ("DVC 123456 1234", [("123456", "1234")]),
        ("DVC 1234 5678", [("1234", "5678")]),
        ("DVC HS777 ABCD1234", [("HS777", "ABCD1234")]),
        ("DVC AB 987654321 1234", [("AB987654321", "1234")]),
        ("DVC 04486.G/2019/08708 1234", [("04486.G/2019/08708", "1234")]),
        ("DVC 00673810079 ABCD12", [("00673810079", "ABCD12")]),
        ("DVC TT250C8DDF4C1E 1234", [("TT250C8DDF4C1E", "1234")]),
        ("DVC 0000012H172308150007 1234", [(ONE, "1234")]),
        # Blanks inside a code still join.
        ("DVC 123 456", [("123456", "")]),
        ("DVC 04486.G/2019/\n08708", [("04486.G/2019/08708", "")]),
        ("DVC AB 987654321", [("AB987654321", "")]),
        ("DVC 000 00 12 H17 230815 0007", [(ONE, "")]),
        # A second code is never taken for a secret.
        (f"DVC {ONE}, {TWO}", [(ONE, ""), (TWO, "")]),
        (f"DVC {ONE} {TWO}", [(ONE, ""), (TWO, "")]),
        ("DVC 13557009, 13557010", [("13557009", ""), ("13557010", "")]),
        ("DVC HS777, HS778", [("HS777", ""), ("HS778", "")]),
        ("DVC AB123456; AB123457", [("AB123456", ""), ("AB123457", "")]),
        ("DVC 123456, 123457", [("123456", ""), ("123457", "")]),
        ("DVC TT250C8DDF4C1E, TT250C8DDF4C1F", [("TT250C8DDF4C1E", ""), ("TT250C8DDF4C1F", "")]),
        ("DVC 13557009 13557010", MisreadKind.RECEIPT_CODE),
        # One secret is for all codes; of several, each for the code beside it.
        (f"DVC {ONE}, {TWO}, 1234", [(ONE, "1234"), (TWO, "1234")]),
        (f"DVC {ONE} va {TWO} 1234", [(ONE, "1234"), (TWO, "1234")]),
        (f"DVC {ONE} 1234, {TWO}", [(ONE, "1234"), (TWO, "1234")]),
        (f"DVC {ONE} 1234, {TWO} 5678", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC {ONE} 1234 {TWO} 5678", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC {ONE}, 1234, {TWO}, 5678", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC {ONE}\n1234\n{TWO}\n5678", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC {ONE} 1234, {TWO}, {THREE} 5678", [(ONE, "1234"), (TWO, ""), (THREE, "5678")]),
        (f"DVC mk 1234 {ONE}, mk 5678 {TWO}", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC 1. {ONE} 1234 2. {TWO} 5678", [(ONE, "1234"), (TWO, "5678")]),
        (f"DVC {ONE} 1234, {ONE} 1234", [(ONE, "1234")]),
        (f"DVC {ONE}, {TWO} 1234, {ONE} 5678", [(ONE, "5678"), (TWO, "1234")]),
        (f"DVC {ONE} 1, {TWO} 1, {THREE} 1, HS777 1234", MisreadKind.TOO_MANY_CODES),
        # The code is asked back for its secret: two numbers that could be it, a number that is none.
        (f"DVC {ONE} 1234 5678", [(ONE, "")]),
        (f"DVC {ONE} 0905123456", [(ONE, "")]),
        ("DVC 13557009 sinh 1990", [("13557009", "")]),
        ("DVC 13557009 1234 da nop 5000", [("13557009", "1234")]),
        ("DVC 13557009 da nop 50000", MisreadKind.RECEIPT_CODE),
        ("DVC 13557009, cua toi 1234", MisreadKind.RECEIPT_CODE),
        ("DVC 1234 va ho so 5678", MisreadKind.RECEIPT_CODE),
        (f"DVC {ONE} TK Nguyen Van An 048190001234 05/09/1990", MisreadKind.TWO_COMMANDS),
        # The same where it stands in a sentence: no other digits count as a secret.
        (f"Ho so cua toi ma {ONE} xong chua, so nha 1234", [(ONE, "")]),
        (f"DCV {ONE} 1234", [(ONE, "")]),
        (f"TK {ONE} 1234, {TWO}", [(ONE, ""), (TWO, "")]),
        # Asked back: no code, or the number of a person in its place.
        ("DVC 048185001234", MisreadKind.RECEIPT_CODE),
        ("DVC 0905123456", MisreadKind.RECEIPT_CODE),
        ("DVC mk 1234", MisreadKind.RECEIPT_CODE),
        ("DVC", MisreadKind.RECEIPT_CODE),
        # Without its secret, a lone number is a code.
        ("DVC 1234", [("1234", "")]),
        ("DVC ma tra cuu 13557009", [("13557009", "")]),
    ],
)
def test_pairs_codes_and_secrets(text: str, expected: object) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", [row[1] for row in ONE_CODE])
def test_without_the_setting_nothing_is_a_secret(text: str) -> None:
    reading = read(text, today=TODAY)
    assert not isinstance(reading, LookUpStatus) or all(code.secret is None for code in reading.codes)


def test_tk_and_help_read_the_same_with_the_setting() -> None:
    for text in ("TK, Nguyen Van A, 201499999, 20/12/1990", "HD", "HD DVC"):
        assert read(text, today=TODAY, with_secrets=True) == read(text, today=TODAY)


SHOWN_NOWHERE = [(text, secret) for _, text, secret in ONE_CODE if secret not in {"", "L2O4", "8188"}]


@pytest.mark.parametrize(
    ("text", "secret"), [*SHOWN_NOWHERE, (f"DCV {ONE} 1234", "1234"), (f"DVC {ONE} 1234 5678", "1234")]
)
def test_a_secret_is_shown_nowhere(text: str, secret: str) -> None:
    explanation = explain(text, today=TODAY, with_secrets=True)
    reading = explanation.reading
    shown = [
        repr(reading),
        json.dumps(as_json(reading)),
        hide_secrets(text, reading),
        tell(text, TODAY, with_secrets=True),
        *(f"{step.part} {step.why}" for step in explanation.steps),
        "" if isinstance(reading, Misread) else official_form(reading),
        reading.meant or "" if isinstance(reading, Misread) else "",
    ]
    assert not any(secret in one.upper() for one in shown), shown


def test_what_is_hidden_keeps_the_code_in_sight() -> None:
    text = f"DVC{ONE.lower()} mk: KQWERTYZ, {TWO} 4 so cuoi 5678 cam on"
    reading = read(text, today=TODAY, with_secrets=True)
    assert hide_secrets(text, reading) == f"DVC{ONE.lower()} mk: ********, {TWO} * so cuoi **** cam on"


def test_a_code_that_is_its_own_secret_is_shown_once() -> None:
    reading = read("DVC 1234 1234", today=TODAY, with_secrets=True)
    assert hide_secrets("DVC 1234 1234", reading) == "DVC 1234 ****"


def test_an_unread_look_up_hides_every_number() -> None:
    text = "DVC ma ho so 13557009 13557010 1234 5678 ABCDEFG"
    assert "1234" not in hide_secrets(text, read(text, today=TODAY, with_secrets=True))
    assert "ABCDEFG" not in hide_secrets(text, read(text, today=TODAY, with_secrets=True))
    assert hide_secrets(text, read(text, today=TODAY)) == text


@pytest.mark.parametrize("with_secrets", [True, False])
def test_hides_what_may_be_a_password_in_a_text_about_one(*, with_secrets: bool) -> None:
    text = f"quen mat khau abc123 cua {ONE[:3]} 1234"
    hidden = hide_secrets(text, read(text, today=TODAY, with_secrets=with_secrets))
    assert hidden == "quen mat khau ****** cua *** ****"


def test_hides_the_secret_of_a_look_up_that_goes_on_with_a_registration() -> None:
    text = "DVC HS777 1234 TK, Nguyen Van A, 201499999, 20/12/1990"
    reading = read(text, today=TODAY, with_secrets=True)
    assert isinstance(reading, Misread)
    assert reading.kind is MisreadKind.TWO_COMMANDS
    hidden = hide_secrets(text, reading)
    assert "1234" not in hidden
    assert "201499999" not in hidden
