"""How the links stand: those of this process as they are now, the others as their holders last wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.processes.link_states import ENDED, LinkRow, read_states
from db.staff import audit
from db.staff.audit import Action
from sms_gateway.channels.ports import LinkState

CONTROLS = (Action.LINK_STOPPED, Action.LINK_DRAINED, Action.LINK_STARTED)
"""What operators do to a link."""

_DRAINED_WITHIN = timedelta(days=366)
"""A link that this process drains was drained at most so long ago: no process runs longer."""

_ENDING = timedelta(minutes=5)
"""A stop is written down first; the link has ended so much later at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """An operator stopped or drained a link: who, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkStatus:
    """One link of the settings. It is `silent` when no process has told of it for a while, or ever."""

    name: str
    bound: bool  # it carries texts now; some of its binds may be down
    since: datetime | None  # of `bound`, or when the last word came; None: never
    binds: int
    wanted: int
    in_flight: int
    window: int
    round_trip_ms: float | None
    last_error: str | None
    here: bool  # this process holds it
    holder: str | None
    age: timedelta | None  # of what is told; None when it is of now, or when there is none
    silent: bool
    stopped: Stopped | None = None  # by an operator: nothing is wrong with the carrier
    drained: Stopped | None = None  # by an operator: it takes no new texts until it is started again

    @property
    def whole(self) -> bool:
        """Whether all its binds stand."""
        return self.bound and self.binds >= self.wanted


def link_statuses(
    connection: Connection, *, names: Iterable[str], here: Iterable[LinkState], now: datetime
) -> Sequence[LinkStatus]:
    """Return the links of these names, those of the settings, in their order, and what else this process holds."""
    ours = {link.name: link for link in here}
    rows = {row.link: row for row in read_states(connection)}
    found = [
        _of_here(ours[name])
        if name in ours
        else _of_row(name, rows.get(name), now, _stopped(connection, rows.get(name)))
        for name in dict.fromkeys([*names, *ours])
    ]
    return [replace(link, drained=_drained(connection, link, ours, now)) if link.bound else link for link in found]


def _drained(connection: Connection, link: LinkStatus, ours: Mapping[str, LinkState], now: datetime) -> Stopped | None:
    """Return who drained a link, by the audit log; of another process's link what was done since it bound counts."""
    if link.name in ours and not ours[link.name].draining:
        return None
    since = now - _DRAINED_WITHIN if link.name in ours or link.since is None else link.since
    last = audit.newest_about(connection, f"link:{link.name}", CONTROLS, since=since)
    return Stopped(by=last.operator, at=last.at) if last is not None and last.action == Action.LINK_DRAINED else None


def _stopped(connection: Connection, row: LinkRow | None) -> Stopped | None:
    """Return who stopped a link, by the audit log; None when its process ended it for another reason."""
    if row is None or row.bound or row.last_error != ENDED:
        return None
    last = audit.newest_about(connection, f"link:{row.link}", CONTROLS, since=row.since - _ENDING)
    return Stopped(by=last.operator, at=last.at) if last is not None and last.action == Action.LINK_STOPPED else None


def _of_here(link: LinkState) -> LinkStatus:
    return LinkStatus(
        name=link.name,
        bound=link.bound,
        since=link.since,
        binds=link.binds,
        wanted=link.wanted,
        in_flight=link.in_flight,
        window=link.window,
        round_trip_ms=link.round_trip_ms,
        last_error=link.last_error,
        here=True,
        holder=None,
        age=None,
        silent=False,
    )


def _of_row(name: str, row: LinkRow | None, now: datetime, stopped: Stopped | None) -> LinkStatus:
    """Read a row. One that is bound and old was left by a process that is gone, so nobody carries texts by it."""
    if row is None:
        return LinkStatus(
            name=name,
            bound=False,
            since=None,
            binds=0,
            wanted=0,
            in_flight=0,
            window=0,
            round_trip_ms=None,
            last_error=None,
            here=False,
            holder=None,
            age=None,
            silent=True,
        )
    silent = not row.fresh(now)
    return LinkStatus(
        name=name,
        bound=row.stands(now),
        since=row.seen_at if silent and row.bound else row.since,
        binds=0 if silent else row.binds,
        wanted=row.wanted,
        in_flight=0 if silent else row.in_flight,
        window=row.window,
        round_trip_ms=None if silent else row.round_trip_ms,
        last_error=row.last_error,
        here=False,
        holder=row.holder,
        age=now - row.seen_at,
        silent=silent,
        stopped=stopped,
    )
