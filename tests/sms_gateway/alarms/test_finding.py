"""Each thing that can be wrong, provoked on a real database: told once when it begins, and once when it ends.

The notices go to a real mail server over TLS.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import delete, insert, update

from db.citizens.lookups import StoredTable, TableDefinition, add_table
from db.messages.events import ALARMS, NewEvent, add
from db.processes.access_tokens import TokenPair, put_tokens
from db.processes.alarms import find_ended, find_open
from db.processes.statistics import StatisticName, keep_figures
from db.schema import (
    InboundState,
    KeyShape,
    LookupState,
    OutboundState,
    Priority,
    WebhookState,
    WebhookType,
    metadata,
    unit,
    webhook,
)
from db.staff.audit import Action, append
from db.staff.service_switches import switch_off
from db.store.engine import open_database
from db.store.ids import first_id_at
from handlers.answer import Outcome
from sms_gateway.alarms.condition import AlarmName
from sms_gateway.alarms.telling import SHOWN_BY_MEMORY
from sms_gateway.alarms.ways import ways_of
from sms_gateway.channels.service_health import MonitorFailure
from sms_gateway.process.keyfile import KeyWatch, load_or_make
from sms_gateway.process.minute_counts import MISREADINGS, ROLLUP
from sms_gateway.process.storage_watch import Foundation
from sms_gateway.settings.alarm_model import AlarmEmailSettings, AlarmLimits, AlarmSettings, AlarmWebhookSettings
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.settings.webhook_model import WebhookSettings
from tests.sms_gateway.alarms.house import House
from tests.sms_gateway.alarms.mail_double import PASSWORD, USER, MailDouble, mail_server
from tests.sms_gateway.city_office import FOCAL, write_units
from tests.sms_gateway.conftest import NOON, VIETTEL, Clock
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.pages.opened_ticket import open_ticket

HOUR = timedelta(hours=1)
DEAD = "http://127.0.0.1:9/hook"  # the port "discard": nobody listens
TABLE = StoredTable(
    id=1,
    name="bus",
    state=LookupState.WAITING,
    definition=TableDefinition(
        title="tuyen xe buyt",
        keywords=("BUS",),
        shape=KeyShape.CODE,
        key_label="so tuyen",
        columns=("tuyen", "lo_trinh"),
        key_column="tuyen",
        template="Tuyen {tuyen}: {lo_trinh}",
        longest=60,
    ),
    made_by="an",
    made_at=NOON - 30 * HOUR,
    submitted_at=NOON - 30 * HOUR,
)
KEPT = {"alarm", "alarm_notice", "audit_entry"}
"""The tables of what was told and done; everything in the others goes when all is right again."""


def settings_of(mail: MailDouble) -> Settings:
    """Return settings by which everything can be wrong."""
    email = AlarmEmailSettings(
        host="localhost",
        port=mail.port,
        user=USER,
        password=SecretStr(PASSWORD),
        sender="sms@city.example",
        recipients=["duty@city.example"],
        ca_file=mail.authority.file,
    )
    return Settings(
        alarms=AlarmSettings(language="en", email=email, limits=AlarmLimits(certificate_days=1)),
        channels={"zalo": ChannelSettings(reply_link="viettel")},
        webhooks={"lgsp": WebhookSettings(url=DEAD, events=[WebhookType.MESSAGE_FAILED])},
    )


def go_wrong(house: House, keys: Path) -> None:
    """Let everything go wrong, as it does in a service, two minutes ago and before."""
    now = house.clock.now
    house.go_down()
    house.links.append(replace(VIETTEL, name="vina", draining=True))
    house.monitor = MonitorFailure(since=now, error="HTTP 503")
    house.left_out.append(replace(TABLE, id=3, name="nuoc"))
    keys.unlink()
    with house.database.write() as connection:
        append(connection, at=now, operator="huy", action=Action.LINK_DRAINED, subject="link:vina")
        rows = MessageRows(connection=connection, new_id=house.new_id, now=now)
        for _ in range(12):
            rows.answer(
                rows.text("DVC H17-1", reading="look_up_status", outcome=Outcome.STATUS_NOT_FOUND.value),
                "x",
                state=OutboundState.FAILED,
            )
        for number in range(60):
            rows.text(f"gi day {number}", reading=MISREADINGS[0], outcome="misread")
        rows.text("cho mai", state=InboundState.RECEIVED)
        parked = rows.text("hong", state=InboundState.PARKED)
        rows.answer(parked, "x", state=OutboundState.QUEUED)
        add(connection, [NewEvent(id=house.new_id(), at=now, kind=kind, inbound_id=parked) for kind in ALARMS])
        write_units(connection)
        connection.execute(update(unit).values(is_focal=False))
        switch_off(connection, CONVERSATION, operator="lan", now=now)
        add_table(connection, TABLE)
        add_table(connection, replace(TABLE, id=2, name="rac", made_at=now, submitted_at=now))
        pair = TokenPair(access="a", refresh="r", access_until=now + HOUR, refresh_until=now + 24 * HOUR)
        put_tokens(connection, "zalo", pair, now=now)
        stuck = {"key": "1", "endpoint": "lgsp", "type": WebhookType.MESSAGE_FAILED, "payload": "{}"}
        old = {"made_at": now - 2 * HOUR, "next_try": now, "state": WebhookState.WAITING, "tries": 3}
        connection.execute(insert(webhook).values({**stuck, **old}))
        keep_figures(connection, {StatisticName.BACKUP: 1}, now=now - 40 * HOUR)
    open_ticket(house.database, house.new_id, due=now - HOUR, priority=Priority.URGENT, unit_id=FOCAL)


def get_right(house: House, keys: Path, kept: bytes) -> None:
    """Put everything right again."""
    house.come_up()
    house.left_out.clear()
    house.monitor = None
    keys.write_bytes(kept)
    keys.chmod(0o600)
    with house.database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in KEPT:
                connection.execute(delete(table))


def count_minutes(house: House) -> None:
    """Do what the schedule does every minute."""
    with house.database.read() as connection:
        writers = ROLLUP.count_due(connection, now_id=first_id_at(house.clock.now))
    for write in writers:
        with house.database.write() as connection:
            write(connection)


def heard(mail: MailDouble) -> Counter[tuple[str, str]]:
    """Return how often each kind of notice of each alarm was mailed, by the lines of the messages."""
    found = Counter[tuple[str, str]]()
    for one in mail.taken:
        lines = one.get_content().splitlines()
        named = next(line for line in lines if line.startswith("Name of the alarm: "))
        found[lines[0].partition(":")[0], named.partition(": ")[2]] += 1
    return found


def test_each_alarm_is_mailed_once_when_it_begins_and_once_when_it_ends(sqlite_url: str, tmp_path: Path) -> None:
    keys, clock = tmp_path / "keys", Clock()
    keyring = load_or_make(keys)
    kept = keys.read_bytes()
    database = open_database(sqlite_url, keyring)
    foundation = Foundation(database, KeyWatch(keys, keyring), duty=None, now=clock)
    with mail_server(tmp_path) as mail:
        calm = settings_of(mail)
        certificate, _ = mail.authority.issue("pages.example")
        limits = AlarmLimits(backup_hours=30, disk_percent=100, certificate_days=4000, certificates=[certificate])
        dead = AlarmWebhookSettings(url=DEAD, secret=SecretStr("whsec_" + "a" * 44))
        alarms = calm.alarms.model_copy(update={"limits": limits, "webhook": dead})
        wrong = calm.model_copy(update={"alarms": alarms, "database": DatabaseSettings(url=sqlite_url)})
        house = House(
            database=database,
            ways=ways_of(wrong, now=clock),
            settings=wrong,
            clock=clock,
            troubles=foundation.troubles,
            is_urgent_on=True,
        )
        go_wrong(house, keys)
        foundation.look()
        clock.advance(timedelta(minutes=3))
        count_minutes(house)
        house.rounds(seconds=180, every=60)
        with database.read() as connection:
            names = {one.name for one in find_open(connection)}
        assert {one.value for one in AlarmName} - names == {*SHOWN_BY_MEMORY, AlarmName.KEYS_REPLACED}
        begun = heard(mail)
        assert {kind for kind, _ in begun} == {"ALARM"}
        assert set(begun.values()) == {1}, begun
        told = {name.partition(" ")[0] for _, name in begun}
        assert names - told == set(), "open, and nobody was told"
        get_right(house, keys, kept)
        foundation.look()
        house.settings, house.ways, house.is_urgent_on = calm, ways_of(calm, now=clock), None
        house.alarms = house.restarted()
        house.rounds(seconds=180, every=60)
        ended = heard(mail) - begun
        assert set(ended.values()) == {1}, ended
        assert {name for _, name in ended} == {name for _, name in begun}
        assert {kind for kind, _ in ended} == {"ENDED"}
        with database.read() as connection:
            assert [one.name for one in find_open(connection)] == []
            assert {one.name for one in find_ended(connection, limit=100)} == names
    foundation.close()
    database.close()
