"""Thanks, or ok: no keyword begins it, and nothing is asked (parsers.text.courtesy reads it)."""

from __future__ import annotations

from parsers.commands import TakeThanks
from parsers.grammar import Grammar, Vocabulary
from parsers.localised_message import LocalisedMessage
from parsers.reasons import REASONS


def _official_form(command: TakeThanks, keyword: str, vocabulary: Vocabulary) -> str:
    del command, keyword, vocabulary
    return "CAM ON"


def _why(command: TakeThanks) -> LocalisedMessage:
    del command
    return REASONS.message("thanks")


GRAMMAR = Grammar(command=TakeThanks, service="thanks", is_offered=False, official_form=_official_form, why=_why)
