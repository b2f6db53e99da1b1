"""What is said where a look-up needs a secret: the form of it, in one segment, and never what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handlers.answer import Outcome
from handlers.commands.dossier_codes import try_key
from handlers.commands.status_lookup import look_up_status
from handlers.context import ServiceFacts
from handlers.correction import correct
from handlers.guidance import show_help
from handlers.wording.phrases import Phrase
from handlers.wording.plain import is_plain
from parsers import read
from parsers.commands import LookUpStatus, ReceiptCode, ShowHelp
from parsers.fields.codes.receipt_codes import canonical_form
from parsers.misread import Misread
from tests.handlers.surroundings import SERVICES, context, dvc

NATIONAL = "000.00.12.H17-230815-0007"
TODAY = date(2026, 11, 22)
CLOSED = ServiceFacts(asks_secret=True)
closed_services = pytest.mark.parametrize(
    "service", [replace(one, asks_secret=True) for one in SERVICES.values()], ids=list(SERVICES)
)


def asked(*codes: str, secret: str = "1234") -> LookUpStatus:
    return LookUpStatus(codes=tuple(replace(code, secret=secret) for code in dvc(*codes).codes))


def said(command: LookUpStatus, service: ServiceFacts = CLOSED) -> str:
    answer = look_up_status(command, context(None, service=service))  # type: ignore[arg-type] # the handler asks nothing
    assert answer.outcome is Outcome.STATUS_NOT_FOUND
    return answer.text


def test_what_is_not_opened_is_told_with_the_form_to_write() -> None:
    assert said(asked(NATIONAL)) == (
        f"Khong tra duoc ho so {NATIONAL}. Soan: DVC ma, 4 so cuoi CCCD (hoac ma tra cuu) gui 8188. "
        "Sai nhieu thi doi hom sau. Goi 1022"
    )


@closed_services
@pytest.mark.parametrize("code", ["1234", NATIONAL, "AB" + "24" * 19])
def test_the_refusal_is_one_plain_segment_and_as_long_whatever_the_secret(code: str, service: ServiceFacts) -> None:
    told = {said(asked(code, secret=secret), service) for secret in ("", "1234", "KX7QWT2M", "ABCDEFGHJKLM")}
    (text,) = told
    assert len(text) <= 160
    assert is_plain(text)
    assert code in text


@pytest.mark.parametrize("count", [2, 3])
def test_several_refusals_tell_the_form_once(count: int) -> None:
    text = said(asked(*(f"000.00.12.H17-230815-000{number}" for number in range(count))))
    assert text.count("Soan: DVC ma, 4 so cuoi CCCD gui 8188.") == 1
    assert len(text) <= 306


def test_the_code_without_setting_is_refused_in_the_old_words() -> None:
    assert said(dvc(NATIONAL)).startswith(f"Khong tim thay ho so {NATIONAL}.")


@closed_services
def test_help_shows_the_form_in_one_segment(service: ServiceFacts) -> None:
    for topic in (None, LookUpStatus.name):
        text = show_help(ShowHelp(topic=topic), service).text
        form = service.wording.forms(Phrase.LINE_DVC_CLOSED, service.values)[0]
        assert form.partition(" (")[0] in text
        assert len(text) <= 160
        assert is_plain(text)
        assert show_help(ShowHelp(topic=topic), replace(service, asks_secret=False)).text != text


def test_the_printed_example_of_the_help_reads_as_code_and_secret() -> None:
    text = show_help(ShowHelp(topic=LookUpStatus.name), CLOSED).text
    example = text[text.index("Vd: ") + 4 : text.index(". Goi")]
    reading = read(example, today=TODAY, with_secrets=True)
    assert isinstance(reading, LookUpStatus)
    assert [(code.written, code.secret) for code in reading.codes] == [(NATIONAL, "1234")]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("DVC", "Soan: DVC ma bien nhan, 4 so cuoi CCCD gui 8188"),
        ("DVC HS777/2023 13557009 7391", "Soan: DVC ma bien nhan, 4 so cuoi CCCD gui 8188"),
        ("DCV 04486.G/2019/08708 7391", "Soan: DVC 04486-G-2019-08708 **** gui 8188"),
    ],
)
def test_a_misread_is_answered_with_the_form_and_never_with_the_secret(text: str, form: str) -> None:
    reading = read(text, today=TODAY, with_secrets=True)
    assert isinstance(reading, Misread)
    answer = correct(reading, CLOSED).text
    assert form in answer
    assert "7391" not in answer
    assert len(answer) <= 160


def test_secrets_that_look_alike_are_one_try_and_others_are_not() -> None:
    def key(secret: str | None) -> str:
        return try_key(ReceiptCode(written="HS777", canonical=canonical_form("HS777"), secret=secret))

    assert key("O12L") == key("0121")
    assert len({key(None), key(""), key("1234"), key("1235")}) == 4
