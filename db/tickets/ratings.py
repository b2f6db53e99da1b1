"""Ratings: one a ticket, which the citizen may replace for some days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import rating, ticket
from db.tickets.whole_ticket import Scope, visible

REPLACED_FOR = timedelta(days=7)
"""How long after the first rating another one takes its place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """How satisfied a citizen is: 1 to 5."""

    ticket_id: int
    score: int
    by_words: bool
    unit_id: int
    at: datetime
    operator: str | None = None  # who resolved it
    words: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class LowRating:
    """A low score, with the ticket that it is of."""

    ticket_id: int
    number: str
    unit_id: int
    score: int
    at: datetime
    operator: str | None
    words: str | None = field(repr=False)


_LOW = (
    *(rating.c.ticket_id, ticket.c.number, ticket.c.unit_id),
    *(rating.c.score, rating.c.at, rating.c.operator, rating.c.words),
)


def rate(connection: Connection, new: Rating) -> bool:
    """Note a rating; False, and nothing is changed, when the first one of this ticket is too old to be replaced.

    Words that were given for an earlier score end with it.
    """
    make = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    wanted = make(rating).values(
        ticket_id=new.ticket_id,
        score=new.score,
        by_words=new.by_words,
        words=new.words,
        unit_id=new.unit_id,
        operator=new.operator,
        at=new.at,
    )
    replaced = ("score", "by_words", "words", "unit_id", "operator")
    statement = wanted.on_conflict_do_update(
        index_elements=["ticket_id"],
        set_={name: wanted.excluded[name] for name in replaced},
        where=rating.c.at > new.at - REPLACED_FOR,
    )
    return connection.execute(statement.returning(rating.c.ticket_id)).first() is not None


def add_words(connection: Connection, ticket_id: int, words: str) -> None:
    """Note why the score is low, in the citizen's words."""
    connection.execute(update(rating).where(rating.c.ticket_id == ticket_id).values(words=words))


def list_low_ratings(
    connection: Connection, scope: Scope, *, most_score: int, since: datetime, most: int
) -> Sequence[LowRating]:
    """Return the newest low ratings of tickets that may be seen, for those who lead the units."""
    asked = (
        select(*_LOW)
        .join(ticket, ticket.c.id == rating.c.ticket_id)
        .where(visible(scope), rating.c.score <= most_score, rating.c.at >= since)
        .order_by(rating.c.at.desc(), rating.c.ticket_id.desc())
        .limit(most)
    )
    if scope.units is not None:
        asked = asked.where(rating.c.unit_id.in_(scope.units))
    return [LowRating(**row._asdict()) for row in connection.execute(asked)]


def read_rating(connection: Connection, ticket_id: int) -> Rating | None:
    """Return the rating of a ticket."""
    row = connection.execute(select(rating).where(rating.c.ticket_id == ticket_id)).one_or_none()
    if row is None:
        return None
    return Rating(
        ticket_id=row.ticket_id,
        score=row.score,
        by_words=row.by_words,
        unit_id=row.unit_id,
        at=row.at,
        operator=row.operator,
        words=row.words,
    )
