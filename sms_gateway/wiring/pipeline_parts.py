"""Settings to the parts of the pipeline: limits, threads, and the facts that answers name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from db.store.engine import Database
from db.store.ids import IdSource
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from handlers.wording.catalogue import Wording
from handlers.wording.catalogues import CATALOGUES
from parsers.grammar import Vocabulary
from parsers.vocabulary import VOCABULARY
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.clock import Now
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.pipeline.dispatch.handling import DispatchContext
from sms_gateway.pipeline.dispatch.preparation import nothing_to_set
from sms_gateway.pipeline.loop import Pipeline, PipelineParts
from sms_gateway.pipeline.traits import TraitsByChannel
from sms_gateway.process.checkpoints import Checkpoints
from sms_gateway.process.live_wording import live_wording
from sms_gateway.process.tuning.cpu_affinity import ALLOWED, on_every_core
from sms_gateway.settings.model import LookUpSecret, Settings
from sms_gateway.settings.switches import Off, nothing_off


def service_facts(
    settings: Settings,
    database: Database,
    traits: TraitsByChannel,
    vocabulary: Vocabulary = VOCABULARY,
    catalogues: Mapping[str, Wording] = CATALOGUES,
    *,
    language: str | None = None,
    keywords: Mapping[str, str] | None = None,
) -> ServiceFacts:
    """Return the facts that answers name where no channel is known, with the sentences that operators edited.

    `language` is that of the sentences; None: that of the settings. `keywords` follow own tables; None: there are none.
    """
    if keywords is None:
        keywords = {one.service: vocabulary.taught[one.name] for one in vocabulary.grammars if one.default_keywords}
    service = ServiceFacts(
        hotline=settings.service.hotline,
        price=settings.service.price,
        password_days=settings.service.password_days,
        password_place=settings.service.password_place,
        asks_secret=settings.service.look_up_secret is LookUpSecret.REQUIRED,
        wording=live_wording(database, catalogues[language or settings.service.language]),
        keywords=keywords,
        bare_replies=settings.conversation.bare_replies,
    )
    return traits.others.facts(service)


def pipeline_parts(  # noqa: PLR0917 - what one process has of each kind
    settings: Settings,
    database: Database,
    ids: IdSource,
    metrics: Metrics,
    now: Now,
    service: ServiceFacts,
    traits: TraitsByChannel,
    *,
    dispatches: bool,
    providers: Mapping[str, str],
    vocabulary: Vocabulary = VOCABULARY,
    handlers: Handlers = HANDLERS,
    conversation: ConversationParts | None = None,
    live_vocabulary: Callable[[], Vocabulary] | None = None,
    switched_off: Callable[[], Off] = nothing_off,
) -> PipelineParts:
    """Return what the pipeline needs from the settings."""
    desk = DispatchContext(
        service=service,
        traits=traits,
        max_attempts=settings.pipeline.max_attempts,
        new_id=ids.new,
        limits=limits_of(settings),
        metrics=metrics,
        short_codes=frozenset(settings.short_codes),
        handlers=handlers,
        vocabulary=vocabulary,
        live_vocabulary=live_vocabulary,
        conversation=conversation,
        switched_off=switched_off,
    )
    return PipelineParts(
        database=database,
        desk=desk,
        short_codes=frozenset(settings.short_codes),
        lease=timedelta(seconds=settings.pipeline.lease_seconds),
        now=now,
        read_parts=LongTexts(settings.links),
        metrics=metrics,
        providers=providers,
        preparers=_preparers(),
        dispatches=dispatches,
        on_thread_start=on_every_core if settings.process.tuning else nothing_to_set,
    )


def checkpoints_of(settings: Settings, database: Database, pipeline: Pipeline) -> Checkpoints | None:
    """Return the thread that writes SQLite's log back; None on PostgreSQL, which does it itself."""
    if not database.is_sqlite:
        return None
    return Checkpoints(database, tuning=settings.process.tuning, spans=pipeline.watch.checkpoints)


def _preparers() -> int:
    """Return how many passwords are hashed at once: one core is for the pipeline, and each hash takes 19 MiB."""
    return max(1, min(4, len(ALLOWED) - 1))


def limits_of(settings: Settings) -> Limits:
    """Return the limits of the guard from the settings."""
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
