"""Registrations with a word before or behind the name, with known truth: `python -m tests.generators.other_words`."""

from __future__ import annotations

import random

from parsers import read
from parsers.commands import RegisterAccount
from parsers.printed import as_json
from tests.generators import registration_words as words
from tests.generators.generated import Reading, Sample, main
from tests.generators.people import TODAY, a_person
from tests.generators.typing_methods import without_accents


def a_registration_with_other_words(chance: random.Random) -> Sample:
    """Make up a registration whose name has a word beside it: it is asked back, or read without that word."""
    person = a_person(chance)
    name = " ".join(person.words)
    before = chance.random() < 0.5
    other = chance.choice(words.BEFORE_NAMES if before else words.BEHIND_NAMES)
    if chance.random() < 0.5:
        name, other = without_accents(name), without_accents(other)
    written = f"{other} {name}" if before else f"{name} {other}"
    born = f"{person.day or 1}/{person.month or 1}/{person.year}" if person.day is not None else str(person.year)
    keyword = chance.choice(("TK, ", "TK ", "TK: ", "dang ky tai khoan ", "mo tk "))
    is_last = keyword.startswith("TK") and chance.random() < 0.5
    gap = chance.choice((", ", ", ", "; ", "\n", " "))
    fields = (person.number, born, written) if is_last else (written, person.number, born)
    text = keyword + gap.join(fields)
    reading = read(text, today=TODAY)
    judged = Reading.ASKED
    if isinstance(reading, RegisterAccount):
        judged = Reading.RIGHT if reading.full_name == name else Reading.WRONG
    return Sample(
        text=text,
        shape=f"{'before' if before else 'behind'} {other.replace(' ', '_')}",
        reading=judged,
        read_as=f"truth {name}, read as {as_json(reading)}",
    )


if __name__ == "__main__":
    main(a_registration_with_other_words, __doc__)
