"""What processes on one PostgreSQL know of each other's links: answers by the fallback, and the truth on pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from db.processes.channel_states import ChannelState, read_states
from db.schema import event, link_state, outbound
from db.store.engine import Database, open_database
from sms_gateway.channels import watch
from sms_gateway.demo.simulator import Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WAIT_SECONDS
from sms_gateway.settings.link_model import ChannelSettings, LinkSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway, Role
from tests.sms_gateway.process.test_duties_sharing import eventually

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

CITIZEN = "84905123456"
SECRET = "made-up-secret-of-a-door"


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "WATCH_SECONDS", 0.2)


@pytest.fixture
def carriers() -> Iterator[tuple[Simulator, Simulator]]:
    pair = Simulator(), Simulator()
    for each in pair:
        each.start()
    yield pair
    for each in pair:
        each.stop()


class Country:
    """A database, two carriers, and processes that hold a link each."""

    def __init__(self, database: Database, carriers: tuple[Simulator, Simulator], key_file: Path) -> None:
        self.database = database
        self._url = database.writer.url.render_as_string(hide_password=False)
        keyfile.load_or_make(key_file)
        self._key_file = key_file
        main, spare = carriers
        self._links = {
            "main": LinkSettings(host="127.0.0.1", port=main.port, system_id="gw", fallback="spare"),
            "spare": LinkSettings(host="127.0.0.1", port=spare.port, system_id="gw"),
        }

    @contextmanager
    def process(self, *roles: Role, links: tuple[str, ...] = ("main", "spare")) -> Iterator[Gateway]:
        settings = Settings(
            database=DatabaseSettings(url=self._url, key_file=self._key_file),
            web=WebSettings(port=0),
            links={name: self._links[name] for name in links},
            channels={"door": ChannelSettings(secret=SecretStr(SECRET), reply_link="main")},
        )
        database = open_database(self._url, keyfile.load(self._key_file), wait_seconds=WAIT_SECONDS)
        gateway = Gateway(settings, database, roles=roles)
        gateway.start()
        try:
            yield gateway
        finally:
            gateway.stop()
            database.close()

    def told(self) -> dict[str, ChannelState]:
        with self.database.read() as connection:
            return {row.name: row for row in read_states(connection)}

    def age(self, link: str, *, minutes: int) -> None:
        """Let a link be so for longer."""
        since = self.told()[link].since
        assert since is not None
        since -= timedelta(minutes=minutes)
        with self.database.write() as connection:
            connection.execute(update(link_state).where(link_state.c.link == link).values(since=since))


@pytest.fixture
def country(postgres_database: Database, carriers: tuple[Simulator, Simulator], tmp_path: Path) -> Country:
    return Country(postgres_database, carriers, tmp_path / "keys")


def address(gateway: Gateway, path: str) -> str:
    assert gateway.web is not None
    return f"http://127.0.0.1:{gateway.web.port}{path}"


def health(gateway: Gateway) -> tuple[int, dict[str, object]]:
    try:
        with urlopen(address(gateway, "/healthz"), timeout=5) as response:
            return response.status, json.loads(response.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def test_the_process_that_holds_the_fallback_takes_over_what_waits_for_anothers_link(
    country: Country, carriers: tuple[Simulator, Simulator]
) -> None:
    main, spare = carriers
    with (
        country.process(Role.LINKS, links=("main",)) as first,
        country.process(Role.LINKS, Role.DISPATCH, Role.WEB) as second,
    ):
        eventually(lambda: {name for name, row in country.told().items() if row.up} == {"main", "spare"})
        assert first.duties.held == {"link:main"}
        assert second.duties.held == {"link:spare"}
        main.stop()
        eventually(lambda: not country.told()["main"].up)
        text = json.dumps({"from": CITIZEN, "to": "8188", "text": "HD"}).encode()
        headers = {"Content-Type": "application/json", "X-Gateway-Secret": SECRET}
        with urlopen(Request(address(second, "/mo/door"), data=text, headers=headers), timeout=5) as response:
            assert response.status == 200
        country.age("main", minutes=2)  # of five
        looked = {name: row.seen_at for name, row in country.told().items()}
        eventually(lambda: all(row.seen_at != looked[name] for name, row in country.told().items()))
        assert links_of_answers(country) == ["main"]
        country.age("main", minutes=4)
        (answer,) = spare.wait_for(CITIZEN, bool, 10)
        assert answer.text
        assert links_of_answers(country) == ["spare"]
        with country.database.read() as connection:
            assert connection.scalars(select(event.c.detail)).all() == ["fallback:spare"]


def links_of_answers(country: Country) -> list[str]:
    with country.database.read() as connection:
        return list(connection.scalars(select(outbound.c.link)))


def test_a_web_tier_tells_the_truth_of_links_that_others_hold(
    country: Country, carriers: tuple[Simulator, Simulator]
) -> None:
    with country.process(Role.WEB) as web:
        assert health(web) == (503, {"status": "down", "database": True, "links": 2, "bound": 0})
        with country.process(Role.LINKS):
            eventually(lambda: health(web) == (200, {"status": "ok", "database": True, "links": 2, "bound": 2}))
            carriers[0].stop()
            eventually(lambda: health(web)[1]["status"] == "degraded")
            metrics = urlopen(address(web, "/metrics"), timeout=5).read().decode()
            assert 'sms_link_told_seconds{link="spare"} 0.' in metrics
            assert "sms_link_bound{" not in metrics
        assert health(web)[0] == 503
        assert {row.up for row in country.told().values()} == {False}
