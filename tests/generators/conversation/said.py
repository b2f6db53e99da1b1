"""What a text says: its meaning, drawn before the text is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """The kinds of texts that the filing rules tell apart."""

    QUESTION = "question"
    REPORT = "report"
    PROPOSAL = "proposal"
    SUGGESTION = "suggestion"
    SOS = "urgent"
    FRAME = "frame"
    """`cho toi hoi …`: words that count as HOI where nothing waits for them."""
    WORDS = "words"
    """A remark: no keyword, no number, no code."""
    REACTION = "reaction"
    SIGNS = "signs"
    """No letter, no digit, no known emoji."""
    NUMBER = "number"
    """A number alone."""
    TT_NUMBER = "TT number"
    REPLY = "reply"
    """TL and a number, or a number in front, and words."""
    INSIDE = "inside"
    """A number somewhere in words."""
    INSIDE_TWO = "inside two"
    RATING = "rating"
    WITHDRAWAL = "withdrawal"
    """HUY and a number, alone or with courtesy."""
    WITHDRAWAL_WITH_WORDS = "withdrawal with words"
    BARE_WITHDRAWAL = "bare withdrawal"
    BARE_KEYWORD = "bare keyword"
    """HOI alone: help."""
    PLAIN = "plain"
    """A command that touches no ticket; `command` names it."""
    MISREAD = "misread"
    """The keyword TK or DVC with content that is not read."""
    NEAR_TK = "near TK"
    """Personal data without keyword, or a slip of TK or DVC."""
    NEAR_KEYWORD = "near keyword"
    """A slip of a keyword of the conversation (`PAden`)."""
    CODE = "code"
    """A dossier code without keyword, alone or in words."""
    TK_QUESTION = "TK question"
    """TK or DVC and four words that ask something."""
    WITH_PERSON = "with person"
    """HOI, PA, KN or GY with complete TK content."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The meaning of one text."""

    meaning: Meaning
    command: str | None = None
    reaction: str | None = None
    """`yes`, `polite`, `no`, `thanks`, `ok`, `digit`, `score`, `bad_score`, `stop`, `done`, `unclear`."""
    value: int | None = None
    by_words: bool = False
    """The score is a word of the scale (`rat tot`); no choice is meant."""
    number: str | None = None
    """As it was meant to be read: `YC` and digits."""
    other: str | None = None
    """The second number."""
    is_bare: bool = False
    """The number is written without YC and #: it counts only where it is the sender's."""
    in_front: bool = False
    """A reaction beside a number: behind TL or in front, not at the end."""
    words: int = 4
    asks: bool = False
    """It holds a question word."""
    urgent: bool = False
    """It holds an urgent phrase."""
