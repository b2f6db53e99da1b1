"""The filter of the inbox, in its form and in addresses; a number and words are sealed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import abort, request, url_for

from db.schema import Priority, TicketKind
from db.store.address import Address
from db.store.ids import first_id_at
from db.tickets.inbox.filters import InboxFilter, View
from parsers.text.folding import fold
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.display.paging import MAX_KEY
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator
from sms_gateway.web.language import local_day, say

LISTS: Sequence[View] = (
    View.MINE,
    View.UNASSIGNED,
    View.WAITING,
    View.DUE_SOON,
    View.LATE,
    View.PENDING,
    View.RESOLVED,
    View.TO_SORT,
)
"""The lists of the inbox in their order; `closed` and `every` are found by the filter."""

USUAL = View.WAITING
"""The list that the inbox opens with."""

_SEALED = "web.inbox"
_LONGEST_NUMBER = 40
_MOST_WORDS = 80
_LEAST_WORDS = 2
_FIRST_DAY, _LAST_DAY = date(2024, 1, 1), date(2090, 1, 1)
_SEALED_FIELDS = ("who", "words")
_FIELDS = ("list", "unit", "kind", "topic", "priority", "from", "to")


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxChoice:
    """The filter as somebody chose it. `first` and `last` are days in Viet Nam, both included."""

    view: View = USUAL
    unit_id: int | None = None
    kind: TicketKind | None = None
    topic_id: int | None = None
    priority: Priority | None = None
    sender: Address | None = field(default=None, repr=False)
    words: str = field(default="", repr=False)
    first: date | None = None
    last: date | None = None

    @property
    def is_set(self) -> bool:
        """Return whether anything but the list is chosen."""
        return self != InboxChoice(view=self.view)

    def query(self) -> Mapping[str, str]:
        """Return the filter as the parts of an address, without blank ones."""
        parts = {
            "list": "" if self.view is USUAL else self.view.value,
            "unit": "" if self.unit_id is None else str(self.unit_id),
            "kind": self.kind or "",
            "topic": "" if self.topic_id is None else str(self.topic_id),
            "priority": self.priority or "",
            "who": seal_for_operator(self.sender, _SEALED) if self.sender else "",
            "words": seal_for_operator(self.words, _SEALED) if self.words else "",
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in parts.items() if value}

    def shown(self) -> Mapping[str, str]:
        """Return the filter as its form shows it; a number is not shown again."""
        days = {name: local_day(day) for name, day in (("from", self.first), ("to", self.last)) if day is not None}
        return {**self.query(), "list": self.view.value, "words": self.words, **days}

    def address(self, **more: str) -> str:
        """Return the address of the inbox with this filter."""
        query = {**self.query(), **more}
        return f"{url_for('admin.inbox')}?{urlencode(query)}" if query else url_for("admin.inbox")

    def of(self, view: View) -> InboxChoice:
        """Return the same filter for another list."""
        return replace(self, view=view)

    def wanted(self, operator_id: int) -> InboxFilter:
        """Return the filter as the database takes it."""
        return InboxFilter(
            view=self.view,
            operator_id=operator_id,
            unit_id=self.unit_id,
            kind=self.kind,
            topic_id=self.topic_id,
            priority=self.priority,
            sender=self.sender,
            since=_id_at(self.first),
            until=_id_at(self.last, timedelta(days=1)),
            holds=_holder(self.words) if self.words else None,
        )


def choice_of_address() -> InboxChoice:
    """Read the filter from the address; raise 404 for one that we never made, 410 for one that is too old."""
    fields = {name: request.args.get(name, "") for name in _FIELDS}
    sealed = {name: _opened(request.args.get(name, "")) for name in _SEALED_FIELDS}
    return _choice(fields, sender=Address(sealed["who"]) if sealed["who"] else None, words=sealed["words"])


def choice_of_form(form: Filled) -> InboxChoice:
    """Read the filter from its form; a number that was chosen before stays until it is cleared or typed anew."""
    kept = "" if "clear" in request.form else _opened(form.text("who", most=2_000))
    sender = form.address("number") or (Address(kept) if kept else None)
    days = {"from": form.day("from"), "to": form.day("to")}
    words = form.text("words", most=_MOST_WORDS)
    if words and len(fold(words)) < _LEAST_WORDS:
        form.refuse("words", say("inbox.words_short"))
    fields = {name: form.text(name, most=_LONGEST_NUMBER) for name in _FIELDS if name not in days}
    written = {name: day.isoformat() if day else "" for name, day in days.items()}
    return _choice({**fields, **written}, sender=sender, words=words)


def _choice(fields: Mapping[str, str], *, sender: Address | None, words: str) -> InboxChoice:
    view, kind, priority = fields["list"] or USUAL, fields["kind"], fields["priority"]
    if view not in set(View) or (kind and kind not in set(TicketKind)) or (priority and priority not in set(Priority)):
        abort(404)  # rather than an unfiltered page that looks like a filtered one
    return InboxChoice(
        view=View(view),
        unit_id=_row_id(fields["unit"]),
        kind=TicketKind(kind) if kind else None,
        topic_id=_row_id(fields["topic"]),
        priority=Priority(priority) if priority else None,
        sender=sender,
        words=words,
        first=_day(fields["from"]),
        last=_day(fields["to"]),
    )


def _opened(token: str) -> str:
    """Decrypt what an address or a form holds; raise 410, since an unfiltered page would look like a filtered one."""
    return (open_for_operator(token, _SEALED) or abort(410)) if token else ""


def _row_id(written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or int(written[:20]) > MAX_KEY:
        abort(404)
    return int(written)


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        abort(404)
    return day if _FIRST_DAY <= day <= _LAST_DAY else abort(404)


def _id_at(day: date | None, later: timedelta = timedelta(0)) -> int | None:
    """Return the first id of a day in Viet Nam, or so much later."""
    return None if day is None else first_id_at(datetime.combine(day, time(), tzinfo=LOCAL_ZONE) + later)


def _holder(words: str) -> Callable[[str], bool]:
    wanted = fold(words)
    return lambda said: wanted in fold(said)
