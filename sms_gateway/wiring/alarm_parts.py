"""Settings to what leaves the service about itself: alarms and heartbeat; without their sections there is nothing."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from db.processes.channel_states import ChannelState
from db.processes.job_runs import note_end, note_still_failing
from db.reports.rollups import has_waited
from db.store.engine import Database
from db.store.ids import first_id_at
from parsers.grammar import Vocabulary
from sms_gateway.alarms.condition import AlarmName
from sms_gateway.alarms.finding import Watched
from sms_gateway.alarms.plan import AlarmTerms
from sms_gateway.alarms.running import Alarms
from sms_gateway.alarms.systems import HEARTBEATS
from sms_gateway.alarms.telling import AlarmDesk
from sms_gateway.alarms.ways import ways_of
from sms_gateway.alarms.ways.heartbeat import Heartbeat, HeartbeatState
from sms_gateway.alarms.ways.sms import SmsParts
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.service_health import ServiceState, no_monitor_failure, service_health
from sms_gateway.clock import LOCAL_ZONE, Now
from sms_gateway.metrics import Trouble
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.model import Settings
from sms_gateway.settings.switches import IsOn
from sms_gateway.wiring.conversation_parts import telephone_senders

PAGE = "/admin/alarms"

HEARTBEAT_DUTY = f"{HEARTBEATS}{platform.node()[:40]}"
"""The duty of one process of this machine: each machine has a heartbeat of its own."""

TEXT_MAY_WAIT = timedelta(minutes=10)
"""Without an answer. It is longer than a restart or a day of many texts makes one wait."""


def heartbeat_of(
    settings: Settings,
    database: Database,
    states: Callable[[], Sequence[ChannelState]],
    troubles: Callable[[], Sequence[Trouble]],
    dead_parts: Callable[[], Sequence[str]],
    *,
    now: Now,
) -> Heartbeat | None:
    """Return what calls the monitor while texts are taken and answered; None without an address."""
    if not settings.heartbeat.url:
        return None

    def serves() -> bool:
        if dead_parts():
            return False
        found = service_health(database, names=settings.senders, here=states(), troubles=troubles(), now=now())
        return found.state is not ServiceState.DOWN and not _is_stuck(database, now())

    def keep(state: HeartbeatState) -> None:
        with suppress(SQLAlchemyError), database.write() as connection:  # the next call writes it again
            if state.failing_since is not None:
                note_still_failing(connection, HEARTBEAT_DUTY, since=state.failing_since, at=now())
            else:
                note_end(connection, HEARTBEAT_DUTY, at=now(), rows=0)

    return Heartbeat(settings.heartbeat, serves, now=now, keep=keep)


def _is_stuck(database: Database, now: datetime) -> bool:
    """Return whether a text waits for so long that nothing handles texts, in whatever process that is."""
    try:
        with database.read() as connection:
            return has_waited(connection, since=first_id_at(now - TEXT_MAY_WAIT))
    except SQLAlchemyError:
        return True


def watched_by(  # noqa: PLR0917 - what one process has of each kind
    settings: Settings,
    is_on: IsOn,
    conversation: ConversationParts | None,
    tables: LiveTables | None,
    links: Callable[[], Sequence[ChannelState]],
    troubles: Callable[[], Sequence[Trouble]],
    heartbeat: Heartbeat | None,
) -> Watched:
    """Return what this process looks at for alarms."""
    return Watched(
        settings=settings,
        is_on=is_on,
        links=links,
        troubles=troubles,
        is_urgent_on=None if conversation is None else conversation.urgent,
        left_out=(lambda: ()) if tables is None else (lambda: tables.left_out),
        heartbeat=no_monitor_failure if heartbeat is None else heartbeat.failure,
    )


def alarms_of(
    watched: Watched,
    database: Database,
    replies: Replies,
    vocabulary: Vocabulary,
    *,
    networks: Networks,
    now: Now,
) -> Alarms | None:
    """Return what tells people on duty; None when the settings name no way."""
    settings = watched.settings
    given = settings.alarms
    if not given.ways:
        return None
    senders = telephone_senders(settings, networks)
    sms = SmsParts(database=database, replies=replies, senders=senders, states=watched.links)
    desk = AlarmDesk(
        database=database,
        watched=watched,
        terms=AlarmTerms(
            held=timedelta(seconds=given.held_seconds),
            repeat=timedelta(minutes=given.repeat_minutes),
            quiet=given.quiet_hours,
            zone=LOCAL_ZONE,
        ),
        language=given.language,
        vocabulary=vocabulary,
        address=page_address(settings),
        ways=ways_of(settings, sms, now=now),
        new_id=replies.new_id,
        now=now,
    )
    return Alarms(desk, without_database=ways_of(settings, now=now))


def alarm_names(settings: Settings) -> Sequence[str]:
    """Return the names of the alarms that metrics count; none when no way is set."""
    return [one.value for one in AlarmName] if settings.alarms.ways else ()


def page_address(settings: Settings) -> str | None:
    """Return the whole URL of the page of the alarms; None when the settings do not say by which name it is reached."""
    web = settings.web
    if not web.hosts:
        return None
    scheme = "https" if web.secure_cookie else "http"
    host = str(web.hosts[0])
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{web.prefix}{PAGE}"
