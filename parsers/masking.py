"""The places of secrets in a text, so that code that shows the text can hide them.

Everything that may be a secret is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.commands import PASSWORD, Command, ShowHelp
from parsers.commands.conversation import Remark
from parsers.grammar import Vocabulary
from parsers.misread import Misread, MisreadKind
from parsers.vocabulary import VOCABULARY

HIDDEN = "*"

_RUN = re.compile(r"[^\W_]+")
_PASSWORD = re.compile(r"[A-Z]{6,12}")
_UNREAD = frozenset(
    {MisreadKind.RECEIPT_CODE, MisreadKind.TOO_MANY_CODES, MisreadKind.TWO_COMMANDS, MisreadKind.UNKNOWN_KEYWORD}
)
MAY_HOLD_SECRET = _UNREAD | {MisreadKind.INCOMPLETE}
"""What a text with a secret can have been misread as, before a later version reads it again."""


def hide_secrets(text: str, reading: Command | Misread, vocabulary: Vocabulary = VOCABULARY) -> str:
    """Write a text with a star for each character of a secret; the reading is that of this text.

    >>> from parsers.commands import CanonicalCode, LookUpStatus, ReceiptCode
    >>> code = ReceiptCode(written="H17-230815-0007", canonical=CanonicalCode("H172308150007"), secret="1234")
    >>> hide_secrets("DVC h17-230815-0007 cccd 1234", LookUpStatus(codes=(code,)))
    'DVC h17-230815-0007 cccd ****'
    """
    places = secret_places(text, reading, vocabulary)
    return "".join(HIDDEN if place in places else letter for place, letter in enumerate(text))


def secret_places(text: str, reading: Command | Misread, vocabulary: Vocabulary = VOCABULARY) -> frozenset[int]:
    """Return the places of a text that may hold a secret; none when its service asks for none.

    A text about a password may hold it, whatever the service asks for.
    """
    match reading:
        case Misread():
            meant = vocabulary.named(reading.command)
            may_hold = reading.command is None or (meant is not None and meant.holds_secrets)
            is_unread = reading.kind in _UNREAD and may_hold and reading.may_hold_secret
            keywords = () if meant is None else vocabulary.words_of(meant.name)
            return frozenset(_unread(text, keywords)) if is_unread else frozenset()
        case Remark():
            return frozenset(_unread(text)) if reading.may_hold_secret else frozenset()
        case ShowHelp(topic=topic) if topic == PASSWORD:
            return frozenset(_unread(text))
        case _:
            return vocabulary.of(reading).secret_places(text, reading, vocabulary.words_of(reading.name))


def _unread(text: str, keywords: Sequence[str] = ()) -> Iterator[int]:
    """Return the places of words that may be a secret; the keyword of the command that was meant is none."""
    for run in _RUN.finditer(text):
        if run.group() in keywords:
            continue
        if any(letter.isdecimal() for letter in run.group()) or _PASSWORD.fullmatch(run.group()):
            yield from range(run.start(), run.end())
