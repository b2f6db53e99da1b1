"""Number formats of spreadsheets (ECMA-376 part 1, §18.8.30-31): a number and its format -> what people see.

Only what a dossier can need is read: dates, times, zeros in front, decimals, words beside the number. What cannot be
read is an Unread cell, so that citizens are never told another number than the office sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import Cell, Unread

BUILT_IN: Mapping[int, str] = {
    **dict(zip((0, 1, 2, 3, 4, 9, 10), ("General", "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"), strict=True)),
    **dict(zip((11, 12, 13, 48, 49), ("0.00E+00", "# ?/?", "# ??/??", "##0.0E+0", "@"), strict=True)),
    **dict.fromkeys([14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)], "dd/mm/yyyy"),
    **dict.fromkeys([18, 19, 20, 21, *range(32, 36), 45, 46, 47], "h:mm"),
    **dict(zip((22, 37, 38, 39, 40), ("dd/mm/yyyy h:mm", "#,##0", "#,##0", "#,##0.00", "#,##0.00"), strict=True)),
}
"""Formats that a workbook names by number alone, as far as they matter here."""

FORMAT_LETTERS = 255
MOST_DECIMALS = 9
ROUNDED = 10**15
"""From here on a spreadsheet keeps no longer every digit."""

_DAYS = range(1, 2_958_466)
"""Day numbers that have a date, up to the year 9999."""
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<half>AM/PM|A/P)|(?P<exponent>[Ee][+-])|(?P<digits>[0#?]+)|(?P<time>[ymdhsYMDHSeg]+)|(?P<other>.)",
    re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_CONDITION = re.compile(r"[<>=]")
_WORDS = re.compile(r'"[^"]*"')
_SCALED = re.compile(r"[0#?],+(?:[^0#?,]|$)")
"""A comma behind the last place: the number is shown in thousands."""

Show = Callable[[float], Cell]
"""How numbers in one format are shown."""


@dataclass(kw_only=True, slots=True)
class _Section:
    """One section of a format. A piece is a run of digit places, or words that are shown as they stand."""

    pieces: list[tuple[bool, str]] = field(default_factory=list)
    """Whether digits go there, and the places or the words."""
    decimals: int = 0
    is_date: bool = False
    is_general: bool = False
    readable: bool = True
    _after_point: bool = False

    def add(self, kind: str, text: str) -> None:
        """Take the next piece of the format."""
        match kind:
            case "quoted" | "escaped":
                self.pieces.append((False, text))
            case "bracket":
                self._add_bracket(text)
            case "general" | "exponent":
                self.is_general = True
            case "time" | "half":
                self.is_date = True
            case "digits" if self._after_point:
                self.decimals += len(text)
            case "digits":
                self.pieces.append((True, text))
            case _:
                self._add_sign(text)

    def _add_bracket(self, text: str) -> None:
        if currency := _CURRENCY.fullmatch(text):
            self.pieces.append((False, currency[1]))
        elif _ELAPSED.fullmatch(text):
            self.is_date = True
        elif _CONDITION.match(text):
            self.readable = False

    def _add_sign(self, sign: str) -> None:
        match sign:
            case ".":
                self._after_point = True
            case "@":
                self.is_general = True
            case "%" | "/":  # a share or a fraction; the stroke of a date does not come to matter
                self.readable = False
            case ",":  # groups of thousands, which are shown without their signs
                pass
            case _:
                self.pieces.append((False, sign))


@lru_cache(1024)
def show_as(code: str, epoch: date) -> Show:
    """Return how numbers in a format are shown; `epoch` is day 0 of the workbook.

    >>> show_as("0000000000", date(1899, 12, 30))(1234567)
    '0001234567'
    >>> show_as("dd/mm/yyyy", date(1904, 1, 1))(43691)
    datetime.datetime(2023, 8, 15, 0, 0)
    """
    sections = [_read_section(section) for section in _split(code[: FORMAT_LETTERS + 1])]
    if len(code) > FORMAT_LETTERS or not sections:
        return lambda _: _unread(code)

    def show(number: float) -> Cell:
        place = 1 if number < 0 and len(sections) > 1 else 2 if number == 0 and sections[2:] else 0
        section = sections[place]
        shown = _show(section, number if place == 0 else abs(number), epoch)
        return _unread(code) if shown is None else shown

    return show


def _unread(code: str) -> Unread:
    return Unread(message=wrong("cell.format", format=code[:30]))


def _split(code: str) -> list[str]:
    """Split a format at the semicolons that are not quoted; the fourth section, for texts, is left out."""
    kept = re.sub(r'"[^"]*"|\\.|_.|\*.', lambda match: match[0].replace(";", "\0"), code, flags=re.DOTALL)
    return [part.replace("\0", ";") for part in kept.split(";")][:3]


def _read_section(code: str) -> _Section:
    section = _Section()
    for match in _PIECE.finditer(code):
        if match.lastgroup:
            section.add(match.lastgroup, match[match.lastgroup])
    if section.decimals > MOST_DECIMALS or _SCALED.search(_WORDS.sub("", code)):
        section.readable = False
    return section


def _show(section: _Section, number: float, epoch: date) -> Cell:
    """Return what people see; None when this is not known."""
    if section.is_date:
        return _moment(number, epoch)
    if not section.readable:
        return None
    if abs(number) >= ROUNDED:
        return number
    words = "".join(text for is_digits, text in section.pieces if not is_digits).strip()
    if section.is_general:
        return None if words else number
    placeholders = "".join(text for is_digits, text in section.pieces if is_digits)
    if not placeholders and not section.decimals:
        return None  # the format hides the number
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-section.decimals), rounding=ROUND_HALF_UP)
    whole = str(abs(int(rounded)))
    least = placeholders.count("0")
    if not words and len(whole) >= least:
        return int(rounded) if rounded == int(rounded) else float(rounded)
    return _fill(section, rounded, whole.zfill(least))


def _fill(section: _Section, rounded: Decimal, digits: str) -> str:
    """Put digits into their places, from the right; the first place takes all that are left."""
    shown: list[str] = []
    places = [text for is_digits, text in section.pieces if is_digits]
    left = digits
    first = len(places)
    for is_digits, text in reversed(section.pieces):
        if not is_digits:
            shown.append(text)
            continue
        first -= 1
        taken = left if first == 0 else left[max(0, len(left) - len(text)) :]
        left = "" if first == 0 else left[: max(0, len(left) - len(text))]
        fraction = ""
        if first == len(places) - 1 and section.decimals and rounded != int(rounded):
            fraction = "," + str(rounded).rpartition(".")[2]
        shown.append(taken + fraction)
    return ("-" if rounded < 0 else "") + "".join(reversed(shown)).strip()


def _moment(number: float, epoch: date) -> Cell:
    """Return a date, or a time of day as text where the number holds no day."""
    if 0 <= number < 1:
        minutes = round(number * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if int(number) not in _DAYS:
        return None
    try:
        start = datetime(epoch.year, epoch.month, epoch.day)  # noqa: DTZ001 - cells have no zone
        return start + timedelta(days=int(number), seconds=round((number % 1) * 86_400))
    except OverflowError:
        return None
