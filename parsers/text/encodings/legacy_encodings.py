"""Texts in an encoding from before Unicode (TCVN3, VNI, Windows-1258) that were read as Latin-1.

`NguyÔn V¨n An` is TCVN3, `Nguyeãn Vaên An` a VNI font, `TrâÌn Thiò HaÒi` Windows-1258. All three are converted back
when exactly one table turns the words that they touch into Vietnamese syllables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from parsers.text.spelling.syllables import is_plain_syllable, is_syllable

Table = Callable[[str], str | None]
"""Reads a word in one old encoding; None when it cannot be in it."""

_UNICODE_LETTER = re.compile("[\u0100-\u0151\u0154-\u024f\u0300-\u036f\u0370-\u1fff\u3000-\uffff\U00010000-\U0010ffff]")
"""A letter of no octet: a text with one was read rightly, as nearly every accented text is."""

_TABLE_OF_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_LETTERS_OF_VNI = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ì": "ì", "í": "í", "î": "ỵ"}
_MARKS_OF_VNI = {
    **dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True)),
    **dict(
        zip("âàáåãä", ("\u0302" + tone for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")), strict=True)
    ),
    **dict(
        zip("êèéúüë", ("\u0306" + tone for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")), strict=True)
    ),
}
_LETTER_OF_VNI = re.compile(r"(?P<base>[aeouyôö])(?P<mark>[øùûõïâàáåãäêèéúüë])?|[ñæóòìíî]", re.IGNORECASE)
_OCTETS_OF_1258 = bytes(range(0x100)).decode("latin-1")
_TABLE_OF_1258: Mapping[int, str] = {
    ord(letter): bytes([octet]).decode("cp1258", errors="ignore") or letter
    for octet, letter in enumerate(_OCTETS_OF_1258)
    if octet >= 0xC0  # noqa: PLR2004 -- the letters of Windows-1258
}

_STROKES = str.maketrans("Đđ", "Ðð")
"""The normal form writes these letters of Windows-1258 as their Vietnamese twins."""
_PHRASE = re.compile("[A-Za-z¡-¬\u00ad®µ-¹»-¾À-ÿ']+(?: [A-Za-z¡-¬\u00ad®µ-¹»-¾À-ÿ']+)*")
_SIGNS = "¡-ª¬®µ¶¸¹¼½¾"
_LOST = re.compile(
    f"(?<=[^\\W\\d_])[{_SIGNS}«·»]+(?=[^\\W\\d_])|(?<=[^\\W\\d_])[{_SIGNS}]+|(?<![{_SIGNS}])[{_SIGNS}]+(?=[^\\W\\d_])"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_FOREIGN_WORDS = frozenset({"phone", "zalo", "email", "chip", "tel", "mobile", "ok", "hoten", "ngaysinh"})
_MARK_IN_CAPITALS = re.compile("[a-z][ÌÒÞ]")
"""A capital after a small letter, which no language writes: a tone of Windows-1258, or in TCVN3 a letter (`ThÞ`)."""
_VOWEL = re.compile("[^bcdfghjklmnpqrstvwxzđ']", re.IGNORECASE)
"""A word without one is an abbreviation (`CMND`, `SĐT`)."""


def read_old_font(text: str) -> str:
    """Convert a text in an old encoding back; where that is not sure, its signs become lost letters.

    >>> read_old_font("TK, NguyÔn V¨n An"), read_old_font("TK, Leâ Hoaøng Nam"), read_old_font("TrâÌn Thiò HaÒi")
    ('TK, Nguyễn Văn An', 'TK, Lê Hoàng Nam', 'Trần Thị Hải')
    >>> read_old_font("TK, Lê Hà"), read_old_font("José Müller"), read_old_font("V¨n Smith")
    ('TK, Lê Hà', 'José Müller', 'V\ufffdn Smith')
    """
    if not may_be_old(text):
        return text
    words = _Words()
    distinct = set(_PHRASE.findall(text))
    if not any(map(words.is_old, distinct)):
        return text
    readings = {
        read_as: None
        for table in _TABLES
        if (phrases := words.read_by(table, filter(_is_accented, distinct)))
        or (phrases := words.read_by(table, filter(words.is_old, distinct)))
        for read_as in (_replace_phrases(text, phrases),)
    }
    if len(readings) == 1 and not _is_one_letter(text):
        return next(iter(readings))
    if readings:
        return _replace_phrases(text, {phrase: words.without_accented(phrase) for phrase in distinct})
    return _LOST.sub("\ufffd", text)


def is_old_syllable(word: str) -> bool:
    """Return whether a word is no Vietnamese syllable, and would be one in an old encoding (`Thuìy`, `Traàn`)."""
    octets = word.translate(_STROKES)
    if not _Words().is_old(word) or _UNICODE_LETTER.search(octets) is not None:
        return False
    return any((read_as := table(octets)) is not None and read_as != word and is_syllable(read_as) for table in _TABLES)


def may_be_old(text: str) -> bool:
    """Return whether every letter of a text is one octet and some are not ASCII; few texts are so."""
    return not text.isascii() and _UNICODE_LETTER.search(text) is None


def _is_one_letter(text: str) -> bool:
    """Return whether all that is not ASCII is one letter, which may fit an old table by chance (`Vän`)."""
    letters = _NOT_ASCII.findall(text)
    if _MARK_IN_CAPITALS.search(text) is not None:
        return False
    return len(letters) == 1 and letters[0].isalpha() and letters[0] not in _SIGNS


def _replace_phrases(text: str, readings: Mapping[str, str]) -> str:
    """Put the readings of phrases in their place; a phrase without one stays."""
    pieces, end = [], 0
    for phrase in _PHRASE.finditer(text):
        pieces += [text[end : phrase.start()], readings.get(phrase.group(), phrase.group())]
        end = phrase.end()
    return "".join([*pieces, text[end:]])


def _is_accented(phrase: str) -> bool:
    return not phrase.isascii()


class _Words:
    """The words of one text, each different word judged once: a text may be one letter repeated."""

    __slots__ = ("_known", "_read")

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._read: dict[tuple[Table, str], str | None] = {}

    def is_old(self, phrase: str) -> bool:
        """Return whether a phrase has accents and is not Vietnamese as written."""
        return not phrase.isascii() and not all(map(self._is_known, phrase.split(" ")))

    def without_accented(self, phrase: str) -> str:
        """Mark the letters of a phrase that two tables read as letters, each differently."""
        return _NOT_ASCII.sub("\ufffd", phrase) if self.is_old(phrase) else phrase

    def read_by(self, table: Table, phrases: Iterable[str]) -> dict[str, str] | None:
        """Read phrases by one table; None when a word of one becomes no syllable."""
        readings = {}
        for phrase in phrases:
            words = [self._read_word(table, word) for word in phrase.split(" ")]
            if None in words:
                return None
            readings[phrase] = " ".join(map(str, words))
        return readings

    def _read_word(self, table: Table, word: str) -> str | None:
        key = (table, word)
        if key not in self._read:
            read_as = _in_case_of(word, table(word))
            self._read[key] = read_as if read_as is not None and self._is_known(read_as) else None
        return self._read[key]

    def _is_known(self, word: str) -> bool:
        """Return whether a word is a syllable, an abbreviation or a known foreign word."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = (
                _VOWEL.search(word) is None
                or word.lower() in _FOREIGN_WORDS
                or (is_plain_syllable(word) if word.isascii() else is_syllable(word))
            )
        return known


