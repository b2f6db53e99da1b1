"""Guessing: how many receipt codes and identity numbers one phone may try, and when many phones together are a scan.

What is withheld is told in the words for a code that is not there, so a guesser learns nothing from the refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db import events, limits
from db.dossiers import lookalike_key
from db.limits import NewAttempt, Tried
from db.schema import AttemptKind
from parsers.commands import Command, LookUpStatus, RegisterAccount
from parsers.misread import Misread
from sms_gateway.log import event, logger_of
from sms_gateway.road.ids import first_id_at

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

RUNNING_DIGITS = 4
"""Characters at a code's end that count up within one office and day; what stands before is its neighbourhood."""

_SHORTEST_AREA = 4
_STRICT_CODES = 1
_STRICT_MISSES = 2
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class GuessLimits:
    """How much may be tried in a day (section [limits] of the settings)."""

    codes: int = 5  # different codes told to one phone
    misses: int = 5  # different codes that were not there, of one phone
    area_misses: int = 30  # in one neighbourhood, of all phones: from then on it is guarded strictly
    overall_misses: int = 1000  # in an hour, of all phones: from then on every code is guarded strictly
    people: int = 3  # different identity numbers registered from one phone
    phones: int = 3  # different phones that register one identity number


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """Carry the text out, without the dossiers of these look-alike keys, and TK only with leave."""

    withheld: frozenset[str] = frozenset()
    may_register: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A text that is to be carried out; the sender by mark."""

    inbound_id: int
    sender: bytes
    command: Command | Misread


@dataclass(slots=True)
class _Day:
    """What was tried in the last day, and what this batch adds to it."""

    codes: dict[bytes, dict[bytes, bool]]
    people: dict[bytes, set[bytes]]
    phones: dict[bytes, set[bytes]]
    misses: dict[bytes, int]
    missed_lately: int
    new: list[NewAttempt] = field(default_factory=list)
    alarm: int | None = None  # the text that made it a scan


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A code that was asked for: its look-alike key, its mark, and the mark of its neighbourhood."""

    key: str
    mark: bytes
    area: bytes


