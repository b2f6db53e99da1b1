"""Pages name the keywords of the settings, and none that the product had before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.wording.phrases import Phrase
from sms_gateway.settings.model import OfferedService
from sms_gateway.settings.services import vocabulary_for
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.language import page_message, say, say_or
from sms_gateway.web.translations import LANGUAGES, LOCALE
from sms_gateway.wiring.application import create_app
from tests.generators.generated import LONG
from tests.sms_gateway.conftest import NOON, SETTINGS, TEMPLATES, Clock, EchoHandset
from tests.sms_gateway.pages.acting import act
from tests.sms_gateway.pages.message_rows import message_rows
from tests.sms_gateway.pages.routes import path_of

PRINTED = re.compile(r"\b(TK|DVC)\b(?!:? (?:\{user_name\}|anv\b))")
"""The keywords of the product. Before a user name (anv in previews), TK is the short form of the word for account."""
TAGS = re.compile(r"<[^>]+>")


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for words."""
    return sqlite_database


def with_services(parts: WebDependencies, services: dict[str, OfferedService]) -> WebDependencies:
    """Return the parts of a service of these settings."""
    settings = parts.settings.model_copy(update={"services": services})
    vocabulary = vocabulary_for(settings)
    service = ServiceFacts(keywords={one.service: vocabulary.taught[one.name] for one in vocabulary.grammars})
    return replace(parts, settings=settings, vocabulary=vocabulary, service=service)


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    renamed = {
        "register_account": OfferedService(keywords=["MOTK", "MOTAIKHOAN"]),
        "look_up_dossier": OfferedService(keywords=["HOSO"]),
    }
    return with_services(parts, renamed)


@pytest.fixture
def handset(clock: Clock) -> EchoHandset:
    return EchoHandset(clock=clock, samples=("MOTK, Nguyen Van A, 201499999, 20/12/1990", "HOSO13557009"))


def keys() -> list[str]:
    with (LOCALE / LANGUAGES[0] / "LC_MESSAGES" / "web.po").open("rb") as file:
        return [one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file) if one.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_pages_names_a_keyword_of_its_own(app: Flask, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        said = {key: say(key) for key in keys()}
        assert {key: words for key, words in said.items() if PRINTED.search(words) or "_account}" in words} == {}
        assert "MOTK" in said["reading.register_account"]
        assert say_or("reading.look_up_status", "unknown") == said["reading.look_up_status"]
        assert "HOSO" in said["reading.look_up_status"]
        assert "MOTK" in str(page_message("event.accounts_closed"))
        assert "MOTK" in say("alarm.accounts_closed", since="12:00", limit=200)


@pytest.mark.parametrize("language", LANGUAGES if LONG else LANGUAGES[:1])
def test_no_page_names_the_keywords_that_were_renamed(
    logged_in: FlaskClient,
    make: Callable[[OperatorRole], None],
    database: Database,
    new_id: Callable[[], int],
    language: str,
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    with message_rows(database, new_id, NOON) as rows:
        made = [
            rows.text(
                "MOTK, Nguyen Van A, 201499999, 20/12/1990", reading="register_account", outcome="account_opened"
            ),
            rows.text("HOSO 13557009", reading="look_up_status", outcome="dossiers_found"),
            rows.text("MOTK", reading="misread", outcome="asked_again"),
        ]
    app = logged_in.application
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    paths = {path_of(app, rule) for rule in rules}
    paths |= {f"/admin/messages/{one}" for one in made} | {f"/admin/wording/{phrase}" for phrase in Phrase}
    shown = {path: logged_in.get(path, headers={"Accept-Language": language}).text for path in sorted(paths)}
    found = {path: text for path, page in shown.items() if PRINTED.search(text := TAGS.sub(" ", page))}
    assert {path: PRINTED.findall(text) for path, text in found.items()} == {}
    assert sum("MOTK" in page for page in shown.values()) > 10
    assert sum("HOSO" in page for page in shown.values()) > 5


def test_the_page_to_try_a_text_follows(logged_in: FlaskClient) -> None:
    for text, keyword in (("MOTK", "MOTK"), ("HOSO", "HOSO"), ("HD", "MOTK"), ("HD HOSO", "HOSO")):
        page = TAGS.sub(" ", act(logged_in, "/admin/try", text=text).text)
        assert keyword in page
        assert PRINTED.search(page) is None, text


def test_of_a_service_that_is_off_the_pages_name_the_keyword_of_the_product(parts: WebDependencies) -> None:
    app = create_app(with_services(parts, {"register_account": OfferedService(enabled=False)}))
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert say("reading.register_account") == "TK: open account"
        assert say("reading.look_up_status") == "DVC: look up dossier"
    assert SETTINGS.services == {}
