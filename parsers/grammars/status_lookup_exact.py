"""The quick reader of a look-up written exactly as receipts print it: one match instead of a grammar.

Most look-ups are so. It reads nothing that the tolerant reader would not read the same way; a property test compares
the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parsers.commands import CanonicalCode, LookUpStatus, ReceiptCode
from parsers.fields.codes.national_form import is_national_form

_CODE = r"((?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(?:\.[0-9]{2}){0,2}-[0-9]{6}-[0-9]{4,7})"
_JOINTS = str.maketrans("", "", ".-")


def printed_form_reader(keywords: Sequence[str]) -> Callable[[str], LookUpStatus | None]:
    """Make the reader of a keyword and one code of the national form; it returns None for any other text.

    >>> read_printed_form = printed_form_reader(["DVC"])
    >>> read_printed_form("DVC000.00.12.H17-230815-0007").codes[0].canonical
    '0000012H172308150007'
    >>> read_printed_form("dvc 000.00.12.H17-230815-0007"), read_printed_form("DVC H17.12-231515-0007")
    (None, None)
    """
    look_up = re.compile(rf"(?:{'|'.join(keywords)}) ?{_CODE}", re.ASCII)

    def read_printed_form(text: str) -> LookUpStatus | None:
        found = look_up.fullmatch(text)
        if found is None or not is_national_form(found[1]):
            return None
        code = ReceiptCode(written=found[1], canonical=CanonicalCode(found[1].translate(_JOINTS)))
        return LookUpStatus(codes=(code,))

    return read_printed_form
