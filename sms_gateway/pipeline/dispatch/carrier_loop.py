"""The loop with the carrier: it sends our answer, or a receipt of it, back as a text of the citizen.

Nobody is blocked for that: the citizen did nothing. The text gets no answer, which ends the loop, and operators are
alerted. A receipt is recognised by its shape, in any dialect by an id that the carrier gave our answer. An answer is
recognised by its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection

from db.limits.recent_exchanges import read_exchanges
from db.limits.sender_limits import Standing
from db.messages.inbox import WaitingText
from db.messages.message_ids import compare
from db.store.ids import first_id_at
from sms_gateway.pipeline.dispatch.auto_responders import HOUR

LONG = 30
"""Texts from this length on may be an answer of ours: the state of a dossier, which is read as a look-up. A look-up
in the printed form is shorter, so most texts are not compared."""

_BEGINNING = 40  # letters and digits of an answer that are compared: carriers cut and frame what they send back
_FEWEST = 12
_ANSWERED = 2
"""Answers in the last hour before a long text is compared: a citizen who forwards one answer to us gets an answer."""

_FRAME = re.compile(r"\A\s*[\[(<{][^\])>}]{0,40}[\])>}]")
_IDS = re.compile(r"[0-9A-Za-z-]{6,64}", re.ASCII)
_MOST_IDS = 20


def may_be_loop(text: WaitingText, standing: Standing) -> bool:
    """Return at low cost whether a text must be compared with the answers to its sender."""
    if len(text.body) < LONG or len(standing.answered) < _ANSWERED:
        return False
    return sum(one.received_at > text.received_at - HOUR for one in standing.answered) >= _ANSWERED


def is_loop(connection: Connection, text: WaitingText, *, at_once: bool) -> bool:
    """Return whether the carrier sent our words back: the text names an id of our answers, or repeats an answer.

    A repeated answer counts only when an earlier text repeated one too and neither has words of its own. With
    `at_once`, when the sender answers as a machine does, the first one counts.
    """
    since = first_id_at(text.received_at - HOUR)
    before = read_exchanges(connection, text.sender, since_id=since, until_id=text.id)
    if _names_id(text.body, [one for exchange in before for one in exchange.message_ids]):
        return True
    if not any(_repeats(text.body, exchange.answer) for exchange in before):
        return False
    if at_once:
        return True
    return any(_is_nothing_but(text.body, exchange.answer) for exchange in before) and any(
        _is_nothing_but(later.text, earlier.answer) for place, later in enumerate(before) for earlier in before[:place]
    )


def _names_id(body: str, message_ids: Sequence[str]) -> bool:
    words = _IDS.findall(body)[:_MOST_IDS]
    return any(len(one) >= 6 and compare(one, word) is not None for one in message_ids for word in words)  # noqa: PLR2004 - as in _IDS


def _repeats(body: str, answer: str) -> bool:
    """Return whether a text holds the beginning of an answer, except for blanks and signs."""
    beginning = _letters(answer)[:_BEGINNING]
    return len(beginning) >= _FEWEST and beginning in _letters(body)


def _is_nothing_but(body: str, answer: str) -> bool:
    """Return whether a text is an answer, whole or cut, without words of its own; a frame in brackets is no word.

    A citizen who asks about our answer writes more than that (`... bao gio xong?`), and gets an answer.
    """
    own = _letters(_FRAME.sub("", body, count=1))
    return len(own) >= _FEWEST and _letters(answer).startswith(own)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
