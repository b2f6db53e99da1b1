"""Today: are we bound, is anything stuck, what is going on; and what to do when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, url_for

from db.rollups import Counts, MinuteCount, Waiting, add_up, find_waiting
from db.schema import InboundState, OutboundState
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.minutes import ROLLUP, minute_number
from sms_gateway.road.ids import first_id_at, minute_of
from sms_gateway.troubles import Trouble
from sms_gateway.web.admin.alarm import Alarm
from sms_gateway.web.admin.causes import shown_cause
from sms_gateway.web.admin.guard_alarms import find_alarms, guard_alarms
from sms_gateway.web.language import local_time, say
from sms_gateway.web.parts import current_parts
from sms_gateway.web.standing import Standing, link_standings

CHART_MINUTES = 180
TEXT_MAY_WAIT = timedelta(minutes=1)
ANSWER_MAY_WAIT = timedelta(minutes=2)
FEW = 5
"""Below so many answers in an hour a share says nothing."""
FAILED_SHARE = 0.1
MISREAD_SHARE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class MinuteLine:
    """One minute of the chart."""

    at: datetime
    texts: int
    answers: int
    failed: int


def today() -> str:
    """Show the page that an operator opens first."""
    parts = current_parts()
    now = parts.now()
    midnight = now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    chart_since = now.replace(second=0, microsecond=0) - timedelta(minutes=CHART_MINUTES - 1)
    since = first_id_at(min(midnight, chart_since))
    with parts.database.read() as connection:
        minutes = ROLLUP.read_minutes(
            connection, since=since, now_id=first_id_at(now), each_since=first_id_at(chart_since)
        )
        waiting = find_waiting(connection)
        links = link_standings(parts, connection)
        found = find_alarms(connection, now)
    lines = [_line(one) for one in minutes if one.minute >= minute_number(chart_since)]
    counts = add_up(minutes, since=minute_number(midnight))
    hour = add_up(minutes, since=minute_number(now - timedelta(hours=1)))
    return render_template(
        "today.html",
        counts=counts,
        waiting=waiting,
        links=links,
        alarms=[*_troubles(parts.troubles()), *alarms(links, waiting, hour, now), *guard_alarms(found)],
        lines=[line for line in lines if line.texts or line.answers or line.failed],
        chart=_chart(lines),
        now=now,
    )


def _line(one: MinuteCount) -> MinuteLine:
    return MinuteLine(
        at=minute_of(one.minute),
        texts=one.texts,
        answers=one.sent + one.delivered,
        failed=one.failed + one.expired,
    )


def _troubles(troubles: Sequence[Trouble]) -> Iterator[Alarm]:
    for each in troubles:
        title, mend = say(f"alarm.{each.value}"), say(f"mend.{each.value}")
        yield Alarm(key=each.value, title=title, mend=mend, address=url_for("admin.system"))


def alarms(links: Sequence[Standing], waiting: Waiting, hour: Counts, now: datetime) -> Iterator[Alarm]:
    """Find what is wrong, the worst first."""
    for link in links:
        if link.stopped is not None:
            title = say("alarm.link_stopped", link=link.name, name=link.stopped.by, at=local_time(link.stopped.at))
            yield Alarm(
                key=f"link-{link.name}", title=title, mend=say("mend.link_stopped"), address=url_for("admin.links")
            )
        elif not link.bound:
            since = local_time(link.since) if link.since else say("alarm.always")
            what = "link_silent" if link.silent else "link_down"
            error = shown_cause(link.last_error) if link.last_error else "-"
            title = say(f"alarm.{what}", link=link.name, since=since, error=error)
            yield Alarm(key=f"link-{link.name}", title=title, mend=say(f"mend.{what}"), address=url_for("admin.links"))
    if waiting.oldest_text is not None and now - waiting.oldest_text > TEXT_MAY_WAIT:
        title = say("alarm.texts_wait", count=waiting.texts, since=local_time(waiting.oldest_text))
        yield Alarm(key="texts", title=title, mend=say("mend.texts_wait"), address=_log(InboundState.RECEIVED))
    if waiting.oldest_answer is not None and now - waiting.oldest_answer > ANSWER_MAY_WAIT:
        title = say("alarm.answers_wait", count=waiting.answers, since=local_time(waiting.oldest_answer))
        yield Alarm(key="answers", title=title, mend=say("mend.answers_wait"), address=_log(OutboundState.QUEUED))
    if waiting.parked:
        title = say("alarm.parked", count=waiting.parked)
        yield Alarm(key="parked", title=title, mend=say("mend.parked"), address=_log(InboundState.PARKED))
    lost = hour.failed + hour.expired
    if hour.answers >= FEW and lost > hour.answers * FAILED_SHARE:
        title = say("alarm.failed", count=lost, total=hour.answers)
        yield Alarm(key="failed", title=title, mend=say("mend.failed"), address=_log(OutboundState.FAILED))
    if hour.texts >= FEW and hour.misread > hour.texts * MISREAD_SHARE:
        title = say("alarm.misread", count=hour.misread, total=hour.texts)
        yield Alarm(key="misread", title=title, mend=say("mend.misread"), address=url_for("admin.misreads"))


def _log(state: InboundState | OutboundState) -> str:
    return url_for("admin.log", state=state.value)


def _chart(lines: Sequence[MinuteLine]) -> str:
    """Write the chart's points for the script: times in seconds since 1970, then one row a curve."""
    columns = (
        [int(line.at.timestamp()) for line in lines],
        [line.texts for line in lines],
        [line.answers for line in lines],
        [line.failed for line in lines],
    )
    return json.dumps(columns, separators=(",", ":"))
