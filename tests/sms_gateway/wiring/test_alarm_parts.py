"""The heartbeat of the whole service: sent while texts are taken, withheld when they are not, by one process."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from db.processes.alarms import find_open
from db.processes.channel_states import ChannelState
from db.processes.duties import list_duties
from db.schema import InboundState
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.clock import utc_now
from sms_gateway.metrics import Trouble
from sms_gateway.settings.alarm_model import HeartbeatSettings
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.alarm_parts import HEARTBEAT_DUTY, heartbeat_of
from tests.sms_gateway.alarms.house import House
from tests.sms_gateway.channels.http.provider import Provider, Say, provider
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.wiring.test_gateway_webhooks import process


def settings_of(database: Database, folder: Path, monitor: Provider | None) -> Settings:
    return Settings(
        database=DatabaseSettings(
            url=database.writer.url.render_as_string(hide_password=False), key_file=folder / "keys"
        ),
        web=WebSettings(port=0),
        channels={"web": ChannelSettings(secret=SecretStr("k3h9xmq2-of-the-aggregator"), reply=ReplyWay.BODY)},
        heartbeat=HeartbeatSettings(url=monitor.url if monitor else ""),
    )


def test_a_running_service_calls_the_monitor(sqlite_database: Database, tmp_path: Path) -> None:
    with provider(lambda _: Say()) as monitor:
        with process(settings_of(sqlite_database, tmp_path, monitor)) as gateway:
            monitor.wait_for(1)
            assert gateway.heartbeat is not None
        count = len(monitor.seen)
        gateway.heartbeat.stop()
        assert len(monitor.seen) == count


def test_a_service_that_is_ill_does_not(sqlite_database: Database, tmp_path: Path) -> None:
    up = ChannelState(name="main", up=True, since=utc_now(), binds=1, wanted=1)
    down = ChannelState(name="main", up=False, since=utc_now(), binds=0, wanted=1)
    with provider(lambda _: Say()) as monitor:
        settings = settings_of(sqlite_database, tmp_path, monitor)
        for state, trouble, dead, serves in (
            (up, None, None, True),
            (up, Trouble.KEYS_UNUSABLE, None, True),  # it has the keys, and goes on
            (up, Trouble.DATABASE_GONE, None, False),
            (up, Trouble.NOTHING_TAKEN, None, False),
            (up, None, "pipeline", False),
            (down, None, None, False),
        ):
            one = heartbeat_of(
                settings,
                sqlite_database,
                lambda state=state: [state],  # type: ignore[misc]  # bound at once
                lambda trouble=trouble: [trouble] if trouble else [],  # type: ignore[misc]
                lambda dead=dead: [dead] if dead else [],  # type: ignore[misc]
                now=utc_now,
            )
            assert one is not None
            before = len(monitor.seen)
            assert one.beat() is serves, (state, trouble, dead)
            assert len(monitor.seen) - before == int(serves)
        one = heartbeat_of(settings, sqlite_database, lambda: [up], list, list, now=utc_now)
        assert one is not None
        for minutes, serves in ((9, True), (11, False)):  # a text that nobody handles: the pipeline hangs somewhere
            came_at = utc_now() - timedelta(minutes=minutes)
            new_id = IdSource(node=1, now=lambda came_at=came_at: came_at).new  # type: ignore[misc]  # bound at once
            with sqlite_database.write() as connection:
                rows = MessageRows(connection=connection, new_id=new_id, now=came_at)
                rows.text("HD", reading=None, outcome=None, state=InboundState.RECEIVED)
            assert one.beat() is serves, minutes
    assert (
        heartbeat_of(settings_of(sqlite_database, tmp_path, None), sqlite_database, list, list, list, now=utc_now)
        is None
    )


def test_a_monitor_that_takes_no_heartbeat_is_told_by_the_process_of_the_alarms(
    sqlite_database: Database, tmp_path: Path
) -> None:
    says = [Say(status=503)]
    with provider(lambda _: says[-1]) as monitor:
        settings = settings_of(sqlite_database, tmp_path, monitor)
        house = House(database=sqlite_database, ways=[], settings=settings)  # it has no heartbeat of its own
        up = ChannelState(name="main", up=True, since=utc_now(), binds=1, wanted=1)
        one = heartbeat_of(settings, sqlite_database, lambda: [up], list, list, now=house.clock)
        assert one is not None
        for answer, seconds, is_found in ((503, 0, True), (503, 179, True), (503, 181, False), (200, 0, False)):
            says.append(Say(status=answer))
            assert one.beat()
            house.clock.advance(timedelta(seconds=seconds))
            house.alarms = house.restarted()
            house.rounds()
            with sqlite_database.read() as connection:
                seen = [alarm for alarm in find_open(connection) if alarm.gone_at is None]
            found = [alarm.words["en"].title for alarm in seen if alarm.name == "heartbeat_failing"]
            assert bool(found) is is_found, (answer, seconds)
            assert all("heartbeat_not_taken" in title for title in found)


@pytest.mark.long
@pytest.mark.no_cover
def test_of_two_processes_of_a_machine_one_has_the_heartbeat(postgres_database: Database, tmp_path: Path) -> None:
    with provider(lambda _: Say()) as monitor:
        settings = settings_of(postgres_database, tmp_path, monitor)
        with process(settings) as first, process(settings) as second:
            monitor.wait_for(1)
            time.sleep(1.5)
            assert len(monitor.seen) == 1
            with postgres_database.read() as connection:
                assert [one.name for one in list_duties(connection)].count(HEARTBEAT_DUTY) == 1
            holder = first if HEARTBEAT_DUTY in first.duties.held else second
            holder.stop()
            monitor.wait_for(2)
