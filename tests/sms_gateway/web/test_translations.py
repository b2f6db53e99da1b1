"""Both languages, and a word for everything that rows can say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import sms_gateway
from db.messages.events import EventKind
from db.schema import InboundState, OperatorRole, OutboundState, ReceiptState
from db.staff.audit import Action
from db.store.engine import Database
from handlers.answer import Outcome
from handlers.conversation import outgoing_check
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.filing.filed import Does, Rule
from handlers.wording.catalogue import FAULTS
from handlers.wording.phrases import Phrase
from parsers.explanation import TAKEN_FOR
from parsers.grammars import GRAMMARS
from parsers.grammars.conversation import CONVERSATION
from parsers.localised_message import LocalisedMessage, MessageTable
from parsers.misread import MisreadKind
from parsers.reasons import REASONS
from sms_gateway.back_office.dossier_file.fault_messages import SENTENCES
from sms_gateway.back_office.tickets.results import ACTS
from sms_gateway.back_office.unit_file.fault_messages import SENTENCES as UNIT_SENTENCES
from sms_gateway.channels.smpp.inspect.field_values import MEANINGS
from sms_gateway.pages.display.reading_names import shown_taken_for
from sms_gateway.pages.service.wording_groups import grouped
from sms_gateway.pipeline.dispatch.rulings import Silence
from sms_gateway.process.schedule import COUNTS, JOBS, STATISTICS, retention_jobs
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.web.language import say
from sms_gateway.web.translations import LANGUAGES, LOCALE, find_words
from tests.sms_gateway.conftest import form_token


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


ROOM = Path(sms_gateway.__file__).parent


@cache
def forms(language: str) -> dict[str, tuple[str, ...]]:
    """Read the catalogue that people edit: each key with its words, singular and plural where it has both."""
    with (LOCALE / language / "LC_MESSAGES" / "web.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    return {
        str(one.id if isinstance(one.id, str) else one.id[0]): tuple(
            [one.string] if isinstance(one.string, str) else one.string or ()
        )
        for one in messages
    }


def source(language: str) -> dict[str, str]:
    """Return the words for each key, those for many where there are several."""
    return {key: words[-1] for key, words in forms(language).items()}


SERVICES = {grammar.service for grammar in (*GRAMMARS, *CONVERSATION)}
"""Placeholders that every word may have: the keywords of the services."""

WORDS = {key: tuple(source(language)[key] for language in LANGUAGES) for key in source(LANGUAGES[0])}


def test_every_word_is_there_in_every_language() -> None:
    assert [set(source(language)) for language in LANGUAGES] == [set(WORDS)] * len(LANGUAGES)
    for key, words in WORDS.items():
        assert all(words), key
        fields = [set(re.findall(r"\{(\w+)\}", one)) - SERVICES for one in words]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    assert {key: find_words(key, language) for key in WORDS} == source(language)  # fix: make catalogues
    assert find_words("no.such.key", language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_a_word_is_found_by_its_number(language: str) -> None:
    for key, words in forms(language).items():
        assert {find_words(key, language, count) for count in (0, 1, 2, 21)} == set(words), key


VERBS = {"is", "was", "ends", "gets", "takes", "has"}
NEVER_ONE = {
    "alarm.failed",
    "alarm.misread",
    "alarm.answers_closed",
    "phone.too_long",
    "sessions.idle",
    "today.imported_days",
}
"""Their numbers are never one: what alarms count, idle_minutes, days before yesterday, segments of the longest text."""


def test_no_number_by_another_name_stands_before_a_plural() -> None:
    plurals = {
        key: [name for name, noun in re.findall(r"\{(\w+)\} ([a-z]+s|people)\b", words[-1]) if noun not in VERBS]
        for key, words in forms("en").items()
        if key not in NEVER_ONE and not key.startswith(("import_fault.", "why."))
    }
    allowed = {"count", "least", "most", "number"} | SERVICES  # a number is that of a ticket or a telephone
    assert {key: names for key, names in plurals.items() if not allowed.issuperset(names)} == {}


def test_no_number_stands_before_a_plural_that_has_no_singular() -> None:
    english = forms("en")
    counted = {
        key: words
        for key, words in english.items()
        if re.search(r"\{count\} [a-z]+s\b", words[-1]) and not key.startswith("import_fault.")
    }
    assert len(counted) > 20
    assert [key for key, words in counted.items() if len(words) == 1] == []
    for key, words in counted.items():
        assert words[0] != words[1], key
        fields = [set(re.findall(r"\{(\w+)\}", one)) for one in words]
        assert fields[0] == fields[1], key


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("state", [*InboundState, *OutboundState]),
        ("receipt", list(ReceiptState)),
        ("outcome", [*Outcome, *Silence, *FilingOutcome]),
        ("event", list(EventKind)),
        ("reading", [grammar.name for grammar in (*GRAMMARS, *CONVERSATION)]),
        ("filing_rule", list(Rule)),
        ("filing", list(Does)),
        ("misread", list(MisreadKind)),
        ("action", list(Action)),
        ("role", list(OperatorRole)),
    ],
)
def test_rows_say_nothing_that_has_no_words(prefix: str, values: list[str]) -> None:
    assert [value for value in values if f"{prefix}.{value}" not in WORDS] == []


SAME_IN_EVERY_LANGUAGE = re.compile(r"wire\.(bearer|network_type|npi)\.\d")
"""Names of networks, their services and numbering plans."""


@pytest.mark.parametrize(
    "table",
    [REASONS, FAULTS, SENTENCES, UNIT_SENTENCES, MEANINGS, outgoing_check.FAULTS, ACTS],
    ids=lambda table: table.name,
)
def test_every_message_of_another_room_is_said_in_every_language(table: MessageTable) -> None:
    for short_key, english in table.words.items():
        key = f"{table.name}.{short_key}"
        vietnamese, many = WORDS[key][0], english if isinstance(english, str) else english[-1]
        assert forms("en")[key] == (english if isinstance(english, tuple) else (english,)) or ".field." in key, key
        assert set(re.findall(r"\{(\w+)\}", vietnamese)) == set(re.findall(r"\{(\w+)\}", many)), key
        assert vietnamese != many or SAME_IN_EVERY_LANGUAGE.match(key) or not re.sub(r"\{\w+\}|\W", "", many), key


@pytest.mark.parametrize(
    ("message", "vietnamese", "english"),
    [
        (MEANINGS.message("octets", count=1), "1 octet", "1 octet"),
        (MEANINGS.message("octets", count=7), "7 octet", "7 octets"),
        (
            SENTENCES.message("line", line=3, fault=SENTENCES.message("cell.empty")),
            "dòng 3: một ô trống",
            "line 3: an empty cell",
        ),
        (LocalisedMessage(key="why.hours", words="{day}?", values={"day": "today"}), "today?", "today?"),
    ],
    ids=["one", "many", "a message in a message", "no translation yet"],
)
def test_a_message_is_said_in_the_readers_language(
    client: FlaskClient, message: LocalisedMessage, vietnamese: str, english: str
) -> None:
    said = []
    for language in ("vi", "en"):
        with client.application.test_request_context(headers={"Accept-Language": language}):
            said.append(say(message))
    assert said == [vietnamese, english]
    assert str(message) == english


def test_a_value_counts_before_the_keyword_of_a_service_of_its_name(client: FlaskClient) -> None:
    with client.application.test_request_context(headers={"Accept-Language": "en"}):
        assert "numbers: www.city.vn. " in say("tables.contacts", contacts="www.city.vn")  # not LH, the keyword


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_part_is_taken_for_has_words(client: FlaskClient, language: str) -> None:
    with client.application.test_request_context(headers={"Accept-Language": language}):
        assert all(shown_taken_for(one) for one in TAKEN_FOR)


def test_pages_ask_for_no_word_that_is_missing() -> None:
    asked = set[str]()
    for path in [*ROOM.rglob("*.html"), *ROOM.rglob("*.py")]:
        asked.update(re.findall(r"say\([\"']([a-z_.0-9]+)[\"'][,)]", path.read_text()))
    assert len(asked) > 50
    assert asked - WORDS.keys() == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "vi"), ("fr", "vi"), ("en-GB,en;q=0.9", "en"), ("vi-VN,vi;q=0.9,en;q=0.8", "vi")],
)
def test_the_browser_chooses_the_language(client: FlaskClient, header: str, language: str) -> None:
    assert f'<html lang="{language}">' in client.get("/phone", headers={"Accept-Language": header}).text


def test_the_readers_choice_stays(client: FlaskClient) -> None:
    token = form_token(client.get("/phone"))
    response = client.post("/language", data={"csrf": token, "language": "en", "back": "/phone?sample=1"})
    assert (response.status_code, response.location) == (303, "/phone?sample=1")
    assert '<html lang="en">' in client.get("/phone", headers={"Accept-Language": "vi"}).text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "/ả"])
def test_the_way_back_stays_on_this_site(client: FlaskClient, back: str) -> None:
    token = form_token(client.get("/phone"))
    response = client.post("/language", data={"csrf": token, "language": "xx", "back": back})
    assert response.location == "/"
    assert client.get_cookie("lang") is None


def test_every_sentence_of_citizens_has_a_name_and_a_group() -> None:
    grouped_phrases = [phrase for _, phrases in grouped() for phrase in phrases]
    assert grouped_phrases == list(Phrase)
    assert [group for group, _ in grouped() if f"phrase_group.{group}" not in WORDS] == []
    for prefix in ("phrase", "phrase_when"):
        assert [phrase for phrase in Phrase if f"{prefix}.{phrase}" not in WORDS] == []


def test_every_job_and_duty_has_words() -> None:
    jobs = (*JOBS, *COUNTS, STATISTICS, *retention_jobs(RetentionSettings()))
    assert [job.name for job in jobs if f"job.{job.name}" not in WORDS] == []
    assert {"duty.service", "duty.schedule", "duty.link", "duty.node"} <= WORDS.keys()
