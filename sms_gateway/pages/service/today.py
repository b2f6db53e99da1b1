"""Today: are the links bound, does anything wait too long, what happens now; and what to do about problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from flask import render_template, url_for
from sqlalchemy import Connection

from db.processes.access_tokens import TokenState, read_token_states
from db.processes.webhook_deliveries import EndpointCounts, EndpointState, count_deliveries, read_endpoints
from db.reports.rollups import Counts, MinuteCount, Waiting, add_up, find_waiting, read_steps
from db.schema import NOT_FOUND, InboundState, OutboundState
from db.staff.service_switches import list_switched_off
from db.store.ids import first_id_at
from sms_gateway.channels.status import ChannelStatus, channel_statuses
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.metrics import Trouble
from sms_gateway.pages.service.alarm import Alarm
from sms_gateway.pages.service.conversation_alarms import conversation_alarms, find_waiting_tickets
from sms_gateway.pages.service.day_chart import draw_day
from sms_gateway.pages.service.guard_alarms import find_alarms, guard_alarms
from sms_gateway.pages.service.link_down_causes import shown_cause
from sms_gateway.pages.service.look_up_alarm import (
    look_up_alarms,
    newest_import,
    read_jump,
    table_alarms,
    unapproved_tables,
)
from sms_gateway.pages.service.switches import switch_alarms
from sms_gateway.process.minute_counts import ROLLUP, minute_number
from sms_gateway.settings.switches import CONVERSATION, LOOK_UP_DOSSIER, LOOKUPS, WEBHOOKS
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_day, local_time, say

COMPARED_DAYS = (1, 7)
"""The days that are beside today in the chart."""

TEXT_MAY_WAIT = timedelta(minutes=1)
ANSWER_MAY_WAIT = timedelta(minutes=2)
EVENT_MAY_WAIT = timedelta(hours=1)
TOKEN_ENDS_SOON = timedelta(days=14)
FEW = 5
"""With fewer answers in an hour a share means nothing."""
FAILED_SHARE = 0.1
MISREAD_SHARE = 0.5


def today() -> str:
    """Show the page that an operator opens first."""
    parts = dependencies()
    now = parts.now()
    midnight = now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    hour_ago = now - timedelta(hours=1)
    with parts.database.read() as connection:
        minutes = ROLLUP.read_minutes(
            connection,
            since=first_id_at(min(midnight, hour_ago)),
            now_id=first_id_at(now),
            each_since=first_id_at(hour_ago),
        )
        before = {days: _day(connection, midnight - timedelta(days=days)) for days in COMPARED_DAYS}
        waiting = find_waiting(connection)
        links = channel_statuses(connection, names=parts.settings.senders, here=parts.links(), now=parts.now())
        tokens = [one for one in read_token_states(connection) if one.link in parts.settings.every_channel]
        found = find_alarms(connection, now)
        receivers = parts.settings.receiving_systems if parts.is_on(WEBHOOKS) else {}
        states, events = (read_endpoints(connection), count_deliveries(connection)) if receivers else ({}, {})
        talks = parts.conversation if parts.is_on(CONVERSATION) else None
        tickets = None if talks is None else find_waiting_tickets(connection, now, is_urgent_on=talks.urgent)
        off = list_switched_off(connection)
        looks_up = parts.is_on(LOOK_UP_DOSSIER)
        jump, imported_at = (read_jump(connection, now), newest_import(connection)) if looks_up else (None, None)
        tables = unapproved_tables(connection, now) if parts.is_on(LOOKUPS) else ()
    first = minute_number(midnight)
    hour = add_up(minutes, since=minute_number(hour_ago))
    told = (
        alarms(links, waiting, hour, now),
        token_alarms(tokens, now),
        webhook_alarms(receivers, states, events, now),
        switch_alarms(off),
        () if tickets is None else conversation_alarms(tickets),
        look_up_alarms(jump, imported_at),
        table_alarms(tables, parts.tables.left_out if parts.tables is not None else (), now),
        guard_alarms(found),
    )
    return render_template(
        "service/today.html",
        counts=add_up(minutes, since=first),
        waiting=waiting,
        links=links,
        alarms=[*_troubles(parts.troubles()), *chain(*told)],
        chart=draw_day(minutes, before[1], before[7], midnight=first, now=minute_number(now)),
        day=local_day(midnight.date()),
        compared={days: local_day((midnight - timedelta(days=days)).date()) for days in COMPARED_DAYS},
        imported=None if imported_at is None else _since(imported_at, now),
        looks_up=looks_up,
        not_found=NOT_FOUND,
        now=now,
    )


def _day(connection: Connection, midnight: datetime) -> Sequence[MinuteCount]:
    return read_steps(connection, minute_number(midnight), minute_number(midnight + timedelta(days=1)))


def _since(moment: datetime, now: datetime) -> str:
    """Write how long ago something was, in calendar days of the service's zone."""
    days = (now.astimezone(LOCAL_ZONE).date() - moment.astimezone(LOCAL_ZONE).date()).days
    at = local_time(moment)
    return say("today.imported_days", days=days, at=at) if days > 1 else say(f"today.imported_{days}", at=at)


