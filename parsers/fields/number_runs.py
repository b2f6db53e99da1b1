"""A run of numbers without words between: which of them are the identity number, which the birth date.

People write `201 499 999 20 12 1990` as well as `201499999, 20/12/1990`. Every way to cut a run into at most one
identity number and at most one date is tried. When exactly one way uses every digit, it is the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from parsers.commands import IdNumber
from parsers.fields.birth_dates import DateFault
from parsers.fields.identity_numbers import CMND_DIGITS, IdFault, is_mobile_number
from parsers.fields.number_cuts import (
    ID_JOINTS,
    MOST_DIGITS,
    Digits,
    Found,
    agrees,
    as_date,
    as_id,
    cuts_of,
    found_by,
    gaps_of,
    is_tight,
    joined,
    place,
)
from parsers.misread import Hint

_TOO_MANY_DIGITS = 60
"""A run with more is noise and is not searched; bounds the work, which grows with the square."""

_BROKEN_DATE_DIGITS = 9
"""Digits of a day, a month and a year with one digit too many; nothing longer was meant as a date."""

_FEWEST_OF_AN_ID = 4
"""A run with a date and at most so many other digits holds no identity number."""

_LONGEST_PART = 6
"""Digits of a group that is a part of a number; a longer one can be a date or a number alone."""

_MOST_PARTS_OF_A_DATE = 3
_HOUSE_DIGITS = 3
_YEAR_DIGITS = 4
_MOST_GROUPS_OF_A_PHONE = 6
_MOST_DIGITS_OF_A_PHONE = 14
_MOST_PHONES = 2
_APART = ";"
"""In place of a number that was taken out between two others, to keep them apart."""


def read_run(groups: Sequence[Digits], *, today: date, wanted: str = "", is_before_words: bool = False) -> list[Found]:
    """Take a run of numbers apart; `wanted` is `id` or `date` when a label before the run said so.

    When words follow the run, its last number can be a house number (`16.08.1981 92 Tran Phu`).
    """
    if len(groups) == 1:
        return [_read_single(groups[0], today, wanted)]
    if len(groups) == 3 and groups[1].gap == groups[2].gap == "/":  # noqa: PLR2004 -- day, month, year as most write them
        shape, fault = as_date(groups, today)
        if shape is not None or fault is not None:
            return [place(shape or fault, groups)]
    total = sum([len(group.digits) for group in groups])
    if total > _TOO_MANY_DIGITS:
        return [place(IdFault(joined(groups)[:_TOO_MANY_DIGITS], None), groups)]
    cuts = cuts_of(groups, today) if total <= MOST_DIGITS else []
    if len(cuts) > 1:
        cuts = [cut for cut in cuts if agrees(cut, groups, today)] or cuts
    if cuts:
        # Two ways to read it are two answers: both are passed on, and the command asks again.
        return [found for cut in cuts for found in found_by(cut, groups)]
    found = _read_beside_phone(groups, today)
    if found is None and is_before_words:
        found = _read_before_house(groups, today)
    return found or _read_faulty(groups, today)


def _read_before_house(groups: Sequence[Digits], today: date) -> list[Found] | None:
    """Read a run that ends in a house number after a blank; None when the rest has not exactly one reading.

    A date before it has a year of four digits, which takes no further one.
    """
    for size in (1, 2, 3):
        rest, house = groups[:-size], groups[-size:]
        is_street = size == 1 or house[-1].gap == "/"  # `22 2/9 Lien Chieu`
        if not rest or not house[0].gap.isspace() or len(house[0].digits) > _HOUSE_DIGITS or not is_street:
            continue
        if len(rest[-1].digits) < CMND_DIGITS - 1 and len(rest[-1].digits) != _YEAR_DIGITS:
            continue
        cuts = cuts_of(rest, today) if sum([len(group.digits) for group in rest]) <= MOST_DIGITS else []
        cuts = [cut for cut in cuts if agrees(cut, rest, today)]
        if len(cuts) == 1:
            return found_by(cuts[0], rest)
    return None


def _read_beside_phone(groups: Sequence[Digits], today: date, phones: int = 1) -> list[Found] | None:
    """Read a run that also holds one or two mobile numbers; None when there is not exactly one way to do so."""
    ways = []
    for phone, rest in _phones(groups):
        beside = [place(IdFault(joined(phone), Hint.PHONE_NUMBER), phone)]
        total = sum([len(group.digits) for group in rest])
        cuts = cuts_of(rest, today) if total <= MOST_DIGITS else []
        ways += [[*found_by(cut, rest), *beside] for cut in cuts if agrees(cut, rest, today)]
        more = _read_beside_phone(rest, today, phones + 1) if not cuts and phones < _MOST_PHONES else None
        ways += [[*more, *beside]] if more is not None else []
    ways = [way for way in ways if any(isinstance(found.value, str) for found in way)] or ways
    return ways[0] if len({frozenset(way) for way in ways}) == 1 else None


def _phones(groups: Sequence[Digits]) -> Iterator[tuple[Sequence[Digits], list[Digits]]]:
    """Yield every mobile number that some groups are, with the other groups."""
    for start in range(len(groups)):
        size = 0
        for end in range(start + 1, min(start + _MOST_GROUPS_OF_A_PHONE, len(groups)) + 1):
            size += len(groups[end - 1].digits)
            if size > _MOST_DIGITS_OF_A_PHONE:
                break
            phone, rest = groups[start:end], [*groups[:start], *groups[end:]]
            if size < CMND_DIGITS or not rest or not is_mobile_number(joined(phone)) or not gaps_of(phone) <= ID_JOINTS:
                continue
            if start and end < len(groups):
                rest[start] = rest[start]._replace(gap=_APART)
            yield phone, rest


def _read_single(group: Digits, today: date, wanted: str) -> Found:
    number = as_id([group])
    if isinstance(number, str):
        return place(number, [group])
    shape, fault = as_date([group], today)
    if wanted == "id":
        return place(number or IdFault(group.digits, None), [group])
    if shape is not None:
        return place(shape, [group])
    if wanted == "date":
        return place(fault or DateFault(None), [group])
    # Up to eight digits can be a slip in a date as well as in a number; the command knows which one is missing.
    loose = len(group.digits) <= CMND_DIGITS - 1
    return place(None if loose else number or IdFault(group.digits, None), [group])


def _read_faulty(groups: Sequence[Digits], today: date) -> list[Found]:
    """Return what is wrong with a run that has no reading, as exactly as one wrong field allows."""
    for number, born in _with_date(groups):
        fault = as_date(born, today)[1]
        if fault is not None and (not number or isinstance(as_id(number), str)):
            return [place(fault, born), *([place(IdNumber(joined(number)), number)] if number else [])]
    if _is_broken_date(groups):
        return [place(DateFault(None), groups)]
    for number, born in _with_date(groups):
        shape = as_date(born, today)[0] if number and len(born) > 1 else None
        wrong = as_id(number) if shape is not None else None
        if shape is not None and isinstance(wrong, IdFault) and len(wrong.digits) > _FEWEST_OF_AN_ID:
            return [place(wrong, number), place(shape, born)]
    return _read_scattered(groups, today)


def _with_date(groups: Sequence[Digits]) -> Iterator[tuple[Sequence[Digits], Sequence[Digits]]]:
    """Yield each way to cut a run into a number, which may be empty, and groups few enough for a date."""
    count = len(groups)
    ends = {*range(min(_MOST_PARTS_OF_A_DATE, count) + 1), *range(max(count - _MOST_PARTS_OF_A_DATE, 0), count + 1)}
    for middle in sorted(ends):
        for number, born in ((groups[:middle], groups[middle:]), (groups[middle:], groups[:middle])):
            if 0 < len(born) <= _MOST_PARTS_OF_A_DATE:
                yield number, born


def _read_scattered(groups: Sequence[Digits], today: date) -> list[Found]:
    """Read a run that holds neither a good number nor a good date as it stands."""
    digits = joined(groups)
    if is_tight(groups) or (len(digits) >= CMND_DIGITS and all(len(group.digits) <= _LONGEST_PART for group in groups)):
        return [place(as_id(groups) or IdFault(digits, None), groups)]
    if len(digits) < CMND_DIGITS:
        # Eight digits are ddmmyyyy with blanks in odd places, unless the identity number is missing.
        return [place(None if len(digits) == 8 else DateFault(None), groups)]  # noqa: PLR2004 -- ddmmyyyy
    return [found for piece in _tight_pieces(groups) for found in read_run(piece, today=today)]


def _is_broken_date(groups: Sequence[Digits]) -> bool:
    """Return whether a run without blanks looks like a date with a digit too many or too few."""
    is_short = len(groups[0].digits) <= 2 or groups[1].gap == "/"  # noqa: PLR2004 -- digits of a day
    return is_tight(groups) and is_short and len(joined(groups)) <= _BROKEN_DATE_DIGITS


def _tight_pieces(groups: Sequence[Digits]) -> list[Sequence[Digits]]:
    starts = [0, *(at for at in range(1, len(groups)) if groups[at].gap.isspace()), len(groups)]
    return [groups[start:end] for start, end in pairwise(starts)]
