"""What the guard decides of a text: whether it is carried out, refused with a sentence, or gets no answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from db.messages import resend
from handlers.answer import Outcome
from sms_gateway.pipeline.dispatch.guessing import Leave
from sms_gateway.pipeline.dispatch.switched_off import Closed


class Silence(StrEnum):
    """Why a text gets no answer; the outcome of the text."""

    BLOCKED = "blocked"  # the number is on the block list
    OWN_NUMBER = "own_number"  # from one of our own numbers
    COUNTRY = "other_country"  # from a number of a country that is not answered
    RECEIPT = "receipt"  # a delivery receipt that came in as a text
    ECHO = "echo"  # an answer of ours, or a receipt of one, that the carrier sends back
    LOOP = "loop"  # replies faster, or more evenly, than people type
    HOUR_LIMIT = "hour_limit"  # the hour is used up, and its sender was told
    DAY_LIMIT = "day_limit"  # the day is used up, and its sender was told
    WORDLESS = "wordless"  # a picture without words, and its sender was asked for words within the hour
    SWITCHED_OFF = resend.SWITCHED_OFF  # for a service that is off, and its sender was told within the hour
    ALL_ANSWERS = "all_answers"  # everybody together used up the hour


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Answer with this notice and do not carry the text out."""

    outcome: Outcome  # HOUR_LIMIT_TOLD, DAY_LIMIT_TOLD, REST_TOLD, PHONE_NEEDED, WORDS_NEEDED or that of `closed`
    closed: Closed | None = None  # the service that the text is for, where that is off


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepSilent:
    """Give no answer. A machine's number is also blocked for a while."""

    reason: Silence
    is_machine: bool = False


_LIMITS = frozenset({Silence.HOUR_LIMIT, Silence.DAY_LIMIT, Silence.ALL_ANSWERS})
_LIMITS_TOLD = frozenset({Outcome.HOUR_LIMIT_TOLD, Outcome.DAY_LIMIT_TOLD})


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """Do not carry the text out: its service is off. But file it where it belongs to a ticket of its sender."""

    instead: Notice | KeepSilent


Ruling = Leave | Notice | KeepSilent | Refuse
"""The decision on one text; Leave lets it be carried out."""


def lets_file(ruling: Ruling) -> bool:
    """Return whether a text of the conversation is filed: limits keep back our answer, and not what was written."""
    if isinstance(ruling, KeepSilent):
        return ruling.reason in _LIMITS
    return not isinstance(ruling, Notice) or ruling.outcome in _LIMITS_TOLD
