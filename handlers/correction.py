"""A misread -> what was wrong, and a text ready to copy with the sender's own good fields in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.answer import Answer, Outcome
from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.conversation.answers.asks import account_in_question
from handlers.guidance import guide
from handlers.handler import AnyHandler, Handlers, Saying, forms_of
from handlers.wording.echo import echo_field, echo_wrong
from handlers.wording.fit import first_fit
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain
from parsers.misread import FieldName, Hint, Misread, MisreadKind

SUGGESTION_SEGMENTS = 2
"""Most segments of an answer with the parser's own suggestion: a text to copy is never cut."""
QUOTED_LETTERS = 40
"""Longest wrong field that is quoted back."""

_KINDS = {
    MisreadKind.FULL_NAME: Phrase.WRONG_FULL_NAME,
    MisreadKind.ID_NUMBER: Phrase.WRONG_ID_NUMBER,
    MisreadKind.BIRTH_DATE: Phrase.WRONG_BIRTH_DATE,
    MisreadKind.ID_BIRTH_MISMATCH: Phrase.ID_BIRTH_MISMATCH,
    MisreadKind.MISSING_FIELDS: Phrase.MISSING,
    MisreadKind.TOO_MANY_PEOPLE: Phrase.TOO_MANY_PEOPLE,
    MisreadKind.RECEIPT_CODE: Phrase.WRONG_RECEIPT_CODE,
    MisreadKind.TOO_MANY_CODES: Phrase.TOO_MANY_CODES,
    MisreadKind.TWO_COMMANDS: Phrase.TWO_COMMANDS,
    MisreadKind.UNKNOWN_KEYWORD: Phrase.UNKNOWN,
    MisreadKind.EMPTY: Phrase.EMPTY,
    MisreadKind.TOO_LONG: Phrase.TOO_LONG,
    MisreadKind.INCOMPLETE: Phrase.INCOMPLETE,
}
_HINTS = {
    (MisreadKind.FULL_NAME, Hint.ONE_WORD): Phrase.ONE_WORD_NAME,
    (MisreadKind.FULL_NAME, Hint.TWO_VALUES): Phrase.TWO_NAMES,
    (MisreadKind.FULL_NAME, Hint.TWO_SPELLINGS): Phrase.TWO_SPELLINGS,
    (MisreadKind.FULL_NAME, Hint.LOST_LETTERS): Phrase.LOST_LETTERS,
    (MisreadKind.ID_NUMBER, Hint.PHONE_NUMBER): Phrase.ID_IS_PHONE,
    (MisreadKind.ID_NUMBER, Hint.LOST_ZERO): Phrase.ID_LOST_ZERO,
    (MisreadKind.ID_NUMBER, Hint.PASSPORT): Phrase.ID_IS_PASSPORT,
    (MisreadKind.ID_NUMBER, Hint.TWO_VALUES): Phrase.TWO_ID_NUMBERS,
    (MisreadKind.BIRTH_DATE, Hint.IMPOSSIBLE): Phrase.DATE_IMPOSSIBLE,
    (MisreadKind.BIRTH_DATE, Hint.MONTH_FIRST): Phrase.DATE_MONTH_FIRST,
    (MisreadKind.BIRTH_DATE, Hint.FUTURE): Phrase.DATE_FUTURE,
    (MisreadKind.BIRTH_DATE, Hint.TOO_OLD): Phrase.DATE_TOO_OLD,
    (MisreadKind.BIRTH_DATE, Hint.IN_WORDS): Phrase.DATE_IN_WORDS,
    (MisreadKind.BIRTH_DATE, Hint.TWO_VALUES): Phrase.TWO_BIRTH_DATES,
    (MisreadKind.RECEIPT_CODE, Hint.IDENTITY_NUMBER): Phrase.CODE_IS_CARD,
    (MisreadKind.RECEIPT_CODE, Hint.PHONE_NUMBER): Phrase.CODE_IS_PHONE,
}
_OWN_FIELDS = {
    MisreadKind.FULL_NAME: FieldName.FULL_NAME,
    MisreadKind.ID_NUMBER: FieldName.ID_NUMBER,
    MisreadKind.BIRTH_DATE: FieldName.BIRTH_DATE,
}
"""The field that a kind is about; its other fields are only named."""
_NAMES = {
    FieldName.FULL_NAME: Phrase.FIELD_FULL_NAME,
    FieldName.ID_NUMBER: Phrase.FIELD_ID_NUMBER,
    FieldName.BIRTH_DATE: Phrase.FIELD_BIRTH_DATE,
    FieldName.RECEIPT_CODE: Phrase.FIELD_RECEIPT_CODE,
}
_BLANKS = {
    FieldName.FULL_NAME: Phrase.BLANK_FULL_NAME,
    FieldName.ID_NUMBER: Phrase.BLANK_ID_NUMBER,
    FieldName.BIRTH_DATE: Phrase.BLANK_BIRTH_DATE,
    FieldName.RECEIPT_CODE: Phrase.BLANK_RECEIPT_CODE,
}


