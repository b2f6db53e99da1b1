"""DG: a score from 1 to 5, as a digit or in words, for the ticket that is named or was answered last."""

from __future__ import annotations

import re
from datetime import date

from parsers.commands import ShowHelp
from parsers.commands.conversation import RateTicket
from parsers.fields.codes.national_form import find_national_form
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import count_words, numbered, shown_numbers, trimmed, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import NormalText, fold
from parsers.text.reactions import Reaction, ReactionKind, read_reaction

_FIRST_DIGIT = re.compile(r"(?P<score>[1-5])(?![0-9]|\s*[.,/]\s*[0-9])(?:\s*/\s*5|\s*(?:SAO|DIEM|\*))?(?![^\W\d_])")
_FIRST_PART = re.compile(r"[^,.;:\n]+")
_WELL_READ = (ReactionKind.SCORE, ReactionKind.DIGIT)


def _read(body: Excerpt, today: date, service: Service) -> RateTicket | ShowHelp | None:
    """Read what follows the keyword; a score that is none, or is missing, is asked for. A dossier is not rated."""
    del today, service
    if next(find_national_form(body.folded), None) is not None:
        return None
    if not count_words(body.folded):
        return ShowHelp(topic=RateTicket.name)
    found = numbered(body)
    score, rest = _score_and_rest(found.words)
    return RateTicket(
        score=score.value if score is not None else None,
        by_words=score.by_words if score is not None else False,
        numbers=found.numbers,
        words=rest,
    )


def _score_and_rest(words: str) -> tuple[Reaction | None, str]:
    whole = read_reaction(NormalText(words))
    if whole is not None:
        return (whole, "") if whole.kind in _WELL_READ else (None, words)
    digit = _FIRST_DIGIT.match(fold(words))
    if digit is not None:
        return Reaction(ReactionKind.DIGIT, int(digit["score"])), trimmed(words[digit.end() :])
    part = _FIRST_PART.match(words)
    first = read_reaction(NormalText(part.group().strip())) if part is not None else None
    if part is not None and first is not None and first.kind in _WELL_READ:
        return first, trimmed(words[part.end() :])
    return None, words


def _official_form(command: RateTicket, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    score = [str(command.score)] if command.score is not None else []
    return " ".join([keyword, *score, *shown_numbers(command.numbers), *filter(None, [command.words])])


GRAMMAR = Grammar(
    command=RateTicket,
    service="rating",
    default_keywords=("DG",),
    is_conversation=True,
    writing=number_follows,
    read=_read,
    printed=lambda command: {"score": command.score, "tickets": shown_numbers(command.numbers)},
    official_form=_official_form,
    why=why_words,
)
