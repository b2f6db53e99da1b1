"""The short way for a look-up written exactly as receipts print it, which most are: one match instead of a grammar.

It reads nothing that the tolerant reader would not read the same way; a law in the tests holds the two together.
"""

from __future__ import annotations

import re

from parsers.commands import CanonicalCode, LookUpStatus, ReceiptCode
from parsers.fields.national_form import is_national_form

_LOOK_UP = re.compile(
    r"DVC ?((?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(?:\.[0-9]{2}){0,2}-[0-9]{6}-[0-9]{4,7})", re.ASCII
)
_JOINTS = str.maketrans("", "", ".-")


def read_printed_form(text: str) -> LookUpStatus | None:
    """Read `DVC` and one code of the national form, nothing else in the text; None when it is anything else.

    >>> read_printed_form("DVC000.00.12.H17-230815-0007").codes[0].canonical
    '0000012H172308150007'
    >>> read_printed_form("dvc 000.00.12.H17-230815-0007"), read_printed_form("DVC H17.12-231515-0007")
    (None, None)
    """
    found = _LOOK_UP.fullmatch(text)
    if found is None or not is_national_form(found[1]):
        return None
    return LookUpStatus(codes=(ReceiptCode(written=found[1], canonical=CanonicalCode(found[1].translate(_JOINTS))),))
