"""The wiring: builds one process out of its parts, starts them in order, watches them, and stops them in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from secrets import randbelow
from threading import Event
from typing import TYPE_CHECKING

from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.highest_row_id import highest_id
from db.upkeep.presence import Held
from db.upkeep.rekey import demand_fit
from db.upkeep.revision import require_head
from handlers.context import ServiceFacts
from handlers.wording.vietnamese import VIETNAMESE
from sms_gateway.application import create_app
from sms_gateway.channels.http.answer_waiter import AnswerCounter, OwnCounter, SharedCounter
from sms_gateway.channels.http.ports import DoorRefusal
from sms_gateway.channels.links import Links, LinkShown
from sms_gateway.channels.measures import Measures
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.channels.smpp.coding.text import most_segments
from sms_gateway.clock import Now, monotonic, utc_now
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.pipeline.dispatch.handling import Desk
from sms_gateway.pipeline.loop import Road, RoadParts
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.process import keyfile
from sms_gateway.process.checkpoints import Checkpoints
from sms_gateway.process.duties import Charge, Duties
from sms_gateway.process.listener import Listener
from sms_gateway.process.live_wording import live_wording
from sms_gateway.process.schedule import Schedule, retention_jobs
from sms_gateway.process.startup import (
    NODE_PREFIX,
    NODES,
    SERVICE_DUTY,
    PortTakenError,
    await_server,
    calm_collector,
    demand_sqlite_alone,
    listen_for_stop,
    mark_start,
    mark_stop,
    node_duty,
    opened,
    own_name,
    share_fairly,
    take_node,
)
from sms_gateway.process.storage_watch import Foundation
from sms_gateway.process.tuning.cpu_affinity import ALLOWED, on_every_core, on_one_core
from sms_gateway.process.tuning.warm_up import rehearse
from sms_gateway.settings.model import LookUpSecret, Settings
from sms_gateway.web.dependencies import ExtraPage, WebParts
from sms_gateway.web.server import WebServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOP_SECONDS = 4.0
"""In this time a stop is over, whatever hangs; what is not settled by then stays as rows."""

SHARED_STOP_SECONDS = 1.2
"""The same where another process waits for our links: half a second after it another one binds, within two in all."""

_UNBIND_SHARE = 0.35  # of the time of a stop
_LOOK_SECONDS = 0.5
_WEB_NODES = 500
_SCHEDULE = "schedule"
_LOG = logger_of(__name__)


class Role(StrEnum):
    """What a process does; on PostgreSQL several processes share the roles out among themselves."""

    LINKS = "links"  # hold binds: texts in, answers out
    DISPATCH = "dispatch"  # read texts and carry them out
    WEB = "web"  # HTTP doors and pages
    SCHEDULE = "schedule"  # what is due by the clock


ALL_ROLES = frozenset(Role)


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
    """The service in one process: as much of it as its roles say.

    On SQLite a process does everything alone. On PostgreSQL each link and the schedule is a duty that one of the
    processes with that role has, and another takes over.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        roles: Collection[Role] = ALL_ROLES,
        extra_pages: Sequence[ExtraPage] = (),
        now: Now = utc_now,
    ) -> None:
        owner = own_name()
        node = take_node(database, owner)
        with database.read() as connection:
            ids = IdSource(node=node, now=now, after=highest_id(connection))
        self._settings = settings
        self._database = database
        self._metrics = Metrics()
        service = _service_facts(settings, database)
        self.road = Road(
            _road_parts(settings, database, ids, self._metrics, now, service, dispatches=Role.DISPATCH in roles)
        )
        self._links = Links(
            settings.links,
            self.road,
            database,
            owner=owner,
            now=now,
            session_number=ids.new,
            is_ours=self._has_link,
            short_codes=settings.service.short_codes,
        )
        self._schedule = Schedule(database, now, retention_jobs(settings.retention))
        self.foundation = Foundation(
            database,
            keyfile.KeyWatch(settings.database.key_file, database.keyring),
            duty=Held(name=SERVICE_DUTY if database.is_sqlite else node_duty(node), owner=owner),
            now=now,
            takes=lambda: self.road.takes,
            lost=self.road.refuse_all,
        )
        parts = WebParts(
            database=database,
            settings=settings,
            now=now,
            text_intake=SharedCounter(self.road),
            answer_for=AnswerCounter(database=database, new_id=ids.new, now=now),
            new_id=ids.new,
            service=service,
            nudge=self.road.nudge,
            control=self._links,
            links=self.link_states,
            counters=CountedDoors(metrics=self._metrics),
            metrics=Measures(
                self._metrics,
                database,
                link_names=settings.links,
                held=self.link_states,
                troubles=self.foundation.troubles,
                now=now,
            ),
            troubles=self.foundation.troubles,
        )
        try:
            self.web = _listen(parts, extra_pages) if Role.WEB in roles else None
        except PortTakenError:
            self.foundation.close()
            raise
        self._listener = None if database.is_sqlite else Listener(database, self.road.nudge)
        self._checkpoints = Checkpoints(database) if database.is_sqlite else None
        self._alone = database.is_sqlite
        self._charges = self._charges_of(roles)
        self._owner = owner
        self.duties = Duties(
            database,
            owner,
            self._charges,
            kept=() if self._alone else (node_duty(node),),
            kept_prefix=NODE_PREFIX,
            found_dead=self.road.be_careful,
        )

    def start(self) -> None:
        """Start everything: the road first, so that whoever comes in finds it open."""
        if self._alone and mark_start(self._database, self._owner):
            self.road.be_careful()
        self.road.start()
        if self._listener is not None:
            self._listener.start()
        if self._checkpoints is not None:
            self._checkpoints.start()
        if self._alone:
            for charge in self._charges.values():
                charge.begin()
        else:
            self.duties.start()
        self.foundation.start()
        if self.web is not None:
            self.web.start()

    def dead_parts(self) -> list[str]:
        """Name the parts whose thread ended by itself: the process must then end, loudly."""
        parts: list[tuple[str, Callable[[], bool]]] = [
            ("road", self.road.alive),
            ("database", lambda: not self.foundation.is_over),
            ("foundation", self.foundation.alive),
        ]
        if self.web is not None:
            parts.append(("web", self.web.alive))
        if not self._alone:
            parts.append(("duties", self.duties.alive))
        return [name for name, alive in parts if not alive()] + self._links.dead()

    def stop(self, seconds: float | None = None) -> bool:
        """Take nothing new, finish what is in hand, unbind; tell whether all was finished in time."""
        if seconds is None:
            seconds = STOP_SECONDS if self._alone else SHARED_STOP_SECONDS
        deadline = monotonic() + seconds
        if not self._alone:
            self.duties.stop_taking(seconds / 4)
        self._links.drain()
        self._schedule.stop()
        self.foundation.stop(seconds / 4)
        if self.web is not None:
            self.web.stop(min(1.0, seconds / 4))
        finished = self.road.stop(max(0.1, deadline - monotonic() - seconds * _UNBIND_SHARE))
        finished &= self._links.stop(max(0.2, deadline - monotonic()))
        if not self._alone:
            self.duties.give_back()
        elif not self.road.alive():
            mark_stop(self._database, self._owner)
        if self._listener is not None:
            self._listener.stop(seconds / 4)
        if self._checkpoints is not None:
            self._checkpoints.stop(seconds / 4)
        self.foundation.save()
        self.foundation.close()
        return finished

    def link_states(self) -> Sequence[LinkShown]:
        """Return how each link of this process is."""
        return self._links.states()

    def _charges_of(self, roles: Collection[Role]) -> Mapping[str, Charge]:
        charges: dict[str, Charge] = {}
        if Role.LINKS in roles:
            for name in self._settings.links:
                begin = partial(self._links.begin, name, take_over=not self._alone)
                charges[f"link:{name}"] = Charge(begin=begin, end=partial(self._links.end, name))
        if Role.SCHEDULE in roles:
            charges[_SCHEDULE] = Charge(begin=self._schedule.start, end=self._schedule.stop)
        return charges

    def _has_link(self, name: str) -> bool:
        """Tell whether a link is this process's: all are on SQLite, else those of which it has the duty."""
        return self._alone or f"link:{name}" in self.duties.held


