"""How rows are shown to operators: masked, and each state in one word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.reports.message_log import AnswerRow, TextRow
from db.reports.unsolicited_messages import UnsolicitedMessage
from db.schema import InboundState
from parsers.grammars import EVERY
from sms_gateway.pages.display.reading_names import shown_reading
from sms_gateway.pages.display.secret_masking import without_secret
from sms_gateway.web.language import say
from sms_gateway.web.masking import mask_text

_HOLD_CODES = frozenset(grammar.name for grammar in EVERY if grammar.holds_codes)
MOST_SHOWN = 400
"""Characters of a text in a line of the log: more than any answer has. The page of the text shows all."""
MOST_IN_CHAT = 1600
"""The same in a conversation and in a file: more than the parser reads of any text (parsers.LONGEST_TEXT)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownText:
    """A text as operators see it."""

    body: str
    reading: str  # in words
    is_misread: bool


def shown_text(text: TextRow, *, most: int | None = None) -> ShownText:
    """Mask a text and put its reading into words; of a text longer than `most` only the beginning, with a mark."""
    room = None if most is None else most + 1
    masked = mask_text(without_secret(text.body, text.reading), keeps_codes=keeps_codes(text), most=room)
    return ShownText(
        body=masked if most is None else in_short(masked, most),
        reading=shown_reading(text.reading),
        is_misread=(text.reading or "").startswith("misread"),
    )


def in_short(shown: str, most: int = MOST_SHOWN) -> str:
    """Cut a text for a line of the log, or to another length."""
    return shown if len(shown) <= most else f"{shown[:most]}…"


def shown_answer(text: TextRow, answer: AnswerRow) -> str:
    """Mask an answer; it may repeat the citizen's own digits."""
    if answer.shown is None:
        return say("answer.gone")
    return mask_text(answer.shown, keeps_codes=keeps_codes(text))


def shown_lone(lone: UnsolicitedMessage) -> str:
    """Mask an answer without a text."""
    return say("answer.gone") if lone.answer.shown is None else mask_text(lone.answer.shown, keeps_codes=False)


def keeps_codes(text: TextRow) -> bool:
    """Return whether the long numbers in a text are receipt codes, which operators need, and not people's numbers."""
    return text.reading in _HOLD_CODES


def shown_state(text: TextRow, answers: Sequence[AnswerRow]) -> str:
    """Return the most useful state: that of the last answer, else that of the text."""
    if text.state is InboundState.HANDLED and answers:
        return answers[-1].state.value
    return text.state.value
