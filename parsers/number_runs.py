"""A run of numbers without words between: which of them are the identity number, which the birth date.

People write `201 499 999 20 12 1990` as well as `201499999, 20/12/1990`. Every way to cut a run into at most one
identity number and at most one date is tried; a way that uses up every digit and is the only one is the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from parsers.birth_dates import DateFault, DateShape, read_birth_date, shapes
from parsers.commands import BirthDate, IdNumber
from parsers.identity_numbers import (
    CCCD_DIGITS,
    CMND_DIGITS,
    IdFault,
    birth_year_of,
    is_mobile_number,
    read_id_number,
)
from parsers.misread import Hint

_MOST_DIGITS = CCCD_DIGITS + 8
"""Digits of the longest identity number and the longest date; a run with more has no reading."""

_TOO_MANY_DIGITS = 60
"""A run with more is noise, and is not searched for fields; bounds the work, which grows with the square."""

_BROKEN_DATE_DIGITS = 9
"""Digits of a day, a month and a year with one digit too many; nothing longer was meant for a date."""

_FEWEST_OF_AN_ID = 4
"""A run that holds a date and no more digits than this besides holds no identity number."""

_LONGEST_PART = 6
"""Digits of a group that is a part of a number; a longer one can be a date or a number by itself."""

_ID_JOINTS = frozenset(" .-")
_DATE_JOINTS = frozenset(" ./-")
_MOST_GROUPS_OF_A_PHONE = 6
_MOST_DIGITS_OF_A_PHONE = 14
_MOST_PHONES = 2
_APART = ";"
"""Stands for a number that was taken out between two others, which it keeps apart."""
_SHARE_OF_DIGITS = 2 / 3


class Digits(NamedTuple):
    """One run of digits: as digits, where it stands, what stands before it, and how many were letters by look."""

    digits: str
    start: int
    end: int
    gap: str
    mended: int = 0


class Found(NamedTuple):
    """A number that was taken for something: an identity number, a date, a faulty one of these, or nothing known."""

    value: IdNumber | IdFault | DateShape | DateFault | None
    start: int
    end: int
    digits: str


class _Cut(NamedTuple):
    id_span: tuple[int, int] | None
    date_span: tuple[int, int] | None
    shape: DateShape | None


def read_run(groups: Sequence[Digits], *, today: date, wanted: str = "") -> list[Found]:
    """Take a run of numbers apart; `wanted` is `id` or `date` when a label before the run said so."""
    if len(groups) == 1:
        return [_read_single(groups[0], today, wanted)]
    if len(groups) == 3 and groups[1].gap == groups[2].gap == "/":  # noqa: PLR2004 -- day, month, year as most write them
        shape, fault = _as_date(groups, today)
        if shape is not None or fault is not None:
            return [_place(shape or fault, groups)]
    total = sum([len(group.digits) for group in groups])
    if total > _TOO_MANY_DIGITS:
        return [_place(IdFault(joined(groups)[:_TOO_MANY_DIGITS], None), groups)]
    cuts = _cuts(groups, today) if total <= _MOST_DIGITS else []
    if len(cuts) > 1:
        cuts = [cut for cut in cuts if _agrees(cut, groups, today)] or cuts
    if cuts:
        # Two ways to read it are two answers: both are handed on, and the command asks back.
        return [found for cut in cuts for found in _found(cut, groups)]
    return _read_beside_phone(groups, today) or _read_faulty(groups, today)


def _read_beside_phone(groups: Sequence[Digits], today: date, phones: int = 1) -> list[Found] | None:
    """Read a run that holds one or two mobile numbers as well; None when there is not exactly one way to do so."""
    ways = []
    for phone, rest in _phones(groups):
        beside = [_place(IdFault(joined(phone), Hint.PHONE_NUMBER), phone)]
        total = sum([len(group.digits) for group in rest])
        cuts = _cuts(rest, today) if total <= _MOST_DIGITS else []
        ways += [[*_found(cut, rest), *beside] for cut in cuts if _agrees(cut, rest, today)]
        more = _read_beside_phone(rest, today, phones + 1) if not cuts and phones < _MOST_PHONES else None
        ways += [[*more, *beside]] if more is not None else []
    ways = [way for way in ways if any(isinstance(found.value, str) for found in way)] or ways
    if phones > 1 or len({frozenset(way) for way in ways}) == 1:
        return ways[0] if ways else None
    return None


def _phones(groups: Sequence[Digits]) -> Iterator[tuple[Sequence[Digits], list[Digits]]]:
    """Yield every mobile number that some groups are, with the other groups."""
    for start in range(len(groups)):
        size = 0
        for end in range(start + 1, min(start + _MOST_GROUPS_OF_A_PHONE, len(groups)) + 1):
            size += len(groups[end - 1].digits)
            if size > _MOST_DIGITS_OF_A_PHONE:
                break
            phone, rest = groups[start:end], [*groups[:start], *groups[end:]]
            if (
                size < CMND_DIGITS
                or not rest
                or not is_mobile_number(joined(phone))
                or not _gaps_of(phone) <= _ID_JOINTS
            ):
                continue
            if start and end < len(groups):
                rest[start] = rest[start]._replace(gap=_APART)
            yield phone, rest


def joined(groups: Sequence[Digits]) -> str:
    """Join the digits of neighbouring groups."""
    return "".join([group.digits for group in groups])


def _mendable(groups: Sequence[Digits]) -> bool:
    """Letters count as digits only where at least two thirds of the characters are digits."""
    mended = sum([group.mended for group in groups])
    return not mended or mended <= (1 - _SHARE_OF_DIGITS) * len(joined(groups)) + 1e-9


def _gaps_of(groups: Sequence[Digits]) -> set[str]:
    return set("".join([group.gap for group in groups[1:]]))


def _as_id(groups: Sequence[Digits]) -> IdNumber | IdFault | None:
    if _gaps_of(groups) <= _ID_JOINTS and _mendable(groups):
        return read_id_number(joined(groups))
    return None


def _is_tight(groups: Sequence[Digits]) -> bool:
    return not any(group.gap.isspace() for group in groups[1:])


def _as_date(groups: Sequence[Digits], today: date) -> tuple[DateShape | None, DateFault | None]:
    """Return the first shape that is a date, or the fault of the first shape."""
    fault: DateFault | None = None
    if not _gaps_of(groups) <= _DATE_JOINTS:
        return None, None
    tight = _is_tight(groups)
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
    """Tell whether digits stand so plainly in three parts that a mended date may be proposed."""
    first = groups[0].digits
    return len(first) <= 2 or len(first) == 8 or (len(first) == 6 and first[2:4] not in ("19", "20"))  # noqa: PLR2004 -- day, ddmmyyyy, ddmmyy but not mmyyyy


def _cuts(groups: Sequence[Digits], today: date) -> list[_Cut]:
    """List the ways to use up every group with one identity number, one date, or both in either order."""
    count = len(groups)
    total = sum([len(group.digits) for group in groups])
    ways: list[_Cut] = []
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
) -> _Cut | None:
    """Judge one way to cut; `size` is how many digits fall to the identity number."""
    if (size and size not in (CMND_DIGITS, CCCD_DIGITS)) or date_span[1] - date_span[0] > 3:  # noqa: PLR2004 -- parts of a date
        return None
    number = groups[slice(*id_span)]
    if number and not isinstance(_as_id(number), str):
        return None
    born = groups[slice(*date_span)]
    shape = _as_date(born, today)[0] if born else None
    if born and shape is None:
        return None
    return _Cut(id_span if number else None, date_span if born else None, shape)


def _agrees(cut: _Cut, groups: Sequence[Digits], today: date) -> bool:
    if cut.id_span is None or cut.shape is None:
        return True
    year = birth_year_of(joined(groups[slice(*cut.id_span)]))
    born = read_birth_date(cut.shape, today=today, id_year=year)
    return year is None or (isinstance(born, BirthDate) and born.year == year)


def _found(cut: _Cut, groups: Sequence[Digits]) -> list[Found]:
    found = []
    if cut.id_span is not None:
        number = groups[slice(*cut.id_span)]
        found.append(_place(IdNumber(joined(number)), number))
    if cut.date_span is not None and cut.shape is not None:
        found.append(_place(cut.shape, groups[slice(*cut.date_span)]))
    return found


def _place(value: IdNumber | IdFault | DateShape | DateFault | None, groups: Sequence[Digits]) -> Found:
    return Found(value, groups[0].start, groups[-1].end, joined(groups))


def _read_single(group: Digits, today: date, wanted: str) -> Found:
    number = _as_id([group])
    if isinstance(number, str):
        return _place(number, [group])
    shape, fault = _as_date([group], today)
    if wanted == "id":
        return _place(number or IdFault(group.digits, None), [group])
    if shape is not None:
        return _place(shape, [group])
    if wanted == "date":
        return _place(fault or DateFault(None), [group])
    # Up to eight digits can be a slip in a date as well as in a number; the command knows which one it lacks.
    loose = len(group.digits) <= CMND_DIGITS - 1
    return _place(None if loose else number or IdFault(group.digits, None), [group])


def _read_faulty(groups: Sequence[Digits], today: date) -> list[Found]:
    """Tell what is wrong with a run that has no reading, as exactly as one wrong field allows."""
    for middle in range(len(groups) + 1):
        for number, born in ((groups[:middle], groups[middle:]), (groups[middle:], groups[:middle])):
            fault = _as_date(born, today)[1] if born else None
            good_id = isinstance(_as_id(number), str) if number else True
            if good_id and fault is not None:
                return [_place(fault, born), *([_place(IdNumber(joined(number)), number)] if number else [])]
    if _is_broken_date(groups):
        return [_place(DateFault(None), groups)]
    for middle in range(1, len(groups)):
        for number, born in ((groups[:middle], groups[middle:]), (groups[middle:], groups[:middle])):
            shape = _as_date(born, today)[0]
            wrong = _as_id(number)
            if (
                shape is not None
                and len(born) > 1
                and isinstance(wrong, IdFault)
                and len(wrong.digits) > _FEWEST_OF_AN_ID
            ):
                return [_place(wrong, number), _place(shape, born)]
    return _read_scattered(groups, today)


def _read_scattered(groups: Sequence[Digits], today: date) -> list[Found]:
    """Read a run that holds neither a good number nor a good date as it stands."""
    digits = joined(groups)
    if _is_tight(groups) or (
        len(digits) >= CMND_DIGITS and all(len(group.digits) <= _LONGEST_PART for group in groups)
    ):
        return [_place(_as_id(groups) or IdFault(digits, None), groups)]
    if len(digits) < CMND_DIGITS:
        # Eight digits are ddmmyyyy with blanks in odd places, unless the identity number is what lacks.
        return [_place(None if len(digits) == 8 else DateFault(None), groups)]  # noqa: PLR2004 -- ddmmyyyy
    return [found for piece in _tight_pieces(groups) for found in read_run(piece, today=today)]


def _is_broken_date(groups: Sequence[Digits]) -> bool:
    """Tell whether a run without blanks looks like a date with a digit too many or too few."""
    is_short = len(groups[0].digits) <= 2 or groups[1].gap == "/"  # noqa: PLR2004 -- digits of a day
    return _is_tight(groups) and is_short and len(joined(groups)) <= _BROKEN_DATE_DIGITS


def _tight_pieces(groups: Sequence[Digits]) -> list[Sequence[Digits]]:
    starts = [0, *(at for at in range(1, len(groups)) if groups[at].gap.isspace()), len(groups)]
    return [groups[start:end] for start, end in pairwise(starts)]
