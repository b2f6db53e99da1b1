"""Everything that is wrong now: the one place where it is found, for Today and for the notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Connection

from db.citizens.lookups import StoredTable
from db.processes.access_tokens import read_token_states
from db.processes.alarm_notices import way_states
from db.processes.channel_states import ChannelState
from db.processes.job_runs import read_runs
from db.processes.statistics import StatisticName, read_figures
from db.processes.webhook_deliveries import count_deliveries, read_endpoints
from db.reports.rollups import Counts, Waiting, add_up, find_waiting
from db.staff.service_switches import list_switched_off
from db.store.ids import first_id_at
from parsers.commands.tables import PREFIX
from sms_gateway.alarms.condition import Condition
from sms_gateway.alarms.conversation import Waiting as WaitingTickets
from sms_gateway.alarms.conversation import conversation_conditions, find_waiting_tickets, switch_conditions
from sms_gateway.alarms.guards import find_raised, guard_conditions
from sms_gateway.alarms.look_ups import (
    look_up_conditions,
    newest_import,
    read_jump,
    table_conditions,
    unapproved_tables,
)
from sms_gateway.alarms.machine import backup_conditions, certificate_conditions, disk_conditions
from sms_gateway.alarms.systems import (
    WAYS_LOOKED_AT,
    heartbeat_conditions,
    monitor_failure,
    token_conditions,
    way_conditions,
    webhook_conditions,
)
from sms_gateway.alarms.traffic import link_conditions, share_conditions, storage_conditions, waiting_conditions
from sms_gateway.channels.service_health import MonitorFailure, no_monitor_failure
from sms_gateway.channels.status import ChannelStatus, channel_statuses
from sms_gateway.metrics import Trouble
from sms_gateway.process.minute_counts import ROLLUP, minute_number
from sms_gateway.settings.model import Settings
from sms_gateway.settings.switches import ALARMS, CONVERSATION, LOOK_UP_DOSSIER, LOOKUPS, WEBHOOKS, IsOn

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """What is looked at besides the database: the settings, and this process."""

    settings: Settings
    is_on: IsOn
    links: Callable[[], Sequence[ChannelState]]  # of this process
    troubles: Callable[[], Sequence[Trouble]]
    is_urgent_on: bool | None  # whether urgent tickets are taken; None: the conversation is off
    left_out: Callable[[], Sequence[StoredTable]]  # look-up tables that cannot answer
    heartbeat: Callable[[], MonitorFailure | None] = no_monitor_failure  # of this process


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was seen, and what is wrong with it, the worst first."""

    conditions: Sequence[Condition]
    links: Sequence[ChannelStatus]
    waiting: Waiting
    tickets: WaitingTickets | None
    looks_up: bool  # whether citizens can look dossiers up
    imported_at: datetime | None


def last_hour(connection: Connection, now: datetime) -> Counts:
    """Count what came and went in the last hour."""
    since = now - HOUR
    minutes = ROLLUP.read_minutes(
        connection, since=first_id_at(since), now_id=first_id_at(now), each_since=first_id_at(since)
    )
    return add_up(minutes, since=minute_number(since))


def find(connection: Connection, watched: Watched, now: datetime, *, hour: Counts | None = None) -> Found:
    """Look at everything; `hour` is what `last_hour` returns, where that is known already."""
    settings, is_on = watched.settings, watched.is_on
    limits = settings.alarms.limits
    links = channel_statuses(connection, names=settings.senders, here=watched.links(), now=now)
    waiting = find_waiting(connection)
    tokens = [one for one in read_token_states(connection) if one.link in settings.every_channel]
    receivers = settings.receiving_systems if is_on(WEBHOOKS) else {}
    states, events = (read_endpoints(connection), count_deliveries(connection)) if receivers else ({}, {})
    tickets = None
    if watched.is_urgent_on is not None and is_on(CONVERSATION):
        tickets = find_waiting_tickets(connection, now, is_urgent_on=watched.is_urgent_on)
    looks_up = is_on(LOOK_UP_DOSSIER)
    jump, imported_at = (read_jump(connection, now), newest_import(connection)) if looks_up else (None, None)
    tables = unapproved_tables(connection, now) if is_on(LOOKUPS) else ()
    backup = read_figures(connection).get(StatisticName.BACKUP) if limits.backup_hours else None
    off = {name: one for name, one in list_switched_off(connection).items() if is_on(_service_of(name))}
    ways = way_states(connection, since=now - WAYS_LOOKED_AT, now=now) if is_on(ALARMS) else {}
    every = timedelta(seconds=settings.heartbeat.every_seconds)
    elsewhere = monitor_failure(read_runs(connection), every, now) if settings.heartbeat.url else None
    found = chain(
        storage_conditions(watched.troubles()),
        link_conditions(links),
        waiting_conditions(waiting, limits, now),
        share_conditions(last_hour(connection, now) if hour is None else hour, limits),
        disk_conditions(settings),
        token_conditions(tokens, now),
        webhook_conditions(receivers, states, events, now),
        switch_conditions(off),
        () if tickets is None else conversation_conditions(tickets),
        look_up_conditions(jump, imported_at),
        table_conditions(tables, watched.left_out(), now),
        guard_conditions(find_raised(connection, now)),
        backup_conditions(limits, None if backup is None else backup.taken_at, now),
        certificate_conditions(settings, now),
        heartbeat_conditions(watched.heartbeat() or elsewhere),
        way_conditions({way: state for way, state in ways.items() if way in settings.alarms.ways}),
    )
    return Found(
        conditions=list(found),
        links=links,
        waiting=waiting,
        tickets=tickets,
        looks_up=looks_up,
        imported_at=imported_at,
    )


def _service_of(switch: str) -> str:
    """Return the service in the settings of what an operator switches: every own table belongs to one."""
    return LOOKUPS if switch.startswith(PREFIX) else switch
