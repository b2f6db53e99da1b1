"""Guessing: how many receipt codes and identity numbers one phone, and all phones together, may try.

A withheld state gets the same words as a code that does not exist, so the refusal shows nothing to a guesser.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from db.limits import sender_limits
from db.limits.account_rates import Days, alarm_from, limit_for
from db.limits.sender_limits import Known, NewAttempt
from db.messages.events import EventKind
from db.messages.inbox import WaitingText
from db.schema import AttemptKind
from db.store.ids import IDS_A_MINUTE, first_id_at
from db.store.record import record
from handlers.context import Registration
from handlers.handler import Guessable, Tried
from sms_gateway.pipeline.dispatch.alarms import raise_alarm

ACCOUNT_DAYS = Days(ids_an_hour=60 * IDS_A_MINUTE)
"""The time zone of the hours and days of accounts, here and in the schedule."""

RUNNING_DIGITS = 4
"""Characters at a code's end that count up within one office and day; the rest is its neighbourhood."""

_WAITED = timedelta(minutes=30)
"""From this age on a text has waited: for a dispatcher, a restart, or an operator who runs it again."""

_SHORTEST_AREA = 4
_STRICT_CODES = 1
_STRICT_MISSES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class GuessLimits:
    """How much may be tried in a day (section [limits] of the settings)."""

    codes: int = 5  # different codes of dossiers shown to one phone
    misses: int = 5  # different codes of one phone that do not exist
    area_misses: int = 30  # in one neighbourhood, of all phones: from then on it is guarded strictly
    overall_misses: int = 1000  # in an hour, of all phones: from then on every code is guarded strictly
    people: int = 3  # different identity numbers registered from one phone
    phones: int = 3  # different phones that register one identity number
    accounts: int = 0  # identity numbers registered in an hour, from all phones; 0: by the busiest hour lately


@record
class Leave:
    """Carry the text out, but without the dossiers of these look-alike keys, and TK within its limits."""

    withheld: frozenset[str] = frozenset()
    registration: Registration = Registration.OPEN
    told: bytes | None = None  # keyed hashes of the codes that are shown, one after another; stored with the text


LEAVE = Leave()
"""For every text that is no guess."""


class Code(NamedTuple):
    """A code in a text: its look-alike key, its keyed hash, and that of its neighbourhood."""

    key: str
    mark: bytes
    area: bytes


class Request(NamedTuple):
    """What a text asks for that could be guessed; the sender and the identity number as keyed hashes."""

    inbound_id: int
    sender: bytes
    codes: Sequence[Code] = ()
    person: bytes | None = None

    @property
    def is_guess(self) -> bool:
        """Return whether it names a code or an identity number."""
        return bool(self.codes) or self.person is not None


def request_of(connection: Connection, text: WaitingText, named: Guessable) -> Request:
    """Return what a text asks for; asks the database nothing."""
    sender = sender_limits.mark_of(connection, "phone", text.sender)
    codes = [_code(connection, code) for code in named.codes]
    person = None if named.person is None else sender_limits.mark_of(connection, "attempt", named.person)
    return Request(text.id, sender, codes, person)


def _code(connection: Connection, code: Tried) -> Code:
    area = sender_limits.mark_of(connection, "area", area_of(code.area))
    return Code(code.key, sender_limits.mark_of(connection, "attempt", code.key), area)


