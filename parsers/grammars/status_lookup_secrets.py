"""DVC<receipt code> <secret>: the state of dossiers, for a service that shows it only with their secret.

A secret is the last four digits of the applicant's identity number, or the look-up password that the office printed. It
follows directly after its code, or after a word that says so; after other words, digits are something else. A text
without its secret never gets a state, so a word that is wrongly read as a secret does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from parsers.commands import LookUpStatus, ReceiptCode
from parsers.fields.codes.national_form import is_national_form, national_end
from parsers.fields.codes.receipt_codes import read_receipt_code
from parsers.fields.identity_numbers import is_phone_number
from parsers.grammars.status_lookup import (
    MOST_PARTS,
    OTHER_NUMBERS,
    STRAY_DIGITS,
    code_and_rest,
    core_of,
    look_up,
    no_code,
    parts_of,
    read_part,
    with_hint,
    with_series,
    without_people,
)
from parsers.misread import Misread
from parsers.text.excerpt import Excerpt

IDENTITY_DIGITS = 4
"""Of the identity number, from its end."""

Item = ReceiptCode | str
"""A part of a text, in its order: a code, or a secret."""

_DIGITS = re.compile(r"[0-9]")
_SECRET = re.compile(r"[0-9]{4,6}|(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{4,12}")
"""What can be a secret without a word that says so."""
_LETTERS = re.compile(r"[A-Z]{6,12}")
"""A password without any digit; read as one when it is alone after a code."""
_IDENTITY = re.compile(r"[0-3][0-9]{8}|0[0-9]{11}")
SECRETS_LABEL = (
    r"(?:(?:(?:4|BON)\s*(?:CHU\s*)?)?SO\s*CUOI|MAT\s*KHAU(?:\s*TRA\s*CUU)?|MK|MA\s*BAO\s*MAT|MA\s*BI\s*MAT|PASSWORD|PASS|PIN"
    r"|(?:SO\s*)?(?:CCCD|CMND|CMT|CAN\s*CUOC(?:\s*CONG\s*DAN)?|DINH\s*DANH))(?![^\W\d_])"
)
"""Words that say that a secret follows."""
_LOOSELY_NAMED = r"(?<=[0-9])\W+(?:MA\s*TRA\s*CUU|MTC)(?![^\W\d_])"
"""After a code only: before one, the same words can mean the code."""
_LABELLED = re.compile(
    rf"(?:(?<![^\W_]){SECRETS_LABEL}|{_LOOSELY_NAMED})(?:[\s:.=/-]*(?:{SECRETS_LABEL}|(?:CUA|LA|TOI)(?![^\W\d_]))){{0,6}}"
    r"[\s:.=#*/-]*(?P<secret>[A-Z0-9]{4,12})(?![^\W_])"
)
_OTHERS = re.compile(rf"(?<![^\W_])(?:{OTHER_NUMBERS.pattern})(?![^\W_])")
"""Numbers with a label; whole words only, since a password may hold the letters of such a word."""
_MARKS = str.maketrans(dict.fromkeys(":#=*~!?", " "))
"""Marks that no code holds; some people put them between code and secret."""
_OTHER = "|"
_AMOUNT = re.compile(r"[0-9]{4}")
"""After other words: a year, an amount, the number of a house."""
_COUNTER = re.compile(r"#[0-9]{1,2}(?![^\W_])")
"""`#1`: no secret, and no part of a code."""
_EDGE = " .,;'-_/\t\n"


def read_status_with_secrets(body: Excerpt, *, short_codes: Collection[str]) -> LookUpStatus | Misread:
    """Read what follows the keyword, each code with its secret.

    One secret in a text is for all its codes; of several, each is for the code that it stands beside.

    >>> def told(text: str) -> list[tuple[str, str | None]]:
    ...     reading = read_status_with_secrets(Excerpt.of(text), short_codes=("8188",))
    ...     return [(code.written, code.secret) for code in reading.codes]
    >>> told("000.00.12.H17-230815-0007 1234")
    [('000.00.12.H17-230815-0007', '1234')]
    >>> told("13557009, 7GHQK9QX; HS777/2023 4321")
    [('13557009', '7GHQK9QX'), ('HS777/2023', '4321')]
    >>> told("13557009"), told("13557009, 13557010 CCCD 4321")
    ([('13557009', '')], [('13557009', '4321'), ('13557010', '4321')])
    """
    reading = _read(body, short_codes)
    return with_hint(reading, body) if isinstance(reading, Misread) else without_people(reading)


def _read(body: Excerpt, short_codes: Collection[str]) -> LookUpStatus | Misread:
    items: list[Item] = []
    count, is_apart = 0, False
    for piece in _pieces(body):
        if isinstance(piece, str):
            items.append(piece)
            continue
        parts = parts_of(piece)
        count += len(parts)
        if count > MOST_PARTS:
            return no_code(None)
        for part in parts:
            found = _read_part(part, items[-1] if items else None, short_codes, is_apart=is_apart)
            if found is None:
                return no_code(None)  # not quoted: a secret may stand in it
            items += found
            is_apart = _ends_in_a_word(part, found) or (is_apart and not found)
    codes = list(_paired(_first_code_last(items)))
    secrets = {code.canonical: code.secret for code in reversed(codes) if code.secret}
    return look_up(replace(code, secret=secrets.get(code.canonical, "")) for code in codes)


def is_code_and_secret(text: Excerpt) -> bool:
    """Return whether a text is a code of the national form and a secret, and nothing else."""
    end = national_end(text.folded)
    return end > 0 and _SECRET.fullmatch(text.folded[end:].strip(_EDGE)) is not None


def can_be_secret(word: str) -> bool:
    """Return whether a word, upper case, can be read as a secret; an office should hand out no other.

    >>> [can_be_secret(word) for word in ("1234", "7GHQK9QX", "KQWERTYZ", "ABC", "1234567", "AB-12")]
    [True, True, True, False, False, False]
    """
    return (_SECRET.fullmatch(word) or _LETTERS.fullmatch(word)) is not None


def _pieces(body: Excerpt) -> Iterator[Excerpt | str]:
    """Cut a body at the secrets that have a label."""
    start = 0
    for found in _LABELLED.finditer(body.folded):
        yield body.cut(start, found.start())
        yield found["secret"]
        start = found.end()
    yield body.cut(start)


def _ends_in_a_word(part: Excerpt, found: Sequence[Item]) -> bool:
    """Return whether a part ends in a word of the sentence: what follows then belongs to that word, not to a code."""
    last = part.folded.split()[-1]
    return not _DIGITS.search(last) and any(map(str.isalpha, last)) and not isinstance([*found, None][-1], str)


def _read_part(
    part: Excerpt, before: Item | None, short_codes: Collection[str], *, is_apart: bool = False
) -> Sequence[Item] | None:
    """Read what is between two separators; None when a number has two readings, or none.

    A secret follows directly after its code: `is_apart` when other words are between.
    """
    shown, folded = (_COUNTER.sub(lambda one: " " * len(one[0]), text) for text in part)
    whole = Excerpt(shown.translate(_MARKS), folded.translate(_MARKS))
    part = core_of(whole)
    end = national_end(part.folded)
    if end:
        code = read_receipt_code(part.cut(0, end))
        return None if code is None else _with_rest([code], part.cut(end), short_codes)
    words = part.folded.split()
    if isinstance(before, ReceiptCode) and len(words) == 1 and _is_secret(words[0], before, alone=True):
        is_apart = is_apart or any(map(str.isalpha, whole.folded[: len(whole.folded) - len(part.folded)]))
        if not is_apart:
            return [words[0].strip(_EDGE)]
        return None if _DIGITS.search(words[0]) else []
    if not _DIGITS.search(part.folded):
        return []
    first = part.cut(len(words[0])).folded.lstrip(_EDGE)
    if _SECRET.fullmatch(words[0].strip(_EDGE)) and national_end(first):
        read = _read_part(Excerpt.of(first), None, short_codes)
        return None if read is None else [words[0].strip(_EDGE), *read]
    match _read_loose(part, short_codes):
        case [ReceiptCode() as code, *others]:
            return [*with_series([code], whole, part), *others]
        case found:
            return found


def _read_loose(part: Excerpt, short_codes: Collection[str]) -> Sequence[Item] | None:
    """Read a code of no national form: the last of several words that can be a secret is one."""
    code, rest = code_and_rest(part)
    words = code.folded.split()
    if len(words) > 2 and words[-1] in short_codes and _SECRET.fullmatch(words[-2]):  # noqa: PLR2004 -- code and secret
        code = code.cut(0, code.folded.rindex(words[-1]))
        words.pop()
    is_joined = words[-2:-1] and words[-2].endswith("/")
    if len(words) > 1 and not is_joined and not is_national_form(code.folded) and _SECRET.fullmatch(words[-1]):
        head = read_part(code.cut(0, code.folded.rindex(words[-1])), short_codes)
        if head and _is_secret(words[-1], head[-1], alone=False):
            return _with_rest([*head, words[-1]], rest, short_codes)
    found = read_part(code, short_codes)
    return None if found is None else _with_rest(found, rest, short_codes)


def _with_rest(items: Sequence[Item], rest: Excerpt, short_codes: Collection[str]) -> Sequence[Item] | None:
    """Read what follows a code: its secret among words, or the next code."""
    rest = rest.cut(len(rest.folded) - len(rest.folded.lstrip(_EDGE)))
    if national_end(rest.folded):
        more = _read_part(rest, None, short_codes)
        return None if more is None else [*items, *more]
    first = rest.folded.split(maxsplit=1)[:1]
    if first and items and _SECRET.fullmatch(first[0].strip(_EDGE)) and isinstance(items[-1], ReceiptCode):
        behind = rest.cut(len(first[0]))
        if national_end(behind.folded.lstrip(_EDGE)):
            return _with_rest([*items, first[0].strip(_EDGE)], behind, short_codes)
    words = _words_of(rest)
    direct = list(takewhile(_DIGITS.search, words))
    others = [word for word in words[len(direct) :] if _DIGITS.search(word)]
    if items and isinstance(code := items[-1], ReceiptCode) and not is_phone_number("".join(direct)):
        candidates = direct or (words[:1] if len(set(words) - {_OTHER}) == 1 else [])
        likely = [word for word in candidates if _is_secret(word, code, alone=True)]
        chosen = [word for word in likely if word not in short_codes] or likely
        if len(chosen) == 1:
            direct = [word for word in direct if word not in likely]
            items = [*items, chosen[0]]
    others = [word for word in others if _AMOUNT.fullmatch(word) is None]
    return None if any(STRAY_DIGITS.search(word) for word in direct + others) else items


def _words_of(rest: Excerpt) -> list[str]:
    """Split what follows a code; a mark is in place of each number with a label."""
    words = rest.folded.split()
    if len(words) > 1 or not _SECRET.fullmatch(rest.folded.strip(_EDGE)):
        words = _OTHERS.sub(lambda one: f" {_OTHER} " if one[0][0].isalpha() else " ", rest.folded).split()
    return [bare for word in words if (bare := word.strip(_EDGE))]


def _is_secret(word: str, code: ReceiptCode, *, alone: bool) -> bool:
    """Return whether a word after a code is its secret and not the next code of the same series.

    A whole identity number is one after a code of the national form only: elsewhere it could be a code.
    """
    word = word.strip(_EDGE)
    if alone and (_LETTERS.fullmatch(word) or (is_national_form(code.written) and _IDENTITY.fullmatch(word))):
        return True
    if _SECRET.fullmatch(word) is None:
        return False
    is_four_digits = word.isdecimal() and len(word) == IDENTITY_DIGITS
    return is_four_digits or _DIGITS.sub("9", word) != _DIGITS.sub("9", code.canonical)


def _first_code_last(items: Sequence[Item]) -> Sequence[Item]:
    """Read four digits before the only code as its secret (`1234, 000.00.12.H17-230815-0007`)."""
    match items:
        case [ReceiptCode() as first, ReceiptCode() as second] if (
            first.canonical.isdecimal() and len(first.canonical) == IDENTITY_DIGITS and is_national_form(second.written)
        ):
            return [first.canonical, second]
    return items


def _paired(items: Sequence[Item]) -> Iterator[ReceiptCode]:
    secrets = [item for item in items if isinstance(item, str)]
    secret_first = bool(items) and isinstance(items[0], str)
    for place, item in enumerate(items):
        if isinstance(item, str):
            continue
        beside = place - 1 if secret_first else place + 1
        own = items[beside] if 0 <= beside < len(items) else ""
        given = secrets[0] if len(secrets) == 1 else own
        yield replace(item, secret=_bare(given) if isinstance(given, str) else "")


def _bare(secret: str) -> str:
    """Take the last four digits of a whole identity number."""
    return secret[-IDENTITY_DIGITS:] if _IDENTITY.fullmatch(secret) else secret
