"""A remark: no keyword begins it. What it is about, the sender's tickets decide (handlers.conversation)."""

from __future__ import annotations

from parsers.commands.conversation import Remark
from parsers.grammar import Grammar, Vocabulary
from parsers.localised_message import LocalisedMessage
from parsers.reasons import REASONS


def _official_form(command: Remark, keyword: str, vocabulary: Vocabulary) -> str:
    del keyword, vocabulary
    return command.words


def _why(command: Remark) -> LocalisedMessage:
    del command
    return REASONS.message("remark")


GRAMMAR = Grammar(
    command=Remark,
    service="remark",
    is_offered=False,
    is_conversation=True,
    survives_gaps=True,
    printed=lambda command: {"question": command.is_question, "about": command.about, "near": command.near},
    official_form=_official_form,
    why=_why,
)
