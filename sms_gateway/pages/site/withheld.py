"""Words of accusations on pages that show messages: only those who lead the unit of an accusation read them.

A message that is in a ticket is as open as the ticket. A text that is in none is judged by its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from db.reports.filed_messages import Filing, filed_answers, filed_texts
from db.reports.message_log import AnswerRow, LogEntry, TextRow, WholeMessage
from db.reports.misreads import Misreading
from db.reports.unsolicited_messages import UnsolicitedMessage
from handlers.conversation.routing import accuses
from handlers.conversation.routing.directory import Directory
from parsers import LONGEST_TEXT
from parsers.grammars import EVERY
from parsers.text.normal_form import normalise
from sms_gateway.pages.session import current_session
from sms_gateway.pages.site.scope import units_of
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say

_NO_MATTERS = frozenset(grammar.name for grammar in EVERY)
"""Readings of commands that bring no matter of a citizen: an account, a look-up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What decides which words the operator of a request may read."""

    led: frozenset[int]
    """The units that the operator leads."""
    directory: Directory | None
    """None where the conversation is off: no text is an accusation then unless it is in a ticket."""

    def may_read(self, words: str, filing: Filing | None = None) -> bool:
        """Return whether the operator may read words, which are in a ticket or in none."""
        if filing is not None:
            return not filing.is_accusation or filing.unit_id in self.led
        if self.directory is None or self.directory.focal.id in self.led:
            return True
        return not accuses(normalise(words[:LONGEST_TEXT]), self.directory)


def reader(connection: Connection) -> Reader:
    """Return what the operator of this request may read."""
    parts = dependencies().conversation
    units = None if parts is None else parts.units()
    led = units_of(connection, current_session().operator).led
    return Reader(led=led, directory=None if units is None else units.directory)


def open_entries(connection: Connection, entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    """Return lines of the log; a text or answer that the operator may not read says so in place of its words."""
    given = list(entries)
    closed = _closed(connection, [entry.text for entry in given])
    kept_in = filed_answers(connection, [answer.id for entry in given for answer in entry.answers])
    who = reader(connection)
    return tuple(
        LogEntry(
            text=_without_words(entry.text) if entry.text.id in closed else entry.text,
            answers=tuple(
                _closed_answer(answer)
                if entry.text.id in closed or not _may_read_answer(who, kept_in.get(answer.id))
                else answer
                for answer in entry.answers
            ),
        )
        for entry in given
    )


def is_open(connection: Connection, whole: WholeMessage) -> bool:
    """Return whether the operator may read a message."""
    return not _closed(connection, [whole.text])


def opened(connection: Connection, whole: WholeMessage) -> WholeMessage:
    """Return a message; one that the operator may not read says so, and has no octet of it."""
    (entry,) = open_entries(connection, [LogEntry(text=whole.text, answers=whole.answers)])
    if entry.text is whole.text:
        return replace(whole, answers=entry.answers)
    return replace(whole, text=entry.text, octets=b"", wire=None, answers=entry.answers)


def open_lone(connection: Connection, lone: Sequence[UnsolicitedMessage]) -> Sequence[UnsolicitedMessage]:
    """Return answers without a text; those about an accusation say that their words are withheld."""
    kept_in = filed_answers(connection, [one.answer.id for one in lone])
    who = reader(connection)
    return [
        one if _may_read_answer(who, kept_in.get(one.answer.id)) else replace(one, answer=_closed_answer(one.answer))
        for one in lone
    ]


def open_misreadings(connection: Connection, misread: Iterable[Misreading]) -> Sequence[Misreading]:
    """Return the misread texts that the operator may read."""
    given = list(misread)
    kept_in, who = filed_texts(connection, [one.id for one in given]), reader(connection)
    return [one for one in given if who.may_read(one.body, kept_in.get(one.id))]


def _closed(connection: Connection, texts: Sequence[TextRow]) -> frozenset[int]:
    kept_in, who = filed_texts(connection, [one.id for one in texts]), reader(connection)
    return frozenset(
        one.id
        for one in texts
        if (one.id in kept_in or one.reading not in _NO_MATTERS) and not who.may_read(one.body, kept_in.get(one.id))
    )


def _may_read_answer(who: Reader, filing: Filing | None) -> bool:
    """Return whether the operator may read an answer; one that no ticket has holds no words of a matter."""
    return filing is None or who.may_read("", filing)


def _without_words(text: TextRow) -> TextRow:
    return replace(text, body=say("message.withheld"))


def _closed_answer(answer: AnswerRow) -> AnswerRow:
    return replace(answer, shown=say("message.withheld"))
