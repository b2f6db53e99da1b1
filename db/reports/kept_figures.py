"""Counts of whole days that are kept for good, also when the texts are erased or deleted that they were made from.

A day is counted from its rows, never added to. So a crash leaves no wrong count, and a day may be counted twice.
It is counted again for some days, because receipts and answers come late. Then it stays as it is: retention may take
its rows. Months are sums of days, so that a page about ten years reads few rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)

from db.processes.job_runs import read_runs
from db.reports.day_figures import OF_UNITS, Figure, FigureKind, Figures, count_span
from db.schema import day_count, inbound, month_count, outbound, ticket
from db.store.ids import IDS_A_MINUTE, first_id_at, minute_of

LATE_DAYS = 5
"""Days for which a day is counted again: the last receipts come after two, and a score can be changed for some."""

COUNTED_AGAIN = timedelta(hours=1)
"""Between two counts of a day that is over."""

_COUNTED = "counted"
"""The kind of the row that says up to which minute a day was counted; its count is the number of that minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The counts of a time."""

    steps: Mapping[date, Figures]
    """Of each day or month in which something was counted; units are taken together."""
    total: Figures
    """Of the whole time, by unit."""
    missing: int
    """Days of which there are texts that were never counted: the schedule does not run, or comes to them later."""
    is_counted: bool
    """Whether a day of this time was counted, also as one without a text. A time before the first text was not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counting:
    """How days are counted: where midnight is, and what may be deleted already."""

    zone: tzinfo
    kept: timedelta
    """How long texts are kept (`[retention] trace_days`)."""
    deletes: str
    """The job that deletes them."""

    def due_days(self, connection: Connection, now: datetime) -> Sequence[date]:
        """Return the days to be counted now, the newest first: today, those that changed lately, and missing ones.

        A day of which texts may be deleted already is not among them: it would be counted as less than it was.
        """
        today = now.astimezone(self.zone).date()
        first = self._first_day(connection, now, today)
        marks = _marks(connection, since=first)
        days = (today - timedelta(days=ago) for ago in range((today - first).days + 1))
        return [day for day in days if day == today or self._is_due(day, marks.get(day), now)]

    def look(self, connection: Connection, day: date, now: datetime) -> Callable[[Connection], bool]:
        """Count a day up to this minute; return what keeps the counts, and says whether they are new."""
        minute = first_id_at(now) // IDS_A_MINUTE
        start, end = self.bounds(day)
        found = count_span(connection, start, max(start, min(end, minute_of(minute))))
        return lambda writing: _keep(writing, day, found, minute)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return when a day begins and ends."""
        start, end = (datetime.combine(each, time(), self.zone) for each in (day, day + timedelta(days=1)))
        return start, end

    def read(
        self,
        connection: Connection,
        first: date,
        last: date,
        *,
        by_month: bool,
        units: Collection[str] | None = None,
        now: datetime,
    ) -> Kept:
        """Return the counts from the first day to the last: of tickets those of some units, None of all.

        What the schedule has not counted yet of today and yesterday is counted now.
        """
        table = month_count if by_month else day_count
        span = table.c.day >= first, table.c.day <= last
        visible = true() if units is None else table.c.detail.in_(list(units))
        others = table.c.kind.in_([kind.value for kind in FigureKind if kind not in OF_UNITS])
        of_units = and_(table.c.kind.in_([kind.value for kind in OF_UNITS]), visible)
        steps: dict[date, Figures] = {}
        for day, count, *names in connection.execute(_asked(table, *span, others)):
            steps.setdefault(day, Figures())[Figure(*names)] = count
        names_of_step = table.c.day, table.c.kind, table.c.key
        by_step = select(*names_of_step, func.sum(table.c.count)).where(*span, of_units).group_by(*names_of_step)
        for day, kind, key, count in connection.execute(by_step):
            steps.setdefault(day, Figures())[Figure(kind, key)] = int(count)
        names_of_all = table.c.kind, table.c.key, table.c.detail
        of_all = select(*names_of_all, func.sum(table.c.count)).where(*span, or_(others, of_units))
        rows = connection.execute(of_all.group_by(*names_of_all))
        total = Figures({Figure(kind, key, detail): int(count) for kind, key, detail, count in rows})
        for day, figures in self._live(connection, first, last, now):
            seen = {one: count for one, count in figures.items() if _is_visible(one, units)}
            total.update(seen)
            step = steps.setdefault(day.replace(day=1) if by_month else day, Figures())
            for one, count in seen.items():
                step[one._replace(detail="") if one.kind in OF_UNITS else one] += count
        return Kept(
            steps=steps,
            total=total,
            missing=self._missing(connection, first, last, now),
            is_counted=bool(total) or _is_counted(connection, first, last),
        )

    def _missing(self, connection: Connection, first: date, last: date, now: datetime) -> int:
        today = now.astimezone(self.zone).date()
        since, until = max(first, self._first_day(connection, now, today)), min(last, today - timedelta(days=2))
        if until < since:
            return 0
        of_days = day_count.c.kind == _COUNTED, day_count.c.day >= since, day_count.c.day <= until
        counted = connection.scalar(select(func.count()).select_from(day_count).where(*of_days)) or 0
        return (until - since).days + 1 - counted

    def _live(self, connection: Connection, first: date, last: date, now: datetime) -> Iterator[tuple[date, Figures]]:
        today = now.astimezone(self.zone).date()
        for day in (today - timedelta(days=1), today):
            if first <= day <= last and (figures := self._uncounted(connection, day, now)):
                yield day, figures

    def _uncounted(self, connection: Connection, day: date, now: datetime) -> Figures:
        start, end = self.bounds(day)
        mark = _marks(connection, since=day, until=day).get(day)
        since = start if mark is None else max(start, minute_of(mark))
        until = min(end, now + timedelta(minutes=1))
        return count_span(connection, since, until) if since < until else Figures()

    def _is_due(self, day: date, mark: int | None, now: datetime) -> bool:
        if mark is None:
            return True
        _, end = self.bounds(day)
        counted = minute_of(mark)
        if counted < end:
            return True
        return counted < end + timedelta(days=LATE_DAYS) and now - counted >= COUNTED_AGAIN

    def _first_day(self, connection: Connection, now: datetime, today: date) -> date:
        """Return the first day that is whole: by the rows that there are, and by those that may be deleted now."""
        run = read_runs(connection).get(self.deletes)
        has_deleted = run is not None and run.changed_at is not None
        oldest = [
            connection.scalar(select(func.min(table.c.id)))
            for table in ((inbound,) if has_deleted else (inbound, outbound, ticket))
        ]
        ids = [each for each in oldest if each is not None]
        first = min(self._day_of(minute_of(min(ids) // IDS_A_MINUTE)), today) if ids else today
        if has_deleted:  # of the day of the oldest text some may be gone
            first += timedelta(days=1)
        return min(today, max(first, self._day_of(now - self.kept) + timedelta(days=1)))

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _is_visible(figure: Figure, units: Collection[str] | None) -> bool:
    return units is None or figure.kind not in OF_UNITS or figure.detail in units


def _asked(table: Table, *where: ColumnElement[bool]) -> Select[date, int, str, str, str]:
    return select(table.c.day, table.c.count, table.c.kind, table.c.key, table.c.detail).where(*where)


def _marks(connection: Connection, *, since: date, until: date = date.max) -> Mapping[date, int]:
    asked = select(day_count.c.day, day_count.c.count).where(day_count.c.kind == _COUNTED, day_count.c.day >= since)
    return dict(tuple(row) for row in connection.execute(asked.where(day_count.c.day <= until)))


def _is_counted(connection: Connection, first: date, last: date) -> bool:
    of_days = day_count.c.kind == _COUNTED, day_count.c.day >= first, day_count.c.day <= last
    return connection.scalar(select(day_count.c.day).where(*of_days).limit(1)) is not None


def _keep(connection: Connection, day: date, found: Figures, minute: int) -> bool:
    """Keep the counts of a day in place of the earlier ones; return whether they differ. Safe to repeat.

    Texts are never deleted but by the retention. So where there are fewer than before, the earlier counts stay.
    """
    of_day = day_count.c.day == day
    asked = _asked(day_count, of_day, day_count.c.kind != _COUNTED)
    earlier = Figures({Figure(*names): count for _, count, *names in connection.execute(asked)})
    is_less = any(_sum(found, kind) < _sum(earlier, kind) for kind in (FigureKind.TEXT, FigureKind.SMS))
    differs = not is_less and found != earlier
    connection.execute(delete(day_count).where(of_day if differs else of_day & (day_count.c.kind == _COUNTED)))
    counts = [(Figure(_COUNTED, ""), minute), *(found.items() if differs else ())]
    rows = [
        {"day": day, "kind": str(figure.kind), "key": str(figure.key), "detail": figure.detail, "count": count}
        for figure, count in counts
    ]
    connection.execute(insert(day_count), rows)
    if differs:
        _add_up_month(connection, day.replace(day=1))
    return differs


def _add_up_month(connection: Connection, month: date) -> None:
    after = (month + timedelta(days=31)).replace(day=1)
    connection.execute(delete(month_count).where(month_count.c.day == month))
    names = ("kind", "key", "detail")
    sums = (
        select(
            literal(month, day_count.c.day.type),
            *(day_count.c[name] for name in names),
            func.sum(day_count.c.count),
        )
        .where(day_count.c.kind.in_([kind.value for kind in FigureKind]))
        .where(day_count.c.day >= month, day_count.c.day < after)
        .group_by(*(day_count.c[name] for name in names))
    )
    connection.execute(insert(month_count).from_select(["day", *names, "count"], sums))


def _sum(figures: Figures, kind: FigureKind) -> int:
    return sum(count for figure, count in figures.items() if figure.kind == kind)
