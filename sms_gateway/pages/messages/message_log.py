"""The message log, newest first: each text, how it was read, its answer, and the state of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from db.reports.message_log import LogEntry, LogPage, read_log_page
from db.reports.message_log_filter import LogFilter
from db.reports.unsolicited_messages import UnsolicitedMessage, read_lone_answers
from db.staff.audit import Action
from db.store.address import Address
from db.store.ids import IDS_A_MINUTE, minute_of
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import read_before
from sms_gateway.pages.messages.message_log_filter import (
    STATES,
    Choice,
    choice_of_address,
    choice_of_form,
    is_part_of_a_number,
    nothing_chosen,
    outcomes,
    place_of,
    readings,
)
from sms_gateway.pages.messages.no_answer_reasons import why_no_answer
from sms_gateway.pages.messages.row_display import (
    MOST_SHOWN,
    ShownText,
    shown_answer,
    shown_lone,
    shown_state,
    shown_text,
)
from sms_gateway.pages.site.withheld import open_entries, open_lone
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the log as the page shows it."""

    entry: LogEntry
    text: ShownText
    answers: tuple[str, ...]
    state: str
    lone: None = None

    @property
    def why_none(self) -> str:
        """Return why there is no answer."""
        return why_no_answer(self.entry.text)

    @property
    def key(self) -> int:
        """Return what lines are ordered by: ids grow with time."""
        return self.entry.text.id


@dataclass(frozen=True, kw_only=True, slots=True)
class LoneLine:
    """A line for an answer without a text: an operator sent it."""

    lone: UnsolicitedMessage
    shown: str

    @property
    def key(self) -> int:
        """Return what lines are ordered by."""
        return self.lone.answer.id


def log() -> str:
    """Show the log."""
    return _log_page(choice_of_address())


def filter_log() -> Response | tuple[str, int]:
    """Read a filter and redirect to its page. It comes by POST because an address must hold no clear number."""
    form = Filled()
    choice = choice_of_form(form)
    if form.is_sound and choice.number is not None and short_field("number"):
        with dependencies().database.write() as connection:
            note(connection, Action.NUMBER_SEARCHED)
        if is_part_of_a_number(choice.number) and not _wrote(choice.number):
            form.refuse("number", say("log.whole_number"))
    if not form.is_sound:
        return _log_page(nothing_chosen(), form=form), 400
    return redirect(choice.address(), code=303)


def shown_lines(entries: Iterable[LogEntry], *, most: int = MOST_SHOWN) -> list[Line]:
    """Mask entries and put their states into words; of a text longer than `most` only its beginning."""
    return [
        Line(
            entry=entry,
            text=shown_text(entry.text, most=most),
            answers=tuple(shown_answer(entry.text, answer) for answer in entry.answers),
            state=shown_state(entry.text, entry.answers),
        )
        for entry in entries
    ]


def with_lone(lines: Sequence[Line], lone: Sequence[UnsolicitedMessage]) -> Sequence[Line | LoneLine]:
    """Put answers without a text among the lines, newest first."""
    if not lone:
        return lines
    alone = [LoneLine(lone=one, shown=shown_lone(one)) for one in lone]
    return sorted([*lines, *alone], key=lambda line: line.key, reverse=True)


def _wrote(number: Address) -> bool:
    """Return whether any text is from exactly this number."""
    with dependencies().database.read() as connection:
        return bool(read_log_page(connection, LogFilter(sender=number), size=1).entries)


def _log_page(choice: Choice, *, form: Filled | None = None) -> str:
    page, lone = _page(choice)
    parts = dependencies()
    return render_template(
        "messages/log.html",
        choice=choice,
        lines=with_lone(shown_lines(page.entries), lone),
        older=page.older,
        looked_back_to=minute_of(page.older // IDS_A_MINUTE) if page.older is not None and page.stopped_short else None,
        is_newest="before" not in request.args,
        place=place_of(choice, read_before()),
        readings=readings(),
        outcomes=outcomes(),
        states=STATES,
        ways_in=[*parts.settings.links, *parts.settings.channels],
        form=form or holding(choice.shown()),
    )


def _page(choice: Choice) -> tuple[LogPage, Sequence[UnsolicitedMessage]]:
    before = read_before()
    wanted = choice.wanted()
    with dependencies().database.read() as connection:
        page = read_log_page(connection, wanted, before=before)
        lone = read_lone_answers(connection, wanted, since=page.older, before=before)
        return replace(page, entries=open_entries(connection, page.entries)), open_lone(connection, lone)
