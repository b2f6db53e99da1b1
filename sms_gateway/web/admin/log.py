"""The log of messages, newest first: what came in, what it was taken for, what was answered, and where that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from db.audit import Action
from db.dossiers import canonical
from db.lone_answers import LoneAnswer, read_lone_answers
from db.message_log import LogEntry, LogPage, read_log_page
from sms_gateway.road.ids import IDS_A_MINUTE, minute_of
from sms_gateway.web.admin.log_choice import (
    LEAST_CODE,
    READINGS,
    STATES,
    Choice,
    choice_of_address,
    choice_of_form,
    read_number,
)
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.shown import MOST_SHOWN, ShownText, shown_answer, shown_lone, shown_state, shown_text
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

MAX_KEY = (1 << 63) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the log as the page shows it."""

    entry: LogEntry
    text: ShownText
    answers: tuple[str, ...]
    state: str
    lone: None = None

    @property
    def key(self) -> int:
        """Return what lines are ordered by: ids grow with time."""
        return self.entry.text.id


@dataclass(frozen=True, kw_only=True, slots=True)
class LoneLine:
    """A line for an answer that no text asked for: what an operator sent."""

    lone: LoneAnswer
    shown: str

    @property
    def key(self) -> int:
        """Return what lines are ordered by."""
        return self.lone.answer.id


def log() -> str:
    """Show the log."""
    return _log_page(choice_of_address(), fault=None)


def filter_log() -> Response | tuple[str, int]:
    """Take a filter and lead to its page. It comes by POST because a number must not stand in an address."""
    typed = short_field("number")
    number = read_number(typed) if typed else None
    code = canonical(short_field("code"))
    if typed and number is None:
        return _log_page(_unfiltered(), fault=say("log.number_fault")), 400
    if code and len(code) < LEAST_CODE:
        return _log_page(_unfiltered(), fault=say("log.code_fault", least=LEAST_CODE)), 400
    choice = choice_of_form(number)
    if number is not None:
        with current_parts().database.write() as connection:
            note(connection, Action.NUMBER_SEARCHED)
    return redirect(choice.address(), code=303)


def read_before() -> int | None:
    """Return the key that a page begins below, from its address; 404 for one that no row can have."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 <= before <= MAX_KEY:
        abort(404)
    return before


def shown_lines(entries: Iterable[LogEntry], *, most: int = MOST_SHOWN) -> list[Line]:
    """Mask entries and put their states into words; of a text longer than `most` its beginning."""
    return [
        Line(
            entry=entry,
            text=shown_text(entry.text, most=most),
            answers=tuple(shown_answer(entry.text, answer) for answer in entry.answers),
            state=shown_state(entry.text, entry.answers),
        )
        for entry in entries
    ]


def with_lone(lines: Sequence[Line], lone: Sequence[LoneAnswer]) -> Sequence[Line | LoneLine]:
    """Put answers that no text asked for among the lines, newest first."""
    if not lone:
        return lines
    alone = [LoneLine(lone=one, shown=shown_lone(one)) for one in lone]
    return sorted([*lines, *alone], key=lambda line: line.key, reverse=True)


def _unfiltered() -> Choice:
    return Choice(
        number_token="",
        number=None,
        reading="",
        state="",
        link="",
        code="",
        first=None,
        last=None,
        unsure=False,
    )


def _log_page(choice: Choice, *, fault: str | None) -> str:
    page, lone = _page(choice)
    parts = current_parts()
    return render_template(
        "log.html",
        choice=choice,
        lines=with_lone(shown_lines(page.entries), lone),
        older=page.older,
        looked_back_to=minute_of(page.older // IDS_A_MINUTE) if page.older is not None and page.stopped_short else None,
        is_newest="before" not in request.args,
        readings=READINGS,
        states=STATES,
        ways_in=[*parts.settings.links, *parts.settings.channels],
        fault=fault,
    )


def _page(choice: Choice) -> tuple[LogPage, Sequence[LoneAnswer]]:
    before = read_before()
    wanted = choice.wanted()
    with current_parts().database.read() as connection:
        page = read_log_page(connection, wanted, before=before)
        return page, read_lone_answers(connection, wanted, since=page.older, before=before)
