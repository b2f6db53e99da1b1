"""Cells of files that people open in a spreadsheet: text, which no spreadsheet runs as a formula."""

from __future__ import annotations

import re

from sms_gateway.web.masking import readable

_SIGNS = r"=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_FORMULA = re.compile(rf"(?:\A|[;|\t\r\n])\s*(?=[{_SIGNS}])|\A(?=[\t\r])")
"""Where a spreadsheet could see a formula begin: also behind what it may take for the end of a cell or a line."""


def harmless(cell: str) -> str:
    """Make a cell of what anybody wrote: no control characters, which no workbook can hold, and no formulas.

    What begins like a formula gets a quote before it, so that a spreadsheet does not run it.

    >>> harmless("=1+1"), harmless("x;=1+1;"), harmless("HD")
    ("'=1+1", "x;'=1+1;", 'HD')
    """
    return _FORMULA.sub(lambda found: f"{found[0]}'", readable(cell))
