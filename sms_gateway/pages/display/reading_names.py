"""Names of readings, outcomes and parts of a text, in words."""

from __future__ import annotations

from parsers.commands.conversation import Remark
from parsers.commands.tables import PREFIX
from parsers.grammars import EVERY
from parsers.grammars.conversation import CONVERSATION
from parsers.reasons import MISREAD
from sms_gateway.web.language import say, say_or


def shown_outcome(outcome: str | None) -> str:
    """Put an outcome into words; an unknown one is returned as it is."""
    return "" if outcome is None else say_or("outcome." + outcome, outcome)


def shown_service(name: str) -> str:
    """Put the name of a service that can be switched off into words."""
    if name.startswith(PREFIX):
        return say("switched.table", name=name.removeprefix(PREFIX))
    return say_or("switched." + name, name)


def shown_reading(reading: str | None) -> str:
    """Put a reading into words; an unknown one is returned as it is."""
    if reading is None:
        return say("reading.none")
    kind, _, detail = reading.partition(":")
    if kind == Remark.name and detail:
        return f"{say('reading.remark')}: {say_or('filing_rule.' + detail, detail)}"
    if detail:
        return f"{say('reading.misread')}: {say_or('misread.' + detail, detail)}"
    if kind.startswith(PREFIX):
        return say("step.own_table", name=kind.removeprefix(PREFIX))
    return say_or("reading." + kind, reading)


def shown_taken_for(taken_for: str) -> str:
    """Put into words what a part of a text was taken for (parsers.reasons.TAKEN_FOR)."""
    if taken_for.startswith(MISREAD):
        return say("step.misread", kind=say(f"misread.{taken_for.removeprefix(MISREAD)}"))
    if any(taken_for == grammar.name for grammar in (*EVERY, *CONVERSATION)):
        return say(f"reading.{taken_for}")
    if taken_for.startswith(PREFIX):
        return say("step.own_table", name=taken_for.removeprefix(PREFIX))
    return say(f"step.{taken_for.replace(' ', '_')}")
