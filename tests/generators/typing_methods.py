"""How a Vietnamese name looks when the accents did not make it: keys of Telex and VNI, and three old encodings.

Written from the tables of the methods, not from the parsers, so that both can be held against each other.
"""

from __future__ import annotations

import unicodedata

_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {
    "ă": ("aw", "a8"),
    "â": ("aa", "a6"),
    "đ": ("dd", "d9"),
    "ê": ("ee", "e6"),
    "ô": ("oo", "o6"),
    "ơ": ("ow", "o7"),
    "ư": ("uw", "u7"),
}
_VNI_TONES = dict(zip("sfrxj", "12345", strict=True))
_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
        strict=True,
    )
)
_VNI_FONT = {"đ": "ñ", "Đ": "Ñ", "ơ": "ô", "ư": "ö", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ì": "ì", "í": "í", "ỵ": "î"}
_VNI_MARKS = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HATS = {"\u0302": "âàáåãä", "\u0306": "êèéúüë"}
_ORDER_OF_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def keys(word: str, *, by_number: bool, tone_at_end: bool) -> str:
    """Write the keys that are pressed for a word; upper case stays."""
    written, tone = "", ""
    for letter in unicodedata.normalize("NFC", word):
        apart = unicodedata.normalize("NFD", letter)
        own = next((_TONES[mark] for mark in apart if mark in _TONES), "")
        plain = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
        shape = _SHAPES.get(plain.lower())
        if shape is not None:
            typed = shape[1] if by_number else shape[0]
            plain = typed.upper() if plain.isupper() and word.isupper() else typed
            plain = plain.capitalize() if letter.isupper() and not word.isupper() else plain
        written += plain
        own = _VNI_TONES.get(own, "") if by_number else own
        own = own.upper() if word.isupper() else own
        if tone_at_end:
            tone = tone or own
        else:
            written += own
    return written + tone


def in_tcvn3(text: str) -> str | None:
    """Write a text as TCVN3 octets look in Latin-1; None when it holds a letter that the small font has not."""
    if any(letter not in _TCVN3 and not letter.isascii() for letter in text):
        return None
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def in_vni_font(text: str) -> str:
    """Write a text as the octets of a VNI font look in Latin-1."""
    return "".join(_vni_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _vni_letter(letter: str) -> str:
    whole = _VNI_FONT.get(letter) or (_VNI_FONT[letter.lower()].upper() if letter.lower() in _VNI_FONT else "")
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if whole or not marks:
        return whole or letter
    hat = next((mark for mark in marks if mark in _VNI_HATS), "")
    tone = next((mark for mark in marks if mark in _VNI_MARKS), "")
    if "\u031b" in marks:
        base = "ô" if base in "oO" else "ö"
        mark = _VNI_MARKS[tone]
    elif hat:
        mark = _VNI_HATS[hat][_ORDER_OF_TONES.index(tone)]
    else:
        mark = _VNI_MARKS[tone]
    return (base + mark).upper() if letter.isupper() else base + mark


def in_windows_1258(text: str) -> str:
    """Write a text as Windows-1258 octets look in Latin-1: tones stand apart, hats and horns do not."""
    written = ""
    for letter in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in apart if mark in _TONES), "")
        plain = unicodedata.normalize("NFC", apart.replace(tone, "") if tone else apart)
        written += (plain + tone).encode("cp1258", errors="replace").decode("latin-1")
    return written
