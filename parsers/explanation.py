"""Explanations: what was taken for what, and why; for operators and for `sms-gateway parse`, never on the hot path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from parsers import LONGEST_TEXT, read
from parsers.birth_dates import DateFault
from parsers.commands import BirthDate, Command, CommandName, LookUpStatus, ShowHelp
from parsers.excerpt import Excerpt
from parsers.fields import gather
from parsers.frame import strip_frame
from parsers.grammar import begin
from parsers.identity_numbers import CCCD_DIGITS, IdFault, birth_year_of
from parsers.misread import FieldName, Hint, Misread, MisreadKind
from parsers.names import NameFault
from parsers.normal import NormalText, normalise
from parsers.registration import Judged, judge
from parsers.secret_places import hide_secrets
from parsers.service import Service

_WHY_MISREAD = {
    MisreadKind.FULL_NAME: "the full name is missing, is one word, or holds what no name holds",
    MisreadKind.ID_NUMBER: "the identity number is missing or is not 9 or 12 digits",
    MisreadKind.BIRTH_DATE: "the birth date is missing or is none",
    MisreadKind.ID_BIRTH_MISMATCH: "digits 4 to 6 of the identity number tell another birth year",
    MisreadKind.MISSING_FIELDS: "several fields are missing",
    MisreadKind.TOO_MANY_PEOPLE: "two people stand in one text",
    MisreadKind.RECEIPT_CODE: "there is no receipt code: 4 to 40 letters and digits, three digits at least",
    MisreadKind.TOO_MANY_CODES: "more than three different codes",
    MisreadKind.UNKNOWN_KEYWORD: "no keyword begins it",
    MisreadKind.EMPTY: "nothing is left after normalising",
    MisreadKind.TOO_LONG: f"longer than {LONGEST_TEXT} characters, ten segments",
}
_WHY_HINT = {
    Hint.PHONE_NUMBER: "it is a telephone number",
    Hint.LOST_ZERO: "a leading zero was probably lost",
    Hint.PASSPORT: "it is a passport number",
    Hint.TWO_VALUES: "there are two, and nothing tells which is meant",
    Hint.MONTH_FIRST: "only month before day gives a date",
    Hint.IMPOSSIBLE: "the calendar has no such day",
    Hint.FUTURE: "it is later than today",
    Hint.TOO_OLD: "it is more than 120 years ago",
    Hint.IN_WORDS: "a month written in words can be a lunar one",
    Hint.ONE_WORD: "it is a single word",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that was decided: this part of the text was taken for that, for this reason."""

    part: str
    taken_for: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A reading and the way to it. Holds personal data as the sender wrote it: show it, never log it."""

    raw: str
    normal: NormalText
    reading: Command | Misread
    steps: tuple[Step, ...]


def explain(
    text: str, *, today: date, short_codes: Collection[str] = ("8188",), with_secrets: bool = False
) -> Explanation:
    """Read a text as `parsers.read` does, and tell what was taken for what; of a secret only that it is there.

    >>> told = explain("[TK, Lê Thị Bé, 201499999, 1950] gui 8188", today=date(2026, 11, 22))
    >>> [(step.part, step.taken_for) for step in told.steps]  # doctest: +NORMALIZE_WHITESPACE
    [('[', 'frame'), ('] gui 8188', 'frame'), ('TK', 'keyword'), ('Lê Thị Bé', 'full_name'),
     ('201499999', 'id_number'), ('1950', 'birth_date'), ('TK', 'register_account')]
    """
    reading = read(text, today=today, short_codes=short_codes, with_secrets=with_secrets)
    if len(text) > LONGEST_TEXT:
        return Explanation(raw=text, normal=NormalText(""), reading=reading, steps=(_outcome(reading),))
    normal = normalise(text)
    framed = strip_frame(Excerpt.of(normal), short_codes)
    plain = _normal_step(hide_secrets(normal, reading)) if text != normal else []
    steps = [*plain, *_frame_steps(normal, framed.shown, reading)]
    begun = begin(framed, today=today, service=Service(short_codes, with_secrets)) if framed.shown else None
    if begun is not None:
        how = (
            "glued to its content, which fits it"
            if begun.is_glued
            else f"one of the ways to write {begun.keyword.word}"
        )
        steps.append(Step(part=framed.shown[: begun.end].strip(), taken_for="keyword", why=how))
        if begun.keyword.command is CommandName.REGISTER_ACCOUNT:
            steps.extend(_field_steps(framed.cut(begun.end), today))
    steps.extend(_code_steps(reading))
    return Explanation(raw=text, normal=normal, reading=reading, steps=(*steps, _outcome(reading)))


def _normal_step(normal: str) -> list[Step]:
    why = "blanks, dashes, quotes, digits and accents made plain; emoji and invisible marks dropped"
    return [Step(part=normal, taken_for="normal form", why=why)]


def _frame_steps(normal: str, framed: str, reading: Command | Misread) -> list[Step]:
    at = normal.find(framed) if framed else 0
    if at < 0:
        return [
            Step(
                part=hide_secrets(framed, reading), taken_for="content", why="copied words such as (dau cach) taken out"
            )
        ]
    why = "brackets, words copied from the instruction, the short code and thanks say nothing"
    cut = (normal[:at].strip(), normal[at + len(framed) :].strip())
    return [Step(part=part, taken_for="frame", why=why) for part in cut if part]


def _field_steps(body: Excerpt, today: date) -> list[Step]:
    fields = gather(body, today=today)
    judged = judge(fields, today=today)
    return [
        Step(part=mark.shown, taken_for=name.value, why=_why_field(name, judged))
        for name, mark in sorted(fields.marks.items(), key=lambda item: list(FieldName).index(item[0]))
    ]


def _why_field(name: FieldName, judged: Judged) -> str:
    match name:
        case FieldName.FULL_NAME:
            value: object = judged.name
        case FieldName.ID_NUMBER:
            value = judged.number
        case _:
            value = judged.born
    if isinstance(value, NameFault | IdFault | DateFault):
        return f"taken for it, but {_WHY_HINT[value.hint] if value.hint is not None else 'it does not fit'}"
    if isinstance(value, BirthDate):
        return f"digits in the shape of a date: {value}"
    if name is FieldName.ID_NUMBER:
        year = birth_year_of(judged.number if isinstance(judged.number, str) else None)
        return f"{CCCD_DIGITS} digits, born {year}" if year is not None else "9 digits, the first 0 to 3"
    return "the words between the numbers"


def _code_steps(reading: Command | Misread) -> list[Step]:
    if not isinstance(reading, LookUpStatus):
        return []
    steps = []
    for code in reading.codes:
        steps.append(
            Step(part=code.written, taken_for=FieldName.RECEIPT_CODE.value, why=f"compared as {code.canonical}")
        )
        if code.secret is not None:
            why = "must be the secret of this dossier" if code.secret else "it is missing, so nothing will be told"
            steps.append(Step(part="****" if code.secret else "", taken_for="secret", why=why))
    return steps


def _outcome(reading: Command | Misread) -> Step:
    match reading:
        case Misread():
            why = _WHY_MISREAD[reading.kind]
            if reading.hint is not None:
                why = f"{why}: {_WHY_HINT[reading.hint]}"
            if reading.suggestion is not None:
                why = f"{why}; probably meant: {reading.suggestion}"
            return Step(part=reading.wrong or "", taken_for=f"misread {reading.kind.value}", why=why)
        case LookUpStatus():
            return Step(part="DVC", taken_for=CommandName.LOOK_UP_STATUS.value, why="every code is well formed")
        case ShowHelp():
            topic = f" with {reading.topic.value}" if reading.topic is not None else ""
            return Step(part="HD", taken_for=CommandName.HELP.value, why=f"a call for help{topic}")
        case _:
            return Step(part="TK", taken_for=CommandName.REGISTER_ACCOUNT.value, why="all three fields fit together")
