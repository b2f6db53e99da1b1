"""TK, <full name>, <identity number>, <birth date>: open an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from parsers.commands import BirthDate, FullName, IdNumber, RegisterAccount, ShowHelp
from parsers.fields.birth_dates import DateFault, DateShape, read_birth_date
from parsers.fields.identity_numbers import IdFault, agree, birth_year_of
from parsers.fields.names.full_names import NameFault, read_full_name
from parsers.grammars.registration_fields import Fields, gather
from parsers.grammars.registration_spelled_out import ends_politely
from parsers.misread import FieldName, Hint, Misread, MisreadKind
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import normalise, unaccented

KEYWORD = "TK"
_LONGEST_QUOTE = 40


@dataclass(slots=True)
class Judged:
    """The three fields as far as they were read: a value, a fault, or None where nothing was found."""

    name: FullName | NameFault | None
    number: IdNumber | IdFault | None
    born: BirthDate | DateFault | None
    marks: dict[FieldName, Excerpt]


def read_registration(
    body: Excerpt, *, today: date, keyword: str = KEYWORD, no_names: re.Pattern[str] | None = None
) -> RegisterAccount | ShowHelp | Misread:
    """Read what follows the keyword; `no_names` are the keywords of the service that no name holds.

    >>> day = date(2026, 11, 22)
    >>> read_registration(Excerpt.of("sinh ngay 20.12.1990; Nguyen, Van A; cmnd 201 499 999"), today=day)
    RegisterAccount(full_name='Nguyen Van A', id_number='201499999', birth_date=BirthDate(year=1990, month=12, day=20))
    >>> read_registration(Excerpt.of("Ho va ten, so CMND, ngay sinh"), today=day)
    ShowHelp(topic='register_account')
    >>> read_registration(Excerpt.of("Nguyen Van A, 201499999, 12/25/1990"), today=day).suggestion
    'TK, Nguyen Van A, 201499999, 25/12/1990'
    """
    fields = gather(body, today=today)
    if fields.is_bare:
        return ShowHelp(topic=RegisterAccount.name)
    judged = judge(fields, today=today, no_names=no_names)
    if fields.people > 1:
        return _misread(MisreadKind.TOO_MANY_PEOPLE, (), judged, keyword)
    return _read_judged(judged, keyword)


def is_whole_registration(body: Excerpt, *, today: date, no_names: re.Pattern[str] | None = None) -> bool:
    """Return whether only a registration follows the spelled-out command, and no other wish.

    >>> [is_whole_registration(Excerpt.of(f"Le An 201499999 1990{more}"), today=date(2026, 11, 22))
    ...  for more in (" giup em", " huy")]
    [True, False]
    """
    fields = gather(body, today=today)
    judged = judge(fields, today=today, no_names=no_names)
    if fields.people > 1 or not isinstance(_read_judged(judged, KEYWORD), RegisterAccount):
        return False
    return ends_politely(body.folded[fields.end :])


def read_birth_date_alone(text: str, *, today: date, id_year: int | None = None) -> BirthDate | DateFault | None:
    """Read a birth date alone, in every way that a registration may write it; None when it is none.

    >>> str(read_birth_date_alone("ngay 20 thang 12 nam 1990", today=date(2026, 11, 22)))
    '1990-12-20'
    """
    fields = gather(Excerpt.of(f"sinh ngay {normalise(text)}"), today=today)
    if fields.name is not None or fields.number is not None:
        return None
    return (
        read_birth_date(fields.born, today=today, id_year=id_year)
        if isinstance(fields.born, DateShape)
        else fields.born
    )


def judge(fields: Fields, *, today: date, no_names: re.Pattern[str] | None = None) -> Judged:
    """Judge each field alone, and the birth date by the identity number."""
    name = _judge_name(fields, no_names)
    number = fields.number
    id_year = birth_year_of(number) if isinstance(number, str) else None
    born: BirthDate | DateFault | None
    born = (
        read_birth_date(fields.born, today=today, id_year=id_year)
        if isinstance(fields.born, DateShape)
        else fields.born
    )
    return Judged(name=name, number=number, born=born, marks=fields.marks)


def _judge_name(fields: Fields, no_names: re.Pattern[str] | None) -> FullName | NameFault | None:
    if fields.name_fault:
        return NameFault(fields.name_hint)
    if fields.name is None:
        return None
    return read_full_name(fields.name, is_quoted=fields.is_name_quoted, is_last=fields.is_name_last, no_names=no_names)


def _read_judged(judged: Judged, keyword: str) -> RegisterAccount | Misread:
    name, number, born = judged.name, judged.number, judged.born
    if isinstance(name, str) and isinstance(number, str) and isinstance(born, BirthDate):
        if not agree(number, born):
            return _misread(MisreadKind.ID_BIRTH_MISMATCH, (FieldName.ID_NUMBER, FieldName.BIRTH_DATE), judged, keyword)
        return RegisterAccount(full_name=name, id_number=number, birth_date=born)
    wrong = tuple(
        field
        for field, value in (
            (FieldName.FULL_NAME, name),
            (FieldName.ID_NUMBER, number),
            (FieldName.BIRTH_DATE, born),
        )
        if not isinstance(value, (str, BirthDate))
    )
    missing = [value for value in (name, number, born) if value is None]
    if len(missing) > 1:
        return _misread(MisreadKind.MISSING_FIELDS, wrong, judged, keyword)
    first = next((field for field in wrong if field in judged.marks), wrong[0])
    return _misread(MisreadKind(first.value), wrong, judged, keyword)


def _misread(kind: MisreadKind, wrong: tuple[FieldName, ...], judged: Judged, keyword: str) -> Misread:
    good = tuple(
        (field, judged.marks[field].shown) for field in FieldName if field in judged.marks and field not in wrong
    )
    faulty = judged.marks.get(wrong[0]) if len(wrong) == 1 else None
    return Misread(
        kind=kind,
        fields=wrong,
        command=RegisterAccount.name,
        suggestion=_suggestion(wrong, judged, keyword),
        hint=_hint(kind, judged),
        spellings=judged.name.spellings if isinstance(judged.name, NameFault) else None,
        good=good if kind is not MisreadKind.TOO_MANY_PEOPLE else (),
        wrong=faulty.shown[:_LONGEST_QUOTE] if faulty is not None else None,
    )


def _hint(kind: MisreadKind, judged: Judged) -> Hint | None:
    match kind:
        case MisreadKind.FULL_NAME:
            return judged.name.hint if isinstance(judged.name, NameFault) else None
        case MisreadKind.ID_NUMBER:
            return judged.number.hint if isinstance(judged.number, IdFault) else None
        case MisreadKind.BIRTH_DATE:
            return judged.born.hint if isinstance(judged.born, DateFault) else None
        case _:
            return None


def _suggestion(wrong: tuple[FieldName, ...], judged: Judged, keyword: str) -> str | None:
    """Write the text that was probably meant, when one field was wrong and only one correction is possible."""
    if len(wrong) != 1 or not isinstance(judged.name, str):
        return None
    number = judged.number.proposal if isinstance(judged.number, IdFault) else judged.number
    born = judged.born.proposal if isinstance(judged.born, DateFault) else judged.born
    if number is None or born is None or not agree(number, born):
        return None
    return official_text(judged.name, number, born, keyword=keyword)


def official_text(name: str, number: str, born: BirthDate, *, accents: bool = False, keyword: str = KEYWORD) -> str:
    """Write a registration in the official form; without accents unless they are asked for.

    >>> official_text("Đỗ Thị Én", "201499999", BirthDate(year=1950, month=3))
    'TK, Do Thi En, 201499999, 03/1950'
    """
    written = f"{born.year:04d}"
    if born.month is not None:
        written = f"{born.month:02d}/{written}"
    if born.day is not None:
        written = f"{born.day:02d}/{written}"
    return f"{keyword}, {name if accents else unaccented(name)}, {number}, {written}"
