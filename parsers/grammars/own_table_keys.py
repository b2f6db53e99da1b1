"""The key of an own table in what follows its keyword, and the secret that opens its row.

A secret follows a word that says so, or it is the last word that can be one. Where a text has two readings, both are
returned: the rows decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from parsers.commands.tables import TableKey
from parsers.fields.codes.receipt_codes import MOST_CHARACTERS, canonical_form
from parsers.grammars.status_lookup_secrets import SECRETS_LABEL
from parsers.text.excerpt import Excerpt


class KeyShape(StrEnum):
    """How the key of a table is read."""

    DIGITS = "digits"
    CODE = "code"
    WORDS = "words"
    NONE = "none"


class Word(NamedTuple):
    """A word of a text; `is_apart` when a comma or another separator is before it."""

    shown: str
    folded: str
    is_apart: bool


SHORTEST_SECRET, LONGEST_SECRET = 4, 12
"""Letters and digits of a secret."""
MOST_WORDS = 8
"""Words of a key; a text with more is no look-up."""

MOST_READINGS = 4
"""Readings of one text: each is looked for."""

_FIRST_DIGITS = 4
"""Digits of the secret that people write before their key: the end of an identity number."""
_LETTERS_OF_A_PASSWORD = 6
"""Letters of a last word that is a password in any case; a shorter one only where no digits can be the secret."""
_SYLLABLE = 2
"""Letters of a word that can be part of a secret that was written with blanks: `AB 12 CD`."""

_WORD = re.compile(r"[^\W_](?:[^\s,;:()<>\"]*[^\W_])?")
_DIGIT = re.compile("[0-9]")
_LABEL = re.compile(
    r"(?:[\s:.,=#*'\"<(-]|(?:MA|SO|TUYEN|XE|KHACH\s*HANG|KH|MKH|HOA\s*DON|TRAM|THE|CUA|LA|TOI|EM|VE|CHO|XEM|HOI|TRA\s*CUU"
    r"|NHE|VOI|GIUP)(?![^\W_]))+"
)
"""Words before a key that are no part of it."""
_LABEL_WORD = re.compile(r"[^\W_]+")
_NEVER_IN_A_CODE = re.compile(r"(?:CUA|LA|TOI|EM|VE|XEM|HOI|CUU|NHE|VOI|GIUP|HANG|DON)(?![^\W_])")
"""Words before a key that are polite words or ends of labels; other ones may be its letters."""
_TIME = re.compile(
    r"(?<![^\W_])(?:(?:LUC|THANG|KY|NGAY)\s*[0-9]{1,2}(?:/[0-9]{4})?H?|NAM\s*(?:19|20)[0-9]{2})(?![^\W_]|/)"
)
"""A time among the words of a code: `thang 11`."""
_SEPARATORS = frozenset(",;+&|/")
_AND = frozenset({"VA", "HOAC", "VOI", "CUNG"})
_SECRET_LABEL = re.compile(
    rf"(?<![^\W_])(?:{SECRETS_LABEL}|(?P<loose>(?:MA\s*TRA\s*CUU|MTC)(?![^\W\d_])))"
    rf"(?:[\s:.=/#*-]*(?:{SECRETS_LABEL}|(?:CUA|LA|TOI|EM|MINH|CHAU|CON)(?![^\W\d_]))){{0,6}}"
)
"""`loose`: before a key, the same words can mean the key."""
_TAIL = re.compile(r"(?P<head>.*[^\W_])[-/._]+(?P<secret>(?=[A-Z]*[0-9])[A-Z0-9]{4,12})\Z")
"""A secret that is written to its key with a mark: `DN123456-4321`."""
_ASIDE = frozenset(
    re.findall(
        r"[A-Z]+",
        """
        A AD AH ANH BAN CAM CHI CHO CUA DI EM GIUP MINH NHA NHE NHEN ON TOI VOI VAY XIN ROI DUM HO DO CHAU CON GUI
        """,
    )
)
"""Words behind a key or a secret that are no part of it."""


def keys_in(body: Excerpt, shape: KeyShape, *, needs_secret: bool, short_codes: Collection[str]) -> Sequence[TableKey]:
    """Return the key in what follows the keyword, then its other readings; empty when there is none.

    >>> [tuple(one)[1:] for one in keys_in(
    ...     Excerpt.of("DN 123 456 mk la 4321 nhe"), KeyShape.CODE, needs_secret=True, short_codes=())]
    [('DN123456', '4321')]
    """
    if shape in {KeyShape.CODE, KeyShape.DIGITS} and (aside := _TIME.search(body.folded)) is not None:
        body = body.blank(aside, " ")
    found = [
        _key(words, shape, secret)
        for labelled in _with_labels(body, shape)
        for words, secret in _pairs(labelled, shape, needs_secret=needs_secret, short_codes=short_codes)
    ]
    first_of = {(one.canonical, one.secret): one for one in reversed(found) if one is not None}
    return [one for one in found if one is not None and first_of[one.canonical, one.secret] is one][:MOST_READINGS]


def _with_labels(body: Excerpt, shape: KeyShape) -> Sequence[Excerpt]:
    """Return a text without the words before its key, then with the last: it may belong to it (`KH 001234`)."""
    before = _LABEL.match(body.folded)
    if before is None:
        return [body]
    bare = body.cut(before.end())
    begun = [found.start() for found in _LABEL_WORD.finditer(before[0])]
    if not begun or (shape is not KeyShape.WORDS and _NEVER_IN_A_CODE.match(before[0], begun[-1])):
        return [bare]
    return [bare, body.cut(begun[-1])]


def _pairs(
    body: Excerpt, shape: KeyShape, *, needs_secret: bool, short_codes: Collection[str]
) -> Sequence[tuple[Sequence[Word], str | None]]:
    if needs_secret:
        return _with_secrets(body, shape, short_codes)
    words = _words_in(body)
    return [(words[:-1] if len(words) > 1 and words[-1].folded in short_codes else words, None)]


def _key(words: Sequence[Word], shape: KeyShape, secret: str | None) -> TableKey | None:
    key = _SHAPES[shape](words)
    canonical = canonical_form(key)
    if not canonical or not canonical.isascii() or len(canonical) > MOST_CHARACTERS or len(words) > MOST_WORDS:
        return None
    return TableKey(key if shape is KeyShape.WORDS else key.upper(), canonical, secret)


def _with_secrets(body: Excerpt, shape: KeyShape, short_codes: Collection[str]) -> Sequence[tuple[Sequence[Word], str]]:
    """Return the words of the key and the secret, the likeliest first; the secret is empty where there is none."""
    label = _SECRET_LABEL.search(body.folded)
    if label is not None:
        before, behind = _words_in(body.cut(0, label.start())), _words_in(body.cut(label.end()))
        if before:
            return [(before, _joined(behind))]
        if label["loose"] is None and len(behind) > 1:
            return [(behind[1:], canonical_form(behind[0].folded))]
    words = _words_in(body)
    while len(words) > 1 and words[-1].folded in _ASIDE:
        words.pop()
    if len(words) > 2 and words[-1].folded in short_codes:  # noqa: PLR2004 -- a key and a secret
        words.pop()  # `gui 8188` without its first word
    return _split(words, shape)


def _split(words: Sequence[Word], shape: KeyShape) -> Sequence[tuple[Sequence[Word], str]]:
    """Take the secret off words without a label for it."""
    by_number = _number_off(words, shape)
    found = [*_first_off(words, shape), *by_number]
    last = canonical_form(words[-1].folded) if len(words) > 1 else ""
    is_password = last.isalpha() and last.isascii() and SHORTEST_SECRET <= len(last) <= LONGEST_SECRET
    if is_password and _holds_key(words[:-1], shape):
        is_sure = len(last) >= _LETTERS_OF_A_PASSWORD
        found.insert(len(found) - len(by_number) if is_sure else len(found), (words[:-1], last))
    return found or [(words, "")]


def _first_off(words: Sequence[Word], shape: KeyShape) -> Sequence[tuple[Sequence[Word], str]]:
    """Read four digits before a longer key as its secret: `4321 DN123456`."""
    first, *rest = [word.folded for word in words] or [""]
    is_first = len(first) == _FIRST_DIGITS and first.isdecimal() and len(canonical_form("".join(rest))) > _FIRST_DIGITS
    return [(words[1:], first)] if is_first and _holds_key(words[1:], shape) else []


def _number_off(words: Sequence[Word], shape: KeyShape) -> Sequence[tuple[Sequence[Word], str]]:
    """Read the last word with a digit that is long enough as the secret; words behind it are no part of the key."""
    secrets = [canonical_form(word.folded) for word in words]
    likely = [place for place, one in enumerate(secrets) if _DIGIT.search(one) and len(one) >= SHORTEST_SECRET]
    if not likely:
        return []
    place = likely[-1]
    if _holds_key(words[:place], shape):
        return [(words[:place], secrets[place])]
    if (tail := _TAIL.match(words[place].folded)) is not None:
        whole = words[place]
        glued = [*words[:place], Word(whole.shown[: tail.end("head")], tail["head"], whole.is_apart)]
        return [(glued, tail["secret"])] if _holds_key(glued, shape) else []
    is_first = shape is KeyShape.WORDS and len(words) > 1
    return [(words[place + 1 :], secrets[place])] if is_first else []


def _holds_key(words: Sequence[Word], shape: KeyShape) -> bool:
    return bool(words) and (shape is KeyShape.WORDS or any(_DIGIT.search(word.folded) for word in words))


def _joined(words: Sequence[Word]) -> str:
    """Return the secret behind its label; it may be written with blanks: `mk AB 12 CD`."""
    joined = ""
    for word in words:
        more = canonical_form(word.folded)
        is_other = word.folded in _ASIDE or (len(more) > _SYLLABLE and not _DIGIT.search(more))
        if joined and (len(joined) + len(more) > LONGEST_SECRET or (len(joined) >= SHORTEST_SECRET and is_other)):
            break
        joined += more
    return joined


def _words_in(body: Excerpt) -> list[Word]:
    words, end = [], 0
    for found in _WORD.finditer(body.folded):
        is_apart = not _SEPARATORS.isdisjoint(body.folded[end : found.start()])
        words.append(Word(*body.cut(*found.span()), is_apart))
        end = found.end()
    return words


def _digits(words: Sequence[Word]) -> str:
    """Join the words that hold digits, when they hold nothing else."""
    if _are_several(words):
        return ""
    joined = canonical_form("".join(word.folded for word in words if _DIGIT.search(word.folded)))
    return joined if joined.isdecimal() else ""


def _code(words: Sequence[Word]) -> str:
    """Join the words up to the last that holds a digit: `PD 123 456 cua toi`."""
    if _are_several(words):
        return ""
    last = max((place for place, word in enumerate(words) if _DIGIT.search(word.folded)), default=-1)
    return "".join(word.folded for word in words[: last + 1])


def _are_several(words: Sequence[Word]) -> bool:
    """Return whether something separates two words with digits: joined they would be the key of another row."""
    has_digits = is_apart = False
    for word in words:
        is_apart = has_digits and (is_apart or word.is_apart or word.folded in _AND)
        if _DIGIT.search(word.folded):
            if is_apart:
                return True
            has_digits = True
    return False


def _words(words: Sequence[Word]) -> str:
    return " ".join(word.shown for word in words)


def _nothing(words: Sequence[Word]) -> str:
    del words
    return ""


_SHAPES: dict[KeyShape, Callable[[Sequence[Word]], str]] = {
    KeyShape.DIGITS: _digits,
    KeyShape.CODE: _code,
    KeyShape.WORDS: _words,
    KeyShape.NONE: _nothing,
}
