"""The wiring: builds one process out of its parts, starts them in order, watches them, and stops them in order."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import randbelow
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from db.engine import Database, open_database
from db.revision import require_head
from handlers.context import ServiceFacts
from sms_gateway import keyfile
from sms_gateway.clock import Now, monotonic, utc_now
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.road.counter import AnswerCounter, OwnCounter, SharedCounter
from sms_gateway.road.dispatch import Desk
from sms_gateway.road.ids import IdSource
from sms_gateway.road.loop import Road, RoadParts
from sms_gateway.road.ports import Verdict
from sms_gateway.schedule import Schedule
from sms_gateway.settings.model import Settings
from sms_gateway.smpp.link import Link
from sms_gateway.web.app import create_app
from sms_gateway.web.parts import DoorRefusal, Handset, LinkState, WebParts
from sms_gateway.web.server import WebServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOP_SECONDS = 4.0
"""In this time a stop is over, whatever hangs; what is not settled by then stays as rows."""

_LOOK_SECONDS = 0.5
_FIRST_WEB_NODE = 512
_WEB_NODES = 500
_LOG = logger_of(__name__)


class CannotStartError(Exception):
    """Something outside stands in the way: show the text, which names the mend, and stop."""


class AlreadyRunningError(CannotStartError):
    """Another process runs on this SQLite file; two would answer twice. Stop that one first."""


class PortTakenError(CannotStartError):
    """The web server cannot listen where the settings say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkShown:
    """A link's state as the pages ask for it (sms_gateway.web.parts.LinkState)."""

    name: str
    bound: bool
    since: datetime | None
    last_error: str | None
    window: int
    round_trip_ms: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedDoors:
    """Counts what happens at the HTTP doors."""

    metrics: Metrics

    def taken(self, channel: str, verdict: Verdict) -> None:
        """Texts are counted where they are stored."""

    def refused(self, channel: str, reason: DoorRefusal) -> None:
        """Count a refusal."""
        del reason
        self.metrics.door_refused(channel)


class Gateway:
    """The whole service in one process: links, road, web, schedule."""

    def __init__(
        self, settings: Settings, database: Database, *, handset: Handset | None = None, now: Now = utc_now
    ) -> None:
        ids = IdSource(node=settings.road.node, now=now)
        self._metrics = Metrics()
        self.road = Road(road_parts(settings, database, ids, self._metrics, now))
        self.links = [
            Link(name, link, self.road, now=now, session_number=ids.new) for name, link in settings.links.items()
        ]
        for link in self.links:
            self.road.attach(link)
        counter = SharedCounter(self.road)
        parts = WebParts(
            database=database,
            settings=settings,
            now=now,
            text_intake=counter,
            answer_for=AnswerCounter(database=database, new_id=ids.new, now=now),
            links=self.link_states,
            handset=handset,
            counters=CountedDoors(metrics=self._metrics),
            metrics=self._render_metrics,
        )
        self.web = _listen(parts)
        self._schedule = Schedule(database, now)

    def start(self) -> None:
        """Start everything: the road first, so that whoever comes in finds it open."""
        self.road.start()
        for link in self.links:
            link.start()
        self.web.start()
        self._schedule.start()

    def dead_parts(self) -> list[str]:
        """Name the parts whose thread ended by itself: the process must then end, loudly."""
        parts: list[tuple[str, Callable[[], bool]]] = [("road", self.road.alive), ("web", self.web.alive)]
        parts.extend((link.name, link.alive) for link in self.links)
        return [name for name, alive in parts if not alive()]

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """Take nothing new, finish what is in hand, unbind; tell whether all was finished in time."""
        deadline = monotonic() + seconds
        for link in self.links:
            link.drain()
        self._schedule.stop()
        self.web.stop(min(1.0, seconds / 4))
        finished = self.road.stop(max(0.1, deadline - monotonic() - 1.0))
        for link in self.links:
            finished &= link.stop(max(0.2, deadline - monotonic()))
        return finished

    def link_states(self) -> Sequence[LinkState]:
        """Return how each link is."""
        shown = []
        for link in self.links:
            state = link.state()
            trips = [bind.round_trip for bind in state.binds if bind.round_trip is not None]
            shown.append(
                LinkShown(
                    name=state.name,
                    bound=state.bound,
                    since=max((bind.since for bind in state.binds), default=None),
                    last_error=next((bind.last_error for bind in state.binds if bind.last_error), None),
                    window=state.in_flight,
                    round_trip_ms=max(trips) * 1000 if trips else None,
                )
            )
        return shown

    def _render_metrics(self) -> bytes:
        for state in self.link_states():
            self._metrics.link_is_bound(state.name, bound=state.bound)
        return self._metrics.render()


