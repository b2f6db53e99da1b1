"""How many accounts are asked for: the busiest hour of each of the last days, by which a flood is known.

Counted by the schedule from the attempts, which are kept for two days; read with the limits of a batch
(db.limits.sender_limits).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, text

from db.schema import account_day, attempt

KEPT_DAYS = 30
"""Days that are looked back on."""

BUSIER = 10
"""Everybody together may ask for so many times the accounts of the busiest hour of the last days."""

LEAST_AN_HOUR = 200
"""The limit is never lower: a new or a small installation has no hour to go by."""

_HOURS = 24
_COUNTED_DAYS = 2  # today and yesterday: attempts are kept no longer


def limit_for(busiest_hour: int) -> int:
    """Return how many accounts may be asked for in an hour where this was the busiest one.

    >>> limit_for(0), limit_for(19), limit_for(150)
    (200, 200, 1500)
    """
    return max(LEAST_AN_HOUR, BUSIER * busiest_hour)


def alarm_from(limit: int) -> int:
    """Return from which number on an operator is called: half of the limit."""
    return max(1, (limit + 1) // 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """How ids are told apart by time: how many can be made in an hour. A day is a day of UTC."""

    ids_an_hour: int

    def first_of(self, row_id: int) -> int:
        """Return the first id of the day in which an id was made."""
        return row_id - row_id % (self.ids_an_hour * _HOURS)

    def span(self, now_id: int) -> tuple[int, int]:
        """Return the days that count at this moment: from the first of these ids to before the second.

        Today does not count: a flood must not raise its own limit.
        """
        today = self.first_of(now_id)
        return today - KEPT_DAYS * _HOURS * self.ids_an_hour, today

    def count(self, connection: Connection, *, now_id: int) -> int:
        """Count today and yesterday anew, forget old days, and return how many days changed. Safe to repeat.

        An hour counts for no more than what raises the alarm on that day. So a flood raises the limit of the next day
        to five times that of this one at most, and somebody has been called.
        """
        day = _HOURS * self.ids_an_hour
        today = self.first_of(now_id)
        oldest = today - KEPT_DAYS * day
        changed = connection.execute(delete(account_day).where(account_day.c.first_id < oldest)).rowcount
        for first in range(today - (_COUNTED_DAYS - 1) * day, today + day, day):
            before = busiest_hour(connection, since=first - KEPT_DAYS * day, until=first)
            most = min(self._busiest(connection, first), alarm_from(limit_for(before)))
            if most != busiest_hour(connection, since=first, until=first + 1):
                connection.execute(delete(account_day).where(account_day.c.first_id == first))
                connection.execute(insert(account_day).values(first_id=first, busiest_hour=most))
                changed += 1
        return changed

    def _busiest(self, connection: Connection, first: int) -> int:
        """Return how many accounts were asked for in the busiest hour of a day."""
        # The kind is written word for word as in the partial index, or SQLite could not know that it applies.
        hour = (attempt.c.id // self.ids_an_hour).label("hour")
        asked = (
            select(func.count().label("accounts"))
            .where(text("attempt.kind = 'register'"), attempt.c.id >= first)
            .where(attempt.c.id < first + _HOURS * self.ids_an_hour)
            .group_by(hour)
            .subquery("by_hour")
        )
        return int(connection.execute(select(func.coalesce(func.max(asked.c.accounts), 0))).scalar_one())


def busiest_hour(connection: Connection, *, since: int, until: int) -> int:
    """Return the accounts asked for in the busiest hour of the days between two ids."""
    days = (account_day.c.first_id >= since) & (account_day.c.first_id < until)
    asked = select(func.coalesce(func.max(account_day.c.busiest_hour), 0)).where(days)
    return int(connection.execute(asked).scalar_one())
