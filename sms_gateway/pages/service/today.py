"""Today: are the links bound, does anything wait too long, what happens now; and what to do about problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy import Connection

from db.processes.alarms import find_open
from db.reports.rollups import MinuteCount, add_up, read_steps
from db.schema import NOT_FOUND
from db.store.ids import first_id_at
from sms_gateway.alarms.finding import HOUR, find
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.service.alarm_display import acknowledged_keys, shown_alarms, watched
from sms_gateway.pages.service.day_chart import draw_day
from sms_gateway.process.minute_counts import ROLLUP, minute_number
from sms_gateway.settings.switches import ALARMS
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_day, local_time, say

COMPARED_DAYS = (1, 7)
"""The days that are beside today in the chart."""


def today() -> str:
    """Show the page that an operator opens first."""
    parts = dependencies()
    now = parts.now()
    midnight = now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    hour_ago = now - HOUR
    with parts.database.read() as connection:
        minutes = ROLLUP.read_minutes(
            connection,
            since=first_id_at(min(midnight, hour_ago)),
            now_id=first_id_at(now),
            each_since=first_id_at(hour_ago),
        )
        before = {days: _day(connection, midnight - timedelta(days=days)) for days in COMPARED_DAYS}
        hour = add_up(minutes, since=minute_number(hour_ago))
        found = find(connection, watched(parts), now, hour=hour)
        known = acknowledged_keys(find_open(connection)) if parts.is_on(ALARMS) else {}
    first = minute_number(midnight)
    return render_template(
        "service/today.html",
        counts=add_up(minutes, since=first),
        waiting=found.waiting,
        links=found.links,
        alarms=shown_alarms(found.conditions, known),
        chart=draw_day(minutes, before[1], before[7], midnight=first, now=minute_number(now)),
        day=local_day(midnight.date()),
        compared={days: local_day((midnight - timedelta(days=days)).date()) for days in COMPARED_DAYS},
        imported=None if found.imported_at is None else _since(found.imported_at, now),
        looks_up=found.looks_up,
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
