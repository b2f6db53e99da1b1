"""The agency in a dossier code (QCVN 102): one spelling of both orders, from the highest level down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.fields.codes.national_form import find_national_form, printed_form

_HIGHEST_LAST = re.compile(r"((?:[0-9]{2,3}\.){0,3})([A-Z][0-9]{2})")
_HIGHEST_FIRST = re.compile(r"([A-Z][0-9]{2})((?:\.[0-9]{2,3}){0,3})")
_LOOKALIKES = str.maketrans("OIL", "011")


def agency_levels(written: str) -> tuple[str, ...]:
    """Return the levels of an agency code, the highest first and without empty ones; nothing for anything else.

    >>> agency_levels("000.00.12.H17"), agency_levels("H17.12"), agency_levels("38.98.H29"), agency_levels("H1")
    (('H17', '12'), ('H17', '12'), ('H29', '98', '38'), ())
    """
    if found := _HIGHEST_LAST.fullmatch(written):
        return (found[2], *_without_empty(found[1].split(".")[-2::-1]))
    if found := _HIGHEST_FIRST.fullmatch(written):
        return (found[1], *_without_empty(found[2].split(".")[1:]))
    return ()


def agencies_in(folded: str) -> Iterator[tuple[str, ...]]:
    """Give the agency of each dossier code of the national form in a folded text, but not of one with two readings.

    >>> list(agencies_in("HO SO 000.00.28.H17-230815-0007 SAO CHUA XONG"))
    [('H17', '28')]
    """
    for start, end in find_national_form(folded):
        code = folded[start:end]
        agency = (code if "-" in code else printed_form(code) or "").partition("-")[0].strip()
        levels = agency_levels(agency) or agency_levels(agency.translate(_LOOKALIKES))
        if levels:
            yield levels


def _without_empty(levels: Sequence[str]) -> Iterable[str]:
    """Leave out the levels that are zeros: a code of the older order names those that its agency has not."""
    return [level for level in levels if level.strip("0")]
