"""The filter of the message log, in a form and in the page's address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import abort, request, url_for

from db.citizens.dossiers import canonical, lookalike_key
from db.reports.message_log_filter import LogFilter
from db.schema import InboundState, OutboundState
from db.store.address import Address
from db.store.ids import first_id_at
from db.store.phone_numbers import read_sender
from handlers.answer import Outcome
from parsers.grammars import EVERY
from parsers.misread import MisreadKind
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.dispatch.rulings import Silence
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import local_day, say

SEALED_NUMBER = "web.log_filter"
MISREAD = "misread"
MAX_NAME_CHARACTERS = 24
_LONGEST_NUMBER = 40
LEAST_CODE = 4
"""Letters of a code to search for; fewer would match everything."""

ANSWERED_WITHIN = timedelta(days=2)
"""A search by state and day finds answers that were written so soon after their text: a retry takes minutes."""

_CLOCKS_APART = timedelta(minutes=5)
"""An answer's id may be so much smaller than its text's, when another machine made it."""

_MISREADINGS: dict[str, tuple[str, ...]] = {
    MISREAD: tuple(f"{MISREAD}:{kind.value}" for kind in MisreadKind),
    **{f"{MISREAD}:{kind.value}": (f"{MISREAD}:{kind.value}",) for kind in MisreadKind},
}


def readings() -> Mapping[str, tuple[str, ...]]:
    """Return what the filter offers, and the values of inbound.reading that each choice means.

    Commands of a service that is off are offered too: their earlier texts are still stored.
    """
    known = (*EVERY, *dependencies().vocabulary.grammars)
    return {**{grammar.name: (grammar.name,) for grammar in known}, **_MISREADINGS}


STATES: dict[str, InboundState | OutboundState] = {
    state.value: state
    for state in (
        *OutboundState,
        InboundState.RECEIVED,
        InboundState.PARKED,
        InboundState.REDELIVERY,
        InboundState.DOUBLE_TAP,
        InboundState.UNANSWERABLE,
        InboundState.SILENCED,
    )
}


def outcomes() -> Sequence[str]:
    """Return the outcomes that the filter offers: ours, and those of the handlers of this service."""
    own = [outcome for handler in dependencies().handlers.every for outcome in sorted(handler.outcomes)]
    return tuple(dict.fromkeys((*Outcome, *Silence, *own)))


_FIRST_DAY, _LAST_DAY = date(2024, 1, 1), date(2090, 1, 1)
_FIELDS = ("reading", "outcome", "state", "link", "from", "to", "code", "unsure")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The filter: the number encrypted, the rest in words. `first` and `last` are days in Viet Nam, both included."""

    number_token: str
    number: Address | None
    reading: str
    outcome: str
    state: str
    link: str
    code: str
    first: date | None
    last: date | None
    unsure: bool

    @property
    def is_set(self) -> bool:
        """Return whether anything is filtered."""
        return bool(self.query())

    def query(self) -> Mapping[str, str]:
        """Return the filter as the parts of an address, without blank ones."""
        parts = {
            "who": self.number_token,
            "reading": self.reading,
            "outcome": self.outcome,
            "state": self.state,
            "link": self.link,
            "code": self.code,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "unsure": "1" if self.unsure else "",
        }
        return {name: value for name, value in parts.items() if value}

    def shown(self) -> Mapping[str, str]:
        """Return the filter as its form shows it."""
        days = {name: local_day(day) for name, day in (("from", self.first), ("to", self.last)) if day is not None}
        return {**self.query(), **days}

    def address(self, before: int | None = None) -> str:
        """Return the address of a page with this filter."""
        query = dict(self.query()) | ({"before": str(before)} if before is not None else {})
        return f"{url_for('admin.log')}?{urlencode(query)}" if query else url_for("admin.log")

    def wanted(self) -> LogFilter:
        """Return the filter as the database takes it."""
        return LogFilter(
            sender=self.number,
            readings=readings().get(self.reading, ()),
            outcome=self.outcome or None,
            state=STATES.get(self.state),
            link=self.link or None,
            since=_id_at(self.first),
            until=_id_at(self.last, timedelta(days=1)),
            answers_since=_id_at(self.first, -_CLOCKS_APART),
            answers_until=_id_at(self.last, timedelta(days=1) + ANSWERED_WITHIN),
            unsure=self.unsure,
            code=lookalike_key(canonical(self.code)) if self.code else None,
        )


