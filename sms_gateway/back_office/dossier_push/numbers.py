"""Long numbers in the words of offices: telephone and identity numbers, which nobody needs to be sent."""

from __future__ import annotations

import re

MASK = "***"

_LEAST, _MOST = 9, 12
"""Digits of a telephone, identity or tax number."""

_RUN = re.compile(r"\d(?:[ .-]?\d)*")
_BARE = re.compile(rf"(?<!\d)\d{{{_LEAST},{_MOST}}}(?!\d)")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")


def mask_long_numbers(text: str) -> str:
    """Replace each number of 9 to 12 digits, also one in groups; an amount of money in groups of three stays.

    >>> mask_long_numbers("Nop CCCD 048077001234, goi 0905 123 456; le phi 100.000.000 d, han 20/12/2026")
    'Nop CCCD ***, goi ***; le phi 100.000.000 d, han 20/12/2026'
    """
    return _BARE.sub(MASK, _RUN.sub(_masked, text))


def _masked(run: re.Match[str]) -> str:
    digits = sum(sign.isdecimal() for sign in run[0])
    return MASK if _LEAST <= digits <= _MOST and not _MONEY.fullmatch(run[0]) else run[0]
