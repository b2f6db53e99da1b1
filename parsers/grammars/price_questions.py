"""Texts that ask what a text costs: the help says it. A keyword GIA of an own table goes before."""

from __future__ import annotations

import re
from collections.abc import Collection

_OF_TEXTS = r"(?:\s+(?:1\s+|MOT\s+)?(?:TIN\s*NHAN|TIN|SMS))"
_PRICE = r"(?:GIA(?:[\s-]*CUOC)?|CUOC[\s-]*PHI|CUOC|PHI|PRICE)"
_TOPIC = re.compile(rf"{_PRICE}{_OF_TEXTS}?(?![^\W_])")
_ALONE = re.compile(rf"[\W_]*(?:{_PRICE}{_OF_TEXTS}|GIA(?:[\s-]*CUOC)?|CUOC[\s-]*PHI|PRICE)[\W_]*")
"""`PHI` and `CUOC` alone are other things too."""
_CODE_BEFORE = re.compile(r"[\W_]*(\d{3,8})(?!\d)")


def price_behind_keyword(folded: str, at: int) -> int | None:
    """Return where a price that is asked for at this place ends; None where it is not.

    >>> [price_behind_keyword(text, 3) for text in ("HD GIA", "HD GIA CUOC", "HD GIAY", "HD CUOC TIN NHAN")]
    [6, 11, None, 16]
    """
    found = _TOPIC.match(folded, at)
    return None if found is None else found.end()


def asks_price(folded: str, short_codes: Collection[str] = ()) -> bool:
    """Return whether a text asks for the price and nothing else; a short code may be before it.

    >>> [asks_price(text) for text in ("GIA", "GIA-CUOC?", "CUOC TIN NHAN", "PRICE", "GIA NHA", "PHI", "PHI TRUOC BA")]
    [True, True, True, True, False, False, False]
    >>> asks_price("8188 GIA", ["8188"]), asks_price("8189 GIA", ["8188"])
    (True, False)
    """
    code = _CODE_BEFORE.match(folded)
    start = code.end() if code is not None and code[1] in short_codes else 0
    return _ALONE.fullmatch(folded, start) is not None
