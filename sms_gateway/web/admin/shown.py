"""How rows are shown to operators: masked, and each state in one word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.message_log import AnswerRow, TextRow
from db.schema import InboundState
from parsers.commands import CommandName
from sms_gateway.web.language import say
from sms_gateway.web.masking import mask_text


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownText:
    """A text as operators see it."""

    body: str
    reading: str  # in words
    is_misread: bool


def shown_text(text: TextRow) -> ShownText:
    """Mask a text and put its reading into words."""
    return ShownText(
        body=mask_text(text.body, keeps_codes=keeps_codes(text)),
        reading=shown_reading(text.reading),
        is_misread=(text.reading or "").startswith("misread"),
    )


def shown_answer(text: TextRow, answer: AnswerRow) -> str:
    """Mask an answer; it may carry the citizen's own digits back."""
    if answer.shown is None:
        return say("answer.gone")
    return mask_text(answer.shown, keeps_codes=keeps_codes(text))


def keeps_codes(text: TextRow) -> bool:
    """Tell whether the long numbers in a text are receipt codes, which operators need, rather than people's."""
    return text.reading == CommandName.LOOK_UP_STATUS


def shown_reading(reading: str | None) -> str:
    """Put a reading into words; one that this version does not know stands as it is."""
    if reading is None:
        return say("reading.none")
    kind, _, detail = reading.partition(":")
    try:
        return f"{say('reading.misread')}: {say('misread.' + detail)}" if detail else say("reading." + kind)
    except KeyError:
        return reading


def shown_state(text: TextRow, answers: Sequence[AnswerRow]) -> str:
    """Return the one state that tells most: the last answer's once there is one, else the text's own."""
    if text.state is InboundState.HANDLED and answers:
        return answers[-1].state.value
    return text.state.value
