"""Counts of days: what is kept is what a plain recount gives, also after erasure, retention and a stop of weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from random import Random

import pytest
from sqlalchemy import func, select, update

from db.citizens.erasure import erase_number
from db.messages.retention import STEP, empty_texts, forget_traces
from db.processes.job_runs import note_end
from db.reports.day_figures import OF_UNITS, TIME_BOUNDS, Figure, FigureKind, Figures, TicketFigure
from db.reports.kept_figures import LATE_DAYS, Counting, Kept
from db.schema import EntryKind, InboundState, OutboundState, TicketKind, day_count, inbound, month_count, outbound
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import first_id_at
from db.tickets.opening import NewTicket, open_tickets
from db.tickets.ratings import Rating, rate
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step, take_step
from tests.db.units.rows import units
from tests.generators.generated import LONG, seed_of_this_run
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

ZONE = timezone(timedelta(hours=7))
FIRST = datetime(2026, 9, 24, tzinfo=ZONE)
COUNTING = Counting(zone=ZONE, kept=timedelta(days=400), deletes="forget_traces")
DAYS = 75 if LONG else 12
READINGS = (
    ("look_up_status", "status_told", InboundState.HANDLED),
    ("look_up_status", "status_not_found", InboundState.HANDLED),
    ("misread:birth_date", "corrected", InboundState.HANDLED),
    (None, None, InboundState.REDELIVERY),
)


def without_units(figures: Figures) -> Figures:
    found = Figures()
    for figure, number in figures.items():
        found[figure._replace(detail="") if figure.kind in OF_UNITS else figure] += number
    return found


ENTRY_KINDS = {
    TicketEvent.RESOLVE: EntryKind.ANSWER,
    TicketEvent.REOPEN: EntryKind.CITIZEN,
    TicketEvent.SPAM: EntryKind.STAFF,
    TicketEvent.ACCEPT: EntryKind.SYSTEM,
}


@dataclass(kw_only=True)
class City:
    """A city whose messages are written into the tables, and counted plainly beside them."""

    database: Database
    truth: dict[date, Figures] = field(default_factory=dict)
    late: list[tuple[datetime, date, int, OutboundState]] = field(default_factory=list)
    used: count[int] = field(default_factory=count)

    def new_id(self, moment: datetime) -> Callable[[], int]:
        return lambda: first_id_at(moment) + next(self.used) % 4_000_000

    def note(self, day: date, figure: Figure, number: int = 1) -> None:
        self.truth.setdefault(day, Figures())[figure] += number

    def message(self, at: datetime, chance: Random) -> int | None:
        """Write a text, and mostly an SMS to it with a receipt that comes some days later; return the SMS."""
        day = at.date()
        reading, outcome, state = chance.choice(READINGS)
        with self.database.write() as connection:
            rows = MessageRows(connection=connection, new_id=self.new_id(at), now=at.astimezone(UTC))
            text = rows.text("DVC", reading=reading, outcome=outcome, state=state)
            self.note(day, Figure(FigureKind.TEXT, reading or "", outcome or state.value))
            if state is InboundState.REDELIVERY:
                return None
            segments, seconds = chance.randint(1, 3), chance.choice((0.5, 4.0, 5.0, 59.9, 60.1, 90_000.0))
            answer = rows.answer(text, "x", state=OutboundState.SENT, segments=segments)
            sent = at.astimezone(UTC) + timedelta(seconds=seconds)
            connection.execute(update(outbound).where(outbound.c.id == answer).values(sent_at=sent))
        bound = next((str(each) for each in TIME_BOUNDS if seconds <= each), "longer")
        self.note(day, Figure(FigureKind.TIME, bound))
        self.note(day, Figure(FigureKind.SEGMENTS, ""), segments)
        self.note(day, Figure(FigureKind.SMS, "sent", "taken"))
        if chance.random() < 0.8:
            final = chance.choice((OutboundState.DELIVERED, OutboundState.FAILED))
            self.late.append((at + timedelta(hours=chance.randint(0, 90)), day, answer, final))
        return answer

    def receipts(self, now: datetime) -> None:
        due = [one for one in self.late if one[0] <= now]
        self.late = [one for one in self.late if one[0] > now]
        with self.database.write() as connection:
            for _, day, answer, state in due:
                connection.execute(update(outbound).where(outbound.c.id == answer).values(state=state))
                self.note(day, Figure(FigureKind.SMS, "sent", "taken"), -1)
                self.note(day, Figure(FigureKind.SMS, state.value, "taken"))

    def run(self, now: datetime, counting: Counting = COUNTING) -> int:
        """Do what the job does; return how many days it counted."""
        with self.database.read() as connection:
            days = counting.due_days(connection, now.astimezone(UTC))
        for day in days:
            with self.database.read() as connection:
                keep = counting.look(connection, day, now.astimezone(UTC))
            with self.database.write() as connection:
                keep(connection)
        return len(days)

    def read(self, first: date, last: date, *, by_month: bool = False, now: datetime) -> Kept:
        with self.database.read() as connection:
            return COUNTING.read(connection, first, last, by_month=by_month, now=now.astimezone(UTC))

    def kept(self, *, by_month: bool = False, now: datetime) -> Mapping[date, Figures]:
        """Return the counts of each step; they are the same in the range and in all."""
        kept = self.read(date(2026, 1, 1), date(2027, 12, 31), by_month=by_month, now=now)
        summed = Figures()
        for figures in kept.steps.values():
            summed.update(figures)
        assert summed == without_units(kept.total)
        return kept.steps

    def expected(self) -> dict[date, Figures]:
        """Return the truth without zeros, which no count has."""
        return {day: +figures for day, figures in self.truth.items()}


@pytest.fixture
def city(sqlite_database: Database) -> City:
    return City(database=sqlite_database)


def test_days_and_months_are_what_a_plain_recount_gives(database: Database) -> None:
    city, seed = City(database=database), seed_of_this_run()
    chance = Random(seed)
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for _ in range(chance.randint(0, 8)):
            city.message(day + timedelta(seconds=chance.randint(0, 86_399)), chance)
        city.receipts(day + timedelta(hours=23))
        if chance.random() < 0.5:  # the service is down on many days
            city.run(day + timedelta(hours=chance.randint(0, 23)))
    end = FIRST + timedelta(days=DAYS - 1, hours=23, minutes=50)
    city.run(end)
    city.message(end + timedelta(minutes=5), chance)  # after the last run: the page counts it itself
    now = end + timedelta(minutes=6)
    assert city.kept(now=now) == city.expected(), seed
    months: dict[date, Counter[Figure]] = {}
    for each, figures in city.expected().items():
        months.setdefault(each.replace(day=1), Counter()).update(figures)
    assert len(months) == (4 if LONG else 2)
    assert city.kept(by_month=True, now=now) == months, seed


def test_counts_stay_when_texts_are_erased_and_deleted(city: City) -> None:
    chance = Random(7)
    for number in range(10):
        for _ in range(2):
            city.message(FIRST + timedelta(days=number, hours=9), chance)
    city.receipts(FIRST + timedelta(days=9, hours=10))
    now = FIRST + timedelta(days=9, hours=12)
    city.run(now)
    assert city.kept(now=now) == city.expected()
    with city.database.write() as connection:
        erase_number(connection, Address(SENDER), lambda _: None, now=now)
        while empty_texts(connection, before_id=first_id_at(now)):
            pass
    city.run(now + timedelta(hours=2))
    assert city.kept(now=now + timedelta(hours=2)) == city.expected()
    with city.database.write() as connection:  # of the seventh day a part, of those before it all
        deleted = forget_traces(connection, before_id=first_id_at(FIRST + timedelta(days=7)), limit=15)
        note_end(connection, "forget_traces", at=now, rows=deleted)
        assert connection.scalar(select(func.count()).select_from(inbound)) == 6
    for counting in (COUNTING, Counting(zone=ZONE, kept=timedelta(days=2, hours=12), deletes="forget_traces")):
        city.run(now + timedelta(hours=4), counting)
        assert city.kept(now=now + timedelta(hours=4)) == city.expected()
    with city.database.write() as connection:
        while forget_traces(connection, before_id=first_id_at(now + timedelta(days=1)), limit=STEP):
            pass
    for hours in (6, 24 * 12):
        city.run(now + timedelta(hours=hours))
        assert city.kept(now=now + timedelta(hours=hours)) == city.expected()


def test_a_day_that_may_be_cut_is_not_counted_for_the_first_time(city: City) -> None:
    chance = Random(1)
    for number in range(6):
        city.message(FIRST + timedelta(days=number, hours=20), chance)
    now = FIRST + timedelta(days=5, hours=21)
    with city.database.write() as connection:
        for _ in range(2):
            deleted = forget_traces(connection, before_id=first_id_at(FIRST + timedelta(days=2)))
            note_end(connection, "forget_traces", at=now, rows=deleted)
    short = Counting(zone=ZONE, kept=timedelta(days=2), deletes="forget_traces")
    for counting, days in ((short, (4, 5)), (COUNTING, (3, 4, 5))):  # the third day is that of the oldest text
        city.run(now, counting)
        assert sorted(city.kept(now=now)) == [(FIRST + timedelta(days=number)).date() for number in days]
        missing = city.read(FIRST.date(), now.date(), now=now).missing
        assert missing == (0 if counting is COUNTING else 1), "the page says that a day is missing"


def test_a_receipt_is_counted_for_some_days_and_after_a_stop_once_more(city: City) -> None:
    answers = []
    for number in range(2):
        day = FIRST + timedelta(days=8 * number)
        answer = None
        while answer is None:
            answer = city.message(day + timedelta(hours=9), Random(3 + number))
        answers.append(answer)
        city.run(day + timedelta(hours=10))
    until_frozen = FIRST + timedelta(days=8, hours=11)
    city.run(until_frozen)
    with city.database.write() as connection:
        connection.execute(update(outbound).values(state=OutboundState.DELIVERED))
    delivered = Figure(FigureKind.SMS, "delivered", "taken")
    for days, new in ((1, [0, 1]), (LATE_DAYS, [0, 1]), (9, [0, 1])):
        now = until_frozen + timedelta(days=days)
        city.run(now)
        kept = city.kept(now=now)
        assert [kept[(FIRST + timedelta(days=8 * number)).date()][delivered] for number in range(2)] == new, days
    with city.database.write() as connection:  # now both are frozen
        connection.execute(update(outbound).values(state=OutboundState.FAILED))
    city.run(now + timedelta(hours=2))
    assert city.kept(now=now + timedelta(hours=2)) == kept
    assert city.run(now + timedelta(hours=2)) <= LATE_DAYS + 1, "days that are over are counted once an hour"
    assert city.run(now + timedelta(hours=2, minutes=5)) == 1, "and today every time"


def test_a_count_that_was_interrupted_or_repeated_changes_nothing(city: City) -> None:
    city.message(FIRST + timedelta(hours=9), Random(5))
    now = (FIRST + timedelta(hours=10)).astimezone(UTC)
    with city.database.read() as connection:
        first, second = (COUNTING.look(connection, FIRST.date(), now) for _ in range(2))
    for keep, is_new in ((first, True), (second, False)):
        with city.database.write() as connection:
            assert keep(connection) is is_new
    with city.database.read() as connection:
        counts = connection.execute(select(day_count.c.count).where(day_count.c.kind == "text")).all()
        assert counts == connection.execute(select(month_count.c.count).where(month_count.c.kind == "text")).all()
    assert counts == [(1,)]


def test_tickets_are_counted_on_the_day_of_what_happened_by_what_was_promised_then(
    database: Database,
) -> None:
    city = City(database=database)
    opened = FIRST + timedelta(hours=9)
    promised = opened + timedelta(days=1)
    numbers = count(1)

    def new(unit_id: int, *, is_accusation: bool = False) -> NewTicket:
        return NewTicket(
            kind=TicketKind.QUESTION,
            sender=Address(SENDER),
            short_code="8188",
            reply_link="viettel",
            subject="giay to",
            body="can giay to gi",
            language="vi",
            unit_id=unit_id,
            routed_by="focal",
            created_at=opened,
            first_due=promised,
            final_due=promised,
            promised_at=promised,
            inbound_id=next(numbers),
            is_accusation=is_accusation,
        )

    def step(ticket_id: int, event: TicketEvent, *, days: int, promise: datetime | None = None) -> None:
        at = opened + timedelta(days=days, hours=1)
        entry = NewEntry(kind=ENTRY_KINDS[event], at=at, body="x")
        clock = None if promise is None else Clock(first_due=promise, final_due=promise)
        details = Details(promised_at=promise, first_promised_at=promise)
        with city.database.write() as connection:
            change = Step(ticket_id=ticket_id, event=event, entry=entry, clock=clock, details=details)
            assert take_step(connection, change, new_id=city.new_id(at)) is not None

    with city.database.write() as connection:
        units(connection, 1, 2)
        made = open_tickets(
            connection,
            [new(1), new(1), new(2), new(2, is_accusation=True)],
            draw=lambda: f"YC4{next(numbers):08}",
            new_id=city.new_id(opened),
        )
        rate(
            connection,
            Rating(ticket_id=made[1].id, score=4, by_words=False, unit_id=1, at=opened + timedelta(days=3)),
        )
    step(made[0].id, TicketEvent.RESOLVE, days=2)  # late
    step(made[0].id, TicketEvent.REOPEN, days=3, promise=opened + timedelta(days=9))
    step(made[0].id, TicketEvent.RESOLVE, days=4)
    step(made[1].id, TicketEvent.RESOLVE, days=0)
    step(made[1].id, TicketEvent.ACCEPT, days=3)
    step(made[2].id, TicketEvent.SPAM, days=0)
    step(made[3].id, TicketEvent.RESOLVE, days=0)

    def of(what: TicketFigure, code: str) -> Figure:
        return Figure(FigureKind.TICKET, what, code)

    now = opened + timedelta(days=4, hours=3)
    of_one_unit = {of(TicketFigure.OPENED, "H17.02"): 1, of(TicketFigure.CLOSED, "H17.02"): 1}
    for moment in (opened + timedelta(hours=2), now):  # counted by the page itself, then kept
        with city.database.read() as connection:
            day = opened.date()
            found = COUNTING.read(connection, day, day, by_month=False, units={"H17.02"}, now=moment.astimezone(UTC))
        assert found.total == of_one_unit, moment
        assert found.steps == {day: without_units(found.total)}, moment
        city.run(now)
    days = sorted(city.kept(now=now))
    kept = {(day - FIRST.date()).days: city.read(day, day, now=now).total for day in days}
    assert kept == {
        0: {
            of(TicketFigure.OPENED, "H17.01"): 2,
            of(TicketFigure.OPENED, "H17.02"): 1,
            of(TicketFigure.OPENED, ""): 1,
            of(TicketFigure.IN_TIME, "H17.01"): 1,
            of(TicketFigure.IN_TIME, ""): 1,
            of(TicketFigure.CLOSED, "H17.02"): 1,
        },
        2: {of(TicketFigure.LATE, "H17.01"): 1},
        3: {of(TicketFigure.REOPENED, "H17.01"): 1, Figure(FigureKind.SCORE, "4", "H17.01"): 1},
        4: {of(TicketFigure.IN_TIME, "H17.01"): 1},
    }
