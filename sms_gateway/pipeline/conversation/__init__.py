"""What the conversation needs besides its texts: the units, its settings, and the facts of the service by language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from db.schema import Priority
from handlers.context import ServiceFacts
from handlers.conversation.units_now import UnitsNow
from parsers.commands.notices import Subscribe
from parsers.grammar import Vocabulary
from parsers.grammars.conversation import withdrawal
from sms_gateway.pipeline.traits import TraitsByChannel
from sms_gateway.settings.switches import CONVERSATION, Off, nothing_off

ANSWER_LASTS = timedelta(hours=24)
"""How long what an agent wrote may wait to be sent."""

URGENT_LASTS = timedelta(hours=1)
"""The same for an urgent ticket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationParts:
    """The conversation of one process; made when it is on."""

    units: UnitsNow
    services: Mapping[str, ServiceFacts]
    """The facts of the service, with its wording, by language."""
    language: str
    """Of the service, for citizens who chose none."""
    traits: TraitsByChannel
    draw: Callable[[], str]
    """Draws a ticket number."""
    free_text: str = "ask"
    """What becomes of a text without a keyword: ask, open or off."""
    urgent: bool = False
    """Whether urgent tickets are taken, and people on duty texted."""
    own_sites: Sequence[str] = ()
    """Hosts of links that agents may send."""
    tickets_a_day: int = 5
    switched_off: Callable[[], Off] = nothing_off
    """Reports which services operators switched off for now."""
    short_codes: Collection[str] = ("8188",)
    """The numbers that citizens text to; a text to any other is answered as one to the channel's own."""
    senders: Sequence[str] = ()
    """The channels that send to telephones, those of the settings first."""

    def is_shut(self) -> bool:
        """Return whether an operator switched the conversation off for now."""
        return CONVERSATION in self.switched_off()

    @property
    def is_open(self) -> bool:
        """Return whether texts are filed now: no operator switched it off, and a unit is the focal unit."""
        return not self.is_shut() and self.units() is not None

    def facts_for(self, link: str, short_code: str, language: str | None) -> ServiceFacts:
        """Return the facts that an answer names.

        They are those of the channel that sends it, with the number that was texted to and the citizen's language.
        """
        service = self.services.get(language or self.language) or self.services[self.language]
        facts = self.traits.of(link).facts(service)
        if facts.short_code == short_code or short_code not in self.short_codes:
            return facts
        return replace(facts, short_code=short_code)


def without_people(service: ServiceFacts, vocabulary: Vocabulary) -> ServiceFacts:
    """Return the facts while nobody takes texts: no keyword of the conversation, but for the one that ends notices."""
    keeps = {withdrawal.GRAMMAR.service} if vocabulary.named(Subscribe.name) is not None else set[str]()
    filed = {one.service for one in vocabulary.grammars if one.is_conversation} - keeps
    return replace(service, keywords={name: word for name, word in service.keywords.items() if name not in filed})


def lasts(priority: Priority) -> timedelta:
    """Return how long what is written to a citizen may wait to be sent."""
    return URGENT_LASTS if priority is Priority.URGENT else ANSWER_LASTS
