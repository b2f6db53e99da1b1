"""A service whose answers are in English: the same texts, read the same, over SMPP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store.engine import open_database
from db.upkeep.revision import upgrade
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Bubble, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, ServiceSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway


@pytest.fixture
def smsc(tmp_path: Path) -> Iterator[Simulator]:
    """Return a simulator to which a gateway with English answers is bound."""
    simulator = Simulator()
    simulator.start()
    place = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    database = open_database(place.url, keyfile.load_or_make(place.key_file))
    upgrade(database)
    database.close()
    settings = Settings(
        database=place,
        web=WebSettings(port=0),
        service=ServiceSettings(language="en"),
        links={"main": LinkSettings(host="127.0.0.1", port=simulator.port, system_id="gw")},
    )
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        simulator.wait_bound(1)
        yield simulator
        gateway.stop()
    simulator.stop()


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
def test_answers_are_in_the_language_of_the_service(smsc: Simulator, text: str, expected: str) -> None:
    smsc.send_text("84905123456", "8188", text)
    conversation = smsc.wait_for("84905123456", lambda bubbles: any(map(is_answer, bubbles)))
    (answer,) = filter(is_answer, conversation)
    assert answer.text.startswith(expected)
    assert len(answer.text) <= 160
