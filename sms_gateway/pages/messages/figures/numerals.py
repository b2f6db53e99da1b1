"""Numbers in cells, as people and as spreadsheets read them in the chosen language."""

from __future__ import annotations

import re

from sms_gateway.web.language import chosen_language
from sms_gateway.web.translations import LANGUAGES

_NUMBER = re.compile(r"(\d+)(\.\d+)?")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_VIETNAMESE = str.maketrans(",.", ".,")


def local_number(cell: str) -> str:
    """Write a number as people read it: `66.975` and `2,0 %` in Vietnamese."""
    grouped = _NUMBER.sub(lambda found: f"{int(found[1]):,}{found[2] or ''}", cell)
    return grouped.translate(_VIETNAMESE) if _is_vietnamese() else grouped


def file_number(cell: str) -> str:
    """Write a number as a spreadsheet of that language reads it: `66975` and `2,0 %` in Vietnamese."""
    return _POINT.sub(",", cell) if _is_vietnamese() else cell


def file_delimiter() -> str:
    """Return what separates the cells of a file: where the decimal sign is a comma, spreadsheets expect a semicolon."""
    return ";" if _is_vietnamese() else ","


def _is_vietnamese() -> bool:
    return chosen_language() == LANGUAGES[0]
