"""Birth dates: day, month, year in fifteen ways; year alone; and the faults of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from parsers.commands import BirthDate
from parsers.misread import Hint

OLDEST_YEARS = 120
"""Nobody who texts is older."""

_MONTHS = 12


class DateShape(NamedTuple):
    """Three runs of digits in the places of day, month and year; they are not judged yet."""

    day: str
    month: str
    year: str


class DateFault(NamedTuple):
    """Digits in the shape of a date that are none; `proposal` is the date that was probably meant."""

    hint: Hint | None
    proposal: BirthDate | None = None


def shapes(groups: Sequence[str], *, tight: bool, even: bool = True) -> list[DateShape]:
    """List how runs of digits can be read as a date, the most probable first.

    `tight` when no blank is between them; `even` when the separators between all of them are the same.

    >>> shapes(["20", "12", "1990"], tight=True), shapes(["20121990"], tight=True)
    ([DateShape(day='20', month='12', year='1990')], [DateShape(day='20', month='12', year='1990'), \
DateShape(day='90', month='19', year='2012')])
    >>> shapes(["1950"], tight=True), shapes(["12", "1950"], tight=True)
    ([DateShape(day='', month='', year='1950')], [DateShape(day='', month='12', year='1950')])
    """
    sizes = tuple(map(len, groups))
    match sizes:
        case (4,):
            return [DateShape("", "", groups[0])]
        case (6,):
            return [DateShape(groups[0][:2], groups[0][2:4], groups[0][4:])]
        case (8,):
            whole = groups[0]
            return [DateShape(whole[:2], whole[2:4], whole[4:]), DateShape(whole[6:], whole[4:6], whole[:4])]
        case (1 | 2, 4):
            return [DateShape("", groups[0], groups[1])]
        case (4, 1 | 2) if tight:
            return [DateShape("", groups[1], groups[0])]
        case (1 | 2, 6) if tight:
            return [DateShape(groups[0], groups[1][:2], groups[1][2:])]
        case (4, 4) if tight:
            return [DateShape(groups[0][:2], groups[0][2:], groups[1])]
        case (1 | 2, 1 | 2, 4) | (1 | 2, 1 | 2, 2):
            return [DateShape(groups[0], groups[1], groups[2])]
        case (4, 1 | 2, 1 | 2) if even:
            return [DateShape(groups[2], groups[1], groups[0])]
        case _:
            return []


def read_birth_date(shape: DateShape, *, today: date, id_year: int | None = None) -> BirthDate | DateFault:
    """Judge a date; `id_year` is the birth year that the 12-digit number holds.

    >>> day = date(2026, 11, 22)
    >>> str(read_birth_date(DateShape("20", "12", "90"), today=day))
    '1990-12-20'
    >>> str(read_birth_date(DateShape("20", "12", "26"), today=day))
    '1926-12-20'
    >>> str(read_birth_date(DateShape("00", "00", "1950"), today=day))
    '1950'
    >>> read_birth_date(DateShape("31", "02", "1990"), today=day).hint
    <Hint.IMPOSSIBLE: 'impossible'>
    >>> read_birth_date(DateShape("1", "1", "2027"), today=day).hint
    <Hint.FUTURE: 'future'>
    >>> read_birth_date(DateShape("12", "25", "1990"), today=day)
    DateFault(hint=<Hint.MONTH_FIRST: 'month_first'>, proposal=BirthDate(year=1990, month=12, day=25))
    """
    day, month = int(shape.day or 0), int(shape.month or 0)
    if len(shape.year) == 4:  # noqa: PLR2004 -- digits of a year written in full
        return _judge(day, month, int(shape.year), today)
    if id_year is not None:
        if id_year % 100 == int(shape.year):
            return _judge(day, month, id_year, today)
        id_year = None
    if not (day or month or int(shape.year)):
        return DateFault(Hint.IMPOSSIBLE)  # 00/00/00 names no year
    century = today.year // 100 * 100
    latest: BirthDate | DateFault = DateFault(Hint.IMPOSSIBLE)
    for year in (century + int(shape.year), century - 100 + int(shape.year)):
        latest = _judge(day, month, year, today)
        if isinstance(latest, BirthDate):
            return latest
    return latest


def _judge(day: int, month: int, year: int, today: date) -> BirthDate | DateFault:
    if day and not month:
        return DateFault(Hint.IMPOSSIBLE)
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return _month_first(day, month, year, today)
    return _judge_age(BirthDate(year=year, month=month or None, day=day or None), today)


def _month_first(day: int, month: int, year: int, today: date) -> DateFault:
    if day <= _MONTHS < month:
        swapped = _judge(month, day, year, today) if day else DateFault(Hint.IMPOSSIBLE)
        if isinstance(swapped, BirthDate):
            return DateFault(Hint.MONTH_FIRST, swapped)
    return DateFault(Hint.IMPOSSIBLE)


def _judge_age(born: BirthDate, today: date) -> BirthDate | DateFault:
    # A date is compared as far as it is known: 1906 alone may be December 1906.
    known = (born.year, born.month, born.day)[: 1 + (born.month is not None) + (born.day is not None)]
    now = (today.year, today.month, today.day)[: len(known)]
    oldest = (today.year - OLDEST_YEARS, *now[1:])
    if known > now:
        return DateFault(Hint.FUTURE)
    return DateFault(Hint.TOO_OLD) if known < oldest else born
