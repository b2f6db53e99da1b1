"""A running service, and a mail server: from what is wrong to a message that was accepted over TLS."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from pydantic import SecretStr

from db.store.engine import Database
from sms_gateway.alarms import running as alarms_running
from sms_gateway.alarms.running import DUTY
from sms_gateway.process import storage_watch
from sms_gateway.settings.alarm_model import AlarmEmailSettings, AlarmSettings
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.alarms.mail_double import PASSWORD, USER, MailDouble, mail_server
from tests.sms_gateway.process.running_service import prepare, running, settings_for


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailDouble]:
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, mail: MailDouble) -> Settings:
    """A service whose link leads nowhere, and that mails at once."""
    made = settings_for(f"sqlite:///{tmp_path / 'var' / 'gateway.db'}", tmp_path / "keys")
    (tmp_path / "var").mkdir()
    prepare(made)
    email = AlarmEmailSettings(
        host="localhost",
        port=mail.port,
        user=USER,
        password=SecretStr(PASSWORD),
        sender="sms@city.example",
        recipients=["duty@city.example"],
        ca_file=mail.authority.file,
    )
    dead = LinkSettings(host="127.0.0.1", port=9, system_id="hue")  # nobody listens at the port "discard"
    alarms = AlarmSettings(language="en", held_seconds=0, email=email)
    return made.model_copy(update={"alarms": alarms, "links": {"viettel": dead}})


def subjects(mail: MailDouble) -> list[str]:
    return [str(one["Subject"]).strip() for one in mail.taken]  # a long one begins on the next line


def test_a_running_service_mails_a_link_that_is_down_and_a_database_that_was_replaced(
    settings: Settings, mail: MailDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_watch, "NOTICE_SECONDS", 0.5)
    monkeypatch.setattr(storage_watch, "LOOK_SECONDS", 0.1)
    path = tmp_path / "var" / "gateway.db"
    shutil.copy(path, path.with_name("old.db"))
    with running(settings) as service:
        service.eventually(lambda: "SMS 8188, ALARM: Link viettel has been down" in " ".join(subjects(mail)))
        service.eventually(lambda: 'sms_gateway_alarms{alarm="link_down"} 1.0' in service.get("/metrics")[1])
        assert 'sms_gateway_alarms{alarm="disk_low"} 0.0' in service.get("/metrics")[1]
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        path.with_name("old.db").replace(path)
        assert service.ended() == 1
    lost = [one for one in mail.taken if "replaced by another one" in str(one["Subject"])]
    assert len(lost) == 1, subjects(mail)
    assert lost[0]["Importance"] == "high"
    assert "Name of the alarm: database_replaced" in lost[0].get_content()


@pytest.mark.long  # test_storage_alarm.py tests the same by the clock of a test
def test_a_database_that_takes_nothing_is_mailed_while_it_is_locked_and_its_end_afterwards(
    settings: Settings, mail: MailDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_watch, "INSIDE_SECONDS", 0.2)
    monkeypatch.setattr(alarms_running, "LOOK_SECONDS", 0.2)
    with running(settings.model_copy(update={"links": {}})) as service:
        with closing(sqlite3.connect(tmp_path / "var" / "gateway.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            service.eventually(lambda: subjects(mail) != [])
            other.execute("ROLLBACK")
        service.eventually(lambda: len(subjects(mail)) > 1)
    words = "The database cannot be written. No more texts are taken; the carriers keep them."
    assert subjects(mail) == [f"SMS 8188, ALARM: {words}", f"SMS 8188, ENDED: {words}"]


@pytest.mark.long  # test_telling.py tests processes that overlap
def test_a_process_that_takes_the_duty_over_tells_the_end_and_nothing_twice(
    settings: Settings, mail: MailDouble, postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms_running, "LOOK_SECONDS", 0.2)
    first = Gateway(settings, postgres_database)
    first.start()
    assert wait_for(lambda: DUTY in first.duties.held and len(mail.taken) == 1)
    second = Gateway(settings.model_copy(update={"links": {}}), postgres_database)  # there the link is no more
    second.start()
    assert not wait_for(lambda: len(mail.taken) > 1 or DUTY in second.duties.held, seconds=1.5)
    assert first.stop()
    assert wait_for(lambda: DUTY in second.duties.held and len(mail.taken) == 2)
    assert not wait_for(lambda: len(mail.taken) > 2, seconds=1)
    assert second.stop()
    assert [one.partition(":")[0] for one in subjects(mail)] == ["SMS 8188, ALARM", "SMS 8188, ENDED"]


def wait_for(condition: Callable[[], bool], *, seconds: float = 15) -> bool:
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() >= deadline:
            return False
        sleep(0.05)
    return True


def test_a_service_without_a_way_has_no_alarms(settings: Settings) -> None:
    quiet = settings.model_copy(update={"alarms": AlarmSettings(), "links": {}})
    with running(quiet) as service:
        assert service.gateway.alarms is None
        assert "sms_gateway_alarms{" not in service.get("/metrics")[1]
