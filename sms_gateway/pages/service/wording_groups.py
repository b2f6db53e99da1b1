"""The phrases in groups, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from handlers.wording.phrases import Phrase

FIRST_OF_GROUP: Mapping[Phrase, str] = MappingProxyType(
    {
        Phrase.ACCOUNT_OPENED: "accounts",
        Phrase.DOSSIER: "dossiers",
        Phrase.HELP: "help",
        Phrase.SEND: "copies",
        Phrase.WRONG_FULL_NAME: "faults",
        Phrase.APOLOGY: "limits",
    }
)
"""Phrases are in the order of their groups; each group begins with one of these."""


def grouped() -> Sequence[tuple[str, Sequence[Phrase]]]:
    """Return each group with its phrases."""
    groups: list[tuple[str, list[Phrase]]] = []
    for phrase in Phrase:
        if phrase in FIRST_OF_GROUP:
            groups.append((FIRST_OF_GROUP[phrase], []))
        groups[-1][1].append(phrase)
    return groups
