"""Registrations that read well and may still be cut: dots at a number, and a `Gui` that may be the given name."""

from __future__ import annotations

import re

from parsers.commands import RegisterAccount
from parsers.misread import FieldName, Hint, Misread, MisreadKind
from parsers.text.excerpt import Excerpt

_DOTS = re.compile(r"[0-9] ?\.{3,}(?! *\Z)|(?<![0-9])[0-9]{1,2}\.{3,} *\Z|(?<=[0-9])\.{3,} ?[0-9]")
_DOTS_AT_END = re.compile(r" ?\.{3,} *\Z")
_DIGITS = str.maketrans("OoIlLi", "001111")
_GUI = re.compile(r"(?P<name>[^\W\d_]+) (?P<gui>GUI)[ :]+[0-9]{3,6}[\W_]*\Z")
_LONGEST_END = 200


def doubt_of(reading: RegisterAccount, text: str) -> Misread | None:
    """Ask again when the text has dots in a number or after its identity number, or a name with `Gui`.

    A whole birth date may end in dots.

    >>> from parsers.commands import BirthDate
    >>> reading = RegisterAccount(full_name="Le Thi", id_number="162089075", birth_date=BirthDate(year=2019))
    >>> [doubt_of(reading, text).kind.value for text in ("001090...456, 1990", "20/12/19...", "1, Le Thi Gui 8188")]
    ['id_number', 'birth_date', 'full_name']
    >>> doubt_of(reading, "162089075, 20/12/1990...")
    >>> doubt_of(reading, "20/12/1990, 162 089 075...").kind.value
    'id_number'
    """
    if "..." in text and (dots := _DOTS.search(text)) is not None:
        before = re.split(r"[\s,;]", text[: dots.start() + 1])[-1]
        if "/" in before or "-" in before:
            return _asked(MisreadKind.BIRTH_DATE, FieldName.BIRTH_DATE, None)
        return _asked(MisreadKind.ID_NUMBER, FieldName.ID_NUMBER, None)
    if (end := _DOTS_AT_END.search(text, max(0, len(text) - _LONGEST_END))) is not None:
        digits = "".join(sign for sign in text[: end.start()].translate(_DIGITS) if sign.isdecimal())
        if digits.endswith(reading.id_number):
            return _asked(MisreadKind.ID_NUMBER, FieldName.ID_NUMBER, None)
    both = Excerpt.of(text)
    found = _GUI.search(both.folded, max(0, len(text) - 60))
    if found is None:
        return None
    name = reading.full_name
    if both.shown[found.start("name") : found.end("name")] != name.rsplit(" ", 1)[-1]:
        return None
    is_small = both.shown[found.start("gui") : found.end("gui")].islower()
    is_capital = both.shown[found.start("gui") : found.end("gui")].istitle()
    is_apart = (is_small and name[:1].isupper()) or (is_capital and name.islower()) or name.count(" ") > 1
    if is_apart and found["name"] not in {"THI", "VAN"}:
        return None
    return _asked(MisreadKind.FULL_NAME, FieldName.FULL_NAME, Hint.TWO_VALUES)


def _asked(kind: MisreadKind, field: FieldName, hint: Hint | None) -> Misread:
    return Misread(kind=kind, fields=(field,), command=RegisterAccount.name, hint=hint)
