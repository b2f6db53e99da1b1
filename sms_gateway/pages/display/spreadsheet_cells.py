"""Cells of files that people open in a spreadsheet: text, which no spreadsheet runs as a formula."""

from __future__ import annotations

import re

from sms_gateway.web.masking import readable

_SIGNS = r"=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_FORMULA = re.compile(rf"(?:\A|[;|\t\r\n])\s*(?=[{_SIGNS}])|\A(?=[\t\r])")
"""Where a spreadsheet could begin a formula: also after what it may read as the end of a cell or a line."""


def harmless(cell: str) -> str:
    """Make a cell of a stranger's text: without control characters, which no workbook can hold, and without formulas.

    A quote before the beginning of a formula prevents that a spreadsheet runs it.

    >>> harmless("=1+1"), harmless("x;=1+1;"), harmless("HD")
    ("'=1+1", "x;'=1+1;", 'HD')
    """
    return _FORMULA.sub(lambda found: f"{found[0]}'", readable(cell))
