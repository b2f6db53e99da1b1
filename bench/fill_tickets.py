"""Fills an SQLite database of the gateway with two years of tickets in a city of 86 units, as `bench.fill` does it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bench.city import add_city, question_texts
from bench.fill import Line, Value, filling, microseconds
from db.schema import (
    CloseReason,
    EntryKind,
    KeptReason,
    Priority,
    TicketChannel,
    TicketKind,
    TicketState,
    TimerKind,
    unit,
)
from db.store.engine import open_database
from db.store.ids import first_id_at
from db.store.sealing import Keyring
from parsers.fields.codes.ticket_numbers import check_digit
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile

DAYS = 730
KEPT_TEXTS = 400
FIRST_CITIZEN = 84_320_000_000
"""Not those of the messages."""

_AGENT = 1
_CHUNK = 20_000
_POOL = 2_000
_TICKETS_A_CITIZEN = 3
_DAY = timedelta(days=1) // timedelta(microseconds=1)
_NEW_SHARE, _LEFT_SHARE, _UNSURE_EVERY = 0.02, 0.002, 50
_STATES = (
    *(TicketState.NEW, TicketState.OPEN, TicketState.OPEN, TicketState.PENDING_CITIZEN),
    *(TicketState.PENDING_THIRD, TicketState.RESOLVED, TicketState.CLOSED),
)
"""Of the newest tickets; of the others few are still open."""
_TIMERS = (TimerKind.WARN_UNIT, TimerKind.WARN_LEAD, TimerKind.WARN_PARENT, TimerKind.APOLOGY)
_OVER = (TicketState.RESOLVED, TicketState.CLOSED)

_COLUMNS = {
    "citizen": ("id", "phone", "phone_mark", "created_at", "seen_at"),
    "ticket": (
        *("id", "number", "kind", "state", "close_reason", "channel", "citizen_id", "sender_mark", "short_code"),
        *("reply_link", "subject", "language", "unit_id", "assignee_id", "priority", "is_unsure", "routed_by"),
        *("inbound_id", "created_at", "said_at", "taken_at", "first_answer_at", "resolved_at", "closed_at"),
        *("first_due", "final_due", "promised_at"),
    ),
    "ticket_entry": ("id", "ticket_id", "kind", "inbound_id", "operator", "unit_id", "body", "at"),
    "ticket_timer": ("ticket_id", "kind", "at", "done_at"),
    "kept_text": (
        *("id", "inbound_id", "first_id", "citizen_id", "sender_mark", "short_code", "reply_link", "reason", "body"),
        *("candidates", "kept_at", "until"),
    ),
}


def fill_tickets(file: Path, key_file: Path, *, tickets: int) -> None:
    """Add the city and so many tickets, most of them closed, to a database without units."""
    keyring = keyfile.load(key_file)
    database = open_database(f"sqlite:///{file}", keyring)
    add_city(database)
    with database.read() as connection:
        units = list(connection.scalars(select(unit.c.id).order_by(unit.c.id)))
    database.close()
    past = _Past(keyring, units, tickets)
    with filling(file, _COLUMNS) as insert:
        insert("citizen", past.citizens())
        for start in range(0, tickets, _CHUNK):
            for table, lines in past.chunk(start, min(tickets, start + _CHUNK)).items():
                insert(table, lines)
        insert("kept_text", list(past.kept_texts()))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """A ticket's ids, times and people."""

    id: int
    at: int
    citizen: int
    unit: int
    state: TicketState
    words: int


