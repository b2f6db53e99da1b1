"""The corpus of the conversation: texts by hand with their meaning, each filed in every situation by hand.

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
CHANGES_NOTHING = frozenset(
    ["ask_which", "ask_send", "ask_score", "ask_unclear", "ask_back", "not_yours", "help", "silent", "unfiled"]
)
"""What files nothing anywhere: the citizen is asked, or is told that nothing was done."""


class Case(NamedTuple):
    """One text in one situation, and what the rules say."""

    label: str
    text: str
    situation: Situation
    expected: Expected


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


def differences(wanted: Expected, filed: Expected) -> Expected:
    """Return what was filed otherwise."""
    return {key: filed.get(key) for key, value in wanted.items() if filed.get(key) != value}


def is_filed_wrongly(wanted: Expected, filed: Expected) -> bool:
    """Return whether a text went somewhere it does not belong: another ticket, another act than asking."""
    wrong = differences(wanted, filed)
    return filed.get("does") not in CHANGES_NOTHING and ("does" in wrong or "ticket" in wrong or "score" in wrong)


if __name__ == "__main__":
    for case in cases():
        line = {"text": case.text, "situation": case.situation, "expect": case.expected, "label": case.label}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
