"""The process as a whole: what keeps it from starting, and how it ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest

from db.store.engine import Database, open_database
from db.upkeep.revision import WrongRevisionError
from sms_gateway.demo.simulator import Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.cleanup import Cleanup
from sms_gateway.process.schedule import JOBS, Job, Schedule
from sms_gateway.process.startup import AlreadyRunningError, PortTakenError, opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from sms_gateway.wiring.serving import watch
from sms_gateway.wiring.web_tier import web_application, web_database
from tests.migrated import upgrade

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture
def database_settings(tmp_path: Path) -> DatabaseSettings:
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


def settings_for(database: DatabaseSettings, smsc: Simulator | None = None, *, web_port: int = 0) -> Settings:
    links = {"main": LinkSettings(host="127.0.0.1", port=smsc.port, system_id="gw")} if smsc else {}
    return Settings(database=database, web=WebSettings(port=web_port), links=links)


def test_runs_until_it_is_asked_to_stop(database_settings: DatabaseSettings, smsc: Simulator) -> None:
    settings = settings_for(database_settings, smsc)
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        smsc.wait_bound(1)
        assert gateway.dead_parts() == []
        assert [state.up for state in gateway.channel_states()] == [True]
        assert gateway.web is not None
        metrics = urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=5).read()
        assert b'sms_link_bound{link="main"} 1.0' in metrics
        asked = Event()
        asked.set()
        assert watch(gateway, asked) == 0
        smsc.wait_bound(0)


def test_a_dead_part_ends_the_process_loudly(database_settings: DatabaseSettings) -> None:
    settings = settings_for(database_settings)
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        gateway.pipeline.stop(2)
        assert gateway.dead_parts() == ["pipeline"]
        assert watch(gateway, Event()) == 1


def test_refuses_a_port_that_is_taken(database_settings: DatabaseSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, opened(settings_for(database_settings)) as database:
        settings = settings_for(database_settings, web_port=taken.getsockname()[1])
        with pytest.raises(PortTakenError, match="fix: stop what listens there"):
            Gateway(settings, database)


def test_refuses_a_host_that_is_none(database_settings: DatabaseSettings) -> None:
    settings = Settings(database=database_settings, web=WebSettings(host="nowhere.invalid", port=0))
    with opened(settings) as database, pytest.raises(PortTakenError, match="no address of this machine; fix: write"):
        Gateway(settings, database)


def test_listens_on_ipv6_as_urls_write_it(database_settings: DatabaseSettings) -> None:
    settings = Settings(database=database_settings, web=WebSettings(host="[::1]", port=0))
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        assert gateway.web is not None
        assert urlopen(f"http://[::1]:{gateway.web.port}/healthz", timeout=5).status == 200
        assert gateway.stop()


def test_refuses_a_file_that_another_process_uses(database_settings: DatabaseSettings) -> None:
    settings = settings_for(database_settings)
    with opened(settings), pytest.raises(AlreadyRunningError, match="fix"), opened(settings):
        pass
    with opened(settings):  # and takes it once that one has ended
        pass


def test_refuses_an_old_database(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'new.db'}", key_file=tmp_path / "keys"))
    keyfile.load_or_make(settings.database.key_file)
    (tmp_path / "new.db").touch()
    with pytest.raises(WrongRevisionError, match="db upgrade"), opened(settings):
        pass


def test_the_web_tier_alone_answers_requests(database_settings: DatabaseSettings) -> None:
    settings = settings_for(database_settings)
    database = web_database(settings)
    application = web_application(settings, database)
    told: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> object:
        told.append(status)
        return told.append

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": None,
    }
    list(application(environ, start_response))  # type: ignore[arg-type]  # as much of WSGI as is needed
    database.close()
    assert told == ["200 OK"]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_runs_on_an_empty_database(database: Database, job: Job | Cleanup) -> None:
    assert job.run(database, lambda: NOW, Event()) == 0


def test_a_job_that_fails_does_not_end_the_others(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    sqlite_database.close()
    schedule = Schedule(sqlite_database, lambda: NOW.replace(tzinfo=None))  # a clock that no row takes
    for job in JOBS:
        schedule.run(job)
    assert "job_failed" in caplog.text
