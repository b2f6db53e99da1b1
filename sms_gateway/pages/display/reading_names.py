"""Names of readings, outcomes and parts of a text, in words."""

from __future__ import annotations

from parsers.reasons import MISREAD
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.web.language import say, say_or

_COMMANDS = frozenset(grammar.name for grammar in CONVERSATION_VOCABULARY.grammars)
"""The names of all commands: in explanations, a text is taken for one."""


def shown_outcome(outcome: str | None) -> str:
    """Put an outcome into words; an unknown one is returned as it is."""
    return "" if outcome is None else say_or("outcome." + outcome, outcome)


def shown_reading(reading: str | None) -> str:
    """Put a reading into words; an unknown one is returned as it is."""
    if reading is None:
        return say("reading.none")
    kind, _, detail = reading.partition(":")
    if detail:
        return f"{say('reading.misread')}: {say_or('misread.' + detail, detail)}"
    return say_or("reading." + kind, reading)


def shown_taken_for(taken_for: str) -> str:
    """Put into words what a part of a text was taken for (parsers.reasons.TAKEN_FOR)."""
    if taken_for.startswith(MISREAD):
        return say("step.misread", kind=say(f"misread.{taken_for.removeprefix(MISREAD)}"))
    if taken_for in _COMMANDS:
        return say(f"reading.{taken_for}")
    return say(f"step.{taken_for.replace(' ', '_')}")
