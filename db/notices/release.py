"""The notices whose time has come: which may be written now, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, text, update

from db.notices.changes import RUNNING, STATUS_OF, Told, tells
from db.notices.terms import NoticeTerms, set_terms
from db.schema import NoticeKind, NoticeState, block, citizen, dossier, notice, outbound, subscription
from db.store.address import Address
from db.store.engine import Database
from db.store.record import record

EACH_DOSSIER = timedelta(hours=1)
"""One phone is told of one dossier at most once in this time."""

A_DAY = 3
"""Notices to one number in 24 hours."""

LONGEST_WAIT = timedelta(days=7)
"""A notice that could not be written for so long is dropped."""

_DAY = timedelta(days=1)
_QUEUED = text("outbound.state IN ('queued', 'claimed') AND outbound.lease_until IS NULL")


@record
class DueNotice:
    """A notice whose time has come."""

    id: int
    dossier_id: int
    kind: NoticeKind
    value: str
    made_at: datetime
    phone: Address
    phone_mark: bytes
    link: str | None
    short_code: str | None
    language: str | None
    """That the citizen chose."""
    code: str
    with_secret: bool
    dossier: Told


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """What is done with notices that are due."""

    go: Sequence[DueNotice] = ()
    later: Mapping[int, datetime] = field(default_factory=dict)
    """Until when the others wait, by their ids."""
    untrue: Sequence[int] = ()
    too_old: Sequence[int] = ()


def give_terms(database: Database, terms: NoticeTerms) -> None:
    """Let the connections of this database write notices; call it when it was opened and the service is on."""
    for engine in (database.writer, database.reader):
        set_terms(engine.dialect, terms)


def has_due(connection: Connection, *, now: datetime) -> bool:
    """Return whether a notice waits whose time has come."""
    asked = select(notice.c.id).where(text("notice.state = 'waiting'"), notice.c.not_before <= now).limit(1)
    return connection.execute(asked).first() is not None


def due_notices(
    connection: Connection,
    links: Collection[str],
    *,
    known: Collection[str],
    takes_others: bool,
    now: datetime,
    limit: int,
) -> Sequence[DueNotice]:
    """Lock and return notices whose time has come, the longest due first, of subscriptions that use one of these links.

    Until the commit nobody else can drop or replace them. One that another transaction is changing is passed over.

    `takes_others`: those too that name no link of `known`, so that the service chooses one.
    """
    by_link: ColumnElement[bool] = subscription.c.link.in_(list(links))
    if takes_others:
        by_link = or_(by_link, subscription.c.link.is_(None), subscription.c.link.not_in(list(known)))
    asked = (
        select(
            notice.c.id,
            subscription.c.dossier_id,
            notice.c.kind,
            notice.c.value,
            notice.c.made_at,
            subscription.c.phone,
            subscription.c.phone_mark,
            subscription.c.link,
            subscription.c.short_code,
            subscription.c.with_secret,
            citizen.c.language,
            dossier.c.code,
            dossier.c.status,
            dossier.c.due_on,
            dossier.c.wanted,
            dossier.c.fix,
            dossier.c.pick_up,
        )
        .join(subscription, subscription.c.id == notice.c.subscription_id)
        .join(dossier, dossier.c.id == subscription.c.dossier_id)
        .outerjoin(citizen, citizen.c.phone_mark == subscription.c.phone_mark)
        .where(text("notice.state = 'waiting'"), notice.c.not_before <= now, subscription.c.until.is_(None), by_link)
        .order_by(notice.c.not_before, notice.c.id)
        .limit(limit)
        .with_for_update(of=notice, skip_locked=True)  # SQLite leaves this out: it has one writer
    )
    return [_due(row) for row in connection.execute(asked)]


def sort_due(
    connection: Connection, found: Sequence[DueNotice], *, today: date, now: datetime, asks_secret: bool = False
) -> Sorted:
    """Decide on notices that are due, in their order: what is true is written, within the limits of dossier and day.

    `asks_secret`: a state needs a secret, so who gave none is told of changes only.
    """
    if not found:
        return Sorted()
    lately, last = _lately(connection, found, since=now - _DAY)
    shut = _blocked(connection, found, now)
    go: list[DueNotice] = []
    later: dict[int, datetime] = {}
    untrue: list[int] = []
    too_old: list[int] = []
    for one in found:
        times = lately.setdefault(one.phone_mark, [])
        before = last.get((one.phone_mark, one.dossier_id))
        if not is_true(one, today) or (asks_secret and not one.with_secret and one.kind not in STATUS_OF):
            untrue.append(one.id)
        elif one.made_at <= now - LONGEST_WAIT:
            too_old.append(one.id)
        elif one.phone_mark in shut:
            later[one.id] = min(shut[one.phone_mark], now + _DAY)
        elif before is not None and before + EACH_DOSSIER > now:
            later[one.id] = before + EACH_DOSSIER
        elif len(times) >= A_DAY:
            later[one.id] = sorted(times)[-A_DAY] + _DAY
        else:
            go.append(one)
            times.append(now)
            last[one.phone_mark, one.dossier_id] = now
    return Sorted(go=go, later=later, untrue=untrue, too_old=too_old)


def is_true(one: DueNotice, today: date) -> bool:
    """Return whether a notice still says what is so."""
    status = STATUS_OF.get(one.kind)
    if status is not None:
        return one.dossier.status is status and tells(one.value, one.dossier)
    if one.dossier.status not in RUNNING:
        return False
    if one.kind is NoticeKind.DUE_TOMORROW:
        return one.dossier.due_on == date.fromisoformat(one.value) == today + _DAY
    return True


def write_sorted(connection: Connection, done: Sorted, outbound_ids: Mapping[int, int], *, now: datetime) -> None:
    """Store what was decided; `outbound_ids` are the texts of those that go, by the notice."""
    for one in done.go:
        values = {"state": NoticeState.RELEASED, "released_at": now, "outbound_id": outbound_ids[one.id]}
        connection.execute(update(notice).where(notice.c.id == one.id).values(values))
    for notice_id, until in done.later.items():
        connection.execute(update(notice).where(notice.c.id == notice_id).values(not_before=until))
    for ids, state in ((done.untrue, NoticeState.REPLACED), (done.too_old, NoticeState.DROPPED)):
        if ids:
            connection.execute(update(notice).where(notice.c.id.in_(ids)).values(state=state))


def queued_by(connection: Connection, link: str, *, most: int) -> int:
    """Return how many texts wait for this link, counted up to `most`."""
    some = select(outbound.c.id).where(outbound.c.link == link, _QUEUED).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def _due(row: Row[*tuple[object, ...]]) -> DueNotice:
    return DueNotice(
        id=row.id,
        dossier_id=row.dossier_id,
        kind=row.kind,
        value=row.value,
        made_at=row.made_at,
        phone=Address(row.phone),
        phone_mark=row.phone_mark,
        link=row.link,
        short_code=row.short_code,
        language=row.language,
        code=row.code,
        with_secret=row.with_secret,
        dossier=Told(status=row.status, due_on=row.due_on, wanted=row.wanted, fix=row.fix, pick_up=row.pick_up),
    )


def _lately(
    connection: Connection, found: Sequence[DueNotice], *, since: datetime
) -> tuple[dict[bytes, list[datetime]], dict[tuple[bytes, int], datetime]]:
    """Return when each of these numbers was told something since then, and when of each dossier last.

    Subscriptions that ended count too: HUY and DK again make no room.
    """
    these = subscription.c.phone_mark.in_({one.phone_mark for one in found})
    asked = (
        select(subscription.c.phone_mark, subscription.c.dossier_id, notice.c.released_at)
        .join(notice, notice.c.subscription_id == subscription.c.id)
        .where(these, notice.c.released_at > since)
        .order_by(notice.c.released_at)
    )
    times: dict[bytes, list[datetime]] = {}
    last: dict[tuple[bytes, int], datetime] = {}
    for row in connection.execute(asked):
        times.setdefault(row.phone_mark, []).append(row.released_at)
        last[row.phone_mark, row.dossier_id] = row.released_at
    return times, last


def _blocked(connection: Connection, found: Sequence[DueNotice], now: datetime) -> Mapping[bytes, datetime]:
    """Return until when numbers among these are blocked, by an operator or as a machine's."""
    these = block.c.number_mark.in_({one.phone_mark for one in found})
    rows = connection.execute(select(block.c.number_mark, block.c.until).where(these, block.c.until > now))
    return {row.number_mark: row.until for row in rows}
