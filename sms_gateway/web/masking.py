"""Masking: what operators see of personal data. Some digits of texts and octets are hidden."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter

from markupsafe import Markup

from parsers import GAP

HIDDEN = "•"
SHOWN_DIGITS = 3
"""Enough to compare with what a caller reads out, and too few to misuse."""

_SOLID = re.compile(r"(?<![^\W_])[\doOiIl]{8,}(?![^\W_])|\d{8,}")  # O, I and l are typed for 0 and 1
_GROUPED = re.compile(r"(?<![^\W_])\d(?:[ .\-]{0,2}\d){8,}")  # 201 499 999, 0792.0100.1234
_IDENTITY = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
_CODE_HEAD = re.compile(r"[A-Za-z]\d{1,3}[.\-](?:\d+[.\-])*$")  # H17- before 230815-0007: a receipt code
_CODE_HEAD_CHARACTERS = 40
_TICKET_NUMBER = re.compile(r"(?<![^\W_])YC[ .]?\d{9}(?!\d)", re.IGNORECASE)
_LEAST_DIGITS = 6
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MARGIN = 64
"""Characters after a cut that are searched too, so that a number on the edge is recognised."""


def mask_text(text: str, *, keeps_codes: bool, most: int | None = None) -> str:
    """Hide every digit but the last three of identity numbers, telephone numbers and dates without separators.

    `most` cuts the text first, so that in a list a long text costs no more than a short one.

    With `keeps_codes`, as for a text that asks for a dossier, only runs of 9 or 12 digits are hidden. Receipt codes are
    long numbers too, and the citizen on the phone asks about them.

    >>> mask_text("TK, Nguyen Van A, 201499999, 20/12/1990", keeps_codes=False)
    'TK, Nguyen Van A, ••••••999, 20/12/1990'
    >>> mask_text("DVC000.00.12.H17-230815-0007", keeps_codes=True)
    'DVC000.00.12.H17-230815-0007'
    """
    # A number that the cut would halve is longer than the margin, or it is whole within the margin and hidden as usual.
    looked_at = text if most is None else text[: most + _MARGIN]
    shown = list(looked_at)
    for place in hidden_places(looked_at, keeps_codes=keeps_codes):
        shown[place] = HIDDEN
    return readable("".join(shown[:most]))


def mask_words(text: str) -> str:
    """Mask what was said in a ticket as `mask_text` does; numbers of tickets stay, since they are nobody's number.

    >>> mask_words("YC482173051: goi 0905 123 456"), mask_words("YC4821730511")
    ('YC482173051: goi •••• ••• 456', 'YC•••••••511')
    """
    hidden = hidden_places(text, keeps_codes=False)
    if not hidden:
        return readable(text)
    hidden -= {place for found in _TICKET_NUMBER.finditer(text) for place in range(*found.span())}
    return readable("".join(HIDDEN if place in hidden else letter for place, letter in enumerate(text)))


def mask_phone(number: str) -> str:
    """Hide a telephone number but for its last three digits.

    >>> mask_phone("84905123456")
    '•••456'
    """
    return f"{HIDDEN * SHOWN_DIGITS}{number[-SHOWN_DIGITS:]}"


def readable(text: str) -> str:
    r"""Make a text fit for a page or a file: invalid and invisible characters become replacement characters.

    A part of a long text that never came is shown as `[…]`.

    >>> readable("A\x01\x0bB")
    'A\ufffd\ufffdB'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for character in text.encode("utf-8", "replace").decode("utf-8").replace(GAP, "[…]")
    )


def without_controls(value: object) -> object:
    """Replace control characters in what a template shows; Markup is not changed.

    A sender's name, a carrier's words or an operator's entry cannot break a page.
    """
    if not isinstance(value, str) or _CONTROLS.search(value) is None:
        return value
    clean = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", value)
    return Markup(clean) if isinstance(value, Markup) else clean  # noqa: S704 - it was Markup before, and loses only controls


def mask_octets(octets: bytes, *, data_coding: int, keeps_codes: bool) -> Sequence[str]:
    """Write octets in hex, `**` for those that hold a hidden digit."""
    width = 2 if data_coding == _UCS2 else 1
    text = octets.decode("utf-16-be" if width == 2 else "latin-1", "replace")  # noqa: PLR2004 - octets of one UCS-2 character
    places = hidden_places(text, keeps_codes=keeps_codes)
    hidden = {octet for place in places for octet in range(place * width, place * width + width)}
    return ["**" if index in hidden else f"{octet:02x}" for index, octet in enumerate(octets)]


def hidden_places(text: str, *, keeps_codes: bool) -> frozenset[int]:
    """Return the places in the text that must be hidden."""
    return frozenset(_identity_places(text) if keeps_codes else _personal_places(text))


_UCS2 = 8


def _identity_places(text: str) -> Iterator[int]:
    for found in _IDENTITY.finditer(text):
        yield from range(found.start(), found.end() - SHOWN_DIGITS)


def _personal_places(text: str) -> Iterator[int]:
    solid = [found.span() for found in _SOLID.finditer(text) if _digits(found.group()) >= _LEAST_DIGITS]
    for start, end in solid:
        yield from range(start, end - SHOWN_DIGITS)
    for found in _GROUPED.finditer(text):
        # Solid numbers are in order and do not overlap, so the last one that begins before the end decides for all.
        last = bisect_left(solid, found.end(), key=itemgetter(0)) - 1
        if last >= 0 and solid[last][1] > found.start():
            continue  # a solid number with a date beside it: the number is hidden already
        if _CODE_HEAD.search(text, max(0, found.start() - _CODE_HEAD_CHARACTERS), found.start()):
            continue  # so that a look-up that was not read still shows its code
        digits = [place for place in range(found.start(), found.end()) if text[place].isdigit()]
        yield from digits[:-SHOWN_DIGITS]


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