class _Past:
    """What citizens asked in two years; words and numbers are sealed once and used again."""

    def __init__(self, keyring: Keyring, units: Sequence[int], tickets: int) -> None:
        self._units, self._tickets = units, tickets
        self._chance = random.Random(11)  # noqa: S311 - draws rows, guards nothing
        people = max(1, tickets // _TICKETS_A_CITIZEN)
        numbers = [str(FIRST_CITIZEN + number).encode() for number in range(people)]
        self._marks = [keyring.mark(b"phone", number) for number in numbers]
        self._phones = [keyring.seal(number, b"citizen.phone") for number in numbers[:_POOL]]
        texts = [text.encode() for text in question_texts(_POOL, seed=2)]
        self._subjects = [keyring.seal(text[4:44], b"ticket.subject") for text in texts]
        self._bodies = [keyring.seal(text, b"ticket_entry.body") for text in texts]
        self._kept = [keyring.seal(text[4:], b"kept_text.body") for text in texts]
        end = utc_now() - timedelta(hours=1)
        begin = end - timedelta(days=DAYS)
        self._first_id, self._id_step = first_id_at(begin), (first_id_at(end) - first_id_at(begin)) // tickets
        self._begin, self._end = microseconds(begin), microseconds(end)
        self._id_of_citizen = self._first_id - people - 1

    def citizens(self) -> list[Line]:
        """Give every citizen; telephones come in turns, their marks do not."""
        return [
            (self._id_of_citizen + row, self._phones[row % len(self._phones)], mark, self._begin, self._end)
            for row, mark in enumerate(self._marks)
        ]

    def chunk(self, start: int, end: int) -> dict[str, list[Line]]:
        """Give the rows of some tickets."""
        chunk: dict[str, list[Line]] = {"ticket": [], "ticket_entry": [], "ticket_timer": []}
        for row in range(start, end):
            place = self._place(row)
            chunk["ticket"].append(self._ticket(place, row))
            chunk["ticket_entry"] += self._entries(place)
            if place.state not in _OVER:
                chunk["ticket_timer"] += _timers(place, self._end)
        return chunk

    def kept_texts(self) -> Iterator[Line]:
        """Give texts for the page To sort, of the last days."""
        for row in range(min(KEPT_TEXTS, len(self._marks))):
            at, kept_id = self._end - row * _DAY // 100, self._first_id + self._id_step * self._tickets + 8 * (row + 1)
            yield (
                *(kept_id, kept_id, kept_id, self._id_of_citizen + row, self._marks[row], "8188", "main"),
                *(KeptReason.SEND.value, self._kept[row % _POOL], "", at, at),
            )

    def _place(self, row: int) -> _Place:
        is_left = self._chance.random() < _LEFT_SHARE
        state = TicketState.OPEN if is_left else TicketState.CLOSED
        if self._tickets - row < self._tickets * _NEW_SHARE:
            state = self._chance.choice(_STATES)
        return _Place(
            id=self._first_id + row * self._id_step,
            at=self._begin + (self._end - self._begin) * row // self._tickets,
            citizen=int(self._chance.random() * len(self._marks)),
            unit=self._chance.choice(self._units),
            state=state,
            words=row % _POOL,
        )

    def _ticket(self, place: _Place, row: int) -> Line:
        digits = f"4{row:07d}"
        is_over, is_closed = place.state in _OVER, place.state is TicketState.CLOSED
        taken = None if place.state is TicketState.NEW else place.at + _DAY // 10
        resolved = place.at + _DAY if is_over else None
        unsure: Value = int(row % _UNSURE_EVERY == 0 and not is_over)
        return (
            *(place.id, f"YC{digits}{check_digit(digits)}", TicketKind.QUESTION.value, place.state.value),
            *(CloseReason.ANSWERED.value if is_closed else None, TicketChannel.TEXT.value),
            *(self._id_of_citizen + place.citizen, self._marks[place.citizen], "8188", "main"),
            *(self._subjects[place.words], "vi", place.unit, _AGENT if taken and row % 2 else None),
            *(Priority.NORMAL.value, unsure, "focal", place.id, place.at, resolved or place.at, taken, resolved),
            *(resolved, place.at + 8 * _DAY if is_closed else None, place.at + _DAY // 8),
            *(place.at + 3 * _DAY, place.at + 3 * _DAY),
        )

    def _entries(self, place: _Place) -> Iterator[Line]:
        body = self._bodies[place.words]
        yield (place.id + 1, place.id, EntryKind.CITIZEN.value, place.id, None, None, body, place.at)
        if place.state is not TicketState.NEW:
            kind = EntryKind.QUESTION if place.state is TicketState.PENDING_CITIZEN else EntryKind.ANSWER
            yield (place.id + 2, place.id, kind.value, None, "bench", place.unit, body, place.at + _DAY)


def _timers(place: _Place, end: int) -> Iterator[Line]:
    for days, kind in enumerate(_TIMERS, 2):
        at = place.at + days * _DAY
        yield (place.id, kind.value, at, at if at <= end else None)
