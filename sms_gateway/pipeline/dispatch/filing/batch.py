"""What filing takes and gives: a text to file, what became of it, and what it needs besides the texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from db.messages.inbox import WaitingText
from db.messages.outbox import NewOutbound
from db.store.record import record
from handlers.conversation.effects.effect import Effect
from handlers.conversation.filing.filed import Filed
from parsers.commands import Command
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.replies import Replies


@record
class ToFile:
    """A text to file. `is_answered` is False where the guard lets no answer out."""

    text: WaitingText
    reading: Command | Misread
    is_answered: bool = True


@record
class DoneText:
    """What became of a text; `effect` is None where it is answered as without conversation."""

    text: WaitingText
    filed: Filed
    effect: Effect | None
    answer: NewOutbound | None = None
    """The text of ours; its question, if any, is stored already."""
    rule_id: int | None = None
    """The rule that fitted, where the text opened a ticket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FilingBatch:
    """What filing needs besides the texts."""

    connection: Connection
    parts: ConversationParts
    vocabulary: Vocabulary
    short_codes: frozenset[str]
    replies: Replies
    new_id: Callable[[], int]
    now: datetime


def answer_of(batch: FilingBatch, item: ToFile, effect: Effect | None) -> NewOutbound | None:
    """Return the answer to a text; None where there is none, or the guard lets none out."""
    if effect is None or not effect.text or not item.is_answered:
        return None
    text = item.text
    return batch.replies.compose(
        link=text.link,
        sender=text.recipient,
        recipient=text.sender,
        body=effect.text,
        now=batch.now,
        inbound_id=text.id,
    )
