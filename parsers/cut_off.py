"""Registrations that read well and may yet be cut: dots inside a number, and a `Gui` that may be the given name."""

from __future__ import annotations

import re

from parsers.commands import CommandName, RegisterAccount
from parsers.excerpt import Excerpt
from parsers.misread import FieldName, Hint, Misread, MisreadKind

_DOTS = re.compile(r"[0-9] ?\.{3,}(?! *\Z)|(?<![0-9])[0-9]{1,2}\.{3,} *\Z|(?<=[0-9])\.{3,} ?[0-9]")
_GUI = re.compile(r"(?P<name>[^\W\d_]+) (?P<gui>GUI)[ :]+[0-9]{3,6}[\W_]*\Z")


def doubt_of(reading: RegisterAccount, text: str) -> Misread | None:
    """Ask back a registration whose text has dots in a number, or whose name may go on with `Gui`.

    >>> from parsers.commands import BirthDate
    >>> reading = RegisterAccount(full_name="Le Thi", id_number="162089075", birth_date=BirthDate(year=2019))
    >>> [doubt_of(reading, text).kind.value for text in ("001090...456, 1990", "20/12/19...", "1, Le Thi Gui 8188")]
    ['id_number', 'birth_date', 'full_name']
    >>> doubt_of(reading, "20/12/1990...")
    """
    if "..." in text and (dots := _DOTS.search(text)) is not None:
        before = re.split(r"[\s,;]", text[: dots.start() + 1])[-1]
        if "/" in before or "-" in before:
            return _asked(MisreadKind.BIRTH_DATE, FieldName.BIRTH_DATE, None)
        return _asked(MisreadKind.ID_NUMBER, FieldName.ID_NUMBER, None)
    both = Excerpt.of(text)
    found = _GUI.search(both.folded, max(0, len(text) - 60))
    if found is None:
        return None
    name = reading.full_name
    if both.shown[found.start("name") : found.end("name")] != name.rsplit(" ", 1)[-1]:
        return None
    is_small = both.shown[found.start("gui") : found.end("gui")].islower()
    if is_small and name[:1].isupper() and found["name"] not in {"THI", "VAN"}:
        return None
    return _asked(MisreadKind.FULL_NAME, FieldName.FULL_NAME, Hint.TWO_VALUES)


def _asked(kind: MisreadKind, field: FieldName, hint: Hint | None) -> Misread:
    return Misread(kind=kind, fields=(field,), command=CommandName.REGISTER_ACCOUNT, hint=hint)
