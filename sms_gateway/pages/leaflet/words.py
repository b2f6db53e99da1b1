"""The words of the leaflet in its own language, with the numbers, the keywords and the price of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.context import ServiceFacts
from handlers.handler import Handlers
from parsers import read
from parsers.commands import Command
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from sms_gateway.settings.model import Settings
from sms_gateway.web.language import say_in

HELP = "help"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a leaflet is written with: its language, and the service as the settings make it.

    The switches of operators are no part of it: a service that is off for now stays on paper.
    """

    language: str
    settings: Settings
    service: ServiceFacts
    vocabulary: Vocabulary
    handlers: Handlers
    today: date

    @property
    def short_code(self) -> str:
        """Return the number that texts go to."""
        return self.settings.short_codes[0]

    @property
    def other_numbers(self) -> Sequence[str]:
        """Return the other numbers that texts may go to."""
        return self.settings.short_codes[1:]

    @property
    def converses(self) -> bool:
        """Return whether people answer questions by text."""
        return self.settings.conversation.enabled

    @property
    def has_notices(self) -> bool:
        """Return whether citizens can be told of their dossiers."""
        return self.settings.notices.enabled

    @property
    def help_word(self) -> str:
        """Return the keyword of the help."""
        return self.vocabulary.taught[HELP]

    def say(self, key: str, **values: object) -> str:
        """Return the words for a key; raises KeyError when there are none, which is our mistake."""
        found = self.find(key, **values)
        if found is None:
            raise KeyError(key)
        return found

    def find(self, key: str, **values: object) -> str | None:
        """Return the words for a key; None when there are none."""
        return say_in(self.language, key, **{**self._facts, **values})

    def read(self, text: str) -> Command | None:
        """Return the command that a text is read as; None when it is none."""
        reading = read(
            text,
            today=self.today,
            short_codes=self.settings.short_codes,
            with_secrets=self.service.asks_secret,
            vocabulary=self.vocabulary,
        )
        return None if isinstance(reading, Misread) else reading

    @property
    def _facts(self) -> Mapping[str, object]:
        facts = self.settings.service
        return {
            "short_code": self.short_code,
            "hotline": facts.hotline,
            "price": facts.price,
            "place": facts.password_place,
            "help": self.help_word,
        }