def judge_requests(
    connection: Connection,
    requests: Sequence[Request],
    found: Mapping[str, object],
    given: GuessLimits,
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> Mapping[int, Leave]:
    """Decide what each text may be told, by its id. One query and one insert when the batch holds DVC or TK."""
    asked = {one.inbound_id: _asked(connection, one.command) for one in requests}
    people = {one.inbound_id: _person(connection, one.command) for one in requests}
    guessable = [one for one in requests if asked[one.inbound_id] or people[one.inbound_id]]
    if not guessable:
        return {one.inbound_id: Leave() for one in requests}
    day = _look(connection, guessable, asked, people, given=given, now=now)
    leaves = {}
    for one in requests:
        person = people[one.inbound_id]
        leaves[one.inbound_id] = Leave(
            withheld=frozenset(
                code.key
                for code in asked[one.inbound_id]
                if not _tell(day, one, code, given, new_id, is_there=code.key in found)
            ),
            may_register=person is None or _register(day, one, person, given, new_id),
        )
    limits.add_attempts(connection, day.new)
    if day.alarm is not None:
        _raise_alarm(connection, day.alarm, new_id=new_id, now=now)
    return leaves


def area_of(key: str) -> str:
    """Return the neighbourhood of a code: all but the digits that count up.

    >>> area_of("0000012H172308150007"), area_of("HS777")
    ('0000012H17230815', '')
    """
    head = key[:-RUNNING_DIGITS]
    return head if len(head) >= _SHORTEST_AREA else ""


def may_tell(tried: Mapping[bytes, bool], code: bytes, *, strict: bool, given: GuessLimits) -> bool:
    """Tell whether a phone that tried these codes today (and whether each was there) may ask this one. Pure.

    What it was told today it is told again: only new codes count.
    """
    if tried.get(code):
        return True
    told = sum(tried.values())
    missed = len(tried) - told - (code in tried)
    codes, misses = (_STRICT_CODES, _STRICT_MISSES) if strict else (given.codes, given.misses)
    return told < codes and missed < misses


def _asked(connection: Connection, command: Command | Misread) -> Sequence[_Asked]:
    if not isinstance(command, LookUpStatus):
        return ()
    return [
        _Asked(
            key=key,
            mark=limits.mark_of(connection, "attempt", key),
            area=limits.mark_of(connection, "area", area_of(key)),
        )
        for key in (lookalike_key(code.canonical) for code in command.codes)
    ]


def _person(connection: Connection, command: Command | Misread) -> bytes | None:
    if not isinstance(command, RegisterAccount):
        return None
    return limits.mark_of(connection, "attempt", command.id_number)


def _look(
    connection: Connection,
    requests: Sequence[Request],
    asked: Mapping[int, Sequence[_Asked]],
    people: Mapping[int, bytes | None],
    *,
    given: GuessLimits,
    now: datetime,
) -> _Day:
    tried: Tried = limits.read_tried(
        connection,
        senders={one.sender for one in requests},
        people={person for person in people.values() if person is not None},
        areas={code.area for codes in asked.values() for code in codes},
        since_id=first_id_at(now - DAY),
        lately_id=first_id_at(now - HOUR),
        most=given.overall_misses,
    )
    return _Day(
        codes={sender: dict(codes) for sender, codes in tried.codes.items()},
        people={sender: set(found) for sender, found in tried.people.items()},
        phones={person: set(found) for person, found in tried.phones.items()},
        misses=dict(tried.misses),
        missed_lately=tried.missed_lately,
    )


def _tell(
    day: _Day, one: Request, code: _Asked, given: GuessLimits, new_id: Callable[[], int], *, is_there: bool
) -> bool:
    """Decide of one code and note it; a phone has at most so many rows a day, so it cannot fill a disk."""
    tried = day.codes.setdefault(one.sender, {})
    strict = _is_scanned(day, code.area, given)
    may = may_tell(tried, code.mark, strict=strict, given=given)
    if may and tried.get(code.mark) in {None, not is_there}:
        _note(day, one, code, new_id, hit=is_there)
    elif not may and code.mark not in tried and _misses(tried) < given.misses:
        _note(day, one, code, new_id, hit=False)  # whoever goes on asking for new codes beyond the limit is guessing
    if not strict and _is_scanned(day, code.area, given):
        day.alarm = one.inbound_id
    return may


def _is_scanned(day: _Day, area: bytes, given: GuessLimits) -> bool:
    return day.misses.get(area, 0) >= given.area_misses or day.missed_lately >= given.overall_misses


def _misses(tried: Mapping[bytes, bool]) -> int:
    return len(tried) - sum(tried.values())


def _note(day: _Day, one: Request, code: _Asked, new_id: Callable[[], int], *, hit: bool) -> None:
    kind, sender = AttemptKind.LOOK_UP, one.sender
    day.new.append(NewAttempt(id=new_id(), kind=kind, sender=sender, subject=code.mark, area=code.area, hit=hit))
    day.codes[sender][code.mark] = hit
    if not hit:
        day.misses[code.area] = day.misses.get(code.area, 0) + 1
        day.missed_lately += 1


def _register(day: _Day, one: Request, person: bytes, given: GuessLimits, new_id: Callable[[], int]) -> bool:
    people, phones = day.people.setdefault(one.sender, set()), day.phones.setdefault(person, set())
    if person in people:
        return True
    if len(people) >= given.people or len(phones) >= given.phones:
        return False
    people.add(person)
    phones.add(one.sender)
    kind = AttemptKind.REGISTER
    day.new.append(NewAttempt(id=new_id(), kind=kind, sender=one.sender, subject=person, area=None, hit=True))
    return True


def _raise_alarm(connection: Connection, inbound_id: int, *, new_id: Callable[[], int], now: datetime) -> None:
    """Tell operators once a day: an alarm that repeats is one that nobody hears."""
    if events.happened_since(connection, events.EventKind.SCANNING, first_id_at(now - DAY)):
        return
    happened = events.NewEvent(id=new_id(), at=now, kind=events.EventKind.SCANNING, inbound_id=inbound_id)
    events.add(connection, [happened])
    event(_LOG, "scanning", level="error", inbound=inbound_id)
