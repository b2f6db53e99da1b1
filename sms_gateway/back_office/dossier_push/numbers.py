"""Long numbers in the words of offices: telephone and identity numbers, which nobody needs to be sent."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial

MASK = "***"

_LEAST = 9
"""Digits of the shortest telephone, identity or tax number. Longer ones hold more than one, or something added."""

_RUN = re.compile(r"\d(?:[ .\-\u2010-\u2015\u2212]?\d|(?<=\d{3})(?:\W{1,3}|_)(?=\d{3})\d)*")
"""Digits in groups of any length; beside other signs than a blank, a dot or a dash, in groups of three or more."""

_DAY = r"(?<!\d)(?<!\d[./-])(?:0?[1-9]|[12]\d|3[01])(?P<sign>[./-])(?:0?[1-9]|1[0-2])(?P=sign)(?:19|20)\d\d(?![./-]?\d)"
_MONEY = (
    r"(?<!\d)(?<!\d[ .,-])[1-9]\d{0,2}"
    r"(?:(?:[.,]\d{3})*[.,]000(?![ .,-]?\d)|(?:[.,]\d{3})+(?= ?(?:đồng|dong|vnd|đ|d)\b))"
)
_STAYS = re.compile(rf"{_DAY}|{_MONEY}", re.IGNORECASE)
"""Days, and amounts that are round or say their currency: an identity number in groups looks like another amount."""


def mask_long_numbers(text: str, allowed: Collection[str] = ()) -> str:
    """Replace each number of nine digits or more, also in groups; days, amounts and `allowed` numbers stay.

    >>> mask_long_numbers("Nop CCCD 048077001234, goi 0905 123 456; le phi 100.000.000 d, han 20/12/2026")
    'Nop CCCD ***, goi ***; le phi 100.000.000 d, han 20/12/2026'
    """
    fine = {_digits(number) for number in allowed}
    masked, end = list[str](), 0
    for kept in _STAYS.finditer(text):
        masked += [_RUN.sub(partial(_masked, fine), text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join((*masked, _RUN.sub(partial(_masked, fine), text[end:])))


def _masked(fine: Collection[str], run: re.Match[str]) -> str:
    digits = _digits(run[0])
    return run[0] if len(digits) < _LEAST or digits in fine else MASK


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
