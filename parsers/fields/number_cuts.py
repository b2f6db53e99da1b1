"""The ways to cut a run of numbers into at most one identity number and at most one date, every digit used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from parsers.commands import BirthDate, IdNumber
from parsers.fields.birth_dates import DateFault, DateShape, read_birth_date, shapes
from parsers.fields.identity_numbers import CCCD_DIGITS, CMND_DIGITS, IdFault, birth_year_of, read_id_number

MOST_DIGITS = CCCD_DIGITS + 8
"""Digits of the longest identity number and the longest date; a run with more has no reading."""

ID_JOINTS = frozenset(" .-")
_DATE_JOINTS = frozenset(" ./-")
_SHARE_OF_DIGITS = 2 / 3


class Digits(NamedTuple):
    """One run of digits: its digits, its place, what is before it, and how many were look-alike letters."""

    digits: str
    start: int
    end: int
    gap: str
    fixed: int = 0


class Found(NamedTuple):
    """A number and its reading: an identity number, a date, a faulty one of these, or unknown."""

    value: IdNumber | IdFault | DateShape | DateFault | None
    start: int
    end: int
    digits: str


class Cut(NamedTuple):
    """One way to cut a run: which groups are the identity number, and which the date."""

    id_span: tuple[int, int] | None
    date_span: tuple[int, int] | None
    shape: DateShape | None


def joined(groups: Sequence[Digits]) -> str:
    """Join the digits of neighbouring groups."""
    return "".join([group.digits for group in groups])


def _mendable(groups: Sequence[Digits]) -> bool:
    """Letters count as digits only where at least two thirds of the characters are digits."""
    fixed = sum([group.fixed for group in groups])
    return not fixed or fixed <= (1 - _SHARE_OF_DIGITS) * len(joined(groups)) + 1e-9


def gaps_of(groups: Sequence[Digits]) -> set[str]:
    """Return the marks between the groups."""
    return set("".join([group.gap for group in groups[1:]]))


def as_id(groups: Sequence[Digits]) -> IdNumber | IdFault | None:
    """Read groups as an identity number; None when what is between them cannot be in one."""
    gaps = {group.gap for group in groups[1:]}
    is_even = len(gaps) < 2 or max(map(len, gaps)) == 1  # noqa: PLR2004 -- two ways to part groups
    if is_even and gaps_of(groups) <= ID_JOINTS and _mendable(groups):
        return read_id_number(joined(groups))
    return None


def is_tight(groups: Sequence[Digits]) -> bool:
    """Return whether no blank is between the groups."""
    return not any(group.gap.isspace() for group in groups[1:])


def as_date(groups: Sequence[Digits], today: date) -> tuple[DateShape | None, DateFault | None]:
    """Return the first shape that is a date, or the fault of the first shape."""
    fault: DateFault | None = None
    if not gaps_of(groups) <= _DATE_JOINTS:
        return None, None
    tight = is_tight(groups)
    even = len({group.gap for group in groups[1:]}) == 1
    candidates = shapes([group.digits for group in groups], tight=tight, even=even)
    if candidates and not _mendable(groups):
        return None, DateFault(None)
    for shape in candidates:
        born = read_birth_date(shape, today=today)
        if isinstance(born, BirthDate):
            return shape, None
        fault = fault or born
    if fault is not None and fault.proposal is not None and not _is_day_month_year(groups):
        fault = DateFault(fault.hint)
    return None, fault


def _is_day_month_year(groups: Sequence[Digits]) -> bool:
    """Return whether digits are so clearly in three parts that a corrected date may be proposed."""
    first = groups[0].digits
    return len(first) <= 2 or len(first) == 8 or (len(first) == 6 and first[2:4] not in ("19", "20"))  # noqa: PLR2004 -- day, ddmmyyyy, ddmmyy but not mmyyyy


def cuts_of(groups: Sequence[Digits], today: date) -> list[Cut]:
    """List the ways to use up every group with one identity number, one date, or both in either order."""
    count = len(groups)
    total = sum([len(group.digits) for group in groups])
    ways: list[Cut] = []
    before = 0
    inside = _inside_dates(groups)
    for middle in range(count + 1):
        if middle in inside:
            before += len(groups[middle].digits)
            continue
        for id_span, size, date_span in (
            ((0, middle), before, (middle, count)),
            ((middle, count), total - before, (0, middle)),
        ):
            way = _cut(groups, id_span, size, date_span, today)
            if way is not None and way not in ways:
                ways.append(way)
        before += len(groups[middle].digits) if middle < count else 0
    return ways


def _inside_dates(groups: Sequence[Digits]) -> set[int]:
    """Return where no field ends: between the parts of a date with a slash before month and year."""
    inside: set[int] = set()
    for at in range(2, len(groups)):
        sizes = [len(group.digits) for group in groups[at - 2 : at + 1]]
        is_date = groups[at - 1].gap == groups[at].gap == "/" and sizes[0] <= 2 and sizes[1] <= 2 and sizes[2] in (2, 4)  # noqa: PLR2004 -- digits of day, month and year
        if is_date and (at == 2 or groups[at - 2].gap != "/"):  # noqa: PLR2004 -- the first of three
            inside |= {at - 1, at}
    return inside


def _cut(
    groups: Sequence[Digits], id_span: tuple[int, int], size: int, date_span: tuple[int, int], today: date
) -> Cut | None:
    """Judge one way to cut; `size` is the number of digits of the identity number."""
    if (size and size not in (CMND_DIGITS, CCCD_DIGITS)) or date_span[1] - date_span[0] > 3:  # noqa: PLR2004 -- parts of a date
        return None
    number = groups[slice(*id_span)]
    if number and not isinstance(as_id(number), str):
        return None
    born = groups[slice(*date_span)]
    shape = as_date(born, today)[0] if born else None
    if born and shape is None:
        return None
    return Cut(id_span if number else None, date_span if born else None, shape)


def agrees(cut: Cut, groups: Sequence[Digits], today: date) -> bool:
    """Return whether the birth year that a 12-digit number holds is that of the date."""
    if cut.id_span is None or cut.shape is None:
        return True
    year = birth_year_of(joined(groups[slice(*cut.id_span)]))
    born = read_birth_date(cut.shape, today=today, id_year=year)
    return year is None or (isinstance(born, BirthDate) and born.year == year)


def found_by(cut: Cut, groups: Sequence[Digits]) -> list[Found]:
    """Return the number and the date of a cut, with their places."""
    found = []
    if cut.id_span is not None:
        number = groups[slice(*cut.id_span)]
        found.append(place(IdNumber(joined(number)), number))
    if cut.date_span is not None and cut.shape is not None:
        found.append(place(cut.shape, groups[slice(*cut.date_span)]))
    return found


def place(value: IdNumber | IdFault | DateShape | DateFault | None, groups: Sequence[Digits]) -> Found:
    """Return what some groups were taken for."""
    return Found(value, groups[0].start, groups[-1].end, joined(groups))
