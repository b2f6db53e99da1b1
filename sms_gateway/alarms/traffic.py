"""Links and messages: a link is down, a text or an answer waits too long, answers fail, texts are misread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from db.reports.rollups import Counts, Waiting
from db.schema import InboundState, OutboundState
from parsers.localised_message import LocalisedMessage
from sms_gateway.alarms.condition import AlarmName, Condition, condition, said
from sms_gateway.alarms.link_causes import cause_of
from sms_gateway.channels.status import ChannelStatus
from sms_gateway.clock import local_time
from sms_gateway.metrics import Trouble
from sms_gateway.settings.alarm_model import AlarmLimits

FEW = 5
"""With fewer texts or answers in an hour a share means nothing."""


def storage_conditions(troubles: Sequence[Trouble]) -> Iterator[Condition]:
    """Return the problems of database and key file."""
    for each in troubles:
        yield condition(AlarmName(each.value), "admin.system")


def link_conditions(links: Sequence[ChannelStatus]) -> Iterator[Condition]:
    """Return the links that carry nothing, and those that an operator stopped or drained."""
    for link in links:
        by = link.stopped or link.drained
        if by is not None:
            what = "link_stopped" if link.stopped is not None else "link_drained"
            yield condition(
                AlarmName.LINK_STOPPED,
                "admin.links",
                what=what,
                subject=link.name,
                link=link.name,
                name=by.by,
                at=local_time(by.at),
            )
        elif not link.state.up:
            yield condition(
                AlarmName.LINK_DOWN,
                "admin.links",
                what="link_silent" if link.silent else "link_down",
                fix="channel_down" if link.state.is_known_by_use and not link.silent else "",
                subject=link.name,
                link=link.name,
                since=local_time(link.state.since) if link.state.since else said("alarm.always"),
                error=_cause(link),
            )


def _cause(link: ChannelStatus) -> LocalisedMessage | str:
    return cause_of(link.state.last_error) if link.state.last_error else "-"


def waiting_conditions(waiting: Waiting, limits: AlarmLimits, now: datetime) -> Iterator[Condition]:
    """Return what waits too long, and what was set aside."""
    if waiting.oldest_text is not None and now - waiting.oldest_text > timedelta(minutes=limits.text_minutes):
        since = local_time(waiting.oldest_text)
        yield _listed(AlarmName.TEXTS_WAIT, InboundState.RECEIVED, count=waiting.texts, since=since)
    if waiting.oldest_answer is not None and now - waiting.oldest_answer > timedelta(minutes=limits.answer_minutes):
        since = local_time(waiting.oldest_answer)
        yield _listed(AlarmName.ANSWERS_WAIT, OutboundState.QUEUED, count=waiting.answers, since=since)
    if waiting.parked:
        yield _listed(AlarmName.PARKED, InboundState.PARKED, count=waiting.parked)


def share_conditions(hour: Counts, limits: AlarmLimits) -> Iterator[Condition]:
    """Return what happened too often in the last hour."""
    lost = hour.failed + hour.expired
    if hour.answers >= FEW and 100 * lost > hour.answers * limits.failed_percent:
        yield _listed(AlarmName.FAILED, OutboundState.FAILED, count=lost, total=hour.answers)
    if hour.texts >= FEW and 100 * hour.misread > hour.texts * limits.misread_percent:
        yield condition(AlarmName.MISREAD, "admin.misreads", count=hour.misread, total=hour.texts)


def _listed(name: AlarmName, state: InboundState | OutboundState, /, **values: str | int) -> Condition:
    title, fix = said(f"alarm.{name}", **values), said(f"fix.{name}")
    return Condition(name=name, title=title, fix=fix, page="admin.log", page_values={"state": state.value})
