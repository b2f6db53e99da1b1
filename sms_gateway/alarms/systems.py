"""Other systems: tokens that end, receivers of events that take none, ways on which no notice gets out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from db.processes.access_tokens import TokenState
from db.processes.alarm_notices import WayState
from db.processes.job_runs import JobRun
from db.processes.webhook_deliveries import EndpointCounts, EndpointState
from sms_gateway.alarms.condition import AlarmName, Condition, condition, said
from sms_gateway.alarms.link_causes import cause_of
from sms_gateway.channels.service_health import MonitorFailure
from sms_gateway.clock import local_time

EVENT_MAY_WAIT = timedelta(hours=1)
TOKEN_ENDS_SOON = timedelta(days=14)
WAYS_LOOKED_AT = timedelta(days=1)
"""A notice that was given up is shown so long, unless the way took another one since."""

HEARTBEATS = "heartbeat:"
"""The rows of heartbeats among those of jobs: a machine's name follows."""

_CALLS = 3
"""A failed call is one of now until so many more should have been made."""


def webhook_conditions(
    names: Iterable[str], states: Mapping[str, EndpointState], counts: Mapping[str, EndpointCounts], now: datetime
) -> Iterator[Condition]:
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
        yield Condition(
            name=AlarmName.WEBHOOK_FAILING,
            subject=name,
            title=said(f"alarm.{what}", system=name, **values),
            fix=said(f"fix.{what}"),
            page="admin.webhooks",
        )


def token_conditions(tokens: Iterable[TokenState], now: datetime) -> Iterator[Condition]:
    """Find channels that cannot renew their access token, or soon cannot."""
    for one in tokens:
        if one.refused_at is not None or one.refresh_until - now < TOKEN_ENDS_SOON:
            what = "token_ends" if one.refused_at is None else "token_refused"
            yield Condition(
                name=AlarmName.TOKEN_ENDS,
                subject=one.link,
                title=said(f"alarm.{what}", link=one.link, at=local_time(one.refused_at or one.refresh_until)),
                fix=said("fix.token", link=one.link),
                page="admin.links",
            )


def way_conditions(states: Mapping[str, WayState]) -> Iterator[Condition]:
    """Find ways on which the last notice did not get out."""
    for way, state in sorted(states.items()):
        if state.failing_since is not None:
            yield condition(
                AlarmName.WAY_FAILING,
                "admin.alarms",
                subject=way,
                way=said(f"alarms.way_{way}"),
                since=local_time(state.failing_since),
                error=cause_of(state.last_error) if state.last_error else "-",
            )


def heartbeat_conditions(failure: MonitorFailure | None) -> Iterator[Condition]:
    """Find that the monitor, which would notice a dead service, does not take our calls."""
    if failure is not None:
        since = local_time(failure.since)
        yield condition(AlarmName.HEARTBEAT_FAILING, "admin.system", since=since, error=cause_of(failure.error))


def monitor_failure(runs: Mapping[str, JobRun], every: timedelta, now: datetime) -> MonitorFailure | None:
    """Return which heartbeat of another process the monitor does not take, as that process has written it."""
    for name, run in sorted(runs.items()):
        failed_at, since = run.failed_at, run.changed_at
        if not name.startswith(HEARTBEATS) or failed_at is None or since is None:
            continue
        if (run.ran_at is None or run.ran_at < failed_at) and now - failed_at < _CALLS * every:
            return MonitorFailure(since=since, error=f"heartbeat_not_taken, {name.removeprefix(HEARTBEATS)}")
    return None
