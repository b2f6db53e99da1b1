"""Subscriptions: a phone agrees to be told of a dossier, and takes that back at any time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.notices.queued_texts import withdraw
from db.schema import NoticeState, consent, dossier, notice, subscription
from db.store.address import Address
from db.store.column_types import keyring_of
from db.store.record import record

PURPOSE = "dossier_notices"
TEXT_VERSION = 1
"""Of the words that people agree to: raise it when the help of DK, or the statement with a file, says other things."""

CITIZEN = "citizen"
"""Who ended a subscription."""

_KEYS_A_QUERY = 500
_GOES_ON = subscription.c.until.is_(None)


@record
class Subscriber:
    """A phone that agrees to notices: by a text, or by an office that states its consent."""

    phone: Address
    inbound_id: int | None = None
    link: str | None = None
    short_code: str | None = None
    stated_by: str | None = None
    with_secret: bool = False
    """It opened the dossiers with their secret, or an office states that they are its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedPhones:
    """The telephones of a file, one of each dossier: those that are subscribed, and those that are not."""

    subscribed: int = 0
    withdrew: int = 0
    """Their owners took their consent back by a text."""

    def __add__(self, other: StatedPhones) -> StatedPhones:
        return StatedPhones(subscribed=self.subscribed + other.subscribed, withdrew=self.withdrew + other.withdrew)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """Subscriptions that a citizen ended: the codes of their dossiers."""

    codes: Sequence[str] = ()


def subscribe(
    connection: Connection, who: Subscriber, dossiers: Collection[int], *, new_id: Callable[[], int], now: datetime
) -> int:
    """Let a phone be told of dossiers; return of how many it was not told before. Safe to repeat.

    The consent is one row for all of them; who has all of them already gives no new one.
    """
    if who.with_secret:
        own = (subscription.c.phone_mark == who.phone) & subscription.c.dossier_id.in_(list(dossiers)) & _GOES_ON
        connection.execute(update(subscription).where(own).values(with_secret=True))
    pairs = [(one, who.phone) for one in dossiers]
    return _add(connection, pairs, {who.phone: who}, new_id=new_id, now=now)


def subscribe_stated(
    connection: Connection,
    phones: Mapping[str, Address],
    *,
    stated_by: str,
    new_id: Callable[[], int],
    now: datetime,
) -> StatedPhones:
    """Let phones be told of dossiers, by canonical code; an office stated that their owners agreed. Safe to repeat.

    A number that took its consent back is not subscribed again by a file: only its owner can do that.
    """
    found = select(dossier.c.id, dossier.c.canonical).where(dossier.c.canonical.in_(list(phones)))
    pairs = [(row.id, phones[row.canonical]) for row in connection.execute(found)]
    refused = who_took_it_back(connection, {phone for _, phone in pairs})
    wanted = [(one, phone) for one, phone in pairs if phone not in refused]
    people = {phone: Subscriber(phone=phone, stated_by=stated_by, with_secret=True) for _, phone in wanted}
    _add(connection, wanted, people, new_id=new_id, now=now)
    return StatedPhones(subscribed=len(wanted), withdrew=len(pairs) - len(wanted))


def end_all(
    connection: Connection, phone: Address, *, inbound_id: int | None, new_id: Callable[[], int], now: datetime
) -> Ended:
    """End every subscription of a phone, as its owner asks; the consent is taken back. Safe to repeat.

    A no is kept of a phone without subscriptions too, so that no file subscribes it later.
    """
    ended = _end(connection, phone, _GOES_ON, inbound_id=inbound_id, new_id=new_id, now=now)
    if not ended.codes and phone not in who_took_it_back(connection, {phone}):
        _take_back(connection, phone, inbound_id=inbound_id, new_id=new_id, now=now)
    return ended


def end_some(
    connection: Connection,
    phone: Address,
    lookalikes: Collection[str],
    *,
    inbound_id: int | None,
    new_id: Callable[[], int],
    now: datetime,
) -> Ended:
    """End a phone's subscriptions to the dossiers with these look-alike keys. Other dossiers are not looked at."""
    named = subscription.c.dossier_id.in_(select(dossier.c.id).where(dossier.c.lookalike.in_(list(lookalikes))))
    return _end(connection, phone, _GOES_ON & named, inbound_id=inbound_id, new_id=new_id, now=now)


