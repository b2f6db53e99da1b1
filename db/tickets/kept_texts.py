"""Texts that wait beside the tickets: for a choice of the citizen, and then for the page To sort.

A text that waits for us is not deleted by time. It is deleted a day after it was filed, or some days after staff put
it aside, or at once when the citizen withdraws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import KeptReason, citizen, kept_text
from db.schema.tickets import UNSORTED
from db.store.address import Address
from db.tickets.asks import join_ids, split_ids
from db.tickets.senders import meet

STEP = 100
"""Rows deleted in one transaction."""

FILED_FOR = timedelta(hours=24)
"""How long a text stays after it was filed: its ticket has the words."""

ASIDE_FOR = timedelta(days=7)
"""How long a text stays that staff put aside, so that they can change their mind."""

_WAITS = text(f"kept_text.{UNSORTED}")  # word for word the condition of the partial index


@dataclass(frozen=True, kw_only=True, slots=True)
class NewKept:
    """A text to keep; `first_id` is the kept text that it joins."""

    inbound_id: int
    sender: Address
    short_code: str
    reply_link: str
    reason: KeptReason
    body: str = field(repr=False)
    kept_at: datetime
    until: datetime
    candidates: Sequence[int] = ()
    first_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptText:
    """A text that waits."""

    id: int
    first_id: int
    inbound_id: int
    sender: Address = field(repr=False)
    short_code: str
    reply_link: str
    reason: KeptReason
    body: str = field(repr=False)
    candidates: tuple[int, ...]
    kept_at: datetime
    until: datetime


def keep_text(connection: Connection, new: NewKept, *, new_id: Callable[[], int]) -> int:
    """Keep a text; return the id of the first of those that one choice files. Safe to repeat.

    A text that nobody asks the citizen about waits for staff at once.
    """
    make = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    row_id = new_id()
    statement = make(kept_text).values(
        id=row_id,
        inbound_id=new.inbound_id,
        first_id=row_id if new.first_id is None else new.first_id,
        citizen_id=meet(connection, [new.sender], now=new.kept_at, new_id=new_id)[new.sender],
        sender_mark=new.sender,
        short_code=new.short_code,
        reply_link=new.reply_link,
        reason=new.reason,
        body=new.body,
        candidates=join_ids(new.candidates),
        kept_at=new.kept_at,
        until=new.kept_at if new.reason is KeptReason.UNFILED else new.until,
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["inbound_id"]))
    kept = select(kept_text.c.first_id).where(kept_text.c.inbound_id == new.inbound_id)
    first_id: int = connection.execute(kept).scalar_one()
    return first_id


def has_unfiled(connection: Connection, sender: Address, *, since: datetime, besides: int) -> bool:
    """Return whether another text of a sender than this one was kept since then without a question to the citizen."""
    asked = select(kept_text.c.id).where(
        kept_text.c.sender_mark == sender,
        kept_text.c.reason == KeptReason.UNFILED,
        kept_text.c.kept_at >= since,
        kept_text.c.inbound_id != besides,
    )
    return connection.execute(asked.limit(1)).first() is not None


def may_belong_to(connection: Connection, sender: Address, ticket_id: int, *, since: datetime) -> bool:
    """Return whether a text of a sender that came since then waits, of which this ticket may be the one it is for."""
    theirs = select(kept_text.c.candidates).where(
        kept_text.c.sender_mark == sender, _WAITS, kept_text.c.kept_at >= since
    )
    return any(ticket_id in split_ids(candidates) for candidates in connection.scalars(theirs))


def lock_kept(connection: Connection, first_id: int) -> Sequence[KeptText]:
    """Return the texts that one choice files, oldest first; none when they are filed, dropped or put aside already.

    On PostgreSQL nobody else files them until this transaction ends.
    """
    asked = _KEPT.where(kept_text.c.first_id == first_id, _WAITS).order_by(kept_text.c.id)
    return [_read(row) for row in connection.execute(asked.with_for_update(of=kept_text))]


def mark_filed(
    connection: Connection, kept: Sequence[KeptText], ticket_id: int, *, at: datetime, operator: str | None = None
) -> None:
    """Note in which ticket the texts of `lock_kept` are filed, and by whom; None is the citizen."""
    values = {"filed_as": ticket_id, "sorted_at": at, "sorted_by": operator}
    connection.execute(update(kept_text).where(kept_text.c.id.in_([one.id for one in kept])).values(values))


def put_aside(connection: Connection, first_id: int, *, at: datetime, operator: str) -> int:
    """Let staff decide that texts need no ticket; return how many. Safe to repeat."""
    waiting = update(kept_text).where(kept_text.c.first_id == first_id, _WAITS)
    return connection.execute(waiting.values(sorted_at=at, sorted_by=operator)).rowcount


def drop_kept(connection: Connection, first_id: int) -> int:
    """Delete the texts that the citizen withdrew; return how many. Safe to repeat."""
    return connection.execute(delete(kept_text).where(kept_text.c.first_id == first_id, _WAITS)).rowcount


def leave_to_staff(connection: Connection, first_id: int, *, at: datetime) -> int:
    """Let texts wait for staff from now on, that the citizen chose for and that may open no ticket; return how many.

    Safe to repeat.
    """
    waiting = update(kept_text).where(kept_text.c.first_id == first_id, _WAITS)
    return connection.execute(waiting.values(reason=KeptReason.UNFILED, until=at)).rowcount


def read_to_sort(
    connection: Connection, *, now: datetime, after: tuple[datetime, int] | None = None, size: int
) -> Sequence[KeptText]:
    """Return the texts that wait for staff, the one that waits longest first; `after` is the last one's key."""
    asked = _KEPT.where(_WAITS, kept_text.c.until <= now)
    if after is not None:
        until, row_id = after
        later = and_(kept_text.c.until == until, kept_text.c.id > row_id)
        asked = asked.where(kept_text.c.until >= until, or_(kept_text.c.until > until, later))
    return [_read(row) for row in connection.execute(asked.order_by(kept_text.c.until, kept_text.c.id).limit(size))]


def forget_kept(connection: Connection, *, now: datetime, limit: int = STEP) -> int:
    """Delete the texts that were filed or put aside long enough ago; return how many. Safe to repeat."""
    filed = and_(kept_text.c.filed_as.is_not(None), kept_text.c.sorted_at <= now - FILED_FOR)
    over = select(kept_text.c.id).where(
        kept_text.c.sorted_at <= now - FILED_FOR, or_(filed, kept_text.c.sorted_at <= now - ASIDE_FOR)
    )
    ids = list(connection.scalars(over.order_by(kept_text.c.sorted_at).limit(limit)))
    return connection.execute(delete(kept_text).where(kept_text.c.id.in_(ids))).rowcount if ids else 0


_KEPT = select(
    kept_text.c.id,
    kept_text.c.first_id,
    kept_text.c.inbound_id,
    citizen.c.phone,
    kept_text.c.short_code,
    kept_text.c.reply_link,
    kept_text.c.reason,
    kept_text.c.body,
    kept_text.c.candidates,
    kept_text.c.kept_at,
    kept_text.c.until,
).join(citizen, citizen.c.id == kept_text.c.citizen_id)


def _read(row: Row[*tuple[object, ...]]) -> KeptText:
    return KeptText(
        id=row.id,
        first_id=row.first_id,
        inbound_id=row.inbound_id,
        sender=Address(row.phone),
        short_code=row.short_code,
        reply_link=row.reply_link,
        reason=row.reason,
        body=row.body,
        candidates=split_ids(row.candidates),
        kept_at=row.kept_at,
        until=row.until,
    )
