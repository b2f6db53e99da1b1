"""The wiring: builds one process from its parts, starts them in order, watches them, and stops them in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from db.processes.channel_states import ChannelState
from db.processes.webhook_deliveries import give_receivers
from db.store.engine import Database
from db.store.ids import IdSource
from db.upkeep.highest_row_id import highest_id
from db.upkeep.presence import Held
from handlers.commands import HANDLERS
from handlers.handler import Handlers
from handlers.wording.catalogue import Wording
from handlers.wording.catalogues import CATALOGUES
from parsers.grammar import AnyGrammar
from parsers.grammars import GRAMMARS
from sms_gateway.alarms.running import DUTY
from sms_gateway.channels.address_kinds import address_kinds
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, PipelineIntake
from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.measures import Measures
from sms_gateway.channels.running import RunningChannels
from sms_gateway.channels.service_health import no_monitor_failure
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import LOCAL_ZONE, Now, monotonic, utc_now
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.loop import Pipeline
from sms_gateway.pipeline.replies import Replies
from sms_gateway.process import keyfile
from sms_gateway.process.duties import Charge, Duties
from sms_gateway.process.listener import Listener
from sms_gateway.process.live_switch import LiveSwitches
from sms_gateway.process.schedule import Duty, Schedule, retention_jobs
from sms_gateway.process.startup import (
    NODE_PREFIX,
    SERVICE_DUTY,
    PortTakenError,
    mark_start,
    mark_stop,
    node_duty,
    own_name,
    take_node,
)
from sms_gateway.process.storage_watch import Foundation
from sms_gateway.process.ticket_jobs import conversation_jobs, superseded_tables_job, ticket_retention_jobs
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import is_on, vocabulary_for
from sms_gateway.web.dependencies import ExtraPage, WebDependencies
from sms_gateway.wiring.account_parts import account_jobs
from sms_gateway.wiring.alarm_parts import HEARTBEAT_DUTY, alarm_names, alarms_of, heartbeat_of, watched_by
from sms_gateway.wiring.back_office_parts import begin_back_office
from sms_gateway.wiring.channel_parts import channel_makers, fallbacks_of, providers_that_send_once
from sms_gateway.wiring.conversation_parts import (
    conversation_parts,
    demand_duty_contacts,
    handlers_for,
    live_tables,
)
from sms_gateway.wiring.counted_endpoints import CountedEndpoints
from sms_gateway.wiring.listening import listen
from sms_gateway.wiring.pipeline_parts import checkpoints_of, pipeline_parts, service_facts
from sms_gateway.wiring.roles import ALL_ROLES as ALL_ROLES  # noqa: PLC0414 - who starts a gateway names its roles
from sms_gateway.wiring.roles import Role as Role  # noqa: PLC0414 - as above
from sms_gateway.wiring.webhook_parts import webhook_jobs, webhook_senders

STOP_SECONDS = 4.0
"""The longest time of a stop. What is not settled by then stays as rows."""

SHARED_STOP_SECONDS = 1.2
"""The same where another process waits for our links: it binds half a second later, so within two seconds in all."""

_UNBIND_SHARE = 0.35  # part of the time of a stop
_SCHEDULE = "schedule"


class Gateway:
    """The service in one process, as far as its roles go.

    On SQLite one process does everything. On PostgreSQL each link and the schedule is a duty. One process with that
    role has the duty, and another one takes it over.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        roles: Collection[Role] = ALL_ROLES,
        extra_pages: Sequence[ExtraPage] = (),
        now: Now = utc_now,
        grammars: Sequence[AnyGrammar] = GRAMMARS,
        handlers: Handlers = HANDLERS,
        catalogues: Mapping[str, Wording] = CATALOGUES,
        networks: Networks = NETWORKS,
    ) -> None:
        owner = own_name()
        give_receivers(database, settings.receivers)
        node = take_node(database, owner)
        with database.read() as connection:
            ids = IdSource(node=node, now=now, after=highest_id(connection))
        self._settings = settings
        self._database = database
        self._metrics = Metrics()
        vocabulary = vocabulary_for(settings, grammars)
        handlers = handlers_for(settings, handlers)
        offers = is_on(settings, vocabulary)
        traits = traits_by_channel(settings, networks)
        tables = live_tables(settings, database, grammars, handlers, now)
        keywords = None
        if tables is not None:
            handlers, keywords = tables.handlers, tables.keywords
        service = service_facts(settings, database, traits, vocabulary, catalogues, keywords=keywords)
        demand_duty_contacts(settings, database)
        switches = LiveSwitches(database)
        conversation = conversation_parts(
            settings,
            database,
            traits,
            vocabulary,
            catalogues=catalogues,
            networks=networks,
            now=now,
            switches=switches,
            keywords=keywords,
        )
        self.pipeline = Pipeline(
            pipeline_parts(
                settings,
                database,
                ids,
                self._metrics,
                now,
                service,
                traits,
                dispatches=Role.DISPATCH in roles,
                providers=providers_that_send_once(settings, networks),
                vocabulary=vocabulary,
                handlers=handlers,
                conversation=conversation,
                live_vocabulary=tables,
                switched_off=switches,
            )
        )
        self._channels = RunningChannels(
            channel_makers(
                settings, self.pipeline, now=now, session_number=ids.new, database=database, networks=networks
            ),
            self.pipeline,
            database,
            fallbacks=fallbacks_of(settings),
            owner=owner,
            now=now,
            new_id=ids.new,
            is_ours=self._has_channel,
        )
        jobs: list[Duty] = [*retention_jobs(settings.retention), *ticket_retention_jobs(settings.conversation)]
        jobs += [superseded_tables_job(), *webhook_jobs(settings, database), *account_jobs(settings.back_office)]
        self._webhooks = webhook_senders(settings, database, self._metrics, now=now)
        self.conversation = conversation
        self.replies = Replies(new_id=ids.new, traits=traits, nudge=self.pipeline.nudge)
        jobs += begin_back_office(
            settings, database, self.replies, vocabulary, catalogues=catalogues, networks=networks, keywords=keywords
        )
        jobs += conversation_jobs(conversation, self.replies, zone=LOCAL_ZONE)
        self._schedule = Schedule(database, now, jobs, offers)
        self.foundation = Foundation(
            database,
            keyfile.KeyWatch(settings.database.key_file, database.keyring),
            duty=Held(name=SERVICE_DUTY if database.is_sqlite else node_duty(node), owner=owner),
            now=now,
            takes=lambda: self.pipeline.takes,
            lost=self._lose_database,
        )
        self.heartbeat = heartbeat_of(
            settings, database, self.channel_states, self.foundation.troubles, self.dead_parts, now=now
        )
        self.alarms = None
        if Role.SCHEDULE in roles:
            watched = watched_by(
                settings, offers, conversation, tables, self.channel_states, self.foundation.troubles, self.heartbeat
            )
            self.alarms = alarms_of(watched, database, self.replies, vocabulary, networks=networks, now=now)
        parts = WebDependencies(
            database=database,
            settings=settings,
            now=now,
            text_intake=PipelineIntake(self.pipeline),
            answer_for=AnswerWaiter(database=database, new_id=ids.new, now=now),
            new_id=ids.new,
            service=service,
            traits=traits,
            vocabulary=vocabulary,
            handlers=handlers,
            tables=tables,
            catalogues=catalogues,
            networks=networks,
            addresses=address_kinds(networks),
            nudge=self.pipeline.nudge,
            is_on=offers,
            conversation=conversation,
            switched_off=switches,
            renew_switches=switches.renew,
            control=self._channels,
            links=self.channel_states,
            counters=CountedEndpoints(metrics=self._metrics),
            metrics=Measures(
                self._metrics,
                database,
                link_names=settings.senders,
                text_channels=settings.every_channel,
                http_channels=settings.channels,
                webhooks=settings.receiving_systems,
                converses=settings.conversation.enabled,
                held=self.channel_states,
                troubles=self.foundation.troubles,
                alarms=alarm_names(settings),
                now=now,
            ),
            troubles=self.foundation.troubles,
            heartbeat=no_monitor_failure if self.heartbeat is None else self.heartbeat.failure,
        )
        try:
            self.web = listen(parts, extra_pages) if Role.WEB in roles else None
        except PortTakenError:
            self.foundation.close()
            raise
        self._listener = None if database.is_sqlite else Listener(database, self.pipeline.nudge)
        self._checkpoints = checkpoints_of(settings, database, self.pipeline)
        self._alone = database.is_sqlite
        self._charges = self._charges_of(roles)
        self._owner = owner
        self.duties = Duties(
            database,
            owner,
            self._charges,
            kept=() if self._alone else (node_duty(node),),
            kept_prefix=NODE_PREFIX,
            found_dead=self.pipeline.be_careful,
        )

    def start(self) -> None:
        """Start everything: the pipeline first, so that it is ready when the first text comes."""
        if self._alone and mark_start(self._database, self._owner):
            self.pipeline.be_careful()
        self.pipeline.start()
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
        if self.alarms is not None:
            self.alarms.storage.start()
        if self.web is not None:
            self.web.start()

    def dead_parts(self) -> list[str]:
        """Name the parts whose thread ended by itself. The process must then end and log the reason."""
        parts: list[tuple[str, Callable[[], bool]]] = [
            ("pipeline", self.pipeline.alive),
            ("database", lambda: not (self.foundation.is_over and (self.alarms is None or self.alarms.may_end))),
            ("foundation", self.foundation.alive),
        ]
        if self.web is not None:
            parts.append(("web", self.web.alive))
        if not self._alone:
            parts.append(("duties", self.duties.alive))
        return [name for name, alive in parts if not alive()] + self._channels.dead()

    def stop(self, seconds: float | None = None) -> bool:
        """Take nothing new, finish the work in hand and unbind; return whether all was finished in time."""
        if seconds is None:
            seconds = STOP_SECONDS if self._alone else SHARED_STOP_SECONDS
        deadline = monotonic() + seconds
        if not self._alone:
            self.duties.stop_taking(seconds / 4)
        self._channels.drain()
        self._stop_senders(seconds / 4)
        self._schedule.stop()
        self.foundation.stop(seconds / 4)
        if self.web is not None:
            self.web.stop(min(1.0, seconds / 4))
        finished = self.pipeline.stop(max(0.1, deadline - monotonic() - seconds * _UNBIND_SHARE))
        finished &= self._channels.stop(max(0.2, deadline - monotonic()))
        if not self._alone:
            self.duties.give_back()
        elif not self.pipeline.alive():
            mark_stop(self._database, self._owner)
        if self._listener is not None:
            self._listener.stop(seconds / 4)
        if self._checkpoints is not None:
            self._checkpoints.stop(seconds / 4)
        self.foundation.save()
        self.foundation.close()
        return finished

    def _stop_senders(self, seconds: float) -> None:
        """Send no more events, notices and heartbeats."""
        for sender in self._webhooks.values():
            sender.stop()
        if self.heartbeat is not None:
            self.heartbeat.stop()
        if self.alarms is not None:
            self.alarms.end()
            self.alarms.storage.stop(seconds)

    @property
    def job_names(self) -> Sequence[str]:
        """Return the names of the scheduled jobs."""
        return [job.name for job in self._schedule.jobs]

    def channel_states(self) -> Sequence[ChannelState]:
        """Return the state of each channel of this process."""
        return self._channels.states()

    def _charges_of(self, roles: Collection[Role]) -> Mapping[str, Charge]:
        charges: dict[str, Charge] = {}
        if Role.LINKS in roles:
            for name in self._settings.senders:
                begin = partial(self._channels.begin, name, take_over=not self._alone)
                charges[f"link:{name}"] = Charge(begin=begin, end=partial(self._channels.end, name))
        if Role.SCHEDULE in roles:
            charges[_SCHEDULE] = Charge(begin=self._schedule.start, end=self._schedule.stop)
            if self.alarms is not None:
                charges[DUTY] = Charge(begin=self.alarms.begin, end=self.alarms.end)
            for name, sender in self._webhooks.items():
                charges[f"webhook:{name}"] = Charge(begin=sender.start, end=sender.stop)
        if self.heartbeat is not None:
            charges[HEARTBEAT_DUTY] = Charge(begin=self.heartbeat.start, end=self.heartbeat.stop)
        return charges

    def _lose_database(self) -> None:
        """Take nothing more, and tell people on duty before this process ends."""
        self.pipeline.refuse_all()
        if self.alarms is not None:
            self.alarms.storage.database_lost()

    def _has_channel(self, name: str) -> bool:
        """Return whether this process has a channel: on SQLite it has all, else those of which it has the duty."""
        return self._alone or f"link:{name}" in self.duties.held