def _listen(parts: WebParts, extra_pages: Sequence[ExtraPage]) -> WebServer:
    web = parts.settings.web
    try:
        return WebServer(create_app(parts, extra_pages), web)
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {web.host} port {web.port}: {error.strerror}; "
            "mend: stop what listens there, or give another port"
        ) from error
    except ValueError as error:  # waitress says so of a name that cannot be looked up
        raise PortTakenError(
            f"cannot listen on {web.host}: it is no address of this machine; mend: write one in web.host"
        ) from error


def _service_facts(settings: Settings, database: Database) -> ServiceFacts:
    """Return what answers say of the service, in the wording as operators left it."""
    return ServiceFacts(
        short_code=settings.service.short_codes[0],
        hotline=settings.service.hotline,
        password_days=settings.service.password_days,
        password_place=settings.service.password_place,
        asks_secret=settings.service.look_up_secret is LookUpSecret.REQUIRED,
        wording=live_wording(database, VIETNAMESE),
        segments_of=partial(most_segments, alphabets={link.alphabet for link in settings.links.values()}),
    )


def _road_parts(  # noqa: PLR0917 - what one process has of each kind
    settings: Settings,
    database: Database,
    ids: IdSource,
    metrics: Metrics,
    now: Now,
    service: ServiceFacts,
    *,
    dispatches: bool,
) -> RoadParts:
    """Take what the road needs out of the settings."""
    desk = Desk(
        service=service,
        validity=timedelta(minutes=settings.road.validity_minutes),
        max_attempts=settings.road.max_attempts,
        new_id=ids.new,
        limits=_limits(settings),
        metrics=metrics,
    )
    return RoadParts(
        database=database,
        desk=desk,
        short_codes=frozenset(settings.short_codes),
        lease=timedelta(seconds=settings.road.lease_seconds),
        now=now,
        read_parts=LongTexts(settings.links),
        metrics=metrics,
        preparers=_preparers(),
        dispatches=dispatches,
        warm_up=rehearse,
        on_thread_start=on_every_core,
    )


