"""The phrases in groups, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from handlers.wording.conversation_placeholders import CONVERSATION
from handlers.wording.phrases import Phrase
from sms_gateway.settings.switches import NOTICES, IsOn, all_on

FIRST_OF_GROUP: Mapping[Phrase, str] = MappingProxyType(
    {
        Phrase.ACCOUNT_OPENED: "accounts",
        Phrase.DOSSIER: "dossiers",
        Phrase.HELP: "help",
        Phrase.SEND: "copies",
        Phrase.WRONG_FULL_NAME: "faults",
        Phrase.APOLOGY: "limits",
        Phrase.SUBSCRIBED: "notices",
        Phrase.QUESTION_OPENED: "intake",
        Phrase.TICKET_STATUS: "tickets",
        Phrase.WHICH: "asks",
        Phrase.AGENT_ANSWER: "agents",
        Phrase.DUTY_CALL: "duty",
        Phrase.SHORT_HELP: "conversation_help",
        Phrase.HOW_TO_REPLY: "words",
    }
)
"""Phrases are in the order of their groups; each group begins with one of these."""

_OF_CONVERSATION = frozenset({"intake", "tickets", "asks", "agents", "duty", "conversation_help", "words"})


def grouped(is_on: IsOn = all_on) -> Sequence[tuple[str, Sequence[Phrase]]]:
    """Return each group with its phrases; those of the conversation only when one of its services is on."""
    groups: list[tuple[str, list[Phrase]]] = []
    for phrase in Phrase:
        if phrase in FIRST_OF_GROUP:
            groups.append((FIRST_OF_GROUP[phrase], []))
        groups[-1][1].append(phrase)
    converses = any(map(is_on, CONVERSATION))
    shown = [(name, phrases) for name, phrases in groups if converses or name not in _OF_CONVERSATION]
    return [(name, phrases) for name, phrases in shown if name != "notices" or is_on(NOTICES)]
