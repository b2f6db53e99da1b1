"""A service whose answers are in English: the same texts, read the same, over SMPP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.staff.wordings import WordingChange, add_wording_change
from db.store.engine import Database, open_database
from handlers.wording.catalogue import faults
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.phrases import Phrase
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Bubble, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, ServiceSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade

FRENCH = replace(
    CATALOGUES["en"],
    language="fr",
    name="Francais",
    sentences={**CATALOGUES["en"].sentences, Phrase.NOT_FOUND: ("Dossier {code} introuvable.",)},
)
"""A third language, made of a catalogue alone: English with one sentence changed."""
LANGUAGES = {**CATALOGUES, FRENCH.language: FRENCH}


@contextmanager
def bound(place: DatabaseSettings, language: str) -> Iterator[Simulator]:
    """Run a gateway that answers in a language, bound to a simulator."""
    simulator = Simulator()
    simulator.start()
    settings = Settings(
        database=place,
        web=WebSettings(port=0),
        service=ServiceSettings(language=language),
        links={"main": LinkSettings(host="127.0.0.1", port=simulator.port, system_id="gw")},
    )
    with opened(settings) as database:
        gateway = Gateway(settings, database, catalogues=LANGUAGES)
        gateway.start()
        try:
            simulator.wait_bound(1)
            yield simulator
        finally:
            gateway.stop()
            simulator.stop()


@pytest.fixture
def place(tmp_path: Path) -> DatabaseSettings:
    made = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    with rows_of(made) as database:
        upgrade(database)
    return made


@contextmanager
def rows_of(place: DatabaseSettings) -> Iterator[Database]:
    database = open_database(place.url, keyfile.load_or_make(place.key_file))
    yield database
    database.close()


def answer_to(smsc: Simulator, text: str) -> str:
    smsc.send_text("84905123456", "8188", text)
    (answer,) = filter(is_answer, smsc.wait_for("84905123456", lambda bubbles: any(map(is_answer, bubbles))))
    assert len(answer.text) <= 160
    return answer.text


def is_answer(bubble: Bubble) -> bool:
    return bubble.direction is Direction.MT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("TK, Nguyen Van A, 201499999, 20/12/1990", "User: nguyenvana, password: ", id="TK"),
        pytest.param("DVC 000.00.12.H17-230815-0007", "Dossier 000.00.12.H17-230815-0007 was not found.", id="DVC"),
        pytest.param("HD", "Text 8188: TK, name, ID, birth date", id="HD"),
        pytest.param(
            "TK, Nguyen Van A, 201499999, 31/02/1990", "There is no birth date 31/02/1990. Text: TK, ", id="misread"
        ),
    ],
)
def test_answers_are_in_the_language_of_the_service(place: DatabaseSettings, text: str, expected: str) -> None:
    with bound(place, "en") as smsc:
        assert answer_to(smsc, text).startswith(expected)


def test_a_third_language_needs_nothing_but_its_catalogue(place: DatabaseSettings) -> None:
    assert faults(FRENCH) == []
    with bound(place, "fr") as smsc:
        assert answer_to(smsc, "DVC 000.00.12.H17-230815-0007").startswith(
            "Dossier 000.00.12.H17-230815-0007 introuvable. Please check the code"
        )


def test_a_sentence_that_was_edited_in_the_language_of_the_service_is_sent(place: DatabaseSettings) -> None:
    with rows_of(place) as database, database.write() as connection:
        for number, language, form in ((1, "en", "No dossier {code} here."), (2, "vi", "{code} khong co.")):
            at = datetime(2026, 11, 22, tzinfo=UTC)
            change = WordingChange(
                id=number, phrase="not_found", language=language, at=at, operator="lan", forms=(form,)
            )
            add_wording_change(connection, change)
    with bound(place, "en") as smsc:
        assert answer_to(smsc, "DVC 000.00.12.H17-230815-0007").startswith("No dossier 000.00.12.H17-230815-0007 here.")
