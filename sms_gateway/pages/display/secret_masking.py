"""The secrets of look-ups on pages: hidden in every text that may hold one, until somebody reveals the text."""

from __future__ import annotations

from parsers import read
from parsers.commands import ShowHelp
from parsers.commands.tables import PREFIX
from parsers.grammar import Vocabulary
from parsers.grammars import EVERY
from parsers.masking import MAY_HOLD_SECRET, secret_places
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.masking import HIDDEN

_READINGS = frozenset(
    {
        ShowHelp.name,  # a text about a password
        *(grammar.name for grammar in EVERY if grammar.holds_secrets),
        *(f"misread:{kind.value}" for kind in MAY_HOLD_SECRET),
    }
)
"""The readings of a text that may hold a secret; in all others no secret is hidden."""


def without_secret(body: str, reading: str | None) -> str:
    """Return the words of a text with each character of a possible secret hidden; the length stays."""
    parts = dependencies()
    if reading is not None and reading not in _READINGS and not _is_of_table_with_secret(reading, parts.vocabulary):
        return body
    if not parts.service.asks_secret and not parts.vocabulary.has_own_secrets:
        return body
    today = parts.now().astimezone(LOCAL_ZONE).date()  # unimportant: a look-up holds no date
    read_anew = read(
        body,
        today=today,
        short_codes=parts.settings.short_codes,
        with_secrets=parts.service.asks_secret,
        vocabulary=parts.vocabulary,
    )
    places = secret_places(body, read_anew, parts.vocabulary)
    return "".join(HIDDEN if place in places else letter for place, letter in enumerate(body))


def _is_of_table_with_secret(reading: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text was read as one for a table with a secret; one of a table that is gone counts as such."""
    grammar = vocabulary.named(reading)
    return reading.startswith(PREFIX) and (grammar is None or grammar.holds_secrets)
