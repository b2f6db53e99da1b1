"""What `/metrics` shows of this moment: the links, the problems, and how long the oldest text waits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from db.messages.events import ALARMS
from db.processes.access_tokens import read_token_states
from db.processes.alarms import count_open
from db.processes.channel_states import ChannelState, read_states
from db.processes.webhook_deliveries import count_deliveries
from db.reports.rollups import find_waiting
from db.reports.ticket_numbers import count_overdue, untaken_urgent
from db.staff.service_switches import list_switched_off
from db.store.engine import Database
from parsers.misread import MisreadKind
from sms_gateway.clock import Now
from sms_gateway.metrics import Metrics, Trouble
from sms_gateway.pipeline.ports import TAKEN, Refusal


class Measures:
    """Sets the gauges at each request; a process without links shows the age of the others' reports."""

    def __init__(
        self,
        metrics: Metrics,
        database: Database,
        *,
        link_names: Collection[str],
        text_channels: Collection[str] = (),
        http_channels: Collection[str] = (),
        webhooks: Collection[str] = (),
        converses: bool = False,
        held: Callable[[], Sequence[ChannelState]],
        troubles: Callable[[], Sequence[Trouble]],
        alarms: Collection[str] = (),
        now: Now,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._link_names = link_names
        self._webhooks = webhooks
        self._converses = converses
        self._held = held
        self._troubles = troubles
        self._alarms = alarms  # the names of all there are; none: nobody is told, and no row is kept
        self._now = now
        metrics.begin_at_zero(
            texts=text_channels,
            outcomes=[TAKEN, *Refusal],
            misreads=list(MisreadKind),
            alarms=list(ALARMS),
            reports=http_channels,
        )

    def __call__(self) -> bytes:
        """Return the Prometheus text."""
        self._metrics.in_trouble(self._troubles())
        self._metrics.forget_links()  # another process has taken it over and reports it
        for state in self._held():
            self._metrics.link_is_bound(state.name, bound=state.up)
            round_trip = None if state.round_trip_ms is None else state.round_trip_ms / 1000
            self._metrics.link_carries(state.name, in_flight=state.in_flight, round_trip=round_trip)
        with self._database.read() as connection:
            waiting = find_waiting(connection)
            off = list_switched_off(connection)
            now = self._now()
            tickets = (count_overdue(connection, now=now), untaken_urgent(connection)) if self._converses else None
            rows = read_states(connection)
            tokens = read_token_states(connection)
            events = count_deliveries(connection) if self._webhooks else {}
            alarms = count_open(connection) if self._alarms else {}
        for row in rows:
            if row.name in self._link_names and row.seen_at is not None:
                self._metrics.link_told(row.name, (now - row.seen_at).total_seconds())
        for token in tokens:
            if token.link in self._link_names:
                access, refresh = token.seconds_left(now)
                self._metrics.token_lasts(token.link, access=access, refresh=refresh)
        for name in self._webhooks:
            since = events[name].oldest if name in events else None
            self._metrics.webhook_waits(name, 0 if since is None else (now - since).total_seconds())
        self._metrics.oldest_unanswered(_age(waiting.oldest_text, now))
        self._metrics.oldest_answer(_age(waiting.oldest_answer, now))
        for what in ("texts", "answers", "parked"):
            self._metrics.waits(what, getattr(waiting, what))
        self._metrics.services_off(off)
        for alarm in self._alarms:
            self._metrics.alarms_open(alarm, alarms.get(alarm, 0))
        if tickets is not None:
            self._metrics.tickets_wait(overdue=tickets[0], urgent=tickets[1])
        return self._metrics.render()


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()
