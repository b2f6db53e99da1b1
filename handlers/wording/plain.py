"""Any text -> the part of GSM 03.38 that every phone, carrier and alphabet shows alike, one septet a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CODE = re.compile(r"[A-VX-Z0-9./_-]*")
"""What most receipt codes look like: plain already, and no `www.` without a W."""
_LINK = re.compile(r"\b(?:https?://|www\.)\S*", re.IGNORECASE)
"""Forged texts from the authorities have links. This is the last check of an office's own words: an operator has
confirmed everything else that looks like a link. A stranger's words go through handlers.wording.echo."""
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "Ɖ": "D"})

_TWINS = str.maketrans(
    {
        # After the escape in GSM 03.38 §6.2.1.1 (two septets) or not in it at all.
        "[": "(",
        "]": ")",
        "{": "(",
        "}": ")",
        "|": "/",
        "\\": "/",
        "~": "-",
        "^": "",
        "`": "'",
        # At another place, or missing, where data_coding 0 means ASCII or Latin-1.
        "@": " ",
        "$": " ",
        # What word processors write.
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "…": "...",
        "₫": "d",
        "\N{FRACTION SLASH}": "/",  # of ½, once it is taken apart
    }
)

_FRACTION = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")
"""Before a fraction after a number: 76½ is 76 1/2, not 761/2."""

_SHOWN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \n!\"#%&'()*+,-./:;<=>?_")
"""Septet and ASCII code are the same sign, or the sign is `_`, which every carrier's table holds."""


def plain(text: str) -> str:
    """Remove accents, replace signs by the nearest ones, remove the rest and links; blanks are single. Idempotent.

    The result has one septet a character, so `len` is its length in the SMS.
    """
    if _CODE.fullmatch(text):
        return text
    return " ".join(_LINK.sub(" ", _with_links(text)).split())


def links_left_out(text: str) -> Sequence[str]:
    """Return the links that `plain` removes from a text.

    >>> links_left_out("Xem https://danang.gov.vn hoặc danang.gov.vn")
    ['https://danang.gov.vn']
    """
    return _LINK.findall(_with_links(text))


def _with_links(text: str) -> str:
    text = text.translate(_TWINS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _FRACTION.sub(" ", text).translate(_STROKES)).translate(_TWINS)
    return "".join(sign if sign in _SHOWN else " " * sign.isspace() for sign in text)


def unaccented(text: str) -> str:
    r"""Remove the accents, and nothing else: this form costs less. Idempotent.

    >>> unaccented("Hồ sơ đang xử lý\nỞ: Đà Nẵng")
    'Ho so dang xu ly\nO: Da Nang'
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_STROKES))
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


def is_plain(text: str) -> bool:
    """Return whether every character is one septet, the same everywhere."""
    return _SHOWN.issuperset(text)