def _troubles(troubles: Sequence[Trouble]) -> Iterator[Alarm]:
    for each in troubles:
        title, fix = say(f"alarm.{each.value}"), say(f"fix.{each.value}")
        yield Alarm(key=each.value, title=title, fix=fix, address=url_for("admin.system"))


def alarms(links: Sequence[ChannelStatus], waiting: Waiting, hour: Counts, now: datetime) -> Iterator[Alarm]:
    """Find the problems, the worst first."""
    for link in links:
        if link.stopped is not None:
            title = say("alarm.link_stopped", link=link.name, name=link.stopped.by, at=local_time(link.stopped.at))
            yield Alarm(
                key=f"link-{link.name}", title=title, fix=say("fix.link_stopped"), address=url_for("admin.links")
            )
        elif link.drained is not None:
            title = say("alarm.link_drained", link=link.name, name=link.drained.by, at=local_time(link.drained.at))
            yield Alarm(
                key=f"link-{link.name}", title=title, fix=say("fix.link_drained"), address=url_for("admin.links")
            )
        elif not link.state.up:
            since = local_time(link.state.since) if link.state.since else say("alarm.always")
            what = "link_silent" if link.silent else "link_down"
            error = shown_cause(link.state.last_error) if link.state.last_error else "-"
            title = say(f"alarm.{what}", link=link.name, since=since, error=error)
            fix = "channel_down" if link.state.is_known_by_use and not link.silent else what
            yield Alarm(key=f"link-{link.name}", title=title, fix=say(f"fix.{fix}"), address=url_for("admin.links"))
    if waiting.oldest_text is not None and now - waiting.oldest_text > TEXT_MAY_WAIT:
        title = say("alarm.texts_wait", count=waiting.texts, since=local_time(waiting.oldest_text))
        yield Alarm(key="texts", title=title, fix=say("fix.texts_wait"), address=_log(InboundState.RECEIVED))
    if waiting.oldest_answer is not None and now - waiting.oldest_answer > ANSWER_MAY_WAIT:
        title = say("alarm.answers_wait", count=waiting.answers, since=local_time(waiting.oldest_answer))
        yield Alarm(key="answers", title=title, fix=say("fix.answers_wait"), address=_log(OutboundState.QUEUED))
    if waiting.parked:
        title = say("alarm.parked", count=waiting.parked)
        yield Alarm(key="parked", title=title, fix=say("fix.parked"), address=_log(InboundState.PARKED))
    lost = hour.failed + hour.expired
    if hour.answers >= FEW and lost > hour.answers * FAILED_SHARE:
        title = say("alarm.failed", count=lost, total=hour.answers)
        yield Alarm(key="failed", title=title, fix=say("fix.failed"), address=_log(OutboundState.FAILED))
    if hour.texts >= FEW and hour.misread > hour.texts * MISREAD_SHARE:
        title = say("alarm.misread", count=hour.misread, total=hour.texts)
        yield Alarm(key="misread", title=title, fix=say("fix.misread"), address=url_for("admin.misreads"))


def webhook_alarms(
    names: Iterable[str], states: Mapping[str, EndpointState], counts: Mapping[str, EndpointCounts], now: datetime
) -> Iterator[Alarm]:
    """Find systems of the city that take no events, and events that were given up."""
    for name in names:
        state, counted = states.get(name), counts.get(name, EndpointCounts())
        values: dict[str, str | int]
        if state is not None and state.stopped_at is not None:
            what, values = "webhook_stopped", {"at": local_time(state.stopped_at)}
        elif counted.oldest is not None and now - counted.oldest > EVENT_MAY_WAIT:
            what, values = "webhook_waits", {"at": local_time(counted.oldest)}
        elif counted.given_up:
            what, values = "webhook_given_up", {"count": counted.given_up}
        else:
            continue
        title = say(f"alarm.{what}", system=name, **values)
        yield Alarm(key=f"webhook-{name}", title=title, fix=say(f"fix.{what}"), address=url_for("admin.webhooks"))


def token_alarms(tokens: Sequence[TokenState], now: datetime) -> Iterator[Alarm]:
    """Find channels that cannot renew their access token, or soon cannot."""
    for one in tokens:
        if one.refused_at is not None or one.refresh_until - now < TOKEN_ENDS_SOON:
            what = "token_ends" if one.refused_at is None else "token_refused"
            title = say(f"alarm.{what}", link=one.link, at=local_time(one.refused_at or one.refresh_until))
            fix = say("fix.token", link=one.link)
            yield Alarm(key=f"token-{one.link}", title=title, fix=fix, address=url_for("admin.links"))


def _log(state: InboundState | OutboundState) -> str:
    return url_for("admin.log", state=state.value)
