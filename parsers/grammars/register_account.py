"""The grammar of TK as one value: the keyword, the command spelled out in words, and registrations inside a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from parsers.commands import PASSWORD, BirthDate, RegisterAccount, ShowHelp
from parsers.fields.birth_dates import DateFault
from parsers.fields.identity_numbers import CCCD_DIGITS, IdFault, birth_year_of
from parsers.fields.names.full_names import NameFault
from parsers.grammar import Grammar, Reading, Service, Step, Vocabulary, Writing
from parsers.grammars.help import is_help_behind
from parsers.grammars.password_questions import wishes_password
from parsers.grammars.registration import (
    Judged,
    is_whole_registration,
    judge,
    official_text,
    read_registration,
)
from parsers.grammars.registration_cut_off import doubt_of
from parsers.grammars.registration_fields import gather
from parsers.grammars.registration_spelled_out import SpelledOut, spelled_out
from parsers.keywords import ends_of_keyword
from parsers.localised_message import LocalisedMessage
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reasons import REASONS
from parsers.text.excerpt import Excerpt
from parsers.text.spelling.keystrokes import undo_keystrokes

LONGEST_GUESSED = 612
"""Characters of a text that is searched for a registration, four segments: each try reads it to its end."""
_FIELDS = 3
_MOST_TRIED = 2
"""Places of a text where the command spelled out is tried: the first and the last, since each try reads to the end."""
_ONE_LETTER = re.compile(r"[^\W\d_](?![^\W\d_'])")


def _writing(keyword: str, others: Sequence[str]) -> Writing:
    del others
    spaced = r"[\s.]+".join(keyword)
    named = r"[\s.]".join(keyword)
    return Writing(
        written=re.compile(rf"(?:{keyword}|{spaced})(?![^\W_])|{spaced}(?=[0-9])"),
        named=re.compile(rf"(?:{keyword}|{named})(?![^\W_])"),
        glued=re.compile(rf"{keyword}(?=[^\W_])"),
    )


def _keyword(service: Service) -> str:
    return service.vocabulary.taught[RegisterAccount.name]


def _read_fields(body: Excerpt, today: date, service: Service) -> RegisterAccount | ShowHelp | Misread:
    return read_registration(body, today=today, keyword=_keyword(service), no_names=service.vocabulary.no_names)


def _read(body: Excerpt, today: date, service: Service) -> Reading:
    if is_help_behind(body):
        return ShowHelp(topic=RegisterAccount.name)
    reading = _read_fields(body, today, service)
    is_unread = isinstance(reading, Misread) and FieldName.FULL_NAME in reading.fields
    return ShowHelp(topic=PASSWORD) if is_unread and wishes_password(body.folded) else reading


def _holds_glued(body: Excerpt, today: date, service: Service) -> bool:
    if _ONE_LETTER.match(body.folded) is not None:
        return False
    reading = _read_fields(body, today, service)
    return not isinstance(reading, Misread) or len(reading.good) + (reading.wrong is not None) > 1


def _fits(body: Excerpt, today: date, service: Service) -> Reading | None:
    """Read content after a misspelled keyword; one mistyped field is accepted, a missing one is not."""
    reading = _read_fields(body, today, service)
    if isinstance(reading, Misread):
        told = len(reading.good) + (reading.wrong is not None)
        whole = FieldName.FULL_NAME not in reading.fields and told >= _FIELDS
        return reading if whole else None
    return reading if isinstance(reading, RegisterAccount) else None


def _command_in_words(service: Service) -> SpelledOut:
    return spelled_out(service.vocabulary.words_of(RegisterAccount.name))


def _spelled_out(text: Excerpt, today: date, service: Service) -> int:
    """Return where the spelled-out command ends when a whole registration follows it, else 0."""
    end = _command_in_words(service).end(text.folded) if len(text.folded) <= LONGEST_GUESSED else 0
    no_names = service.vocabulary.no_names
    return end if end and is_whole_registration(text.cut(end), today=today, no_names=no_names) else 0


def _nearly_spelled_out(text: Excerpt, today: date, service: Service) -> int:
    del today
    return _command_in_words(service).suggested_end(text.folded)


def _in_part(text: Excerpt, today: date, service: Service) -> Misread | None:
    """Suggest the command where it is spelled out with two of its fields, so that no number is taken for a code."""
    end = _nearly_spelled_out(text, today, service)
    reading = _read_fields(text.cut(end), today, service) if end else None
    if not isinstance(reading, Misread) or len(reading.good) < _FIELDS - 1:
        return None
    return Misread(kind=MisreadKind.UNKNOWN_KEYWORD, suggestion=_keyword(service), good=reading.good)


def _follows(text: Excerpt, end: int, today: date, service: Service) -> bool:
    """Return whether digits and then a whole registration with its command follow a keyword that ends at `end`."""
    folded = text.folded
    inside = _patterns(service.vocabulary.words_of(RegisterAccount.name)).account
    if len(folded) > LONGEST_GUESSED or inside.search(folded, end) is None:
        return False
    found = [each.start() for each in inside.finditer(folded, end)]
    return any(
        any(map(str.isdecimal, folded[end:start])) and _is_asked_in(text.cut(start), today, service)
        for start in {found[0], found[-1]}
    )


def _is_asked_in(text: Excerpt, today: date, service: Service) -> bool:
    """Return whether a text holds the command, spelled out or not, with all its fields after it.

    Never for a text longer than LONGEST_GUESSED: each try reads to its end.
    """
    if len(text.folded) > LONGEST_GUESSED:
        return False
    ends = ends_of_keyword(RegisterAccount.name, text.folded, service.vocabulary)
    patterns = _patterns(service.vocabulary.words_of(RegisterAccount.name))
    ends += [found.end() for found in patterns.keyword.finditer(text.folded)][:1]
    command = _command_in_words(service)
    inside = list(command.inside.finditer(text.folded))
    for found in inside if len(inside) <= _MOST_TRIED else (inside[0], inside[-1]):
        size = command.end(text.folded[found.start() :])
        ends.append(found.start() + size if size else found.end())
    return any(isinstance(_read_fields(text.cut(end), today, service), RegisterAccount) for end in set(ends))


class _Patterns:
    """The patterns of the keywords inside a text."""

    def __init__(self, words: tuple[str, ...]) -> None:
        either = "|".join(words)
        self.keyword = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W\d_])")
        self.account = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])|{spelled_out(words).inside.pattern}")


@lru_cache(maxsize=8)
def _patterns(words: tuple[str, ...]) -> _Patterns:
    return _Patterns(words)


def _printed(command: RegisterAccount) -> dict[str, object]:
    return {
        "full_name": command.full_name,
        "id_number": command.id_number,
        "birth_date": str(command.birth_date),
    }


def _official_form(command: RegisterAccount, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    return official_text(command.full_name, command.id_number, command.birth_date, accents=True, keyword=keyword)


def _why(command: RegisterAccount) -> LocalisedMessage:
    del command
    return REASONS.message("fields_fit")


def _explain_content(body: Excerpt, today: date, service: Service) -> Sequence[Step]:
    fields = gather(body, today=today)
    judged = judge(fields, today=today, no_names=service.vocabulary.no_names)
    order = list(FieldName)
    return [
        Step(part=mark.shown, taken_for=name.value, why=_why_field(name, mark.shown, judged))
        for name, mark in sorted(fields.marks.items(), key=lambda item: order.index(item[0]))
    ]


def _why_field(name: FieldName, written: str, judged: Judged) -> LocalisedMessage:
    match name:
        case FieldName.FULL_NAME:
            value: object = judged.name
        case FieldName.ID_NUMBER:
            value = judged.number
        case _:
            value = judged.born
    if isinstance(value, NameFault | IdFault | DateFault):
        if value.hint is None:
            return REASONS.message("unfit")
        return REASONS.message("unfit.because", why=REASONS.message(f"hint.{value.hint.value}"))
    if isinstance(value, BirthDate):
        return REASONS.message("date", date=str(value))
    if name is FieldName.ID_NUMBER:
        year = birth_year_of(judged.number if isinstance(judged.number, str) else None)
        if year is None:
            return REASONS.message("id_number.nine")
        return REASONS.message("id_number.born", digits=CCCD_DIGITS, year=year)
    return _why_name(written.split())


def _why_name(words: Sequence[str]) -> LocalisedMessage:
    converted = undo_keystrokes(words).words
    changed = [pair for pair in zip(words, converted, strict=False) if pair[0] != pair[1]]
    if not changed:
        return REASONS.message("name")
    return REASONS.message(
        "name.keystrokes",
        written=" ".join(word for word, _ in changed),
        read=" ".join(read for _, read in changed),
    )


def _samples(keyword: str, codes: Sequence[str]) -> Sequence[str]:
    del codes
    return (f"{keyword}, Nguyen Van A, 201499999, 20/12/1990", f"{keyword}, Nguyen Van A, 201499999, 31/02/1990")


GRAMMAR = Grammar(
    command=RegisterAccount,
    service="register_account",
    default_keywords=("TK",),
    read=_read,
    writing=_writing,
    glues=re.compile(r"[A-Z]+"),  # a name
    holds_glued=_holds_glued,
    stands_for=re.compile(r"(?:DANG\s*KY(?:\s*TAI\s*KHOAN)?|TAI\s*KHOAN)(?![^\W_])"),
    is_found_inside=True,
    fits=_fits,
    needs_no_keyword=True,
    spelled_out=_spelled_out,
    nearly_spelled_out=_nearly_spelled_out,
    in_part=_in_part,
    is_asked_in=_is_asked_in,
    follows=_follows,
    doubt=doubt_of,
    printed=_printed,
    official_form=_official_form,
    why=_why,
    explain_content=_explain_content,
    samples=_samples,
)
