"""Left-over Telex and VNI keystrokes (`Nguyeenx Vawn A`, `Nguye6n4 Va8n A`), turned into the letters they mean.

A word is only a candidate when it is no Vietnamese syllable as typed and is one after conversion. A candidate is
converted when its pattern can mean nothing else, or when another candidate of the same name vouches for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from parsers.syllables import TONES, is_plain_syllable, is_syllable

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
"""Letters and keystrokes of the longest syllable, `nghieengx`, with room to spare; bounds the work on a word."""
_VOWELS = "aăâeêioôơuưy"
_TELEX_TONE = re.compile(rf"(?<=[{_VOWELS}])(?P<between>[a-zđ{_VOWELS}]*?)(?P<tone>[sfrxj])", re.IGNORECASE)
_STRONG = re.compile(r"uw|^dd|aa|[aeiouyw]+(?:ng|nh|ch|[nmcpt])?[fj]", re.IGNORECASE)
_MARKS = re.compile(r"aa|ee|oo|[aou]w|dd|(?<=[a-z])[sfrxj](?=[a-z]?\Z|ng|nh|ch)|[fj]", re.IGNORECASE)
_TELLING_KEYS = re.compile(r"aa|[aou]w|^dd|(?<=[a-z])[sfrxj]\Z")
"""Keystrokes that two words of one name hardly share by chance; ee and oo they do (`Lee Chee Keong`)."""
_FOREIGN_TO_OTHERS = frozenset({"f", "j", "aa", "aw", "ow", "uw"})
"""Endings and vowels that few other languages write; two words with any of them are typed in Telex."""
_LONG_WORD = 6


class _Candidate(NamedTuple):
    converted: str
    keystrokes: int
    is_certain: bool
    keys: frozenset[str]


def undo_keystrokes(words: Sequence[str]) -> list[str]:
    """Convert the words of one name; when in doubt, words stay as typed.

    >>> undo_keystrokes(["Nguyeenx", "Vawn", "A"]), undo_keystrokes(["Nguye6n4", "Va8n", "A"])
    (['Nguyễn', 'Văn', 'A'], ['Nguyễn', 'Văn', 'A'])
    >>> undo_keystrokes(["Max", "Lee"]), undo_keystrokes(["DDAWNGJ", "THIJ", "HOANGF"])
    (['Max', 'Lee'], ['ĐẶNG', 'THỊ', 'HOÀNG'])
    """
    if _SUSPECT.search(" ".join(words)) is None:
        return list(words)
    candidates = [
        _candidate(word) if len(word) <= _LONGEST_WORD and _SUSPECT.search(word) is not None else None for word in words
    ]
    found = [candidate for candidate in candidates if candidate is not None]
    if not found:
        return list(words)
    vouched = len(found) > 1 and (
        any(candidate.is_certain or candidate.keystrokes > 1 for candidate in found)
        or any(one.keys & other.keys for one, other in combinations(found, 2))
        or sum(1 for candidate in found if candidate.keys & _FOREIGN_TO_OTHERS) > 1
    )
    return [
        candidate.converted if candidate is not None and (vouched or candidate.is_certain) else word
        for word, candidate in zip(words, candidates, strict=True)
    ]


def _candidate(word: str) -> _Candidate | None:
    lower = word.lower()
    by_number = any(letter.isdecimal() for letter in word)
    if not by_number and (not lower.isascii() or is_plain_syllable(lower)):
        return None
    converted = _from_vni(lower) if by_number else _from_telex(lower)
    if converted is None or not is_syllable(converted):
        return None
    if by_number:
        digits = [letter for letter in word if letter.isdecimal()]
        count, is_certain = len(digits), len(digits) > 1 or digits[0] in "6789"
    else:
        count = len(_MARKS.findall(lower))
        strong = _STRONG.search(lower) is not None
        is_long = len(lower) >= _LONG_WORD
        is_certain = lower.startswith("dd") or (count > 1 and (strong or is_long)) or (strong and is_long)
    keys = {"digit"} if by_number else set(_TELLING_KEYS.findall(lower))
    return _Candidate(_in_case_of(word, converted), count, is_certain, frozenset(keys))


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
    """Put a hat, a horn, a breve or a stroke on the last letter that can wear it."""
    for at in range(len(written) - 1, -1, -1):
        shaped = _VNI_SHAPES.get((digit, written[at]))
        if shaped is not None:
            written[at] = shaped
            return True
    return False


def _with_tone(word: str, key: str) -> str | None:
    """Set the tone mark where Vietnamese spelling puts it."""
    if not key:
        return word
    start = 2 if word.startswith("qu") or (word.startswith("gi") and len(word) > 2 and word[2] in _VOWELS) else 0  # noqa: PLR2004 -- letters of an initial
    vowels = [at for at in range(start, len(word)) if word[at] in _VOWELS]
    if not vowels:
        return None
    shaped = [at for at in vowels if word[at] in "ăâêôơư"]
    is_open = vowels[-1] == len(word) - 1
    if shaped:
        at = shaped[-1]
    elif len(vowels) == 1:
        at = vowels[0]
    else:
        at = vowels[-2] if is_open else vowels[-1]
    return unicodedata.normalize("NFC", word[: at + 1] + TONES[key] + word[at + 1 :])
