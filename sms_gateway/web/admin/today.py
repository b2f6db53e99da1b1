"""Today: are we bound, is anything stuck, what is going on; and what to do when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, url_for

from db.rollups import Counts, Minutes, Waiting, count_by_minute, count_since, find_waiting
from db.schema import InboundState, OutboundState
from parsers.misread import MisreadKind
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.road.ids import IDS_A_MINUTE, first_id_at, minute_of
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

MISREADINGS = tuple(f"misread:{kind.value}" for kind in MisreadKind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something that a person should see to: what it is, what to do, and where to look."""

    key: str
    title: str
    mend: str
    address: str


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
    with parts.database.read() as connection:
        counts = count_since(connection, since=first_id_at(midnight), misreadings=MISREADINGS)
        hour = count_since(connection, since=first_id_at(now - timedelta(hours=1)), misreadings=MISREADINGS)
        waiting = find_waiting(connection)
        minutes = count_by_minute(connection, since=first_id_at(chart_since), ids_a_minute=IDS_A_MINUTE)
        links = link_standings(parts, connection)
    lines = chart_lines(minutes, chart_since)
    return render_template(
        "today.html",
        counts=counts,
        waiting=waiting,
        links=links,
        alarms=list(alarms(links, waiting, hour, now)),
        lines=[line for line in lines if line.texts or line.answers or line.failed],
        chart=_chart(lines),
        now=now,
    )


def chart_lines(minutes: Minutes, since: datetime) -> Sequence[MinuteLine]:
    """Return every minute from `since` on, also those in which nothing happened."""
    first = first_id_at(since) // IDS_A_MINUTE
    return [
        MinuteLine(
            at=minute_of(number),
            texts=minutes.texts.get(number, 0),
            answers=minutes.answers.get(number, 0),
            failed=minutes.failed.get(number, 0),
        )
        for number in range(first, first + CHART_MINUTES)
    ]


def alarms(links: Sequence[Standing], waiting: Waiting, hour: Counts, now: datetime) -> Iterator[Alarm]:
    """Find what is wrong, the worst first."""
    for link in links:
        if not link.bound:
            since = local_time(link.since) if link.since else say("alarm.always")
            what = "link_silent" if link.silent else "link_down"
            title = say(f"alarm.{what}", link=link.name, since=since, error=link.last_error or "-")
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
