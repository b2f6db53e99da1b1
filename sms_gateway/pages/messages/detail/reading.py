"""Why a text was read as it was: its normal form with the differences marked, and the parser's steps.

A stranger wrote the text, so the length of what is compared and shown is bounded.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from db.reports.message_log import TextRow
from parsers.explanation import Explanation, explain
from parsers.grammar import Vocabulary
from parsers.masking import hide_secrets, secret_places
from parsers.printed import as_json
from parsers.vocabulary import VOCABULARY
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.display.reading_names import shown_taken_for
from sms_gateway.pages.messages.detail.comparison import Piece, compare
from sms_gateway.pages.messages.row_display import keeps_codes
from sms_gateway.web.language import say
from sms_gateway.web.masking import hidden_places, mask_text, readable

MOST_COMPARED = 1600
"""Characters compared one by one; ten segments."""

_NAME = "Nguyen Van A"
_SHOWN_HEAD = 3
_ANY_DAY = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownStep:
    """One step of the parser, masked, in the reader's language."""

    part: str
    taken_for: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownReading:
    """The steps from the raw text to the reading."""

    raw: tuple[Piece, ...]
    normal: tuple[Piece, ...]
    steps: tuple[ShownStep, ...]
    test_case: str  # a line of tests/corpus, with invented data


def shown_way(
    text: TextRow,
    short_codes: Collection[str],
    *,
    clear: bool,
    with_secrets: bool = False,
    vocabulary: Vocabulary = VOCABULARY,
) -> ShownReading:
    """Return how this version's parser reads a text, on the day that it came."""
    day = text.received_at.astimezone(LOCAL_ZONE).date()
    told = explain(text.body, today=day, short_codes=short_codes, with_secrets=with_secrets, vocabulary=vocabulary)
    keeps = keeps_codes(text)

    def shown(part: str) -> str:
        return readable(part[:MOST_COMPARED]) if clear else mask_text(part, keeps_codes=keeps, most=MOST_COMPARED)

    def shown_whole(words: str) -> str:
        return shown(words if clear else hide_secrets(words, told.reading, vocabulary))

    raw, normal = compare(shown_whole(text.body), shown_whole(told.normal))
    return ShownReading(
        raw=raw,
        normal=normal,
        steps=tuple(
            ShownStep(part=shown(step.part), taken_for=shown_taken_for(step.taken_for), why=shown(say(step.why)))
            for step in told.steps
        ),
        test_case=corpus_line(told, short_codes, vocabulary),
    )


def corpus_line(told: Explanation, short_codes: Collection[str], vocabulary: Vocabulary = VOCABULARY) -> str:
    """Write a text as a case for the parser's corpus, with invented people and numbers.

    Beside it is the reading of the invented text. When it differs from the reading of the real text, an invented part
    is the cause, and the reader sees it before the case is added.
    """
    text = _without_secrets(told, vocabulary)
    for step in told.steps:
        if step.taken_for == "full_name" and step.part:
            text = text.replace(step.part, _NAME)
    text = _invented(text)
    reading = explain(text, today=_ANY_DAY, short_codes=short_codes, vocabulary=vocabulary).reading
    case = {"text": text, "expected": as_json(reading, vocabulary)}
    written = json.dumps(case, ensure_ascii=False)
    # UTF-8 cannot hold half a surrogate pair. It is written as an escape, so that the case is the same text.
    return written if readable(written) == written else json.dumps(case)


def _without_secrets(told: Explanation, vocabulary: Vocabulary) -> str:
    places = secret_places(told.raw, told.reading, vocabulary)
    return "".join(
        letter if place not in places else str(place % 10) if letter.isdigit() else "X"
        for place, letter in enumerate(told.raw)
    )


def _invented(text: str) -> str:
    """Replace the digits that pages hide; the first three of each number stay, since they show its kind."""
    letters = list(text)
    before, run = -1, 0
    for place in sorted(hidden_places(text, keeps_codes=False)):
        run = run + 1 if place == before + 1 else 1
        if run > _SHOWN_HEAD and letters[place].isdigit():
            letters[place] = str(place % 10)
        before = place
    return "".join(letters)