class Guesses:
    """What was tried in the last day, and what a batch adds to it; `found` holds the keys that have a dossier."""

    def __init__(
        self, known: Known, found: Container[str], given: GuessLimits, *, new_id: Callable[[], int], now: datetime
    ) -> None:
        self._known = known
        self._found = found
        self._given = given
        self._new_id = new_id
        self._waited_before = first_id_at(now - _WAITED)
        self._new: list[NewAttempt] = []
        self._accounts = given.accounts or limit_for(known.busiest_hour)
        self._alarms: dict[EventKind, int] = {}  # the text that raised each

    def judge(self, request: Request) -> Leave:
        """Decide what the answer to a text may show, and note what it tried."""
        if not request.is_guess:
            return LEAVE
        withheld, told = [], []
        for code in request.codes:
            if not self._tell(request, code):
                withheld.append(code.key)
            elif code.key in self._found:
                told.append(code.mark)
                if request.inbound_id < self._waited_before:
                    self._note(request.sender, code, hit=True)
        return Leave(
            withheld=frozenset(withheld),
            registration=Registration.OPEN if request.person is None else self._register(request, request.person),
            told=b"".join(told) or None,
        )

    def note_machine(self, request: Request) -> None:
        """Note the codes in a text for which a machine is silenced: new codes are guesses without success.

        Many such machines are a scan, even when every code that they saw before exists.
        """
        tried = self._known.codes.setdefault(request.sender, {})
        for code in request.codes:
            if code.mark not in tried and _misses(tried) < self._given.misses:
                self._miss(request, code)

    def write(self, connection: Connection, *, now: datetime) -> Sequence[EventKind]:
        """Store what the batch must remember: the attempts, in one insert; return the alarms that are new."""
        sender_limits.add_attempts(connection, self._new)
        return [
            kind
            for kind, inbound_id in self._alarms.items()
            if raise_alarm(connection, kind, inbound_id, new_id=self._new_id, now=now, limit=self._limit_of(kind))
        ]

    def _limit_of(self, kind: EventKind) -> int | None:
        return None if kind is EventKind.SCANNING else self._accounts

    def _tell(self, request: Request, code: Code) -> bool:
        """Decide on one code and note it; a phone has at most so many rows a day, so it cannot fill a disk.

        A code that exists needs no row of its own: it is stored with the text that it is shown to, and counts from the
        arrival of that text. Only when the text had to wait does it get a row, since it is shown much later.
        """
        is_there = code.key in self._found
        tried = self._known.codes.setdefault(request.sender, {})
        strict = self._is_scanned(code.area)
        may = may_tell(tried, code.mark, strict=strict, given=self._given)
        if may and is_there:
            tried[code.mark] = True
        elif may and tried.get(code.mark) is not False:
            self._miss(request, code)
        elif not may and code.mark not in tried and _misses(tried) < self._given.misses:
            self._miss(request, code)  # a sender who asks for new codes beyond the limit is guessing
        return may

    def _note(self, sender: bytes, code: Code, *, hit: bool) -> None:
        self._new.append(NewAttempt(self._new_id(), AttemptKind.LOOK_UP, sender, code.mark, code.area, hit=hit))

    def _miss(self, request: Request, code: Code) -> None:
        """Note a code that does not exist; the text with one code too many raises the alarm."""
        known, was_scanned = self._known, self._is_scanned(code.area)
        self._note(request.sender, code, hit=False)
        known.codes[request.sender][code.mark] = False
        known.misses[code.area] = known.misses.get(code.area, 0) + 1
        known.missed_lately += 1
        if not was_scanned and self._is_scanned(code.area):
            self._alarms[EventKind.SCANNING] = request.inbound_id

    def _is_scanned(self, area: bytes) -> bool:
        known, given = self._known, self._given
        return known.misses.get(area, 0) >= given.area_misses or known.missed_lately >= given.overall_misses

    def _register(self, request: Request, person: bytes) -> Registration:
        """Decide on an identity number and note it; a limit of everybody together counts against nobody."""
        known, sender = self._known, request.sender
        people, phones = known.people.setdefault(sender, set()), known.phones.setdefault(person, set())
        if person in people:
            return Registration.OPEN
        if len(people) >= self._given.people or len(phones) >= self._given.phones:
            return Registration.LIMITED
        if known.registered_lately >= self._accounts:
            self._alarms.setdefault(EventKind.ACCOUNTS_CLOSED, request.inbound_id)
            return Registration.CLOSED
        people.add(person)
        phones.add(sender)
        self._new.append(NewAttempt(self._new_id(), AttemptKind.REGISTER, sender, person, None, hit=True))
        known.registered_lately += 1
        if known.registered_lately >= alarm_from(self._accounts):
            self._alarms.setdefault(EventKind.MANY_ACCOUNTS, request.inbound_id)
        return Registration.OPEN


def area_of(key: str) -> str:
    """Return the neighbourhood of a code: all but the digits that count up.

    >>> area_of("0000012H172308150007"), area_of("HS777")
    ('0000012H17230815', '')
    """
    head = key[:-RUNNING_DIGITS]
    return head if len(head) >= _SHORTEST_AREA else ""


def may_tell(tried: Mapping[bytes, bool], code: bytes, *, strict: bool, given: GuessLimits) -> bool:
    """Return whether a phone that tried these codes today (and whether each exists) may ask this one. Pure.

    A code that it saw today is shown again: only new codes count.
    """
    if tried.get(code):
        return True
    told = sum(tried.values())
    missed = len(tried) - told - (code in tried)
    codes, misses = (_STRICT_CODES, _STRICT_MISSES) if strict else (given.codes, given.misses)
    return told < codes and missed < misses


def _misses(tried: Mapping[bytes, bool]) -> int:
    return len(tried) - sum(tried.values())
