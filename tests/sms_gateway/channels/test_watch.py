"""Answers go by the fallback once their own link was down for long enough, over real sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import pytest

from db.processes.channel_states import read_states
from db.store.engine import Database
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.channels.ports import Channel
from sms_gateway.channels.running import RunningChannels
from sms_gateway.channels.smpp.link import Link
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Simulator
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import channel_makers, fallbacks_of, sender_terms
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.smpp.fixtures.waiting import until
from tests.sms_gateway.pipeline.conftest import make_stage
from tests.sms_gateway.pipeline.edges import Clock, arrive, text


class Later:
    """The machine's time, and some more when told."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
def carriers() -> Iterator[tuple[Simulator, Simulator]]:
    pair = (Simulator(), Simulator())
    for each in pair:
        each.start()
    yield pair
    for each in pair:
        each.stop()


def test_answers_go_by_the_fallback_after_so_many_minutes(
    sqlite_database: Database, carriers: tuple[Simulator, Simulator]
) -> None:
    main, spare = carriers
    now = Later()
    stage = make_stage(sqlite_database, Clock())
    stage.pipeline.detach("main")
    stage.pipeline.start()
    numbers = count(10**9)
    settings = Settings(
        links={
            "main": LinkSettings(
                host="127.0.0.1", port=main.port, system_id="gw", fallback="spare", fallback_minutes=10
            ),
            "spare": LinkSettings(host="127.0.0.1", port=spare.port, system_id="gw"),
        }
    )
    links = RunningChannels(
        channel_makers(
            settings, stage.pipeline, now=now, session_number=lambda: next(numbers), database=stage.database
        ),
        stage.pipeline,
        sqlite_database,
        fallbacks=fallbacks_of(settings),
        owner="test",
        now=now,
        new_id=lambda: next(numbers),
        is_ours=settings.senders.__contains__,
    )
    for name in settings.senders:
        links.begin(name)
    main.wait_bound()
    spare.wait_bound()
    main.stop()
    until(lambda: not links.states()[0].up)
    stage.clock.time = utc_now()
    arrive(stage.pipeline, text("HD", at=stage.clock()))
    links.look()
    assert not spare.conversation("84905123456")
    now.ahead = timedelta(minutes=11)
    links.look()
    (answer,) = spare.wait_for("84905123456", bool)
    assert answer.text
    with sqlite_database.read() as connection:
        told = {row.name: (row.up, row.binds, row.wanted) for row in read_states(connection)}
    assert told == {"main": (False, 0, 1), "spare": (True, 1, 1)}
    assert links.stop(3)
    stage.pipeline.stop(1)
    with sqlite_database.read() as connection:
        assert [row.up for row in read_states(connection)] == [False, False]


@pytest.mark.parametrize("down", ["smpp", "http"])
def test_smpp_and_http_take_over_for_each_other(
    sqlite_database: Database, carriers: tuple[Simulator, Simulator], down: str
) -> None:
    carrier, _ = carriers
    now, numbers = Later(), count(10**9)
    stage = make_stage(sqlite_database, Clock())
    stage.pipeline.start()
    with provider(lambda _: Say(body=b'{"id": "m-1"}')) as aggregator:
        back_up = {"fallback": "http" if down == "smpp" else "smpp", "fallback_minutes": 10}
        by_smpp = {"host": "127.0.0.1", "port": carrier.port, "system_id": "gw", **(back_up if down == "smpp" else {})}
        by_http = {"send_url": aggregator.url, **(back_up if down == "http" else {})}
        settings = Settings.model_validate({"links": {"smpp": by_smpp}, "channels": {"http": by_http}})
        terms = sender_terms("http", settings.channels["http"], plain.NETWORK)
        assert terms is not None
        number = partial(next, numbers)
        makers: Mapping[str, Callable[[], Channel]] = {
            "smpp": partial(Link, "smpp", settings.links["smpp"], stage.pipeline, now=now, session_number=number),
            "http": partial(HttpSender, "http", terms, stage.pipeline, now=now),
        }
        links = RunningChannels(
            makers,
            stage.pipeline,
            sqlite_database,
            fallbacks=fallbacks_of(settings),
            owner="test",
            now=now,
            new_id=number,
            is_ours=settings.senders.__contains__,
        )
        for name in settings.senders:
            links.begin(name)
        until(lambda: all(state.up for state in links.states()))
        carrier.stop() if down == "smpp" else aggregator.close()
        stage.clock.time = utc_now()
        arrive(stage.pipeline, text("HD", at=stage.clock(), link=down))
        until(lambda: [state.up for state in links.states()] == [down == "http", down == "smpp"])
        links.look()
        now.ahead = timedelta(minutes=11)
        links.look()
        if down == "smpp":
            assert json.loads(aggregator.wait_for(1)[0].body)["to"] == "84905123456"
        else:
            assert carrier.wait_for("84905123456", bool)
        assert links.stop(3)
    stage.pipeline.stop(1)
