"""Where the secrets of a look-up stand in its text, so that whoever shows the text can hide them.

What is not known to be harmless is hidden: of a look-up everything with a digit in it that is no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.commands import Command, CommandName, HelpTopic, LookUpStatus, ShowHelp
from parsers.misread import Misread, MisreadKind
from parsers.text.normal_form import fold, normalise

HIDDEN = "*"

_RUN = re.compile(r"[^\W_]+")
_PASSWORD = re.compile(r"[A-Z]{6,12}")
_KEYWORD = "DVC"
_UNREAD = frozenset(
    {MisreadKind.RECEIPT_CODE, MisreadKind.TOO_MANY_CODES, MisreadKind.TWO_COMMANDS, MisreadKind.UNKNOWN_KEYWORD}
)


def hide_secrets(text: str, reading: Command | Misread) -> str:
    """Write a text with a star for each character of a secret; the reading is that of this text.

    >>> from parsers.commands import CanonicalCode, ReceiptCode
    >>> code = ReceiptCode(written="H17-230815-0007", canonical=CanonicalCode("H172308150007"), secret="1234")
    >>> hide_secrets("DVC h17-230815-0007 cccd 1234", LookUpStatus(codes=(code,)))
    'DVC h17-230815-0007 cccd ****'
    """
    places = secret_places(text, reading)
    return "".join(HIDDEN if place in places else letter for place, letter in enumerate(text))


def secret_places(text: str, reading: Command | Misread) -> frozenset[int]:
    """Return the places of a text that may hold a secret; none when its service asks for none.

    A text about a password may hold it, whatever the service asks for.
    """
    match reading:
        case LookUpStatus() if any(code.secret is not None for code in reading.codes):
            return frozenset(_beside_codes(text, reading))
        case Misread() if reading.kind in _UNREAD and reading.command in {None, CommandName.LOOK_UP_STATUS}:
            return frozenset(_unread(text)) if reading.may_hold_secret else frozenset()
        case ShowHelp(topic=HelpTopic.PASSWORD):
            return frozenset(_unread(text))
        case _:
            return frozenset()


def _unread(text: str) -> Iterator[int]:
    for run in _RUN.finditer(text):
        if _has_digit(run.group()) or _PASSWORD.fullmatch(run.group()):
            yield from range(run.start(), run.end())


def _beside_codes(text: str, reading: LookUpStatus) -> Iterator[int]:
    alone = {sign: fold(normalise(sign)) for sign in set(text)}  # each sign once, however often it comes
    letters = [(letter, place) for place, sign in enumerate(text) for letter in alone[sign] if letter.isalnum()]
    joined = "".join(letter for letter, _ in letters)
    codes = {place for code in reading.codes for place in _places_of_code(text, letters, joined, code.canonical)}
    is_missed = any(not code.secret for code in reading.codes)  # it may stand where nobody looked for it
    for run in _RUN.finditer(text):
        if _has_digit(run.group()) or (is_missed and _PASSWORD.fullmatch(run.group())):
            yield from (place for place in range(run.start(), run.end()) if place not in codes)
    for secret in {code.secret for code in reading.codes if code.secret}:
        if secret not in joined and not _has_digit(secret):
            yield from (place for _, place in letters if place not in codes)
        for found in re.finditer(re.escape(secret), joined):
            places = {place for _, place in letters[found.start() : found.end()]}
            yield from places - codes


def _places_of_code(text: str, letters: list[tuple[str, int]], joined: str, canonical: str) -> set[int]:
    """Return where a code stands by itself, or behind the keyword; nothing when that is not sure."""
    for found in re.finditer(re.escape(canonical), joined):
        first, last = letters[found.start()][1], letters[found.end() - 1][1]
        is_glued = joined[: found.start()].endswith(_KEYWORD)
        begins = is_glued or not text[max(first - 1, 0) : first].isalnum()
        if begins and not text[last + 1 : last + 2].isalnum():
            start = letters[found.start() - len(_KEYWORD)][1] if is_glued else first
            return set(range(start, last + 1))
    return set()


def _has_digit(text: str) -> bool:
    return any(letter.isdecimal() for letter in text)
