"""What differs from channel to channel: each answer fits the channel that it goes out by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from db.schema import outbound
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.wording.phrases import Phrase
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.running import RunningChannels
from sms_gateway.channels.smpp.coding.text import Encoding
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.demo.simulator.conversation import Bubble, Conversation, Direction
from sms_gateway.settings.link_model import Alphabet, ChannelSettings, LinkSettings, ReplyWay
from sms_gateway.settings.model import PipelineSettings, ServiceSettings, Settings
from sms_gateway.wiring.channel_parts import channel_makers, fallbacks_of
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock

PLAIN = ServiceFacts().wording
ACCENTED = "Envoyé à {short_code}: {commands}; {topics}. Hotline: {hotline}"
"""Its accents are in GSM 03.38 and not in ASCII: there the text would need UCS-2, and three segments."""
SERVICE = ServiceFacts(wording=replace(PLAIN, sentences={**PLAIN.sentences, Phrase.HELP: (ACCENTED,)}))


def link(carrier: Simulator, alphabet: Alphabet, short_code: str | None = None) -> LinkSettings:
    return LinkSettings(
        host="127.0.0.1",
        port=carrier.port,
        system_id="gw",
        alphabet=alphabet,
        short_code=short_code,
        validity_minutes=5,
    )


@pytest.fixture
def carriers() -> Iterator[tuple[Simulator, Simulator]]:
    pair = Simulator(), Simulator()
    for each in pair:
        each.start()
    yield pair
    for each in pair:
        each.stop()


@pytest.fixture
def settings(carriers: tuple[Simulator, Simulator]) -> Settings:
    gsm, ascii_only = carriers
    return Settings(
        links={"gsm": link(gsm, Alphabet.GSM), "ascii": link(ascii_only, Alphabet.ASCII, short_code="9029")}
    )


@pytest.fixture
def stage(sqlite_database: Database, settings: Settings) -> Iterator[Stage]:
    """Two links that run, with a pipeline behind them."""
    clock = Clock()
    clock.time = utc_now()
    traits = traits_by_channel(settings)
    stage = make_stage(sqlite_database, clock, service=traits.others.facts(SERVICE), traits=traits)
    stage.pipeline.detach("main")
    stage.pipeline.start()
    numbers = count(10**9)
    channels = RunningChannels(
        channel_makers(
            settings, stage.pipeline, now=utc_now, session_number=lambda: next(numbers), database=stage.database
        ),
        stage.pipeline,
        sqlite_database,
        fallbacks=fallbacks_of(settings),
        owner="test",
        now=utc_now,
        new_id=lambda: next(numbers),
        is_ours=settings.senders.__contains__,
    )
    for name in settings.senders:
        channels.begin(name)
    yield stage
    assert channels.stop(3)
    stage.pipeline.stop(1)


def help_of(carrier: Simulator, citizen: str, short_code: str) -> Bubble:
    """Ask for help by a carrier, and return the answer."""
    carrier.wait_bound()
    carrier.send_text(citizen, short_code, "HD")
    (answer,) = answers(carrier.wait_for(citizen, lambda bubbles: bool(answers(bubbles)), 10))
    return answer


def answers(bubbles: Conversation) -> list[Bubble]:
    return [each for each in bubbles if each.direction is Direction.MT]


@pytest.mark.usefixtures("stage")
def test_each_answer_fits_the_alphabet_of_its_own_link(carriers: tuple[Simulator, Simulator]) -> None:
    gsm = help_of(carriers[0], "84905123456", "8188")
    ascii_only = help_of(carriers[1], "84905123457", "9029")
    assert (gsm.segments, gsm.encoding) == (ascii_only.segments, ascii_only.encoding) == (1, Encoding.GSM)
    assert gsm.text.startswith("Envoyé à 8188: TK, ho ten")
    assert ascii_only.text.startswith("Envoye a 9029: TK, ho ten")


def test_an_answer_waits_no_longer_than_its_carrier_is_given(
    stage: Stage, carriers: tuple[Simulator, Simulator]
) -> None:
    help_of(carriers[0], "84905123456", "8188")
    with stage.database.read() as connection:
        row = connection.execute(select(outbound.c.created_at, outbound.c.expires_at)).one()
    assert row.expires_at - row.created_at == timedelta(minutes=5)


LINK = LinkSettings(host="smsc.example", system_id="gw")
MIXED = Settings(
    service=ServiceSettings(short_codes=["8188", "8288"]),
    pipeline=PipelineSettings(validity_minutes=15),
    links={
        "gsm": LINK,
        "ascii": LINK.model_copy(update={"alphabet": Alphabet.ASCII, "short_code": "9029"}),
        "guarded": LINK.model_copy(update={"fallback": "ascii", "validity_minutes": 0}),
        "short": LINK.model_copy(update={"validity_minutes": 3, "most_segments": 1}),
    },
    channels={
        "kannel": ChannelSettings(secret=SecretStr("x" * 16), reply=ReplyWay.BODY),
        "careful": ChannelSettings(send_url="https://sms.example/", fallback="ascii"),
        "chat": ChannelSettings(network="chat", send_url="https://chat.example/"),
    },
)
NETWORKS = table_of([plain.NETWORK, replace(plain.NETWORK, name="chat", longest_text=200)])
EACCENT = "é" * 100


@pytest.mark.parametrize(
    ("channel", "segments", "minutes", "known_as"),
    [
        pytest.param("gsm", 1, 15, "8188", id="a link"),
        pytest.param("ascii", 2, 15, "9029", id="an alphabet and a number of its own"),
        pytest.param("guarded", 2, 15, "8188", id="it fits the fallback too; validity_minutes = 0 is no limit"),
        pytest.param("short", 1, 3, "8188", id="a validity of its own"),
        pytest.param("kannel", 1, 15, "8188", id="an HTTP channel"),
        pytest.param("careful", 2, 15, "8188", id="an HTTP channel, and its fallback"),
        pytest.param("of_last_year", 2, 15, "8188", id="one that the settings do not name any more fits all"),
    ],
)
def test_traits_come_from_the_channel(channel: str, segments: int, minutes: int, known_as: str) -> None:
    traits = traits_by_channel(MIXED, NETWORKS).of(channel)
    assert traits.segments_of(EACCENT) == segments
    assert traits.validity == timedelta(minutes=minutes)
    assert traits.known_as == known_as
    assert traits.most_segments == (1 if channel == "short" else 3)
    assert traits.most_written == 3
    facts = traits.facts(SERVICE)
    assert (facts.short_code, facts.segments_of(EACCENT), facts.wording) == (known_as, segments, SERVICE.wording)


def test_a_message_that_is_no_sms_has_no_segments() -> None:
    traits = traits_by_channel(MIXED, NETWORKS).of("chat")
    assert (traits.most_written, traits.facts(SERVICE).most_written, traits.most_segments) == (1, 1, 3)
    segments_of = traits.segments_of
    assert [segments_of(text) for text in ("", "đ" * 200, "đ" * 201)] == [1, 1, 2]
    assert traits_by_channel(MIXED, NETWORKS).others.segments_of("đ" * 200) == 3
