"""DVC<receipt code>: the state of one to three dossiers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from parsers.commands import CanonicalCode, LookUpStatus, NamesDossiers, ReceiptCode
from parsers.fields.codes.national_form import (
    find_national_form,
    is_national_form,
    is_one_national,
    may_begin_national,
    national_end,
)
from parsers.fields.codes.receipt_codes import INSURANCE_APART, canonical_form, read_receipt_code
from parsers.fields.identity_numbers import is_phone_number
from parsers.grammars.status_lookup_surroundings import (
    is_old_card_number,
    is_remark,
    may_be_aside,
    personal_number,
    without_asides,
)
from parsers.misread import FieldName, Hint, Misread, MisreadKind
from parsers.text.excerpt import Excerpt

KEYWORD = "DVC"
MOST_CODES = 3
MOST_PARTS = 64
"""Parts between separators of a look-up; a text with more is no look-up, and is not read to its end."""

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
"""A day, and no code, although its digits would be possible."""
_DAY_GLUED = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}")
"""A day in eight digits: after a number, it is another one."""
_LONG_NUMBER = re.compile(r"[\s./_-]+[0-9](?:[\s.-]?[0-9]){7,}(?![^\W_])")
"""A telephone number, an identity number, or a day in eight digits."""
_NO_CODE = re.compile(rf"(?:{_DATE.pattern}|(?:SN|NS)[\s:.]+(?:19|20)[0-9]{{2}})(?!\S)")
_NUMBERED = re.compile(r"\W*1[.)]\s")
_NUMBERS = re.compile(r"(?:\A|(?<=[\s,;]))[1-9][.)]\s+")
"""The numbers of a numbered list of codes."""
_LONGEST_PREFIX = 2
"""Letters of a series that may stand apart from its number (`AB 987654321`); a longer word is a word."""
_SERIES = re.compile(r"(?<![^\W_])(?P<letters>M?HS|SHS|[MS]?BN|MS)(?:(?P<mark>[./_-])|\s?)\Z")
"""Letters that are a label, or the beginning of a code."""
_SERIES_ENDINGS = ("HS", "BN", "MS")
_DIGIT = re.compile("[0-9]")
_ONLY_LETTERS = re.compile(r"(?=.*[^\W_])[^0-9]+\Z")
"""A word that holds a letter and no digit."""
_WORD = re.compile(r"\S+")
_COUNTED = re.compile(r"[0-9]{1,2}\s+(?:LAN|THANG|NGAY|TUAN|NAM|HO\s*SO|HS|GIO|NGUOI|BO)(?![^\W_])")
"""A number of something after a code."""
_LONG_ALONE = 7
"""Letters and digits of a token that may be a code alone; two of them side by side have two readings."""
STRAY_DIGITS = re.compile(r"[0-9]{4,}")
OTHER_NUMBERS = re.compile(
    r"(?:NGAY|SDT|DT|DIEN\s*THOAI|SO\s*DIEN\s*THOAI|NAM|LUC)\W*[0-9][0-9\s./:-]*|(?<![0-9./-])"
    r"[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}(?![0-9])"
)
"""Numbers after a code that are no code: they have a label, or are a day."""


def read_status(body: Excerpt, *, short_codes: Collection[str]) -> LookUpStatus | Misread:
    """Read what follows the keyword.

    >>> read_status(Excerpt.of("<000.00.12.H17-230815-0007>"), short_codes=("8188",)).codes[0].canonical
    '0000012H172308150007'
    >>> [code.written for code in read_status(Excerpt.of("ma ho so 123 456 cua toi, HS777"), short_codes=()).codes]
    ['123456', 'HS777']
    >>> read_status(Excerpt.of("8188"), short_codes=("8188",)).kind
    <MisreadKind.RECEIPT_CODE: 'receipt_code'>
    """
    reading = _read_codes(body, short_codes)
    if isinstance(reading, LookUpStatus) and (len(reading.codes) == 1 or not any(map(may_be_aside, reading.codes))):
        return without_people(reading)
    aside = without_asides(body)
    if aside is None:
        return without_people(reading) if isinstance(reading, LookUpStatus) else reading
    again = _read_codes(aside[0], short_codes)
    if not isinstance(again, LookUpStatus):
        return with_hint(again, body)
    codes = tuple(code for code in again.codes if not (personal_number(code) or is_old_card_number(code)))
    return LookUpStatus(codes=codes) if codes else no_code(None)


def with_hint(reading: Misread, body: Excerpt) -> Misread:
    """Add that a person's number is where the code belongs, when nothing else is; it is not quoted."""
    rest, hint = without_asides(body) or (body, None)
    if hint is None or any(letter.isdecimal() for letter in rest.folded):
        return reading
    return replace(reading, hint=hint, wrong=None)


def without_people(reading: LookUpStatus) -> LookUpStatus | Misread:
    """Leave out what looks like a person's number beside a code; alone it is asked again, and not quoted."""
    hints = [personal_number(code) for code in reading.codes]
    if len(hints) > 1 and any(is_national_form(code.written) for code in reading.codes):
        hints = [Hint.IDENTITY_NUMBER if is_old_card_number(code) else personal_number(code) for code in reading.codes]
    if not any(hints):
        return reading
    codes = tuple(code for code, hint in zip(reading.codes, hints, strict=True) if hint is None)
    return LookUpStatus(codes=codes) if codes else replace(no_code(None), hint=hints[0])


