"""The corpus: what citizens really type, read against the policy. Each line says which sentence it holds."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TypedDict

from parsers import read
from parsers.printed import as_json

TODAY = date(2026, 11, 22)
CORPUS = Path(__file__).parent / "corpus"


class Message(TypedDict):
    label: str
    text: str
    expected: dict[str, object]
    rule: str


def load() -> list[tuple[str, Message]]:
    return [
        (f"{file.stem}: {message['label']}", message)
        for file in sorted(CORPUS.glob("*.jsonl"))
        for message in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]


MESSAGES = load()


def shape(text: str) -> str:
    """Two texts have one shape when only their letters and digits differ."""
    return re.sub(r"a+", "a", re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text.lower())))


def test_reads_as_the_policy_says() -> None:
    printed = {label: as_json(read(message["text"], today=TODAY)) for label, message in MESSAGES}
    expected = {label: (message["expected"], message["rule"]) for label, message in MESSAGES}
    wrong = {label: (one, *expected[label]) for label, one in printed.items() if one != expected[label][0]}
    assert wrong == {}, "each with what was read, what is expected and the rule that says so"
    unordered = [label for label, one in printed.items() if list(one) != list(expected[label][0])]
    assert unordered == [], "the order of the keys is part of the form"


def test_holds_enough_messages_of_enough_shapes() -> None:
    assert len(MESSAGES) >= 500
    assert len({shape(message["text"]) for _, message in MESSAGES}) >= 250


def test_labels_are_unique() -> None:
    labels = [label for label, _ in MESSAGES]
    assert len(labels) == len(set(labels))
