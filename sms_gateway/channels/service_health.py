"""Whether the service can take and answer texts now, as monitors are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from db.processes.channel_states import ChannelState
from db.schema import operator
from db.store.engine import Database
from sms_gateway.channels.status import channel_statuses
from sms_gateway.metrics import LOST, STOPS_INTAKE, Trouble


class ServiceState(StrEnum):
    """How the service is."""

    OK = "ok"
    DEGRADED = "degraded"  # texts are taken and answered; a link, a bind or a file is missing
    DOWN = "down"  # no text can be taken, or none can be answered


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceHealth:
    """What is known at one moment."""

    state: ServiceState
    has_database: bool  # it can be read, and is the one that the service was started with
    links: int | None  # the channels that can send; None when the database cannot be read
    bound: int
    troubles: Sequence[Trouble]


@dataclass(frozen=True, kw_only=True, slots=True)
class MonitorFailure:
    """The monitor of the heartbeat does not take the calls of this process."""

    since: datetime
    error: str  # it names no path and no secret


def no_monitor_failure() -> MonitorFailure | None:
    """Report none: for a process without a heartbeat."""
    return None


def service_health(
    database: Database,
    *,
    names: Sequence[str],
    here: Iterable[ChannelState],
    troubles: Sequence[Trouble],
    now: datetime,
) -> ServiceHealth:
    """Return how the service is. `names` are the channels that can send, `here` those of this process."""
    try:
        with database.read() as connection:
            connection.execute(select(operator.c.id).limit(1)).all()
            links = channel_statuses(connection, names=names, here=here, now=now)
    except SQLAlchemyError:
        return ServiceHealth(state=ServiceState.DOWN, has_database=False, links=None, bound=0, troubles=troubles)
    bound = sum(link.state.up for link in links)
    is_down = not STOPS_INTAKE.isdisjoint(troubles) or (bool(links) and bound == 0)
    is_whole = not troubles and all(link.state.whole for link in links)
    return ServiceHealth(
        state=ServiceState.DOWN if is_down else ServiceState.OK if is_whole else ServiceState.DEGRADED,
        has_database=LOST.isdisjoint(troubles),  # a process can read a deleted SQLite file that it holds open
        links=len(links),
        bound=bound,
        troubles=troubles,
    )
