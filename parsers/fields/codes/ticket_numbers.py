"""Numbers of requests (`YC482173051`): made with a check digit, and found in a text as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from parsers.fields.codes.national_form import find_national_form

PREFIX = "YC"
DIGITS = 9
"""Eight random digits and the check digit."""
_FIRST = "46"
"""Nine digits that begin so are no mobile number, no old identity number and no date."""

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""Damm's table: row is the digit so far, column the next one. It finds each wrong digit and each swap of neighbours."""

_LOOKALIKES = str.maketrans("OIL", "011")
_YC = re.compile(r"(?:(?<![^\W_])Y[\s./-]{1,2}C|YC)(?:[\s.:,#-]|SO(?![^\W\d_])){0,6}(?=[0-9OIL])")
"""`YC` also behind letters that touch it (`TTYC…`); `Y C` only where the Y begins a word."""
_HASH = re.compile(r"#\s{0,2}(?=[0-9OIL])")
_NINE = re.compile(r"[0-9OIL]{9}(?![0-9])")
_GROUP = re.compile(r"[0-9OIL]+")
_JOINT = re.compile(r"[\s.,-]{1,2}(?=[0-9OIL])")
_MOST_GROUPS = 9
_WRONG_LENGTHS = range(7, 11)
_BARE = re.compile(
    r"(?<![0-9])(?<![0-9][\s./-])"
    r"(?:[46][0-9]{2}(?P<joint>[\s.-])[0-9]{3}(?P=joint)[0-9]{3}|[46][0-9OIL]{8})(?![0-9])(?![\s./-][0-9]{3}(?![0-9]))(?![./-][0-9])"
)
_MOST_LETTERS = 2
"""Look-alike letters in nine digits without YC; more are a word."""
_SEPARATORS = re.compile(r"[^0-9OIL]")


class WrittenNumber(NamedTuple):
    """A number as it is written in a text."""

    start: int
    end: int
    digits: str
    """As read: O is 0, l is 1. After YC or # also 7, 8 or 10 digits, which are no number."""
    is_whole: bool
    """Nine digits, and the check digit fits."""
    is_bare: bool
    """Without YC and #: it counts only when it is a number of the sender."""


def check_digit(digits: str) -> str:
    """Return the check digit of eight digits.

    >>> check_digit("48217305")
    '1'
    """
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def is_number(digits: str) -> bool:
    """Return whether these are the digits of a number that can have been given.

    >>> is_number("482173051"), is_number("482173057"), is_number("48217305")
    (True, False, False)
    """
    has_form = len(digits) == DIGITS and digits.isascii() and digits.isdecimal() and digits[0] in _FIRST
    return has_form and check_digit(digits[:-1]) == digits[-1]


def new_number(draw: Callable[[int], int]) -> str:
    """Make a number; `draw(n)` returns a random one of 0 to n - 1.

    >>> new_number(lambda n: n - 1)
    'YC699999995'
    """
    digits = f"{_FIRST[draw(len(_FIRST))]}{draw(10**7):07d}"
    return f"{PREFIX}{digits}{check_digit(digits)}"


def find_numbers(folded: str) -> tuple[WrittenNumber, ...]:
    """Find the numbers in a folded text of the normal form, in the order of the text.

    >>> [found.digits for found in find_numbers("TTYC482173051 VA Y C 613.509.427, #4O7192867, 482 173 051")]
    ['482173051', '613509427', '407192867', '482173051']
    >>> find_numbers("YC48217305 CHUA CO")
    (WrittenNumber(start=0, end=10, digits='48217305', is_whole=False, is_bare=False),)
    >>> find_numbers("000.00.12.H17-230815-0007, CMND 201499999, DT 0905123456, YC 5 NGUOI")
    ()
    """
    for start, end in find_national_form(folded):
        folded = _blanked(folded, start, end)
    named = []
    for prefix, is_hash in ((_YC, False), (_HASH, True)):
        for found in _named(folded, prefix, is_hash=is_hash):
            named.append(found)
            folded = _blanked(folded, found.start, found.end)
    return tuple(sorted((*named, *_bare(folded))))


