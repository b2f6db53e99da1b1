"""TEXT -> COMMAND. Pure: standard library only, no clock, no I/O; never raises, on any text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from parsers.commands import PASSWORD, PRICE, Command, ShowHelp, TakeThanks
from parsers.grammar import Reading, Service, Vocabulary
from parsers.grammars.password_questions import names_password, wishes_password
from parsers.grammars.price_questions import asks_price
from parsers.misread import Misread, MisreadKind
from parsers.missing_parts import GAP, without_gaps
from parsers.reading import read_framed
from parsers.reading.conversation import read_begun, read_conversation
from parsers.text.courtesy import is_thankful_sign, read_courtesy
from parsers.text.excerpt import Excerpt
from parsers.text.framing_words import strip_frame
from parsers.text.normal_form import NormalText, fold, normalise
from parsers.vocabulary import VOCABULARY

__all__ = ["GAP", "LONGEST_TEXT", "read"]

_GAP_SHOWN = " [...] "
"""In place of parts that never came, in words that people read."""

LONGEST_TEXT = 1530
"""Characters of ten concatenated GSM segments (10 x 153), the most that is read."""


def read(
    text: str,
    *,
    today: date,
    short_codes: Collection[str] = ("8188",),
    with_secrets: bool = False,
    vocabulary: Vocabulary = VOCABULARY,
) -> Command | Misread:
    """Read one citizen's text by the keywords of a vocabulary.

    `with_secrets` when the service shows a state only with the dossier's secret. `GAP` is in a long text for parts that
    never came: such a text opens no account.

    >>> day = date(2026, 11, 22)
    >>> read("TK, Nguyen Van A, 201499999, 20/12/1990", today=day)
    RegisterAccount(full_name='Nguyen Van A', id_number='201499999', birth_date=BirthDate(year=1990, month=12, day=20))
    >>> read("DVC000.00.12.H17-230815-0007 gui 8188", today=day).codes[0].written
    '000.00.12.H17-230815-0007'
    >>> read("DCV 123456", today=day).suggestion
    'DVC'
    """
    if len(text) > LONGEST_TEXT:
        return Misread(kind=MisreadKind.TOO_LONG)
    service = Service(short_codes, with_secrets, vocabulary)
    if GAP in text:
        return _read_with_gaps(text, today=today, service=service)
    for read_exactly in () if with_secrets else vocabulary.exact:
        printed = read_exactly(text)
        if printed is not None:
            return printed
    normal = normalise(text)
    if not vocabulary.conversation:
        return _read_tolerantly(text, normal, today=today, service=service)
    if (begun := read_begun(normal, today, service)) is not None:
        return begun
    reading = _read_tolerantly(text, normal, today=today, service=service)
    return read_conversation(reading, text, normal, today, service)


def _read_with_gaps(text: str, *, today: date, service: Service) -> Reading:
    """Read a text of which parts never came; people are shown where."""
    reading = _read_incomplete(text, today=today, service=service)
    if not service.vocabulary.conversation:
        return reading
    shown = text.replace(GAP, _GAP_SHOWN)
    normal = normalise(shown)
    return read_begun(normal, today, service) or read_conversation(reading, shown, normal, today, service)


def _read_tolerantly(text: str, normal: NormalText, *, today: date, service: Service) -> Command | Misread:
    if not any(letter.isalnum() for letter in normal):
        return _read_signs(text, normal)
    framed = _framed(normal, service)
    reading = read_framed(framed, today=today, service=service)
    if not isinstance(reading, Misread):
        doubt = service.vocabulary.of(reading).doubt
        return (doubt(reading, normal) if doubt is not None else None) or reading
    if reading.kind is MisreadKind.UNKNOWN_KEYWORD:
        folded = fold(normal)
        if wishes_password(folded) or (reading.suggestion is None and names_password(folded)):
            return ShowHelp(topic=PASSWORD)
        if asks_price(framed.folded, service.short_codes):
            return ShowHelp(topic=PRICE)
        if (courtesy := read_courtesy(normal)) is not None:
            return courtesy
    may_hold_secret = service.with_secrets or service.vocabulary.has_own_secrets
    return replace(reading, may_hold_secret=True) if may_hold_secret else reading


def _read_incomplete(text: str, *, today: date, service: Service) -> Command | Misread:
    """Read a text with gaps: look up a code far from them, answer a call for help, ask for everything else again."""
    rest = without_gaps(text, with_secrets=service.with_secrets)
    reading = _read_tolerantly(rest, normalise(rest), today=today, service=service)
    if isinstance(reading, Misread):
        command = reading.command
    elif service.vocabulary.of(reading).survives_gaps and any(letter.isalnum() for letter in rest):
        return reading
    else:
        command = None if isinstance(reading, ShowHelp | TakeThanks) else reading.name
    return Misread(kind=MisreadKind.INCOMPLETE, command=command, may_hold_secret=service.with_secrets)


def _framed(normal: NormalText, service: Service) -> Excerpt:
    return strip_frame(Excerpt.of(normal), service.short_codes, service.vocabulary.greeted)


def _read_signs(text: str, normal: NormalText) -> Command | Misread:
    if "?" in normal:
        return ShowHelp()
    return TakeThanks() if is_thankful_sign(text) else Misread(kind=MisreadKind.EMPTY)
