"""DVC<receipt code>: the state of one to three dossiers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from parsers.commands import CommandName, LookUpStatus, ReceiptCode, ShowHelp
from parsers.excerpt import Excerpt
from parsers.identity_numbers import is_phone_number
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.receipt_codes import canonical_form, is_national_form, read_receipt_code

KEYWORD = "DVC"
MOST_CODES = 3
MOST_PARTS = 64
"""Parts between separators of a look-up; a text of more is none, and is not read to its end."""

_END = r"(?![^\W_])"
_SEPARATOR = re.compile(
    r"\s*(?:[,;|\t\[\](){}<>\"]|(?<![./-])\n(?![./-])|\s(?:VA|VOI|HOAC)\s|\s[&+]\s|(?<![^\W_])DVC(?![^\W\d_]))[\s,;|\[\](){}<>\"]*"
)
_LABEL = re.compile(
    r"(?:[\s:.,=#*'_/\\@~!-]|(?:(?:CAC|NHUNG)\s+)?(?:(?:MA|SO)\s*){0,3}(?:BIEN\s*NHAN|PHIEU\s*HEN|GIAY\s*HEN|HO\s*SO|HS|MBN|SBN|BN|MHS|SHS)(?:\s*(?:SO|MA|LA))*"
    + _END
    + r"|(?:MA|SO|LA|NO|MS)"
    + _END
    + r")+"
)
_NOISE = re.compile(
    r"(?:\s*(?:KIEM\s*TRA|TRA\s*CUU|XEM|HOI|XIN|CHO|GIUP|DUM|TOI|EM|MINH|CHAU|CON|BAC|E|QG|CHAO|ANH|CHI|TINH\s*TRANG|TINH\s*HINH|KET\s*QUA|TIEN\s*DO"
    r"|CUA|VE|VOI|VA|CACH|O|VUI\s*LONG|LAM\s*ON|DE\s*NGHI)" + _END + r")+"
)
_LABELLED_LATER = re.compile(
    r"[^\W\d_]+(?:\s+[^\W\d_]+)*?\s+(?=(?:(?:MA|SO)\s*){0,3}(?:BIEN\s*NHAN|HO\s*SO|HS|MHS|MBN)(?:\s*(?:SO|MA|LA))*[\s:]*[^\s\d]{0,8}[0-9])"
)
"""Words of a sentence before a label that stands right before a code."""
_KEYWORD_INSIDE = re.compile(r"[0-9]DVC[0-9]")
_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])(?P<joint>[/.-])(?:0?[1-9]|1[0-2])(?P=joint)(?:19|20)[0-9]{2}")
"""A day, and no code, though its digits would do."""
_NUMBERED = re.compile(r"\W*1[.)]\s")
_NUMBERS = re.compile(r"(?:\A|(?<=[\s,;]))[1-9][.)]\s+")
"""The numbers of a numbered list of codes."""
_LONGEST_PREFIX = 2
"""Letters of a series that may stand apart from its number (`AB 987654321`); a longer word is a word."""
_WORD = re.compile(r"\S+")
_LONG_ALONE = 7
"""Letters and digits of a token that may be a code by itself; two of them side by side have two readings."""
STRAY_DIGITS = re.compile(r"[0-9]{4,}")
OTHER_NUMBERS = re.compile(r"(?:NGAY|SDT|DT|DIEN\s*THOAI|SO\s*DIEN\s*THOAI|NAM|LUC)\W*[0-9][0-9\s./:-]*")


def read_status(body: Excerpt, *, short_codes: Collection[str]) -> LookUpStatus | ShowHelp | Misread:
    """Read what stands after the keyword.

    >>> read_status(Excerpt.of("<000.00.12.H17-230815-0007>"), short_codes=("8188",)).codes[0].canonical
    '0000012H172308150007'
    >>> [code.written for code in read_status(Excerpt.of("ma ho so 123 456 cua toi, HS777"), short_codes=()).codes]
    ['123456', 'HS777']
    >>> read_status(Excerpt.of("8188"), short_codes=("8188",)).kind
    <MisreadKind.RECEIPT_CODE: 'receipt_code'>
    """
    codes: list[ReceiptCode] = []
    parts = parts_of(body)
    if len(parts) > MOST_PARTS:
        return no_code(None)
    for part in parts:
        found = read_part(part, short_codes)
        if found is None:
            return no_code(part)
        codes += found
    return look_up(codes)


def look_up(codes: Iterable[ReceiptCode]) -> LookUpStatus | Misread:
    """Ask for these codes, repeats dropped; a misread when there are none, or too many."""
    different: dict[str, ReceiptCode] = {}
    for code in codes:
        different.setdefault(code.canonical, code)
    if not different:
        return no_code(None)
    if len(different) > MOST_CODES:
        return _misread(MisreadKind.TOO_MANY_CODES, None)
    return LookUpStatus(codes=tuple(different.values()))


def no_code(part: Excerpt | None) -> Misread:
    """Ask for the code; `part` is what stood in its place, and is quoted."""
    return _misread(MisreadKind.RECEIPT_CODE, part)


def _misread(kind: MisreadKind, part: Excerpt | None) -> Misread:
    return Misread(
        kind=kind,
        fields=(FieldName.RECEIPT_CODE,),
        command=CommandName.LOOK_UP_STATUS,
        wrong=part.shown.strip()[:40] or None if part is not None else None,
    )


def parts_of(body: Excerpt) -> list[Excerpt]:
    """Cut a body at everything that separates codes; the numbers of a list are dropped."""
    if _NUMBERED.match(body.folded) is not None:
        body = Excerpt.of(_NUMBERS.sub(",", body.shown))
    parts = []
    start = 0
    for found in _SEPARATOR.finditer(body.folded):
        parts.append(body.cut(start, found.start()))
        start = found.end()
    parts.append(body.cut(start))
    return [part for part in parts if part.shown.strip()]


def read_part(part: Excerpt, short_codes: Collection[str]) -> list[ReceiptCode] | None:
    """Read what stands between two separators: usually one code; nothing when there are only words."""
    part = core_of(part)
    if not any(letter.isdecimal() for letter in part.folded):
        return []
    code, rest = code_and_rest(part)
    if rest.folded and STRAY_DIGITS.search(OTHER_NUMBERS.sub("", rest.folded)) is not None:
        return None
    words = code.folded.split()
    if len(words) > 1 and not is_national_form(code.folded):
        alone = [is_national_form(word) for word in words]
        if all(alone):
            read = [read_receipt_code(Excerpt.of(word)) for word in words]
            return [one for one in read if one is not None]
        if len({canonical_form(word) for word in words}) == 1:
            return read_part(part.cut(0, len(words[0])), short_codes)
        long = [word for word in words if len(canonical_form(word)) >= _LONG_ALONE]
        is_sure = not any(alone) and len(long) < 2 and _may_begin(code, words[0])  # noqa: PLR2004 -- two codes
        if not is_sure or not set(words).isdisjoint(short_codes):
            return None
    read_code = read_receipt_code(code)
    if (
        read_code is None
        or _DATE.fullmatch(read_code.written)
        or read_code.canonical in short_codes
        or _KEYWORD_INSIDE.search(read_code.canonical)
    ):
        return None
    return [read_code]


def _may_begin(code: Excerpt, first: str) -> bool:
    """Tell whether the first of several words can be the beginning of a code."""
    if any(letter.isdecimal() for letter in first):
        return True
    return len(first.strip("-./")) <= _LONGEST_PREFIX and code.shown[: len(first)].isascii()


def core_of(part: Excerpt) -> Excerpt:
    """Take off the polite words and labels in front of a code."""
    return _after(_LABEL, _after(_LABELLED_LATER, _after(_NOISE, _after(_LABEL, part))))


def _after(pattern: re.Pattern[str], part: Excerpt) -> Excerpt:
    found = pattern.match(part.folded)
    return part.cut(found.end()) if found is not None else part


def code_and_rest(part: Excerpt) -> tuple[Excerpt, Excerpt]:
    """Cut at the first word without a digit; a short first word without one belongs to the code (`AB 987654321`)."""
    end = 0
    for found in _WORD.finditer(part.folded):
        word = found.group()
        has_digit = any(letter.isdecimal() for letter in word)
        is_mark = not any(letter.isalnum() for letter in word)
        if not has_digit and not is_mark and end:
            break
        end = found.end()
    code = part.cut(0, end)
    size = len(code.folded.rstrip(" .,:;!?'-_/"))
    return code.cut(0, size), part.cut(end)


def is_likely_codes(reading: LookUpStatus) -> bool:
    """Tell whether codes found without a keyword look like codes rather than telephone numbers."""
    return not any(is_phone_number(code.canonical) for code in reading.codes)
