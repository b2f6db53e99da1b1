"""Raw text -> NormalText: one normal form, reached once, before anything is read."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

from parsers.text.encodings.entities import decode_entities
from parsers.text.encodings.legacy_encodings import may_be_old, read_old_font
from parsers.text.encodings.mojibake import is_suspect, repair
from parsers.text.folding import fold, unaccented

__all__ = ["NormalText", "fold", "normalise", "unaccented"]

NormalText = NewType("NormalText", str)
"""NFC, plain blanks, digits, dashes and quotes; no emoji, no zero-width marks. Line ends and tabs stay."""

_TWINS = {
    **dict.fromkeys("\n\r\v\f\x85\u2028\u2029", "\n"),
    "\t": "\t",
    **dict.fromkeys("‘’‚‛′ʹʻʼʽˈ´`", "'"),
    **dict.fromkeys("“”„‟″«»‹›〝〞", '"'),
    **dict.fromkeys("−⁃˗➖", "-"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("、،﹐﹑､", ","),
    **dict.fromkeys("。｡․", "."),
    **dict.fromkeys("؛﹔", ";"),
    **dict.fromkeys("∶﹕", ":"),
    **dict.fromkeys("•‣●▪", " "),
    **dict.fromkeys("ÐƉ", "Đ"),
    **dict.fromkeys("ðɖ", "đ"),
    "·": ".",
    "…": "...",
    "¦": "|",
    "\ufffd": "\ufffd",
}
_BY_CATEGORY = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cc": " ", "Cf": "", "Pd": "-", "So": " ", "Sk": " "}
_BY_CATEGORY |= {"Co": " ", "Cn": " ", "Me": "", "Cs": "\ufffd"}
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_LETTERS_OF_MATHEMATICS = range(0x1D400, 0x1D7CE)
_INVISIBLE_MARKS = frozenset({0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
_PREPARED = (*range(0x20, 0x500), *range(0x1E00, 0x2070), *range(0x3000, 0x3010), *range(0xFF00, 0xFF60))


def _plain_twin(point: int) -> str:
    """Return what a character becomes in the normal form: itself, a plain one, a blank, or nothing."""
    character = chr(point)
    if character in _TWINS:
        return _TWINS[character]
    if 0x20 <= point < 0x7F:  # noqa: PLR2004 -- printable ASCII is normal as it is
        return character
    if point in _FULL_WIDTH:
        return chr(point - 0xFEE0)
    if point in _LETTERS_OF_MATHEMATICS:
        return unicodedata.normalize("NFKC", character)
    if point in _INVISIBLE_MARKS:
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return _BY_CATEGORY.get(unicodedata.category(character), character)


class _Twins(dict[int, str]):
    """A translate table that knows every character, and holds only the common ones."""

    def __missing__(self, point: int) -> str:
        return _plain_twin(point)


_NORMAL = _Twins((point, _plain_twin(point)) for point in _PREPARED)
_BLANKS = re.compile(r"[ \t\n]{2,}")
_HALF_PAIR = re.compile("(?<![^\\W_])[\ud800-\udfff]|[\ud800-\udfff](?![^\\W_])")
_BROKEN_MOJIBAKE = re.compile(
    "á[»º](?=[^\\s.,;:!?)\\]}>-])|[ÃÄÆ][\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf‚ƒ„…†‡ˆ‰‹•˜™›€]"
)
"""What is left of two or three octets of a Vietnamese letter when the text can no longer be converted back."""
_MARK_ON_CONSONANT = re.compile("(?<=[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz])[\u0300-\u036f]+")
_MOST_ROUNDS = 20
"""Rounds until nothing changes; a real text needs one, a text that was damaged twice needs three."""


def normalise(raw: str) -> NormalText:
    r"""Convert a raw text into the normal form; doing it twice changes nothing. Never raises; linear time.

    >>> normalise(" TK，Nguye\u0302\u0303n Va\u0306n \u00d0\u01b0\u0301c；０４８ \u2013 20/12/1990 \U0001f600")
    'TK,Nguyễn Văn Đức;048 - 20/12/1990'
    >>> normalise("H&#39;Hen&nbsp;Ni\u00adê"), normalise("Nguyá»…n")
    ("H'Hen Niê", 'Nguyễn')
    """
    if raw.isascii() and raw.isprintable() and "&" not in raw and "`" not in raw:
        return NormalText((_BLANKS.sub(" ", raw) if "  " in raw else raw).strip(" "))
    text = raw
    for _ in range(_MOST_ROUNDS):
        before, text = text, _normalised_once(text)
        # Only an entity, a repair or an old encoding can produce something that must be made normal again.
        if text == before or not ("&" in text or is_suspect(text) or may_be_old(text)):
            break
    return NormalText(text)


def _normalised_once(text: str) -> str:
    text = read_old_font(repair(unicodedata.normalize("NFC", text)))
    text = _BROKEN_MOJIBAKE.sub("\ufffd", _HALF_PAIR.sub(" ", text)).translate(_NORMAL)
    text = unicodedata.normalize("NFC", decode_entities(text, _clean))
    text = _MARK_ON_CONSONANT.sub("", text)
    return _BLANKS.sub(_one_blank, text).strip(" \t\n")


def _clean(character: str) -> str:
    return unicodedata.normalize("NFC", character).translate(_NORMAL)


def _one_blank(blanks: re.Match[str]) -> str:
    run = blanks.group()
    return "\n" if "\n" in run else "\t" if "\t" in run else " "