def _by_tcvn3(word: str) -> str | None:
    if any(letter not in _TABLE_OF_TCVN3 and not letter.isascii() for letter in word):
        return None
    return "".join([_TABLE_OF_TCVN3.get(letter, letter) for letter in word])


def _by_vni(word: str) -> str | None:
    read_as = _LETTER_OF_VNI.sub(_letter_of_vni, word)
    return read_as if word.isascii() or not set(word) & set(read_as) & _ONLY_MARKS else None


_ONLY_MARKS = frozenset("øûïåäÿØÛÏÅÄ")
"""Marks of VNI that no Vietnamese letter looks like: one that is left was after no vowel."""


def _letter_of_vni(found: re.Match[str]) -> str:
    mark = found["mark"]
    if found["base"] is None:
        whole = _LETTERS_OF_VNI[found.group().lower()]
        return whole.upper() if found.group().isupper() else whole
    base = _LETTERS_OF_VNI.get(found["base"].lower(), found["base"].lower())
    letter = unicodedata.normalize("NFC", base + (_MARKS_OF_VNI[mark.lower()] if mark else ""))
    return letter.upper() if found["base"].isupper() else letter


def _by_1258(word: str) -> str | None:
    return unicodedata.normalize("NFC", word.translate(_TABLE_OF_1258))


_TABLES = (_by_tcvn3, _by_vni, _by_1258)


def _in_case_of(word: str, read_as: str | None) -> str | None:
    """Give letters that have no capitals in their font the case of the others (`NGUYÔN`)."""
    if read_as is None:
        return None
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    return read_as.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else read_as
