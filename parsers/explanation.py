"""Explanations: what was taken for what, and why; for operators and for `sms-gateway parse`, never on the hot path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from parsers import GAP, LONGEST_TEXT, read
from parsers.commands import (
    BirthDate,
    Command,
    CommandName,
    HelpTopic,
    LookUpStatus,
    RegisterAccount,
    ShowHelp,
    TakeThanks,
)
from parsers.fields.birth_dates import DateFault
from parsers.fields.identity_numbers import CCCD_DIGITS, IdFault, birth_year_of
from parsers.fields.names import NameFault
from parsers.grammars.registration import Judged, judge
from parsers.grammars.registration_fields import gather
from parsers.grammars.status_lookup_masking import hide_secrets
from parsers.localised_message import Told, tell
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reading import begin
from parsers.reasons import CONTENT, FRAME, KEYWORD, MISREAD, NORMAL_FORM, REASONS, SECRET
from parsers.service import Service
from parsers.text.excerpt import Excerpt
from parsers.text.framing_words import strip_frame
from parsers.text.keystrokes import undo_keystrokes
from parsers.text.normal_form import NormalText, normalise


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that was decided: this part of the text was taken for that, for this reason."""

    part: str
    taken_for: str
    why: Told


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
    if GAP in text:
        known = (*_code_steps(reading), _outcome(reading))
        return Explanation(raw=text, normal=normal, reading=reading, steps=known)
    framed = strip_frame(Excerpt.of(normal), short_codes)
    plain = _normal_step(hide_secrets(normal, reading)) if text != normal else []
    steps = [*plain, *_frame_steps(normal, framed.shown, reading)]
    begun = begin(framed, today=today, service=Service(short_codes, with_secrets)) if framed.shown else None
    if begun is not None:
        how = _why("keyword.glued") if begun.is_glued else _why("keyword.way", word=begun.keyword.word)
        steps.append(Step(part=framed.shown[: begun.end].strip(), taken_for=KEYWORD, why=how))
        if begun.keyword.command is CommandName.REGISTER_ACCOUNT:
            steps.extend(_field_steps(framed.cut(begun.end), today))
    steps.extend(_code_steps(reading))
    return Explanation(raw=text, normal=normal, reading=reading, steps=(*steps, _outcome(reading)))


def _normal_step(normal: str) -> list[Step]:
    return [Step(part=normal, taken_for=NORMAL_FORM, why=_why("normal_form"))]


def _frame_steps(normal: str, framed: str, reading: Command | Misread) -> list[Step]:
    at = normal.find(framed) if framed else 0
    if at < 0:
        return [Step(part=hide_secrets(framed, reading), taken_for=CONTENT, why=_why("copied"))]
    cut = (normal[:at].strip(), normal[at + len(framed) :].strip())
    return [Step(part=part, taken_for=FRAME, why=_why("frame")) for part in cut if part]


def _field_steps(body: Excerpt, today: date) -> list[Step]:
    fields = gather(body, today=today)
    judged = judge(fields, today=today)
    return [
        Step(part=mark.shown, taken_for=name.value, why=_why_field(name, mark.shown, judged))
        for name, mark in sorted(fields.marks.items(), key=lambda item: list(FieldName).index(item[0]))
    ]


def _why_field(name: FieldName, written: str, judged: Judged) -> Told:
    match name:
        case FieldName.FULL_NAME:
            value: object = judged.name
        case FieldName.ID_NUMBER:
            value = judged.number
        case _:
            value = judged.born
    if isinstance(value, NameFault | IdFault | DateFault):
        return _why("unfit") if value.hint is None else _why("unfit.because", why=_why(f"hint.{value.hint.value}"))
    if isinstance(value, BirthDate):
        return _why("date", date=str(value))
    if name is FieldName.ID_NUMBER:
        year = birth_year_of(judged.number if isinstance(judged.number, str) else None)
        return _why("id_number.nine") if year is None else _why("id_number.born", digits=CCCD_DIGITS, year=year)
    return _why_name(written.split())


def _why_name(words: Sequence[str]) -> Told:
    converted = undo_keystrokes(words).words
    changed = [pair for pair in zip(words, converted, strict=False) if pair[0] != pair[1]]
    if not changed:
        return _why("name")
    return _why(
        "name.keystrokes", written=" ".join(word for word, _ in changed), read=" ".join(read for _, read in changed)
    )


def _code_steps(reading: Command | Misread) -> list[Step]:
    if not isinstance(reading, LookUpStatus):
        return []
    steps = []
    for code in reading.codes:
        compared = _why("code", code=code.canonical)
        steps.append(Step(part=code.written, taken_for=FieldName.RECEIPT_CODE.value, why=compared))
        if code.secret is not None:
            why = _why("secret" if code.secret else "secret.missing")
            steps.append(Step(part="****" if code.secret else "", taken_for=SECRET, why=why))
    return steps


def _outcome(reading: Command | Misread) -> Step:
    match reading:
        case Misread():
            taken_for = f"{MISREAD}{reading.kind.value}"
            return Step(part=reading.wrong or "", taken_for=taken_for, why=_why_misread(reading))
        case LookUpStatus():
            return Step(part="DVC", taken_for=CommandName.LOOK_UP_STATUS.value, why=_why("codes_fit"))
        case ShowHelp():
            return Step(part="HD", taken_for=CommandName.HELP.value, why=_why_help(reading.topic))
        case TakeThanks():
            return Step(part="", taken_for=CommandName.THANKS.value, why=_why("thanks"))
        case RegisterAccount():
            return Step(part="TK", taken_for=CommandName.REGISTER_ACCOUNT.value, why=_why("fields_fit"))
        case _:
            assert_never(reading)


def _why_help(topic: HelpTopic | None) -> Told:
    if topic is HelpTopic.PASSWORD:
        return _why("help.password")
    return _why("help") if topic is None else _why("help.topic", command=_why(f"command.{topic.value}"))


def _why_misread(misread: Misread) -> Told:
    values = {"most": LONGEST_TEXT} if misread.kind is MisreadKind.TOO_LONG else {}
    why = _why(f"misread.{misread.kind.value}", **values)
    if misread.hint is not None:
        why = _why("misread.because", kind=why, why=_why(f"hint.{misread.hint.value}"))
    if misread.suggestion is not None:
        why = _why("misread.meant", why=why, text=misread.suggestion)
    return why


def _why(key: str, **values: str | int | Told) -> Told:
    return tell(REASONS, key, **values)
