"""Explanations: what was taken for what, and why; for operators and for `sms-gateway parse`, never on the hot path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from parsers import GAP, LONGEST_TEXT, read
from parsers.commands import Command
from parsers.commands.tables import PREFIX
from parsers.grammar import Service, Step, Vocabulary
from parsers.grammars import EVERY
from parsers.localised_message import LocalisedMessage
from parsers.masking import hide_secrets
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reading import begin
from parsers.reading.conversation import begin_conversation
from parsers.reasons import CONTENT, FRAME, KEYWORD, MISREAD, NORMAL_FORM, OWN_KEY, REASONS, SECRET
from parsers.text.excerpt import Excerpt
from parsers.text.framing_words import strip_frame
from parsers.text.normal_form import NormalText, normalise
from parsers.vocabulary import VOCABULARY

TAKEN_FOR: frozenset[str] = frozenset(
    {
        *(NORMAL_FORM, FRAME, CONTENT, KEYWORD, SECRET, OWN_KEY),
        *(name.value for name in FieldName),
        *(grammar.name for grammar in EVERY),
        *(f"{MISREAD}{kind.value}" for kind in MisreadKind),
    }
)
"""Everything that a part of a text can be taken for by the commands of the product."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A reading and its steps. Holds personal data as the sender wrote it: show it, never log it."""

    raw: str
    normal: NormalText
    reading: Command | Misread
    steps: tuple[Step, ...]


def explain(
    text: str,
    *,
    today: date,
    short_codes: Collection[str] = ("8188",),
    with_secrets: bool = False,
    vocabulary: Vocabulary = VOCABULARY,
) -> Explanation:
    """Read a text as `parsers.read` does, and return what was taken for what; of a secret only that it is there.

    >>> told = explain("[TK, Lê Thị Bé, 201499999, 1950] gui 8188", today=date(2026, 11, 22))
    >>> [(step.part, step.taken_for) for step in told.steps]  # doctest: +NORMALIZE_WHITESPACE
    [('[', 'frame'), ('] gui 8188', 'frame'), ('TK', 'keyword'), ('Lê Thị Bé', 'full_name'),
     ('201499999', 'id_number'), ('1950', 'birth_date'), ('TK', 'register_account')]
    """
    service = Service(short_codes, with_secrets, vocabulary)
    reading = read(text, today=today, short_codes=short_codes, with_secrets=with_secrets, vocabulary=vocabulary)
    outcome = _outcome(reading, vocabulary)
    if len(text) > LONGEST_TEXT:
        return Explanation(raw=text, normal=NormalText(""), reading=reading, steps=(outcome,))
    normal = normalise(text)
    fields = () if isinstance(reading, Misread) else vocabulary.of(reading).explain(reading)
    if GAP in text:
        return Explanation(raw=text, normal=normal, reading=reading, steps=(*fields, outcome))
    steps = [*_steps_of_text(text, normal, reading, today, service), *fields, outcome]
    return Explanation(raw=text, normal=normal, reading=reading, steps=tuple(steps))


def _steps_of_text(
    text: str, normal: NormalText, reading: Command | Misread, today: date, service: Service
) -> list[Step]:
    """Return what was taken for frame, keyword and content."""
    vocabulary = service.vocabulary
    framed = strip_frame(Excerpt.of(normal), service.short_codes, vocabulary.greeted)
    steps = _normal_step(hide_secrets(normal, reading, vocabulary)) if text != normal else []
    if not isinstance(reading, Misread) and vocabulary.of(reading).is_conversation:
        return [*steps, *_steps_of_conversation(Excerpt.of(normal), vocabulary)]
    steps += _frame_steps(normal, framed.shown, reading, vocabulary)
    begun = begin(framed, today=today, service=service) if framed.shown else None
    if begun is not None:
        how = _why("keyword.glued") if begun.is_glued else _why("keyword.way", word=begun.keyword.word)
        steps.append(Step(part=framed.shown[: begun.end].strip(), taken_for=KEYWORD, why=how))
        steps.extend(begun.keyword.grammar.explain_content(framed.cut(begun.end), today, service))
    return steps


def _steps_of_conversation(whole: Excerpt, vocabulary: Vocabulary) -> list[Step]:
    """Return the keyword; thanks and greetings around the words are part of them."""
    begun = begin_conversation(whole, vocabulary)
    if begun is None:
        return []
    how = _why("keyword.way", word=begun.keyword.word)
    return [Step(part=whole.shown[: begun.end].strip(), taken_for=KEYWORD, why=how)]


def _normal_step(normal: str) -> list[Step]:
    return [Step(part=normal, taken_for=NORMAL_FORM, why=_why("normal_form"))]


def _frame_steps(normal: str, framed: str, reading: Command | Misread, vocabulary: Vocabulary) -> list[Step]:
    at = normal.find(framed) if framed else 0
    if at < 0:
        return [Step(part=hide_secrets(framed, reading, vocabulary), taken_for=CONTENT, why=_why("copied"))]
    cut = (normal[:at].strip(), normal[at + len(framed) :].strip())
    return [Step(part=part, taken_for=FRAME, why=_why("frame")) for part in cut if part]


def _outcome(reading: Command | Misread, vocabulary: Vocabulary) -> Step:
    if isinstance(reading, Misread):
        taken_for = f"{MISREAD}{reading.kind.value}"
        return Step(part=reading.wrong or "", taken_for=taken_for, why=_why_misread(reading))
    why = vocabulary.of(reading).why(reading)
    return Step(part=vocabulary.taught[reading.name], taken_for=reading.name, why=why)


def _why_misread(misread: Misread) -> LocalisedMessage:
    values = {"most": LONGEST_TEXT} if misread.kind is MisreadKind.TOO_LONG else {}
    is_of_table = misread.kind is MisreadKind.RECEIPT_CODE and (misread.command or "").startswith(PREFIX)
    why = _why("own_table.no_key" if is_of_table else f"misread.{misread.kind.value}", **values)
    if misread.hint is not None:
        why = _why("misread.because", kind=why, why=_why(f"hint.{misread.hint.value}"))
    if misread.suggestion is not None:
        why = _why("misread.meant", why=why, text=misread.suggestion)
    return why


def _why(key: str, **values: str | int | LocalisedMessage) -> LocalisedMessage:
    return REASONS.message(key, **values)
