"""The national form of receipt codes (agency, date, running number): found in a text, and written as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

_DAYS_REMEMBERED = 1024
_NATIONAL = re.compile(
    r"(?:[0-9]{7}[.\s-]*|(?:[0-9]{2,3}[.\s-]+){0,3})[A-Z][0-9]{2}(?:[.\s-]*[0-9]{2}){0,3}[.\s]*[\s-]\s*(?P<date>[0-9]{6}|[0-9]{8})\s*[\s-]\s*[0-9]{4,7}"
)
_NATIONAL_GLUED = re.compile(r"[0-9]{7}[A-Z][0-9]{2}(?P<date>[0-9]{6}|[0-9]{8})[0-9]{4,7}")
_NUMBER_APART = re.compile(r"[0-9]{2,3}\s+[A-Z]")
"""A number before the agency and a blank: a word of the sentence (`ho so thu 12 H17.12-…`), not a level."""

_DIGIT = "[0-9OIL]"
"""People write letters for digits that look alike; the look-up corrects both."""
_JOINT = r"\s{0,2}[./_-]?\s{0,2}"
_MONTH_AND_DAY = "(?:[0O][1-9IL]|[1IL][0-2OIL])(?:[0O][1-9IL]|[12IL][0-9OIL]|3[01OIL])"
_DATE = f"(?:2[0O][0-9OIL]{{2}}|[1-3IL]{_DIGIT}){_MONTH_AND_DAY}"
"""The years 2010 to 2039: no code is older, and with fewer dates, digits without separators are read more surely."""
_SHAPE = (
    rf"(?<![0-9])(?<![OIL]{{2}})(?P<levels>(?:{_DIGIT}{{2,3}}{_JOINT}){{0,3}})(?P<agency>[A-Z]{_DIGIT}{{2}})"
    rf"(?P<parts>(?:{_JOINT}{_DIGIT}{{2}}){{0,3}}%s)(?P<before>{_JOINT})(?P<date>{_DATE})(?P<behind>{_JOINT})"
    rf"(?P<number>{_DIGIT}{{4,7}})(?![0-9]|[A-Z](?![A-Z]{{2}})|[./_-](?!(?:{_DIGIT}{{2,3}}{_JOINT}){{1,3}}[A-Z]{_DIGIT}{{2}})[0-9])"
)
_FEWEST_PARTS = re.compile(_SHAPE % "?")
_MOST_PARTS = re.compile(_SHAPE % "")
_CORE = re.compile(rf"[A-Z]{_DIGIT}{{2}}(?:{_JOINT}{_DIGIT}{{2}}){{0,3}}?{_JOINT}{_DATE}{_JOINT}{_DIGIT}{{4}}")
"""What each such code holds; a quick check that spares most texts the search."""
_WORD_BEFORE = re.compile(r"([^\W_]*)[./_-]?\Z")
_LONGEST_WORD = 12
_GLUED_WORD = re.compile(r"DVC|D?CV|DV|VDC|VC|DVCC|DVX|M?HS|MA|SO|M?BN|SBN|(?:MA|SO)?HOSO|(?:MA|SO)HS")
"""What people write directly before a code, without a blank: the keyword, its slips, and labels."""
_MARK = re.compile(r"[./_-]")
_LEVELS = re.compile(rf"({_DIGIT}{{3}})({_DIGIT}{{2}})({_DIGIT}{{2}})")
_LEVEL = re.compile(rf"({_DIGIT}+)([^0-9OIL]*)")
_AGENCIES = "GH"
"""Letters of ministries and provinces: with these, blanks are enough between the parts of a code in a sentence."""
_NO_CODE = re.compile(r"[0-9A-Z]{61,}")
"""More letters and digits in a row than codes with a keyword before them have; otherwise a search tries each of
them."""
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LOOKALIKES = str.maketrans("OIL", "011")


def is_national_form(folded: str) -> bool:
    """Return whether a text is an agency code, a date and a running number, and nothing else.

    >>> is_national_form("000.00.12.H17-230815-0007"), is_national_form("G09.20-20260609-0092637")
    (True, True)
    >>> [is_national_form(code) for code in ("H17.12-231515-0007", "13557009", "12 H17-230815-0007")]
    [False, False, False]
    """
    found = _NATIONAL.fullmatch(folded) or _NATIONAL_GLUED.fullmatch(folded)
    return found is not None and _is_day(found["date"]) and _NUMBER_APART.match(folded) is None


def is_one_national(folded: str) -> bool:
    """Return whether a text is one code of the national form, with look-alike letters or without.

    >>> is_one_national("O00. 00.12.H17-230815-0007"), is_one_national("H17.12-230815-0007 H17.12-230815-0008")
    (True, False)
    """
    return is_national_form(folded) or next(find_national_form(folded), None) == (0, len(folded))


def national_end(folded: str) -> int:
    """Return where a code of the national form ends that is at the beginning of a text; 0 when there is none.

    >>> national_end("000.00.12.H17-230815-0007 1234"), national_end("H17.12-230815-00071234 5")
    (25, 0)
    """
    for form in (_NATIONAL, _NATIONAL_GLUED):
        found = form.match(folded)
        if found is not None and not folded[found.end() : found.end() + 1].isalnum() and _is_day(found["date"]):
            return 0 if _NUMBER_APART.match(folded) else found.end()
    return 0


def find_national_form(folded: str) -> Iterator[tuple[int, int]]:
    """Find the codes of the national form in a text, with any other words.

    Each is separate: only the keyword, a label, or a word of the sentence may touch it.

    >>> text = "HO SO THU 12 H17.12-230815-0007 VA 000 00 12 H17 230815 0008, SDT 0905123456"
    >>> [text[start:end] for start, end in find_national_form(text)]
    ['H17.12-230815-0007', '000 00 12 H17 230815 0008']
    >>> list(find_national_form("AH17.12-230815-0007, H17.12-231515-0007"))
    []
    """
    folded = _NO_CODE.sub(lambda found: " " * len(found.group()), folded)
    at, end = 0, -1
    while _CORE.search(folded, at) and (found := _FEWEST_PARTS.search(folded, at)) is not None:
        if not _is_joined(found):
            # What was taken for a level may be a word of the sentence: the agency may begin the code.
            inner = _FEWEST_PARTS.match(folded, found.start("agency")) if found["levels"] else None
            if inner is None or not _is_joined(inner):
                at = found.start("agency") + 1
                continue
            found = inner
        at = found.end()
        is_next = found.start() == end + 1 and _MARK.match(folded[end]) is not None  # `CODE/CODE`
        if (is_next or _begins(folded, found.start())) and _is_dated(found):
            end = found.end()
            yield found.span()


def may_begin_national(folded: str) -> bool:
    """Return whether a text begins as a code of the national form does; a quick check."""
    return _FEWEST_PARTS.match(folded) is not None


def begins_national(folded: str) -> bool:
    """Return whether a text begins with a code of the national form.

    >>> begins_national("H17.12-230815-0007 A"), begins_national("C123456")
    (True, False)
    """
    return national_end(folded) > 0 or next(find_national_form(folded), (1, 1))[0] == 0


def printed_form(folded: str) -> str | None:
    """Write a code as receipts print it; None when it is not of the national form, or its digits have two readings.

    >>> printed_form("000 00 12 H17 230815 0007"), printed_form("H17302503100619"), printed_form("13557009")
    ('000.00.12.H17-230815-0007', 'H17.30-250310-0619', None)
    """
    fewest, most = _FEWEST_PARTS.fullmatch(folded), _MOST_PARTS.fullmatch(folded)
    if fewest is None or most is None or not _is_dated(fewest):
        return None
    written = _written(fewest)
    return written if written == _written(most) else None


def _written(found: re.Match[str]) -> str:
    levels = _LEVELS.fullmatch(_bare(found["levels"]))
    before = levels.groups() if levels is not None else [level for level, _ in _LEVEL.findall(found["levels"])]
    parts = re.findall("..", _bare(found["parts"]))
    return f"{'.'.join([*before, found['agency'], *parts])}-{found['date']}-{found['number']}"


def _is_joined(found: re.Match[str]) -> bool:
    """Return whether the match is written as one code, not as words of a sentence that match by chance."""
    levels = found["levels"]
    if _LEVELS.fullmatch(_bare(levels)) is not None:
        return True
    if not all(_MARK.search(joint) for _, joint in _LEVEL.findall(levels)):
        return False
    joints = (found["before"], found["behind"])
    if all(joint.isspace() for joint in joints):
        return found["agency"][0] in _AGENCIES
    return all(map(_MARK.search, joints)) or found.group().isalnum()


def _begins(folded: str, start: int) -> bool:
    before = _WORD_BEFORE.search(folded, max(0, start - _LONGEST_WORD), start)
    word = before[1] if before is not None else ""
    if not word:
        return True
    if _MARK.match(folded[start - 1]) or folded[start].isdecimal():
        return word.isalpha()
    return _GLUED_WORD.fullmatch(word) is not None


def _bare(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text)


def _is_dated(found: re.Match[str]) -> bool:
    return _is_day(found["date"].translate(_LOOKALIKES))


@lru_cache(_DAYS_REMEMBERED)
def _is_day(received: str) -> bool:
    """Return whether six digits (YYMMDD) or eight are a day of the calendar."""
    year = int(received[:-4]) + (2000 if len(received) == 6 else 0)  # noqa: PLR2004 -- YYMMDD
    try:
        date(year, int(received[-4:-2]), int(received[-2:]))
    except ValueError:
        return False
    return True
