"""The state of the channels: those of this process at this moment, the others as their holders last wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.processes.channel_states import ENDED, ChannelState, read_states
from db.staff import audit
from db.staff.audit import Action

CONTROLS = (Action.LINK_STOPPED, Action.LINK_DRAINED, Action.LINK_STARTED)
"""What operators do to a channel."""

_DRAINED_WITHIN = timedelta(days=366)
"""A channel that this process drains was drained at most so long ago: no process runs longer."""

_ENDING = timedelta(minutes=5)
"""A stop is recorded first; the channel has ended at most so much later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """An operator stopped or drained a channel: who, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelStatus:
    """One channel of the settings, and what is known of its state."""

    state: ChannelState  # the valid state: down when its process is gone
    here: bool  # this process holds it
    silent: bool  # no process has reported on it for a while, or ever
    age: timedelta | None  # of the report; None when it is of now, or when nothing is known
    stopped: Stopped | None = None  # by an operator: nothing is wrong with the carrier
    drained: Stopped | None = None  # by an operator: it takes no new texts until it is started again

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self.state.name


def channel_statuses(
    connection: Connection, *, names: Iterable[str], here: Iterable[ChannelState], now: datetime
) -> Sequence[ChannelStatus]:
    """Return the channels of these names, those of the settings, in their order, and what else this process holds."""
    ours = {state.name: state for state in here}
    written = {state.name: state for state in read_states(connection)}
    found = [
        ChannelStatus(
            state=ours[name].with_past(written[name]) if name in written else ours[name],
            here=True,
            silent=False,
            age=None,
        )
        if name in ours
        else _of_others(connection, name, written.get(name), now)
        for name in dict.fromkeys([*names, *ours])
    ]
    return [replace(one, drained=_drained(connection, one, now)) if one.state.up else one for one in found]


def _of_others(connection: Connection, name: str, written: ChannelState | None, now: datetime) -> ChannelStatus:
    """Read what another process wrote."""
    if written is None or written.seen_at is None:
        unknown = ChannelState(name=name, up=False, since=None)
        return ChannelStatus(state=unknown, here=False, silent=True, age=None)
    return ChannelStatus(
        state=written.as_of(now),
        here=False,
        silent=not written.fresh(now),
        age=now - written.seen_at,
        stopped=_stopped(connection, written),
    )


def _drained(connection: Connection, found: ChannelStatus, now: datetime) -> Stopped | None:
    """Return who drained a channel, by the audit log; of another process's only what was done since it came up."""
    if found.here and not found.state.draining:
        return None
    since = found.state.since
    if found.here or since is None:
        since = now - _DRAINED_WITHIN
    last = audit.newest_about(connection, f"link:{found.name}", CONTROLS, since=since)
    return Stopped(by=last.operator, at=last.at) if last is not None and last.action == Action.LINK_DRAINED else None


def _stopped(connection: Connection, written: ChannelState) -> Stopped | None:
    """Return who stopped a channel, by the audit log; None when its process ended it for another reason."""
    if written.up or written.since is None or written.last_error != ENDED:
        return None
    last = audit.newest_about(connection, f"link:{written.name}", CONTROLS, since=written.since - _ENDING)
    return Stopped(by=last.operator, at=last.at) if last is not None and last.action == Action.LINK_STOPPED else None