def correct(misread: Misread, service: ServiceFacts, handlers: Handlers = HANDLERS) -> Answer:
    """Return what was wrong and how to write it, in one segment.

    Nothing is carried out. The sender's own words are repeated without accents, and only words that can be neither a
    link nor a telephone number (handlers.wording.echo).
    """
    return Answer(text=_text(misread, service, handlers), outcome=Outcome.CORRECTED)


def _text(misread: Misread, service: ServiceFacts, handlers: Handlers) -> str:
    meant = _meant(misread, service, handlers)
    problems = _problems(misread, meant, service)
    copyable = meant.said(meant.copyable, service) if meant is not None else None
    if meant is None or copyable is None:
        topic = meant.name if meant is not None and meant.help is not None else None
        return guide(topic, service, handlers, before=problems[-1])
    suggestion = _suggestion(misread, meant, service)
    if suggestion is not None and misread.is_for_people and "question" in service.keywords:
        return account_in_question([suggestion], service)
    if suggestion is not None:
        told = list(_join(problems, suggestion, service))
        whole = first_fit(told) or first_fit(told, segments=min(SUGGESTION_SEGMENTS, service.most_segments))
        if whole is not None:
            return whole
    good = {name: said for name, text in misread.good if (said := echo_field(name, text))}
    if (misread.kind, misread.hint) == (MisreadKind.FULL_NAME, Hint.TWO_VALUES):
        good[FieldName.FULL_NAME] = service.wording.say(Phrase.BLANK_QUOTED_NAME, {})
    copies = [
        _copy(copyable, good, service),
        # A name is never cut in a text to copy: it is there whole or not at all.
        _copy(copyable, {name: text for name, text in good.items() if name is not FieldName.FULL_NAME}, service),
        _copy(copyable, {}, service),
    ]
    texts = [text for copy in copies for text in _join(problems, copy, service)]
    return first_fit(texts) or texts[-1]


def _meant(misread: Misread, service: ServiceFacts, handlers: Handlers) -> AnyHandler | None:
    """Return the handler of the command that the sender meant, as far as that is known."""
    if misread.command is not None:
        return handlers.named(misread.command)
    if misread.kind is MisreadKind.UNKNOWN_KEYWORD:
        words = (misread.suggestion or "").upper().replace(",", " ").split(maxsplit=1)[:1]
        return next((one for one in handlers.every if service.keywords.get(one.service) in words), None)
    return next((one for one in handlers.every if misread.kind in one.misreads), None)


def _suggestion(misread: Misread, meant: AnyHandler, service: ServiceFacts) -> str | None:
    """Return the parser's text ready to copy, if every part of it may be repeated; None for a keyword alone."""
    text = plain(misread.meant or misread.suggestion or "")
    keyword, _, content = text.partition(" ")
    if meant.echo is None or not content or keyword.rstrip(",") != service.keywords.get(meant.service):
        return None
    said = meant.echo(content)
    return None if said is None else f"{keyword} {said}"


def _problems(misread: Misread, meant: AnyHandler | None, service: ServiceFacts) -> Sequence[str]:
    """Return the sentence that says what was wrong, longest form first."""
    values = {"fields": _names(misread.fields, service)}
    quoted = echo_wrong(misread)
    if quoted and len(quoted) <= QUOTED_LETTERS:
        values["wrong"] = quoted
    phrase = _KINDS[misread.kind]
    if misread.hint is not None:
        phrase = _HINTS.get((misread.kind, misread.hint), phrase)
    if phrase is Phrase.TWO_SPELLINGS:
        words = [echo_field(FieldName.FULL_NAME, word) for word in misread.spellings or ()]
        values |= {name: word for name, word in zip(("typed", "meant"), words, strict=False) if word is not None}
        phrase = phrase if {"typed", "meant"} <= values.keys() else Phrase.WRONG_FULL_NAME
    if misread.kind is MisreadKind.UNKNOWN_KEYWORD and meant is not None:
        forms = forms_of(meant.meant or Phrase.UNKNOWN, service, values)
    elif misread.kind is MisreadKind.RECEIPT_CODE and meant is not None and meant.wrong is not None:
        forms = forms_of(meant.wrong, service, values)
    else:
        forms = forms_of(phrase, service, values)
    own = _OWN_FIELDS.get(misread.kind)
    others = [name for name in misread.fields if name is not own] if own is not None else []
    if not others:
        return forms
    also = service.wording.say(Phrase.ALSO, {"fields": _names(others, service)})
    return [f"{form} {also}" for form in forms]


def _names(fields: Sequence[FieldName], service: ServiceFacts) -> str:
    words = [service.wording.say(_NAMES[name], {}) for name in fields]
    if len(words) < 2:  # noqa: PLR2004 - the word `and` stands between two
        return "".join(words)
    return f"{', '.join(words[:-1])} {service.wording.say(Phrase.AND, {})} {words[-1]}"


def _copy(copyable: Saying, good: dict[FieldName, str], service: ServiceFacts) -> str:
    values = {name.value: good.get(name) or service.wording.say(_BLANKS[name], {}) for name in FieldName}
    return forms_of(copyable, service, values)[0]


def _join(problems: Sequence[str], copy: str, service: ServiceFacts) -> Iterator[str]:
    values = {**service.values, "copy": copy}
    send = service.wording.say(Phrase.SEND, values)
    for problem in problems:
        yield f"{problem} {send}"
