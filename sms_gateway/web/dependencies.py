"""What the web application is given: the database, the settings, and the parts of the service that it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flask import Blueprint, current_app

from db.processes.channel_states import ChannelState
from db.store.address import TEL
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from handlers.wording.catalogue import Wording
from handlers.wording.catalogues import CATALOGUES
from parsers.grammar import Vocabulary
from parsers.vocabulary import VOCABULARY
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.back_office.tickets.results import Office
from sms_gateway.channels.address_kinds import ADDRESS_KINDS, AddressKinds
from sms_gateway.channels.answers_only import unasked_first
from sms_gateway.channels.http.network import Networks, TextFields, http_channel
from sms_gateway.channels.http.network_settings import kinds_of_senders
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.ports import AnswerSource, EndpointCounters, TextIntake, Uncounted
from sms_gateway.channels.http.refusals import Refusals
from sms_gateway.channels.ports import ChannelControl
from sms_gateway.channels.service_health import MonitorFailure, no_monitor_failure
from sms_gateway.clock import Now
from sms_gateway.metrics import Trouble
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.replies import Replies
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from sms_gateway.settings.model import Settings
from sms_gateway.settings.switches import IsOn, Off, all_on, nothing_off

EXTENSION = "sms_gateway"


def _nobody() -> None:
    """Wake nobody: for a web tier alone. The pipeline finds the row when it polls the tables."""


def _no_links() -> Sequence[ChannelState]:
    return ()


def _no_troubles() -> Sequence[Trouble]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraPage:
    """A page that belongs to no group of pages, and its link in the header."""

    blueprint: Blueprint
    endpoint: str
    label: str  # a key of the catalogues


@dataclass(frozen=True, kw_only=True, slots=True)
class WebDependencies:
    """Everything that the pages and the HTTP endpoints use."""

    database: Database
    settings: Settings
    now: Now
    text_intake: TextIntake
    answer_for: AnswerSource
    new_id: Callable[[], int]
    traits: TraitsByChannel
    vocabulary: Vocabulary = VOCABULARY
    handlers: Handlers = HANDLERS
    tables: LiveTables | None = None  # own look-up tables; None: they are off
    catalogues: Mapping[str, Wording] = field(default_factory=lambda: CATALOGUES)  # as delivered
    addresses: AddressKinds = ADDRESS_KINDS
    networks: Networks = field(default_factory=lambda: NETWORKS)  # kinds of aggregators, by name
    service: ServiceFacts = field(default_factory=ServiceFacts)  # the facts that answers name, with today's wording
    nudge: Callable[[], None] = _nobody  # wakes the pipeline: there is work in the tables
    control: ChannelControl | None = None  # None: no link runs in this process
    links: Callable[[], Sequence[ChannelState]] = _no_links
    counters: EndpointCounters = field(default_factory=Uncounted)
    troubles: Callable[[], Sequence[Trouble]] = _no_troubles  # the problems of database and key file
    heartbeat: Callable[[], MonitorFailure | None] = no_monitor_failure
    refusals: Refusals = field(default_factory=Refusals)  # of the HTTP endpoints, summed up for the log
    sees_all_headers: bool = True  # False under a WSGI server that may hide some headers
    is_on: IsOn = all_on  # which services have pages
    conversation: ConversationParts | None = None  # None: it is off
    switched_off: Callable[[], Off] = nothing_off  # what operators switched off for now
    renew_switches: Callable[[], None] = _nobody  # a page pressed a switch
    metrics: Callable[[], bytes] | None = None  # the Prometheus text of `/metrics`; None: no such page

    @property
    def replies(self) -> Replies:
        """Writes the SMS that pages send."""
        return Replies(new_id=self.new_id, traits=self.traits, nudge=self.nudge)

    def office(self) -> Office | None:
        """Return what the acts of agents need, for one request; None when the conversation is off."""
        if self.conversation is None:
            return None
        return Office(parts=self.conversation, replies=self.replies, new_id=self.new_id, now=self.now())

    @property
    def phone_senders(self) -> Sequence[str]:
        """Return the channels that send to telephone numbers, links first; those that any phone can be reached by."""
        to_phones = [name for name, kind in kinds_of_senders(self.settings, self.networks).items() if kind == TEL]
        return unasked_first(to_phones, self.settings, self.networks)

    def text_fields_of(self, channel: str) -> TextFields | None:
        """Return where the requests of an HTTP channel hold a text; None for any other channel."""
        settings = self.settings.channels.get(channel)
        return (
            None if settings is None else http_channel(channel, settings, self.networks[settings.network]).arrivals.text
        )

    def traits_of(self, channel: str | None) -> ChannelTraits:
        """Return the traits of a channel; None: it is not known which one carries the text."""
        return self.traits.others if channel is None else self.traits.of(channel)

    def facts_by(self, channel: str | None) -> ServiceFacts:
        """Return the facts that a text by this channel names."""
        return self.traits_of(channel).facts(self.service)


def dependencies() -> WebDependencies:
    """Return the parts of the application that serves this request."""
    parts = cast("WebDependencies", current_app.extensions[EXTENSION])
    return parts if parts.tables is None else replace(parts, vocabulary=parts.tables())
