"""The corpus of the conversation: texts by hand with their meaning, each in every situation by hand.

`python -m tests.generators.conversation.corpus` writes the lines that `sms-gateway file --json` reads, each with what
the rules expect.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.generators.conversation.known import Expected
from tests.generators.conversation.rules import expected
from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import BY_HAND, Situation

CORPUS = Path(__file__).parents[2] / "corpus" / "conversation.jsonl"
ROWS = CORPUS.with_name("conversation_rows.jsonl")
"""Texts with a situation of their own, for what the rules written a second time leave out."""


class Case(NamedTuple):
    """One text in one situation, and what the rules say."""

    label: str
    text: str
    situation: Situation
    expected: Expected


def rows() -> list[Case]:
    """Read the texts with a situation of their own."""
    lines = map(json.loads, ROWS.read_text("utf-8").splitlines())
    return [Case(line["rule"], line["text"], line["situation"], line["expect"]) for line in lines]


def texts() -> list[tuple[str, Said]]:
    """Read the texts by hand."""
    lines = map(json.loads, CORPUS.read_text("utf-8").splitlines())
    return [(line["text"], Said(**{**line["said"], "meaning": Meaning(line["said"]["meaning"])})) for line in lines]


def cases() -> Iterator[Case]:
    """Yield every text in every situation in which the design says what happens."""
    for text, said in texts():
        for name, given in BY_HAND.items():
            wanted = expected(said, given)
            if wanted is not None:
                yield Case(f"{said.meaning} {name}", text, given, wanted)


if __name__ == "__main__":
    for case in (*cases(), *rows()):
        line = {"text": case.text, "situation": case.situation, "expect": case.expected, "label": case.label}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