def _read_codes(body: Excerpt, short_codes: Collection[str]) -> LookUpStatus | Misread:
    codes: list[ReceiptCode] = []
    parts = parts_of(body)
    if len(parts) > MOST_PARTS:
        return no_code(None)
    remark = None
    for part in parts:
        found = read_part(part, short_codes)
        if found is None and not is_remark(part):
            return no_code(part)
        if found is None:
            remark = remark or part
        else:
            codes += found
    return look_up(codes) if codes else no_code(remark)


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
    """Ask for the code; `part` is what was in its place, and is quoted."""
    return _misread(MisreadKind.RECEIPT_CODE, part)


def _misread(kind: MisreadKind, part: Excerpt | None) -> Misread:
    return Misread(
        kind=kind,
        fields=(FieldName.RECEIPT_CODE,),
        command=LookUpStatus.name,
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
    """Read what is between two separators: usually one code; nothing when there are only words."""
    core = core_of(part)
    if _DIGIT.search(core.folded) is None:
        return []
    found = _read_core(core, short_codes)
    return with_series(found, part, core) if found else found


def _read_national(part: Excerpt) -> list[ReceiptCode] | None:
    """Read the codes of the national form that a part begins with; what is between and after them is ignored.

    Empty when it begins with none; None when it holds another number too, which is not joined to a code.
    """
    codes: list[ReceiptCode] = []
    rest = part.folded
    for start, end in find_national_form(part.folded):
        code = read_receipt_code(part.cut(start, end))
        if code is None or (not codes and start > 0):
            return []
        codes.append(code)
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if not codes:
        return []
    return None if STRAY_DIGITS.search(OTHER_NUMBERS.sub("", rest)) else codes


def _read_core(part: Excerpt, short_codes: Collection[str]) -> list[ReceiptCode] | None:
    if may_begin_national(part.folded) and not is_one_national(part.folded):
        national = _read_national(part)
        if national != []:
            return national
    code, rest = code_and_rest(part)
    if (end := national_end(code.folded)) and _LONG_NUMBER.match(code.folded, end):
        return None
    if rest.folded and STRAY_DIGITS.search(OTHER_NUMBERS.sub("", rest.folded)) is not None:
        return None
    words = code.folded.split()
    if len(words) > 1 and not is_one_national(code.folded):
        alone = [is_national_form(word) for word in words]
        if all(alone):
            read = [read_receipt_code(Excerpt.of(word)) for word in words]
            return [one for one in read if one is not None]
        if len({canonical_form(word) for word in words}) == 1:
            return _read_core(part.cut(0, len(words[0])), short_codes) if len(words) <= MOST_CODES else None
        long = [word for word in words if len(canonical_form(word)) >= _LONG_ALONE]
        is_sure = not any(alone) and len(long) < 2 and _may_begin(code, words[0])  # noqa: PLR2004 -- two codes
        is_sure = is_sure and not (_DAY_GLUED.fullmatch(words[-1]) and any(map(_DIGIT.search, words[:-1])))
        if not is_sure or not set(words).isdisjoint(short_codes):
            return None
    read_code = read_receipt_code(code)
    if (
        read_code is None
        or _NO_CODE.match(code.folded)
        or read_code.canonical in short_codes
        or _KEYWORD_INSIDE.search(read_code.canonical)
    ):
        return None
    return [read_code]


def _may_begin(code: Excerpt, first: str) -> bool:
    """Return whether the first of several words can be the beginning of a code."""
    if any(letter.isdecimal() for letter in first):
        return True
    return len(first.strip("-./")) <= _LONGEST_PREFIX and code.shown[: len(first)].isascii()


def core_of(part: Excerpt) -> Excerpt:
    """Remove the polite words and labels before a code."""
    return _after(_LABEL, _after(_LABELLED_LATER, _after(_NOISE, _after(_LABEL, part))))


def with_series(codes: Sequence[ReceiptCode], part: Excerpt, core: Excerpt) -> list[ReceiptCode]:
    """Add to the first code that letters which were read as a label may begin it, as in `BN-688221488`.

    Letters joined by a mark are part of the code. Separate letters are tried when there is no such dossier.
    """
    before = part.folded[: len(part.folded) - len(core.folded)]
    series = _SERIES.search(before) if before.rstrip(" ./_-").endswith(_SERIES_ENDINGS) else None
    first, *others = codes
    if series is None or is_national_form(first.written):
        return [*codes]
    whole = CanonicalCode(series["letters"] + first.canonical)
    if series["mark"]:
        written = f"{series['letters']}{series['mark']}{first.written}"
        return [replace(first, written=written, canonical=whole, instead=first.canonical), *others]
    return [replace(first, instead=whole), *others]


def _after(pattern: re.Pattern[str], part: Excerpt) -> Excerpt:
    found = pattern.match(part.folded)
    return part.cut(found.end()) if found is not None else part


def code_and_rest(part: Excerpt) -> tuple[Excerpt, Excerpt]:
    """Cut at the first word without a digit; a short first word without one belongs to the code (`AB 987654321`)."""
    apart = INSURANCE_APART.match(part.folded)
    end = apart.end() if apart is not None else 0
    for found in _WORD.finditer(part.folded, end):
        word = found.group()
        if end and (_ONLY_LETTERS.match(word) or _is_behind(word, part.folded, found.start())):
            break
        end = found.end()
    code = part.cut(0, end)
    size = len(code.folded.rstrip(" .,:;!?'-_/"))
    return code.cut(0, size), part.cut(end)


def _is_behind(word: str, folded: str, start: int) -> bool:
    """Return whether a word with digits that follows a code says something else: `#1`, a day, `2 lan`."""
    return word[0] == "#" or _DATE.match(word) is not None or _COUNTED.match(folded, start) is not None


def is_likely_codes(reading: NamesDossiers) -> bool:
    """Return whether codes found without a keyword look like codes rather than telephone numbers."""
    return not any(is_phone_number(code.canonical) for code in reading.codes)
