"""The numbers of a registration, collected run by run and decided at the end: one identity number, one birth date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from parsers.commands import IdNumber
from parsers.fields.birth_dates import DateFault, DateShape
from parsers.fields.identity_numbers import IdFault, is_mobile_number, is_phone_number, read_id_number
from parsers.fields.number_cuts import Digits, Found, joined
from parsers.fields.number_runs import read_run
from parsers.misread import Hint

SEPARATOR = re.compile(r"[,;|\n\t]")
"""What always separates fields."""

_COMMAS_ONLY = re.compile(r"\s*[,;|]\s*")
_MOST_DAYS = 31
_MOST_MONTHS = 12
_STREET_DIGITS = 7
"""Digits of a house number and of a street named after a day, together."""
_HOUSE_NUMBER_DIGITS = 5
_WHOLE_DATE_DIGITS = 8
_ODD_ID_DIGITS = frozenset({5, 7, 8})
"""Numbers of digits that are neither a date nor an identity number, and nearer to an identity number."""


@dataclass(slots=True)
class NumberFields:
    """The numbers that were found so far; `number` and `born` are set once decided."""

    today: date
    numbers: list[Found] = field(default_factory=list)
    dates: list[Found] = field(default_factory=list)
    loose: list[Found] = field(default_factory=list)
    passport: tuple[int, int] | None = None
    number: IdNumber | IdFault | None = None
    born: DateShape | DateFault | None = None
    is_of_two_people: bool = False

    def has_both(self) -> bool:
        """Return whether an identity number and a date were found, right or wrong."""
        return bool((self.numbers or self.passport) and self.dates)

    def take_piece(
        self, piece: Sequence[Digits], *, wanted: str, may_be_house_number: bool, is_before_words: bool = False
    ) -> None:
        """Take the numbers between two separators; `wanted` is what a label before them announced.

        `is_before_words` when words of an address may follow without a separator.
        """
        if wanted == "phone":
            piece, wanted = _behind_phone(piece), ""
            if not piece:
                return
        if wanted == "passport":
            self.passport = self.passport or (piece[0].start, piece[-1].end)
            return
        for found in read_run(piece, today=self.today, wanted=wanted, is_before_words=is_before_words):
            is_short = len(found.digits) <= _HOUSE_NUMBER_DIGITS or (
                len(found.digits) <= _STREET_DIGITS and all(len(group.digits) <= 3 for group in piece)  # noqa: PLR2004 -- `174 30/4`
            )
            if may_be_house_number and is_short and (found.value is None or isinstance(found.value, DateFault)):
                continue  # `24 Tran Phu`, `duong 30/4`
            if isinstance(found.value, str | IdFault):
                self.numbers.append(found)
            elif isinstance(found.value, DateShape | DateFault):
                self.dates.append(found)
            else:
                self.loose.append(found)

    def settle(self, *, more_names: bool) -> None:
        """Decide what the identity number and the birth date are; `more_names` when a second name was read."""
        self._settle_loose()
        numbers = _without_phones(list({found.digits: found for found in self.numbers}.values()))
        dates = {_same(found): found for found in self.dates}
        if len(numbers) > 1:
            self._settle_several(numbers, more_people=more_names or len(dates) > 1)
        elif numbers:
            value = numbers[0].value
            self.number = value if isinstance(value, str | IdFault) else None
        elif self.passport is not None:
            self.number = IdFault("", Hint.PASSPORT)
        if len(dates) > 1:
            self.born = DateFault(Hint.TWO_VALUES)
        elif self.dates:
            born = self.dates[0].value
            self.born = born if isinstance(born, DateShape | DateFault) else None

    def _settle_several(self, numbers: Sequence[Found], *, more_people: bool) -> None:
        good = sorted([found for found in numbers if isinstance(found.value, str)], key=lambda found: found.start)
        # Two ways to cut one run are no two people.
        self.is_of_two_people = len(good) > 1 and more_people and good[0].end <= good[1].start
        has_phone = any(is_phone_number(found.digits) for found in numbers)
        self.number = IdFault("", Hint.PHONE_NUMBER if len(good) == 1 and has_phone else Hint.TWO_VALUES)

    def _settle_loose(self) -> None:
        """Give digits that can be a slip in either field to the field that is missing."""
        whole = [found for found in self.dates if len(found.digits) == _WHOLE_DATE_DIGITS]
        whole = [found for found in whole if isinstance(found.value, DateShape)]
        if not self.numbers and len(self.dates) > 1 and whole:
            self.dates.remove(whole[0])
            self.loose.append(whole[0])
        for found in self.loose:
            lacks_number = not self.numbers and (self.dates or len(found.digits) in _ODD_ID_DIGITS)
            if lacks_number or (self.numbers and self.dates):
                fault = read_id_number(found.digits)
                self.numbers.append(found._replace(value=fault if isinstance(fault, IdFault) else None))
            else:
                again = Digits(found.digits, found.start, found.end, "")
                self.dates.extend(read_run([again], today=self.today, wanted="date"))


def pieces(groups: Sequence[Digits]) -> list[Sequence[Digits]]:
    """Cut numbers at separators, but keep a date whose three parts are together between commas."""
    cut: list[Sequence[Digits]] = []
    start = at = 0
    while at < len(groups):
        if at > start and (":" in groups[at].gap or SEPARATOR.search(groups[at].gap) is not None):
            cut.append(groups[start:at])
            start = at
        if _is_date_between_commas(groups, at):
            if at > start:
                cut.append(groups[start:at])
            cut.append([groups[at], *(part._replace(gap="/") for part in groups[at + 1 : at + 3])])
            start = at = at + 3
        else:
            at += 1
    if start < len(groups):
        cut.append(groups[start:])
    return cut


def _is_date_between_commas(groups: Sequence[Digits], at: int) -> bool:
    if at + 3 > len(groups) or _COMMAS_ONLY.fullmatch(groups[at + 1].gap) is None:
        return False
    three = groups[at : at + 3]
    if not all(_COMMAS_ONLY.fullmatch(group.gap) for group in three[2:]):
        return False
    day, month, year = (group.digits for group in three)
    is_closed = at + 3 == len(groups) or not _goes_on(groups[at + 3])
    is_date = len(day) <= 2 and len(month) <= 2 and len(year) in (2, 4)  # noqa: PLR2004 -- digits of day, month and year
    gap = groups[at].gap
    starts = (
        at == 0
        or SEPARATOR.search(gap) is not None
        or gap == ":"
        or gap[-1:].isspace()
        or len(groups[at - 1].digits) > 2  # noqa: PLR2004 -- no day, no month
    )
    return is_date and is_closed and starts and int(day) <= _MOST_DAYS and int(month) <= _MOST_MONTHS


def _goes_on(group: Digits) -> bool:
    """Return whether a date continues in a group (`12.1990.5`)."""
    return group.gap in {".", "/", "-"} and len(group.digits) <= 2  # noqa: PLR2004 -- digits of a day


def _behind_phone(piece: Sequence[Digits]) -> Sequence[Digits]:
    """Return what follows a telephone number; nothing, when the number has no clear end."""
    for end in range(1, len(piece)):
        if is_phone_number(joined(piece[:end])):
            return piece[end:]
    return ()


def _without_phones(numbers: list[Found]) -> list[Found]:
    """Skip mobile numbers beside a valid identity number."""
    if len(numbers) < 2 or not any(isinstance(found.value, str) for found in numbers):  # noqa: PLR2004 -- something to choose from
        return numbers
    return [found for found in numbers if isinstance(found.value, str) or not is_mobile_number(found.digits)]


def _same(found: Found) -> tuple[str, ...]:
    """Make two writings of one date equal."""
    if isinstance(found.value, DateShape):
        return tuple(part.lstrip("0") for part in found.value)
    return (str(found.start),)
