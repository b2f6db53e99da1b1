"""A keyword that the settings rename: readings, corrections, explanations, help and faults follow it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

import parsers
from handlers.context import ServiceFacts
from handlers.correction import correct
from handlers.guidance import guide
from handlers.wording.catalogue import Wording
from handlers.wording.catalogues import CATALOGUES
from parsers.commands import RegisterAccount, ShowHelp
from parsers.explanation import explain
from parsers.misread import Misread, MisreadKind
from parsers.printed import official_form
from sms_gateway.settings.checks.conflicts import cautions, conflicts
from sms_gateway.settings.model import OfferedService, Settings
from sms_gateway.settings.services import vocabulary_for

languages = pytest.mark.parametrize("wording", CATALOGUES.values(), ids=list(CATALOGUES))

TODAY = date(2026, 11, 22)
FIELDS = "Nguyen Van A, 201499999, 20/12/1990"


def settings_with(**services: OfferedService) -> Settings:
    return Settings(services=services)


RENAMED = settings_with(register_account=OfferedService(keywords=["MOTK", "MOTAIKHOAN"]))
VOCABULARY = vocabulary_for(RENAMED)
SERVICE = ServiceFacts(keywords={one.service: VOCABULARY.taught[one.name] for one in VOCABULARY.grammars})


@pytest.mark.parametrize(
    "text", [f"MOTK, {FIELDS}", f"motk {FIELDS}", f"MOTAIKHOAN, {FIELDS}", f"M.O.T.K {FIELDS}", f"MOTK{FIELDS}"]
)
def test_every_keyword_is_read_and_the_first_is_taught(text: str) -> None:
    reading = parsers.read(text, today=TODAY, vocabulary=VOCABULARY)
    assert isinstance(reading, RegisterAccount)
    assert official_form(reading, VOCABULARY) == f"MOTK, {FIELDS}"


def test_the_printed_keyword_is_unknown_and_the_new_one_suggested() -> None:
    reading = parsers.read(f"TK, {FIELDS}", today=TODAY, vocabulary=VOCABULARY)
    assert isinstance(reading, Misread)
    assert reading.kind is MisreadKind.UNKNOWN_KEYWORD
    assert (reading.suggestion, reading.meant) == ("MOTK", f"MOTK, {FIELDS}")
    answer = correct(reading, SERVICE).text
    assert answer == f"Chua ro lenh. Co phai ban muon mo tai khoan? Soan: MOTK, {FIELDS} gui 8188"
    assert len(answer) <= 160


def test_in_another_language_corrections_and_help_name_it_too() -> None:
    english = replace(SERVICE, wording=CATALOGUES["en"])
    reading = parsers.read(f"TK, {FIELDS}", today=TODAY, vocabulary=VOCABULARY)
    assert isinstance(reading, Misread)
    assert correct(reading, english).text == (
        f"Command not clear. Do you want to open an account? Text: MOTK, {FIELDS} to 8188"
    )
    help_ = guide(None, english)
    assert help_.startswith(
        "Text 8188: MOTK, name, ID, birth date (open account); DVC receipt code (dossier); HD MOTK,"
    )
    assert len(help_) <= 160


def test_help_lists_it_and_is_asked_by_it() -> None:
    assert parsers.read("HD MOTK", today=TODAY, vocabulary=VOCABULARY) == ShowHelp(topic="register_account")
    text = guide(None, SERVICE)
    assert text.startswith("Soan gui 8188: MOTK, ho ten, so CCCD, ngay sinh (mo tai khoan); DVC ma bien nhan")
    assert len(text) <= 160


@languages
def test_the_help_of_a_command_and_its_copies_name_it(wording: Wording) -> None:
    renamed = settings_with(
        register_account=OfferedService(keywords=["MOTAIKHO"]), look_up_dossier=OfferedService(keywords=["HOSOCONG"])
    )
    vocabulary = vocabulary_for(renamed)
    keywords = {one.service: vocabulary.taught[one.name] for one in vocabulary.grammars if one.default_keywords}
    for asks_secret in (False, True):
        service = ServiceFacts(keywords=keywords, asks_secret=asks_secret, wording=wording)
        for keyword, topic in (("MOTAIKHO", "register_account"), ("HOSOCONG", "look_up_status")):
            reading = parsers.read(
                f"{keyword} 0905123456", today=TODAY, vocabulary=vocabulary, with_secrets=asks_secret
            )
            assert isinstance(reading, Misread)
            for text in (guide(topic, service), correct(reading, service).text):
                assert keyword in text, text
                assert re.search(r"\b(TK|DVC)\b", text) is None, text
                assert len(text) <= 160, text


@languages
def test_no_sentence_names_a_command_by_a_keyword_of_its_own(wording: Wording) -> None:
    """TK before a user name is the usual short form of the word for account."""
    of_commands = re.compile(r"\b(DVC|HD)\b|\bTK\b(?!:? \{user_name\})")
    found = {phrase: form for phrase, forms in wording.sentences.items() for form in forms if of_commands.search(form)}
    assert found == {}


def test_the_explanation_names_it() -> None:
    steps = explain(f"MOTK, {FIELDS}", today=TODAY, vocabulary=VOCABULARY).steps
    assert [step.part for step in steps if step.taken_for in {"keyword", "register_account"}] == ["MOTK", "MOTK"]


def test_a_wrong_field_is_corrected_with_it() -> None:
    reading = parsers.read("MOTK, Nguyen Van A, 201499999, 12/25/1990", today=TODAY, vocabulary=VOCABULARY)
    assert isinstance(reading, Misread)
    assert reading.suggestion == "MOTK, Nguyen Van A, 201499999, 25/12/1990"


def test_of_a_renamed_look_up_codes_and_secrets_are_read() -> None:
    vocabulary = vocabulary_for(settings_with(look_up_dossier=OfferedService(keywords=["HOSO"])))
    for text in ("HOSO000.00.12.H17-230815-0007", "hoso 13557009 hoso 13557010", "chao anh, hoso 13557009"):
        reading = parsers.read(text, today=TODAY, vocabulary=vocabulary)
        assert official_form(reading, vocabulary).startswith("HOSO "), text  # type: ignore[arg-type] # shown by the text
    former = parsers.read("DVC 13557009", today=TODAY, vocabulary=vocabulary)
    assert isinstance(former, Misread)
    assert (former.suggestion, former.meant) == ("HOSO", "HOSO 13557009")


@pytest.mark.parametrize(
    ("services", "wrong"),
    [
        ({"register_account": ["DVC"]}, "DVC is a keyword of register_account too"),
        (
            {"look_up_dossier": ["TKHS"]},
            "TKHS is also TK, a keyword of register_account, with content glued to it (HS)",
        ),
        ({"register_account": ["HELP"]}, "HELP is a word for help, thanks, a greeting or a reaction"),
        ({"register_account": ["HD"]}, "HD is a word for help, thanks, a greeting or a reaction"),
        ({"register_account": ["OK"]}, "OK is a word for help, thanks, a greeting or a reaction"),
        ({"register_account": ["TK", "TK"]}, "TK stands there twice"),
        ({"pay": ["PHI"]}, "is no service"),
    ],
)
def test_keywords_that_clash_are_refused(services: dict[str, list[str]], wrong: str) -> None:
    settings = settings_with(**{name: OfferedService(keywords=words) for name, words in services.items()})
    assert [fault.wrong for fault in conflicts(settings)] == [wrong]
    assert all(fault.fix for fault in conflicts(settings))


def test_all_faults_are_reported_together() -> None:
    settings = settings_with(
        register_account=OfferedService(keywords=["HELP"]),
        look_up_dossier=OfferedService(keywords=["OK"]),
        pay=OfferedService(),
    )
    assert len(conflicts(settings)) == 3


def test_keywords_one_slip_apart_are_warned_of() -> None:
    settings = settings_with(register_account=OfferedService(keywords=["DVK"]))
    assert not conflicts(settings)
    assert any("one slip of the finger apart" in caution.wrong for caution in cautions(settings))


def test_a_keyword_of_a_service_that_is_off_may_be_given_to_another() -> None:
    settings = settings_with(
        register_account=OfferedService(enabled=False), look_up_dossier=OfferedService(keywords=["TK"])
    )
    assert not conflicts(settings)
