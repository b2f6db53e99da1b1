"""A command that is defined in this test alone: it is read, answered, listed, filtered, printed, explained, counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient

import parsers
from db.store.engine import Database, open_database
from handlers.answer import Answer
from handlers.commands import HANDLERS
from handlers.context import Context, ServiceFacts
from handlers.handler import Handler, Handlers, Sentences, forms_of
from handlers.wording.catalogues import CATALOGUES
from parsers.commands import Command
from parsers.explanation import explain
from parsers.grammar import AnyGrammar, Grammar, Service
from parsers.grammars import GRAMMARS
from parsers.localised_message import LocalisedMessage
from parsers.misread import Misread
from parsers.printed import as_json
from parsers.text.excerpt import Excerpt
from parsers.vocabulary import vocabulary_of
from sms_gateway.cli.parse_report import tell
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Conversation, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, OfferedService, ServiceSettings, Settings, WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade
from tests.sms_gateway.pages.message_rows import message_rows

TODAY = date(2026, 11, 22)
CITIZEN = "84905123456"


@dataclass(frozen=True, kw_only=True, slots=True)
class TellTide(Command):
    """TRIEU: say when the tide is high at a place."""

    name: ClassVar[str] = "tell_tide"

    place: str


def read_place(body: Excerpt, today: date, service: Service) -> TellTide | None:
    del today, service
    place = body.shown.strip(" ,.")
    return TellTide(place=place) if place else None


ANSWER = Sentences(
    forms={
        "vi": ("Trieu cuong tai {place}: 6 gio.", "Trieu cuong: 6 gio."),
        "en": ("High tide at {place}: 6 o'clock.", "High tide: 6 o'clock."),
    }
)
LINE = Sentences(forms={"vi": ("{tide} noi (thuy trieu)",), "en": ("{tide} place (tide)",)})


def tell_tide(command: TellTide, context: Context) -> Answer:
    return Answer(text=forms_of(ANSWER, context.service, {"place": command.place})[0], outcome="tide_told")


GRAMMAR: Grammar[TellTide] = Grammar(
    command=TellTide,
    service="tide",
    default_keywords=("TRIEU",),
    read=read_place,
    fits=read_place,
    printed=lambda command: {"place": command.place},
    official_form=lambda command, keyword, _: f"{keyword} {command.place}",
    why=lambda _: LocalisedMessage(key="tide", words="a place by the sea"),
)
HANDLER: Handler[TellTide] = Handler(
    command=TellTide,
    service="tide",
    handle=tell_tide,
    line=LINE,
    outcomes=frozenset({"tide_told"}),
    fruitful=frozenset({"tide_told"}),
)
ALL_GRAMMARS: tuple[AnyGrammar, ...] = (*GRAMMARS, GRAMMAR)
ALL_HANDLERS = Handlers((*HANDLERS.every, HANDLER))
VOCABULARY = vocabulary_of(ALL_GRAMMARS)


@pytest.fixture
def own_database(tmp_path: Path) -> DatabaseSettings:
    settings = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    database = open_database(settings.url, keyfile.load_or_make(settings.key_file))
    upgrade(database)
    database.close()
    return settings


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    smsc = Simulator()
    smsc.start()
    yield smsc
    smsc.stop()


def answers_to(smsc: Simulator, *texts: str, recipient: str = "8188") -> list[str]:
    """Send texts one after the other, and return the answers that the phone shows."""
    for sent, text in enumerate(texts, 1):
        smsc.send_text(CITIZEN, recipient, text)
        seen = smsc.wait_for(CITIZEN, partial(has_answers, sent))
    return [one.text for one in seen if one.direction is Direction.MT]


def has_answers(count: int, seen: Conversation) -> bool:
    return sum(one.direction is Direction.MT for one in seen) == count


def settings_of(database: DatabaseSettings, smsc: Simulator, **services: OfferedService) -> Settings:
    links = {"main": LinkSettings(host="127.0.0.1", port=smsc.port, system_id="gw")}
    return Settings(database=database, web=WebSettings(port=0), links=links, services=services)


def test_is_read_answered_listed_and_counted_by_the_service(own_database: DatabaseSettings, smsc: Simulator) -> None:
    settings = settings_of(own_database, smsc)
    with opened(settings) as database:
        gateway = Gateway(settings, database, grammars=ALL_GRAMMARS, handlers=ALL_HANDLERS)
        gateway.start()
        try:
            smsc.wait_bound(1)
            tide, help_ = answers_to(smsc, "trieu Son Tra gui 8188", "HD")
            assert gateway.web is not None
            metrics = urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=5).read().decode()
        finally:
            gateway.stop()
    assert tide == "Trieu cuong tai Son Tra: 6 gio."
    assert "TRIEU noi (thuy trieu)" in help_
    assert len(help_) <= 160
    assert 'sms_commands_total{command="tell_tide"} 1.0' in metrics


def test_is_answered_and_listed_in_the_language_of_the_service(own_database: DatabaseSettings, smsc: Simulator) -> None:
    settings = settings_of(own_database, smsc).model_copy(update={"service": ServiceSettings(language="en")})
    with opened(settings) as database:
        gateway = Gateway(settings, database, grammars=ALL_GRAMMARS, handlers=ALL_HANDLERS)
        gateway.start()
        try:
            smsc.wait_bound(1)
            tide, help_ = answers_to(smsc, "trieu Son Tra gui 8188", "HD")
        finally:
            gateway.stop()
    assert tide == "High tide at Son Tra: 6 o'clock."
    assert "TRIEU place (tide)" in help_
    assert len(help_) <= 160


def test_a_language_that_its_sentences_lack_gets_the_first_one() -> None:
    german = ServiceFacts(wording=replace(CATALOGUES["en"], language="de"))
    assert forms_of(LINE, german, {"tide": "TRIEU"}) == ["TRIEU noi (thuy trieu)"]


def test_a_service_that_is_off_is_no_keyword_and_not_in_the_help(
    own_database: DatabaseSettings, smsc: Simulator
) -> None:
    settings = settings_of(own_database, smsc, register_account=OfferedService(enabled=False))
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            smsc.wait_bound(1)
            refused, help_ = answers_to(smsc, "TK, Nguyen Van A, 201499999, 20/12/1990", "HD")
        finally:
            gateway.stop()
    assert refused.startswith("Chua hieu tin nhan.")
    assert "mo tai khoan" not in help_
    assert "DVC ma bien nhan (tra ho so)" in help_


def test_is_printed_and_explained() -> None:
    reading = parsers.read("TRIEU My Khe", today=TODAY, vocabulary=VOCABULARY)
    assert as_json(reading, VOCABULARY) == {"command": "tell_tide", "place": "My Khe"}
    steps = explain("TRIEU My Khe", today=TODAY, vocabulary=VOCABULARY).steps
    assert [(step.part, step.taken_for) for step in steps] == [("TRIEU", "keyword"), ("TRIEU", "tell_tide")]
    report = tell("TRIEU My Khe", TODAY, vocabulary=VOCABULARY, handlers=ALL_HANDLERS)
    assert "place: My Khe" in report
    assert "a place by the sea" in report


def test_a_slip_in_its_keyword_is_suggested() -> None:
    reading = parsers.read("TRIU My Khe", today=TODAY, vocabulary=VOCABULARY)
    assert isinstance(reading, Misread)
    assert (reading.suggestion, reading.meant) == ("TRIEU", "TRIEU My Khe")


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    return replace(parts, vocabulary=VOCABULARY, handlers=ALL_HANDLERS)


def test_is_filtered_on_the_page_of_messages(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int], clock: Callable[[], datetime]
) -> None:
    with message_rows(database, new_id, clock()) as rows:
        rows.text("TRIEU Son Tra", reading="tell_tide", outcome="tide_told")
        rows.text("HD", reading="help", outcome="helped")
    page = logged_in.get("/admin/messages")
    assert re.search(r'<option[^>]*value="tell_tide"', page.text)
    answer = logged_in.get("/admin/messages?reading=tell_tide")
    assert "TRIEU Son Tra" in answer.text
    assert ">HD<" not in answer.text
    by_outcome = logged_in.get("/admin/messages?outcome=tide_told")
    assert "TRIEU Son Tra" in by_outcome.text
    assert ">HD<" not in by_outcome.text


def test_an_answer_names_the_number_that_was_texted(own_database: DatabaseSettings, smsc: Simulator) -> None:
    service = ServiceSettings(short_codes=["8188", "9029"])
    settings = settings_of(own_database, smsc).model_copy(update={"service": service})
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            smsc.wait_bound(1)
            (help_,) = answers_to(smsc, "HD", recipient="9029")
        finally:
            gateway.stop()
    assert help_.startswith("Soan gui 9029: TK")
