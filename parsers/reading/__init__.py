"""From a framed text to a command: keyword, content, and the misread when there is neither."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from parsers.grammar import AnyGrammar, Reading, Service
from parsers.keywords import Begun, match_keyword, near_keywords
from parsers.misread import Misread, MisreadKind
from parsers.printed import official_form
from parsers.text.excerpt import Excerpt

_LONGEST_GUESSED = 612
"""Characters of a text whose keyword is guessed, four segments: a guess reads the whole text several times."""


def read_framed(text: Excerpt, *, today: date, service: Service) -> Reading:
    """Read a text without its frame."""
    begun = begin(text, today=today, service=service)
    reading = None
    if begun is not None:
        grammar = begun.keyword.grammar
        reading = grammar.read(text.cut(begun.end), today, service) if grammar.read is not None else None
        if grammar.inside is not None and _goes_on(text, begun.end, grammar, today, service):
            return Misread(kind=MisreadKind.TWO_COMMANDS)
    if reading is None and (alone := _read_alone(text, today, service)) is not None:
        return alone
    if reading is None or (isinstance(reading, Misread) and reading.kind is not MisreadKind.TOO_MANY_CODES):
        reading = _read_sentence(text, today, service) or reading
    return reading or _near_miss(text, today=today, service=service)


def begin(text: Excerpt, *, today: date, service: Service) -> Begun | None:
    """Find the keyword; a keyword with something else glued to it than its content (`TKS`) is none.

    A command spelled out in words counts when all its content follows.
    """
    begun = match_keyword(text.folded, service.vocabulary)
    if begun is not None and _glue_holds(begun, text, today, service):
        return begun
    for keyword in service.vocabulary.keywords:
        spelled_out = keyword.grammar.spelled_out
        end = spelled_out(text, today, service) if spelled_out is not None else 0
        if end:
            return Begun(keyword, end, is_glued=False)
    return None


def _glue_holds(begun: Begun, text: Excerpt, today: date, service: Service) -> bool:
    if not begun.is_glued:
        return True
    holds = begun.keyword.grammar.holds_glued
    return holds is not None and holds(text.cut(begun.end), today, service)


def _goes_on(text: Excerpt, end: int, begun: AnyGrammar, today: date, service: Service) -> bool:
    """Return whether another command with all its content follows that of this one."""
    return any(
        other.follows is not None and other.follows(text, end, today, service)
        for other in service.vocabulary.grammars
        if other is not begun
    )


def _read_alone(text: Excerpt, today: date, service: Service) -> Reading | None:
    for grammar in service.vocabulary.grammars:
        reading = grammar.alone(text, today, service) if grammar.alone is not None else None
        if reading is not None:
            return reading
    return None


def _read_sentence(text: Excerpt, today: date, service: Service) -> Reading | None:
    """Carry out what is surely asked for among other words; ask again when another command is asked for too."""
    for grammar in service.vocabulary.grammars:
        found = grammar.inside(text, service) if grammar.inside is not None else None
        if found is not None:
            others = [one.is_asked_in for one in service.vocabulary.grammars if one is not grammar]
            if any(is_asked is not None and is_asked(found.rest, today, service) for is_asked in others):
                return Misread(kind=MisreadKind.TWO_COMMANDS)
            return found.reading
    return None


def _near_miss(text: Excerpt, *, today: date, service: Service) -> Misread:
    """Name the keyword that was probably meant: one edit away, left out, or later in the text."""
    if len(text.folded) > _LONGEST_GUESSED:
        return Misread(kind=MisreadKind.UNKNOWN_KEYWORD)
    vocabulary = service.vocabulary
    for grammar, body in _bodies(text, today, service):
        if grammar.inside is not None and (in_part := _read_in_part(text, today, service)) is not None:
            return in_part
        content = grammar.fits(body, today, service) if grammar.fits is not None else None
        if content is not None:
            good = content.good if isinstance(content, Misread) else ()
            meant = content.suggestion if isinstance(content, Misread) else official_form(content, vocabulary)
            word = vocabulary.taught[grammar.name]
            return Misread(kind=MisreadKind.UNKNOWN_KEYWORD, suggestion=word, good=good, meant=meant)
    return Misread(kind=MisreadKind.UNKNOWN_KEYWORD)


def _read_in_part(text: Excerpt, today: date, service: Service) -> Misread | None:
    for grammar in service.vocabulary.grammars:
        in_part = grammar.in_part(text, today, service) if grammar.in_part is not None else None
        if in_part is not None:
            return in_part
    return None


def _bodies(text: Excerpt, today: date, service: Service) -> Iterator[tuple[AnyGrammar, Excerpt]]:
    """Return each command that may have been meant, with its possible content; the most probable first."""
    vocabulary = service.vocabulary
    for grammar, end in near_keywords(text.folded, vocabulary):
        yield grammar, text.cut(end)
    for grammar in vocabulary.grammars:
        end = grammar.nearly_spelled_out(text, today, service) if grammar.nearly_spelled_out is not None else 0
        if end:
            yield grammar, text.cut(end)
    yield from ((grammar, text) for grammar in vocabulary.grammars if grammar.needs_no_keyword)
    inside = vocabulary.inside.search(text.folded)
    named = vocabulary.named(inside.lastgroup) if inside is not None else None
    if inside is not None and named is not None:
        yield named, text.cut(inside.end())