def _preparers() -> int:
    """Return how many passwords are hashed at once: one core is the road's, and each takes 19 MiB."""
    return max(1, min(4, len(ALLOWED) - 1))


def _limits(settings: Settings) -> Limits:
    given = settings.limits
    return Limits(
        per_hour=given.per_hour,
        per_day=given.per_day,
        in_a_row=given.machine_answers,
        machine_rest=timedelta(minutes=given.machine_minutes),
        own_numbers=frozenset(code.lstrip("+") for code in settings.short_codes),
        countries=tuple(given.countries),
        answers_an_hour=given.answers_an_hour,
        guesses=GuessLimits(
            codes=given.codes_per_day,
            misses=given.misses_per_day,
            area_misses=given.area_misses,
            overall_misses=given.overall_misses,
            people=given.accounts_per_phone,
            phones=given.phones_per_identity,
            accounts=given.accounts_an_hour,
        ),
    )


def web_database(settings: Settings) -> Database:
    """Open the database for the web tier alone. Raises KeyFileError, WrongRevisionError and KeysDoNotFitError."""
    database = open_database(settings.database.address, keyfile.load(settings.database.key_file))
    try:
        require_head(database)
        with database.read() as connection:
            demand_fit(connection)
    except BaseException:
        database.close()
        raise
    return database


def web_application(settings: Settings, database: Database) -> WSGIApplication:
    """Build the web tier alone, for a WSGI server of its own; it has no links, and its texts wait for `serve`."""
    # A WSGI server runs several such processes from one configuration, so each draws a node of its own; should two
    # draw the same and meet in one millisecond, the second insert fails and is made again.
    ids = IdSource(node=NODES + randbelow(_WEB_NODES), now=utc_now)
    metrics = Metrics()
    key_watch = keyfile.KeyWatch(settings.database.key_file, database.keyring)
    foundation = Foundation(database, key_watch, duty=None, now=utc_now)
    parts = WebParts(
        database=database,
        settings=settings,
        now=utc_now,
        text_intake=OwnCounter(database=database, new_id=ids.new, is_lost=lambda: foundation.is_lost),
        answer_for=AnswerCounter(database=database, new_id=ids.new, now=utc_now),
        new_id=ids.new,
        service=_service_facts(settings, database),
        counters=CountedDoors(metrics=metrics),
        metrics=Measures(
            metrics, database, link_names=settings.links, held=tuple, troubles=foundation.troubles, now=utc_now
        ),
        troubles=foundation.troubles,
        sees_all_headers=False,
    )
    return keyfile.WatchedRequests(create_app(parts), foundation)


def watch(gateway: Gateway, asked: Event) -> int:
    """Run until the event is set, then stop in order and return 0; return 1 when a part died.

    What was not finished in time stays as rows and is taken up at the next start: that is no failure.
    """
    dead: list[str] = []
    while not dead and not asked.wait(_LOOK_SECONDS):
        dead = gateway.dead_parts()
    for name in dead:
        event(_LOG, "part_died", level="error", part=name)
    started = monotonic()
    finished = gateway.stop()
    event(_LOG, "stopped", seconds=monotonic() - started, finished=finished)
    return int(bool(dead))


def _stays_together(settings: Settings, roles: Collection[Role]) -> bool:
    """Tell whether threads stay on one core: several processes that share a machine's cores would choose the same."""
    return settings.road.one_core and frozenset(roles) == ALL_ROLES


def serve(settings: Settings, roles: Collection[Role] = ALL_ROLES) -> int:
    """Run the service until SIGTERM or Ctrl-C; return the exit code.

    Waits for PostgreSQL to answer. Raises CannotStartError, KeyFileError or WrongRevisionError before anything is
    started.
    """
    asked = listen_for_stop()
    if not await_server(settings.database.address, asked):
        return 0
    with opened(settings) as database:
        demand_sqlite_alone(database, every_role=frozenset(roles) == ALL_ROLES)
        with on_one_core() if _stays_together(settings, roles) else nullcontext():
            gateway = Gateway(settings, database, roles=roles)
            gateway.start()
        calm_collector()
        share_fairly()
        event(_LOG, "serving", links=len(settings.links), port=gateway.web.port if gateway.web else None)
        return watch(gateway, asked)
