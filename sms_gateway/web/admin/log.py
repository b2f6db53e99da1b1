"""The log of messages, newest first: what came in, what it was taken for, what was answered, and where that is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db.identity import Msisdn
from db.message_log import LogEntry, LogFilter, LogPage, read_log_page
from db.schema import InboundState, OutboundState
from parsers.commands import CommandName
from parsers.misread import MisreadKind
from sms_gateway.road.senders import read_sender
from sms_gateway.web.admin.shown import ShownText, shown_answer, shown_state, shown_text
from sms_gateway.web.forms import open_value, seal_value, short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

SEALED_NUMBER = "web.log_filter"
MISREAD = "misread"
MAX_NAME_CHARACTERS = 24
MAX_KEY = (1 << 63) - 1

READINGS: dict[str, tuple[str, ...]] = {
    **{name.value: (name.value,) for name in CommandName},
    MISREAD: tuple(f"{MISREAD}:{kind.value}" for kind in MisreadKind),
    **{f"{MISREAD}:{kind.value}": (f"{MISREAD}:{kind.value}",) for kind in MisreadKind},
}
"""What the filter offers, and the values of inbound.reading that each choice means."""

STATES: dict[str, InboundState | OutboundState] = {
    state.value: state
    for state in (
        *OutboundState,
        InboundState.RECEIVED,
        InboundState.PARKED,
        InboundState.REDELIVERY,
        InboundState.DOUBLE_TAP,
        InboundState.UNANSWERABLE,
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The filter as it stands in the page's address: the number sealed, the rest in words."""

    number_token: str
    number: Msisdn | None
    reading: str
    state: str

    @property
    def is_set(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.number or self.reading or self.state)

    def address(self, before: int | None = None) -> str:
        """Return the address of a page with this filter; blank parts are left out."""
        parts = {"who": self.number_token, "reading": self.reading, "state": self.state, "before": before}
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"{url_for('admin.log')}?{query}" if query else url_for("admin.log")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the log as the page shows it."""

    entry: LogEntry
    text: ShownText
    answers: tuple[str, ...]
    state: str


def log() -> str:
    """Show the log."""
    return _log_page(_choice(), number_fault=None)


def filter_log() -> Response | tuple[str, int]:
    """Take a filter and lead to its page. It comes by POST because a number must not stand in an address."""
    typed = short_field("number")
    number = _read_number(typed) if typed else None
    if typed and number is None:
        return _log_page(_choice(), number_fault=say("log.number_fault")), 400
    choice = Choice(
        number_token=seal_value(number, SEALED_NUMBER) if number else _kept_number(),
        number=number,
        reading=short_field("reading"),
        state=short_field("state"),
    )
    return redirect(choice.address(), code=303)


def _read_number(typed: str) -> Msisdn | None:
    """Read a number as the road does; short codes and senders' names are looked for as they are written."""
    found = read_sender(typed)
    if found is None and len(typed) <= MAX_NAME_CHARACTERS and typed.isascii() and typed.isalnum():
        return Msisdn(typed)
    return found


def _kept_number() -> str:
    """Return the sealed number that the form carries along, unless it was cleared."""
    return "" if "clear" in request.form else short_field("who")


def _log_page(choice: Choice, *, number_fault: str | None) -> str:
    page = _page(choice)
    return render_template(
        "log.html",
        choice=choice,
        lines=_lines(page),
        older=page.older,
        is_newest="before" not in request.args,
        readings=READINGS,
        states=STATES,
        links=current_parts().links(),
        number_fault=number_fault,
    )


def _page(choice: Choice) -> LogPage:
    wanted = LogFilter(sender=choice.number, readings=READINGS.get(choice.reading, ()), state=STATES.get(choice.state))
    before = request.args.get("before", type=int)
    if before is not None and not 0 <= before <= MAX_KEY:
        abort(404)
    with current_parts().database.read() as connection:
        return read_log_page(connection, wanted, before=before)


def _choice() -> Choice:
    token = request.args.get("who", "")
    number = open_value(token, SEALED_NUMBER) if token else None
    reading, state = request.args.get("reading", ""), request.args.get("state", "")
    if (token and number is None) or (reading and reading not in READINGS) or (state and state not in STATES):
        abort(404)  # rather than an unfiltered page that looks like a filtered one
    return Choice(number_token=token, number=Msisdn(number) if number else None, reading=reading, state=state)


def _lines(page: LogPage) -> list[Line]:
    return [
        Line(
            entry=entry,
            text=shown_text(entry.text),
            answers=tuple(shown_answer(entry.text, answer) for answer in entry.answers),
            state=shown_state(entry.text, entry.answers),
        )
        for entry in page.entries
    ]
