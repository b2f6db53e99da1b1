"""Settings to the conversation: nothing when it is off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import randbelow

from db.store.address import TEL
from db.store.engine import Database
from db.units.contacts import has_duty_contacts
from handlers.commands.conversation import CONVERSATION, WITHOUT_URGENT
from handlers.commands.subscription import NOTICE_HANDLERS
from handlers.context import ServiceFacts
from handlers.handler import Handlers
from handlers.wording.catalogue import Wording
from parsers.fields.codes.ticket_numbers import new_number
from parsers.grammar import AnyGrammar, Vocabulary
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.channels.answers_only import unasked_first
from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.http.network_settings import kinds_of_senders
from sms_gateway.clock import Now
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.traits import TraitsByChannel
from sms_gateway.process.live_switch import LiveSwitches
from sms_gateway.process.live_units import LiveUnits
from sms_gateway.process.startup import CannotStartError
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.pipeline_parts import service_facts


class NoDutyContactsError(CannotStartError):
    """Urgent tickets are on, and nobody would be texted."""

    def __init__(self) -> None:
        super().__init__(
            "conversation.urgent is true, and neither the duty unit nor the focal unit has a contact with duty hours; "
            "fix: import the contacts, or write urgent = false"
        )


def handlers_for(settings: Settings, handlers: Handlers) -> Handlers:
    """Return the handlers of the service, with those of notices and of the conversation when they are on."""
    conversation = settings.conversation
    if not settings.notices.enabled and not conversation.enabled:
        return handlers
    wanted = [*handlers.every, *(NOTICE_HANDLERS if settings.notices.enabled else ())]
    if conversation.enabled:
        wanted += CONVERSATION if conversation.urgent else WITHOUT_URGENT
    return Handlers({one.command: one for one in wanted}.values())


def live_tables(
    settings: Settings, database: Database, grammars: Sequence[AnyGrammar], handlers: Handlers, now: Now
) -> LiveTables | None:
    """Return what follows the own tables of a service; None when they are off."""
    return LiveTables(database, settings, grammars, handlers, now) if settings.lookups.enabled else None


def demand_duty_contacts(settings: Settings, database: Database) -> None:
    """Raise NoDutyContactsError when urgent tickets are on and nobody would be texted."""
    if not (settings.conversation.enabled and settings.conversation.urgent):
        return
    with database.read() as connection:
        if not has_duty_contacts(connection):
            raise NoDutyContactsError


def conversation_parts(
    settings: Settings,
    database: Database,
    traits: TraitsByChannel,
    vocabulary: Vocabulary,
    *,
    catalogues: Mapping[str, Wording],
    networks: Networks,
    now: Now,
    switches: LiveSwitches,
    keywords: Mapping[str, str] | None = None,
) -> ConversationParts | None:
    """Return what the conversation of one process needs; None when it is off."""
    given = settings.conversation
    if not given.enabled:
        return None
    return ConversationParts(
        units=LiveUnits(database, now),
        services=services_by_language(settings, database, traits, vocabulary, catalogues, keywords),
        language=settings.service.language,
        traits=traits,
        draw=_draw,
        switched_off=switches,
        free_text=given.free_text.value,
        urgent=given.urgent,
        own_sites=tuple(given.own_sites),
        tickets_a_day=given.tickets_a_day,
        short_codes=frozenset(settings.short_codes),
        senders=telephone_senders(settings, networks),
    )


def services_by_language(  # noqa: PLR0917 - what facts are made of
    settings: Settings,
    database: Database,
    traits: TraitsByChannel,
    vocabulary: Vocabulary,
    catalogues: Mapping[str, Wording],
    keywords: Mapping[str, str] | None,
) -> Mapping[str, ServiceFacts]:
    """Return the facts of the service in each language."""
    return {
        language: service_facts(
            settings, database, traits, vocabulary, catalogues, language=language, keywords=keywords
        )
        for language in catalogues
    }


def _draw() -> str:
    return new_number(randbelow)


def telephone_senders(settings: Settings, networks: Networks) -> Sequence[str]:
    """Return the channels that send to telephones, those of the settings first."""
    to_phones = [name for name, kind in kinds_of_senders(settings, networks).items() if kind == TEL]
    return unasked_first(to_phones, settings, networks)