def _listen(parts: WebParts) -> WebServer:
    web = parts.settings.web
    try:
        return WebServer(create_app(parts), web)
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {web.host} port {web.port}: {error.strerror}; "
            "mend: stop what listens there, or give another port"
        ) from error


def road_parts(settings: Settings, database: Database, ids: IdSource, metrics: Metrics, now: Now) -> RoadParts:
    """Take what the road needs out of the settings."""
    service = ServiceFacts(
        short_code=settings.service.short_codes[0],
        hotline=settings.service.hotline,
        password_days=settings.service.password_days,
    )
    desk = Desk(
        service=service,
        validity=timedelta(minutes=settings.road.validity_minutes),
        max_attempts=settings.road.max_attempts,
        new_id=ids.new,
    )
    return RoadParts(
        database=database,
        desk=desk,
        short_codes=frozenset(settings.service.short_codes),
        lease=timedelta(seconds=settings.road.lease_seconds),
        now=now,
        metrics=metrics,
    )


def web_application(settings: Settings) -> WSGIApplication:
    """Build the web tier alone, for a WSGI server of its own; it has no links, and its texts wait for `serve`.

    Raises KeyFileError and WrongRevisionError.
    """
    database = open_database(settings.database.address, keyfile.load(settings.database.key_file))
    require_head(database)
    # A WSGI server runs several such processes from one configuration, so each draws a node of its own; should two
    # draw the same and meet in one millisecond, the second insert fails and is made again.
    ids = IdSource(node=_FIRST_WEB_NODE + randbelow(_WEB_NODES), now=utc_now)
    metrics = Metrics()
    parts = WebParts(
        database=database,
        settings=settings,
        now=utc_now,
        text_intake=OwnCounter(database=database, new_id=ids.new),
        answer_for=AnswerCounter(database=database, new_id=ids.new, now=utc_now),
        counters=CountedDoors(metrics=metrics),
        metrics=metrics.render,
    )
    return create_app(parts)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for a service: of the right revision, and on SQLite for this process alone.

    Raises KeyFileError, WrongRevisionError, AlreadyRunningError.
    """
    database = open_database(settings.database.address, keyfile.load(settings.database.key_file))
    try:
        require_head(database)
        with _alone(settings.database.address):
            yield database
    finally:
        database.close()


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Hold a lock beside the SQLite file for as long as the service runs; the system drops it when the process dies."""
    path = make_url(url).database
    if not url.startswith("sqlite") or path is None:
        yield
        return
    lock = os.open(Path(f"{path}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunningError(
            f"another sms-gateway runs on {path}; mend: stop it first, or give this one another database"
        ) from error
    else:
        yield
    finally:
        os.close(lock)


def listen_for_stop() -> Event:
    """Let SIGTERM and Ctrl-C set an event instead of ending the process; call it before anything is started."""
    asked = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return asked


def watch(gateway: Gateway, asked: Event) -> int:
    """Run until the event is set, then stop in order and return 0; return 1 when a part died or a stop hung."""
    dead: list[str] = []
    while not dead and not asked.wait(_LOOK_SECONDS):
        dead = gateway.dead_parts()
    for name in dead:
        event(_LOG, "part_died", level="error", part=name)
    started = monotonic()
    finished = gateway.stop()
    event(_LOG, "stopped", seconds=monotonic() - started, finished=finished)
    return 1 if dead or not finished else 0


def serve(settings: Settings) -> int:
    """Run the service until SIGTERM or Ctrl-C; return the exit code.

    Raises CannotStartError, KeyFileError or WrongRevisionError before anything is started.
    """
    asked = listen_for_stop()
    with opened(settings) as database:
        gateway = Gateway(settings, database)
        gateway.start()
        event(_LOG, "serving", links=len(settings.links), port=gateway.web.port)
        return watch(gateway, asked)
