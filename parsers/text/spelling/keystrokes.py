"""Telex and VNI keystrokes that were not converted (`Nguyeenx Vawn A`, `Nguye6n4 Va8n A`), turned into letters.

A word is only a candidate when it is no Vietnamese syllable as typed, is one after conversion, and is no foreign name
of the list. A *strong* candidate has a key that means nothing else: `aa`, `aw`, `ow`, `uw`, `dd`, `f`, `j`, a VNI
digit, or two keys in a long word. A *weak* one (a last `s`, `r` or `x`, or `ee`, `oo`) is converted beside an accented
or a converted word; alone the answer asks for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from parsers.text.spelling.foreign_given_names import FOREIGN_NAMES
from parsers.text.spelling.syllables import TONES, is_plain_syllable, is_syllable, tone_place, toneless

_TELEX_PAIRS = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_VNI_SHAPES = {
    **{("6", plain): shaped for plain, shaped in zip("aeo", "âêô", strict=True)},
    **{("7", plain): shaped for plain, shaped in zip("ou", "ơư", strict=True)},
    ("8", "a"): "ă",
    ("9", "d"): "đ",
}
_VNI_TONES = dict(zip("12345", "sfrxj", strict=True))
_SUSPECT = re.compile(r"[0-9]|aa|ee|oo|[aou]w|dd|[aeiouy][a-z]{0,5}[sfrxj]", re.IGNORECASE)
_LONGEST_WORD = 12
"""Letters and keystrokes of the longest syllable, `nghieengx`, and some more; bounds the work on a word."""
_VOWELS = "aăâeêioôơuưy"
_TELEX_TONE = re.compile(rf"(?<=[{_VOWELS}])(?P<between>[a-zđ{_VOWELS}]*?)(?P<tone>[sfrxj])", re.IGNORECASE)
_STRONG = re.compile(r"aa|[aou]w|^dd|[fj]")
_MARKS = re.compile(r"ee|oo|[srx]")
_LOAN_RHYME = re.compile(r"oo(?:ng|c)")
"""A rhyme of loanwords (`xoong`), and of no name: in a name it is the Telex of `ông`."""
_LONG_WORD = 6
_FEWEST_LETTERS = 2
"""Letters of a word that a VNI digit is an accent of; `A2` is none."""
_FAMILY_BY_KEYS = "lee"
"""The foreign name that is a frequent family name in Telex, when the following names were typed so too."""


class Undone(NamedTuple):
    """The words after conversion; `doubt` is a word as typed and as it may be meant, when nothing shows which."""

    words: list[str]
    doubt: tuple[str, str] | None = None


class _Candidate(NamedTuple):
    """A word converted; not `is_whole` when the tone fits but a hat or a horn is missing (`Phuongs`)."""

    converted: str
    is_strong: bool
    is_whole: bool = True


def undo_keystrokes(words: Sequence[str]) -> Undone:
    """Convert the words of one name where the keys are sure.

    >>> undo_keystrokes(["Nguyeenx", "Vawn", "A"]).words, undo_keystrokes(["Nguyễn", "Thij", "Hoas"]).words
    (['Nguyễn', 'Văn', 'A'], ['Nguyễn', 'Thị', 'Hóa'])
    >>> undo_keystrokes(["Max", "Lee"]).words, undo_keystrokes(["DDAWNGJ", "THIJ", "HOANGF"]).words
    (['Max', 'Lee'], ['ĐẶNG', 'THỊ', 'HOÀNG'])
    >>> undo_keystrokes(["Tran", "Thi", "Hoas"])
    Undone(words=['Tran', 'Thi', 'Hoas'], doubt=('Hoas', 'Hóa'))
    """
    if _SUSPECT.search(" ".join(words)) is None:
        return Undone(list(words))
    candidates = [
        _candidate(word) if len(word) <= _LONGEST_WORD and _SUSPECT.search(word) is not None else None for word in words
    ]
    found = [candidate for candidate in candidates if candidate is not None]
    if not found:
        return Undone(list(words))
    is_typed_so = any(candidate.is_strong for candidate in found)
    is_sure = is_typed_so or not all(map(str.isascii, words))
    for word, candidate in zip(words, candidates, strict=True):
        if candidate is not None and not (is_sure and candidate.is_whole):
            return Undone(list(words), doubt=(word, candidate.converted))
    converted = [
        candidate.converted if candidate is not None else word
        for word, candidate in zip(words, candidates, strict=True)
    ]
    if is_typed_so and words[0].lower() == _FAMILY_BY_KEYS:
        converted[0] = _in_case_of(words[0], "lê")
    return Undone(converted)


def _candidate(word: str) -> _Candidate | None:
    lower = word.lower()
    if any(letter.isdecimal() for letter in word):
        letters = sum(map(str.isalpha, word))
        converted = _from_vni(lower) if letters >= _FEWEST_LETTERS else None
        is_strong = True
    else:
        is_syllable_as_typed = is_plain_syllable(lower) and _LOAN_RHYME.search(lower) is None
        if not lower.isascii() or is_syllable_as_typed or lower in FOREIGN_NAMES:
            return None
        converted = _from_telex(lower)
        is_strong = _STRONG.search(lower) is not None or (len(lower) >= _LONG_WORD and len(_MARKS.findall(lower)) > 1)
    if converted is None:
        return None
    if is_syllable(converted):
        return _Candidate(_in_case_of(word, converted), is_strong)
    bare = toneless(converted)[0]
    if bare.isascii() and is_plain_syllable(bare):
        return _Candidate(_in_case_of(word, bare), is_strong=False, is_whole=False)
    return None


def _in_case_of(word: str, converted: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return converted.upper()
    return converted.capitalize() if letters[0].isupper() else converted


def _from_telex(lower: str) -> str | None:
    tone = ""
    found = _TELEX_TONE.search(lower)
    if found is not None:
        tone = found["tone"]
        lower = lower[: found.start("tone")] + lower[found.end("tone") :]
    for typed, meant in _TELEX_PAIRS.items():
        lower = lower.replace(typed, meant)
    # One w gives both letters their horn: truowng, nguowif.
    lower = lower.replace("uơ", "ươ") if not lower.startswith("quơ") else lower
    return _with_tone(lower, tone)


def _from_vni(lower: str) -> str | None:
    written: list[str] = []
    tone = ""
    for letter in lower:
        if not letter.isdecimal():
            written.append(letter)
        elif letter in _VNI_TONES and not tone:
            tone = _VNI_TONES[letter]
        elif not _shape_last(written, letter):
            return None
    return _with_tone("".join(written).replace("uơ", "ươ"), tone)


def _shape_last(written: list[str], digit: str) -> bool:
    """Put a hat, a horn, a breve or a stroke on the last letter that can have it."""
    for at in range(len(written) - 1, -1, -1):
        shaped = _VNI_SHAPES.get((digit, written[at]))
        if shaped is not None:
            written[at] = shaped
            return True
    return False


def _with_tone(word: str, key: str) -> str | None:
    """Set the tone mark where Vietnamese spelling puts it."""
    at = tone_place(word) if key else None
    if at is None:
        return None if key else word
    return unicodedata.normalize("NFC", word[: at + 1] + TONES[key] + word[at + 1 :])
