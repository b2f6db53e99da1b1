"""One sender's way of writing a registration, and how that sender writes labels."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.generators import registration_words as words
from tests.generators.people import Person
from tests.generators.typing_methods import without_accents


@dataclass(slots=True)
class Writer:
    """One sender's way of writing, drawn once for a text; `shapes` collects what is special about it."""

    chance: random.Random
    person: Person
    accents: bool = False
    case: str = "title"
    separator: str = ", "
    labels: float = 0.0
    name: str = ""
    shapes: list[str] = field(default_factory=list)
    is_doubtful: bool = False

    def happens(self, share: float, shape: str = "") -> bool:
        """Tell whether something of this share happens in this text, and remember it."""
        happened = self.chance.random() < share
        if happened and shape:
            self.shapes.append(shape)
        return happened

    def say(self, phrase: str) -> str:
        """Write words that are no name as this sender does."""
        phrase = phrase if self.accents and self.chance.random() < 0.9 else without_accents(phrase)
        kind = self.chance.random()
        if self.case == "upper" and kind < 0.6:
            return phrase.upper()
        return phrase if kind < 0.7 else phrase.capitalize() if kind < 0.97 else phrase.upper()


def labelled(writer: Writer, labels: Sequence[str], value: str) -> str:
    if not writer.happens(writer.labels):
        return value
    if labels is words.DATE_LABELS and writer.person.words[-1] == "Sinh":
        labels = [
            label for label in labels if label != "ngày"
        ]  # `sinh ngay` is likelier a label than a name and a label
    label = writer.say(writer.chance.choice(labels))
    if labels is words.NAME_LABELS and writer.person.words[0] == "La":
        return f"{label}: {value}"  # without a mark the likelier reading is the word `la`
    return label + writer.chance.choice((": ", ": ", " ", " ", ":", " - ", " = ", " : ")) + value