def near(digits: str, own: Iterable[str]) -> tuple[str, ...]:
    """Return which of the sender's numbers differ by one digit, or by two neighbours that are swapped.

    >>> near("482173057", ["YC482173051", "YC613509427"]), near("842173051", ["YC482173051"])
    (('YC482173051',), ('YC482173051',))
    """
    return tuple(number for number in own if _is_one_slip(digits, number.removeprefix(PREFIX)))


def _is_one_slip(digits: str, number: str) -> bool:
    if len(digits) != DIGITS or len(number) != DIGITS:
        return False
    unlike = [at for at in range(DIGITS) if digits[at] != number[at]]
    match unlike:
        case [_]:
            return True
        case [first, last]:
            return last == first + 1 and digits[first : last + 1] == number[last] + number[first]
        case _:
            return False


def _named(folded: str, prefix: re.Pattern[str], *, is_hash: bool) -> Iterator[WrittenNumber]:
    """Yield the numbers behind YC or behind a #."""
    for begun in prefix.finditer(folded):
        read = _digits_at(folded, begun.end())
        if read is None:
            continue
        digits, end = read
        if not is_hash or is_number(digits) or _may_be_slip(digits):
            yield WrittenNumber(begun.start(), end, digits, is_number(digits), is_bare=False)


def _may_be_slip(digits: str) -> bool:
    """Return whether digits behind a # are meant as a number: most identity numbers begin otherwise."""
    if len(digits) != DIGITS:
        return digits[0] in _FIRST
    return digits[0] in "456789" or digits[1] in _FIRST  # the first two may be swapped


def _digits_at(folded: str, at: int) -> tuple[str, int] | None:
    """Read the digits that begin here, and where they end: nine that fit first, then one group, then several."""
    nine = _NINE.match(folded, at)
    if nine is not None and is_number(read := nine.group().translate(_LOOKALIKES)):
        return read, nine.end()
    groups = list(_groups(folded, at))
    if not groups:
        return None
    joined = [("".join(digits for digits, _ in groups[: count + 1]), groups[count][1]) for count in range(len(groups))]
    of_nine = next((one for one in joined if len(one[0]) == DIGITS), None)
    if of_nine is not None and is_number(of_nine[0]):
        return of_nine
    first = groups[0]
    if len(first[0]) in _WRONG_LENGTHS:
        is_phone = first[0].startswith("0") and len(first[0]) != DIGITS
        return None if is_phone else first
    if first[0].startswith("0"):
        # A telephone or identity number in groups goes on behind nine digits, or no group ends there.
        return of_nine if of_nine is not None and of_nine[1] == groups[-1][1] else None
    return of_nine or next((one for one in joined if len(one[0]) in _WRONG_LENGTHS), None)


def _groups(folded: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield groups of digits with one or two marks between, and where each ends."""
    for _ in range(_MOST_GROUPS):
        found = _GROUP.match(folded, at)
        if found is None:
            return
        written = found.group()
        if folded[found.end() : found.end() + 1].isalpha():
            written = written.rstrip("OIL")  # the first letters of a word that touches the digits
        if not any(map(str.isdecimal, written)):
            return
        end = at + len(written)
        yield written.translate(_LOOKALIKES), end
        joint = _JOINT.match(folded, end)
        if joint is None:
            return
        at = joint.end()


def _bare(folded: str) -> Iterator[WrittenNumber]:
    for found in _BARE.finditer(folded):
        written = _SEPARATORS.sub("", found.group())
        digits = written.translate(_LOOKALIKES)
        letters = sum(map(str.isalpha, written))
        if letters <= _MOST_LETTERS and is_number(digits):
            yield WrittenNumber(found.start(), found.end(), digits, is_whole=True, is_bare=True)


def _blanked(folded: str, start: int, end: int) -> str:
    return f"{folded[:start]}{' ' * (end - start)}{folded[end:]}"
