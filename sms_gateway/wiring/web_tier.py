"""The web tier alone, for another WSGI server (wsgi.py)."""

from __future__ import annotations

from secrets import randbelow
from typing import TYPE_CHECKING

from db.processes.webhook_deliveries import give_receivers
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.rekey import demand_fit
from db.upkeep.revision import require_head
from handlers.commands import HANDLERS
from handlers.wording.catalogues import CATALOGUES
from parsers.grammars import GRAMMARS
from sms_gateway.back_office.citizen_notices import give_notices
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, DirectIntake
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.measures import Measures
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import utc_now
from sms_gateway.metrics import Metrics
from sms_gateway.process import keyfile
from sms_gateway.process.live_switch import LiveSwitches
from sms_gateway.process.startup import (
    NODES,
)
from sms_gateway.process.storage_watch import Foundation
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import is_on, vocabulary_for
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.alarm_parts import alarm_names
from sms_gateway.wiring.application import create_app
from sms_gateway.wiring.conversation_parts import conversation_parts, handlers_for, live_tables
from sms_gateway.wiring.counted_endpoints import CountedEndpoints
from sms_gateway.wiring.pipeline_parts import service_facts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_WEB_NODES = 500


def web_database(settings: Settings) -> Database:
    """Open the database for the web tier alone. Raises KeyFileError, WrongRevisionError and KeysDoNotFitError."""
    database = open_database(settings.database.address, keyfile.load(settings.database.key_file))
    try:
        require_head(database)
        with database.read() as connection:
            demand_fit(connection)
        give_receivers(database, settings.receivers)
    except BaseException:
        database.close()
        raise
    return database


def web_application(settings: Settings, database: Database) -> WSGIApplication:
    """Build the web tier alone, for another WSGI server. It has no links: its texts wait for `serve`."""
    # A WSGI server runs several such processes from one configuration, so each draws a random node. When two draw the
    # same node and make an id in the same millisecond, the second insert fails and is tried again.
    ids = IdSource(node=NODES + randbelow(_WEB_NODES), now=utc_now)
    give_notices(settings, database, ids.new)
    metrics = Metrics()
    key_watch = keyfile.KeyWatch(settings.database.key_file, database.keyring)
    foundation = Foundation(database, key_watch, duty=None, now=utc_now)
    vocabulary = vocabulary_for(settings)
    traits = traits_by_channel(settings)
    handlers, keywords = handlers_for(settings, HANDLERS), None
    switches = LiveSwitches(database)
    tables = live_tables(settings, database, GRAMMARS, handlers, utc_now)
    if tables is not None:
        handlers, keywords = tables.handlers, tables.keywords
    parts = WebDependencies(
        database=database,
        settings=settings,
        now=utc_now,
        text_intake=DirectIntake(database=database, new_id=ids.new, is_lost=lambda: foundation.is_lost),
        answer_for=AnswerWaiter(database=database, new_id=ids.new, now=utc_now),
        new_id=ids.new,
        is_on=is_on(settings, vocabulary),
        handlers=handlers,
        tables=tables,
        conversation=conversation_parts(
            settings,
            database,
            traits,
            vocabulary,
            catalogues=CATALOGUES,
            networks=NETWORKS,
            now=utc_now,
            switches=switches,
            keywords=keywords,
        ),
        switched_off=switches,
        renew_switches=switches.renew,
        service=service_facts(settings, database, traits, vocabulary, keywords=keywords),
        traits=traits,
        vocabulary=vocabulary,
        counters=CountedEndpoints(metrics=metrics),
        metrics=Measures(
            metrics,
            database,
            link_names=settings.senders,
            text_channels=settings.every_channel,
            http_channels=settings.channels,
            webhooks=settings.receiving_systems,
            converses=settings.conversation.enabled,
            held=tuple,
            troubles=foundation.troubles,
            alarms=alarm_names(settings),
            now=utc_now,
        ),
        troubles=foundation.troubles,
        sees_all_headers=False,
    )
    return keyfile.WatchedRequests(create_app(parts), foundation)