def place_of(choice: Choice, before: int | None) -> Mapping[str, str]:
    """Return the parameters of a message's address: the filter, and the page of the log that led to it."""
    return choice.query() if before is None else {**choice.query(), "before": str(before)}


def choice_of_address() -> Choice:
    """Read the filter from the address; raise 404 for one that we never made, 410 for a number that is too old."""
    return _choice(request.args.get("who", ""), {name: request.args.get(name, "") for name in _FIELDS})


def choice_of_form(form: Filled) -> Choice:
    """Read the filter from the form; a number that is typed there replaces the hidden one."""
    kept = "" if "clear" in request.form else short_field("who")
    number = _read_number(form)
    code = form.text("code", most=MAX_NAME_CHARACTERS * 2)
    if code and len(canonical(code)) < LEAST_CODE:
        form.refuse("code", say("log.code_fault", least=LEAST_CODE))
    days = {name: _typed_day(form, name) for name in ("from", "to")}
    if days["from"] and days["to"] and days["to"] < days["from"]:
        form.refuse("to", say("log.days_fault"))
    chosen = {name: form.text(name, most=64) for name in ("reading", "outcome", "state", "link", "unsure")}
    if not form.is_sound:
        return nothing_chosen()
    written = {name: day.isoformat() if day else "" for name, day in days.items()}
    wanted = number or _number_in(kept)
    token = seal_for_operator(wanted, SEALED_NUMBER) if wanted else ""
    return _choice(token, {**chosen, **written, "code": code})


def nothing_chosen() -> Choice:
    """Return the filter that shows everything."""
    return _choice("", dict.fromkeys(_FIELDS, ""))


def is_part_of_a_number(typed: str) -> bool:
    """Return whether somebody may have typed some digits of a telephone number; a short code looks like that too."""
    digits = re.sub(r"[ .+-]", "", typed)
    return digits.isascii() and digits.isdecimal() and read_sender(typed) is None


def _read_number(form: Filled) -> Address | None:
    """Read an address as the pipeline does; short codes and names of senders are searched as they are written."""
    typed = form.text("number", most=_LONGEST_NUMBER)
    found = dependencies().addresses.read(typed) if typed else None
    if typed and found is None:
        if len(typed) <= MAX_NAME_CHARACTERS and typed.isascii() and typed.isalnum():
            return Address(typed)
        form.refuse("number", say("log.whole_number" if is_part_of_a_number(typed) else "log.number_fault"))
    return found


def _typed_day(form: Filled, name: str) -> date | None:
    day = form.day(name)
    if day is not None and not _FIRST_DAY <= day <= _LAST_DAY:
        form.refuse(name, say("log.day_far", first=local_day(_FIRST_DAY), last=local_day(_LAST_DAY)))
    return day


def _choice(token: str, fields: Mapping[str, str]) -> Choice:
    number = _number_in(token)
    reading, outcome, state = fields["reading"], fields["outcome"], fields["state"]
    offered = ((reading, readings()), (outcome, outcomes()), (state, STATES))
    if any(chosen and chosen not in known for chosen, known in offered):
        abort(404)  # rather than an unfiltered page that looks like a filtered one
    code = fields["code"]
    if code and (len(canonical(code)) < LEAST_CODE or len(code) > MAX_NAME_CHARACTERS * 2):
        abort(404)
    return Choice(
        number_token=token,
        number=number,
        reading=reading,
        outcome=outcome,
        state=state,
        link=fields["link"][:64],
        code=code,
        first=_day(fields["from"]),
        last=_day(fields["to"]),
        unsure=bool(fields["unsure"]),
    )


def _number_in(token: str) -> Address | None:
    """Decrypt the number of a URL or form; raise 410, since an unfiltered page would look like a filtered one."""
    if not token:
        return None
    number = open_for_operator(token, SEALED_NUMBER)
    return Address(number) if number else abort(410)


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