def subscribed(connection: Connection, phones: Collection[Address]) -> set[Address]:
    """Return those of these phones that are told of any dossier."""
    if not phones:
        return set()
    asked = select(subscription.c.phone).where(subscription.c.phone_mark.in_(list(phones)), _GOES_ON)
    return {Address(phone) for phone in connection.scalars(asked)}


def _add(
    connection: Connection,
    pairs: Sequence[tuple[int, Address]],
    people: Mapping[Address, Subscriber],
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> int:
    known = _known(connection, pairs)
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    if not new:
        return 0
    consents = {phone: new_id() for phone in dict.fromkeys(phone for _, phone in new)}
    agreed = [
        {
            "id": consent_id,
            "phone_mark": phone,
            "purpose": PURPOSE,
            "text_version": TEXT_VERSION,
            "given": True,
            "inbound_id": people[phone].inbound_id,
            "stated_by": people[phone].stated_by,
            "at": now,
        }
        for phone, consent_id in consents.items()
    ]
    connection.execute(insert(consent), agreed)
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    rows = [
        {
            "id": new_id(),
            "dossier_id": dossier_id,
            "phone": phone,
            "phone_mark": phone,
            "consent_id": consents[phone],
            "with_secret": people[phone].with_secret,
            "link": people[phone].link,
            "short_code": people[phone].short_code,
            "since": now,
        }
        for dossier_id, phone in new
    ]
    # Another process may have added the same since we looked.
    connection.execute(make(subscription).on_conflict_do_nothing(), rows)
    return len(new)


def _known(connection: Connection, pairs: Sequence[tuple[int, Address]]) -> set[tuple[int, Address]]:
    found: set[tuple[int, Address]] = set()
    ids = list(dict.fromkeys(one for one, _ in pairs))
    for start in range(0, len(ids), _KEYS_A_QUERY):
        some = subscription.c.dossier_id.in_(ids[start : start + _KEYS_A_QUERY])
        rows = connection.execute(select(subscription.c.dossier_id, subscription.c.phone).where(some, _GOES_ON))
        found |= {(row.dossier_id, Address(row.phone)) for row in rows}
    return found


def who_took_it_back(connection: Connection, phones: Collection[Address]) -> set[Address]:
    """Return those whose last word, by a text, took a consent back."""
    keyring = keyring_of(connection.dialect)
    marks = {keyring.mark(b"phone", phone.encode("utf-8", "surrogatepass")): phone for phone in phones}
    every, refused = list(marks), set[Address]()
    for start in range(0, len(every), _KEYS_A_QUERY):
        some = consent.c.phone_mark.in_(every[start : start + _KEYS_A_QUERY]) & consent.c.stated_by.is_(None)
        last = select(func.max(consent.c.id)).where(some).group_by(consent.c.phone_mark)
        asked = select(consent.c.phone_mark).where(consent.c.id.in_(last), ~consent.c.given)
        refused |= {marks[mark] for mark in connection.scalars(asked)}
    return refused


def _end(
    connection: Connection,
    phone: Address,
    which: ColumnElement[bool],
    *,
    inbound_id: int | None,
    new_id: Callable[[], int],
    now: datetime,
) -> Ended:
    asked = select(subscription.c.id, dossier.c.code).join(dossier, dossier.c.id == subscription.c.dossier_id)
    rows = connection.execute(asked.where(subscription.c.phone_mark == phone, which).order_by(subscription.c.id)).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(update(subscription).where(subscription.c.id.in_(ids)).values(until=now, ended_by=CITIZEN))
        drop_waiting(connection, ids)
        withdraw(connection, ids, now=now)  # a round that held these notices until now has written their texts
        _take_back(connection, phone, inbound_id=inbound_id, new_id=new_id, now=now)
    return Ended(codes=tuple(row.code for row in rows))


def _take_back(
    connection: Connection, phone: Address, *, inbound_id: int | None, new_id: Callable[[], int], now: datetime
) -> None:
    connection.execute(
        insert(consent).values(
            id=new_id(),
            phone_mark=phone,
            purpose=PURPOSE,
            text_version=TEXT_VERSION,
            given=False,
            inbound_id=inbound_id,
            at=now,
        )
    )


def drop_waiting(connection: Connection, subscriptions: Sequence[int]) -> None:
    """Drop the notices of these subscriptions that were not written yet."""
    waiting = notice.c.subscription_id.in_(subscriptions) & (notice.c.state == NoticeState.WAITING)
    connection.execute(update(notice).where(waiting).values(state=NoticeState.DROPPED))
