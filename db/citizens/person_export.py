"""The right of a person to know: everything that is stored of one number or identity number, told.

Which rows that are is said in db.citizens.person_rows; taking them out is db.citizens.erasure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from db.citizens.lookups import StoredLookup, lookups_of
from db.citizens.person_rows import (
    ReadNumber,
    accounts_of,
    answers_to,
    open_parts,
    slices,
    telling_of,
    texts_of,
    texts_of_account,
    texts_with,
)
from db.citizens.person_tickets import (
    StoredKept,
    StoredSender,
    StoredTicket,
    find_words,
    kept_of,
    kept_with,
    senders_of,
    tickets_of,
    tickets_with,
)
from db.notices.listing import StoredConsent, StoredSubscription, consents_of, subscriptions_of
from db.schema import account, attempt, block, inbound, outbound, part, stray_receipt
from db.store.address import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredText:
    """A text or an answer as it is stored; words that hold a secret are masked. Octets are in hexadecimal."""

    way: str  # `received` or `sent`
    at: datetime
    number: str
    short_code: str
    words: str
    state: str
    link: str
    reading: str | None = None
    outcome: str | None = None
    octets: str | None = None
    wire: str | None = None  # the whole PDU or request


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPart:
    """A part of a long text whose other parts have not come; gone within minutes."""

    at: datetime
    number: int
    total: int
    octets: str
    wire: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredReceipt:
    """What a carrier said of an answer that is not known; gone within days."""

    at: datetime
    link: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredAccount:
    """An account, without its password's hash."""

    user_name: str
    id_number: str
    full_name: str
    birth_date: str
    phone: str
    state: str
    created_at: datetime
    phone_changed_at: datetime | None  # by an operator


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredBlock:
    """An entry of the block list."""

    reason: str
    made_by: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """Everything stored of one person, oldest first."""

    texts: Sequence[StoredText]
    accounts: Sequence[StoredAccount]
    blocks: Sequence[StoredBlock]
    attempts: int  # codes tried in vain and identity numbers registered in the last two days, kept as marks
    parts: Sequence[StoredPart] = ()
    receipts: Sequence[StoredReceipt] = ()
    tickets: Sequence[StoredTicket] = ()
    kept_texts: Sequence[StoredKept] = ()
    senders: Sequence[StoredSender] = ()
    lookup_rows: Sequence[StoredLookup] = ()
    subscriptions: Sequence[StoredSubscription] = ()
    consents: Sequence[StoredConsent] = ()


def find_by_number(connection: Connection, number: Address, read: ReadNumber) -> Stored:
    """Return everything that is stored of a number."""
    texts = texts_of(connection, number)
    return Stored(
        texts=_texts(connection, texts, answers_to(connection, number, texts)),
        accounts=_accounts(connection, account.c.phone_mark == number),
        blocks=_blocks(connection, number),
        attempts=_attempts(connection, attempt.c.sender_mark == number),
        parts=_parts(connection, number, read),
        receipts=_receipts(connection, number),
        tickets=tickets_of(connection, number),
        kept_texts=kept_of(connection, number),
        senders=senders_of(connection, number),
        lookup_rows=lookups_of(connection, phone=number),
        subscriptions=subscriptions_of(connection, number),
        consents=consents_of(connection, number),
    )


def find_by_id_number(connection: Connection, id_number: str) -> Stored:
    """Return everything that is stored of an identity number."""
    texts, answers = texts_with(connection, id_number)
    words = [
        find_words(connection, told.phone, told.tells, texts=own_texts, answers=own_answers)
        for one in accounts_of(connection, id_number)
        if (told := telling_of(connection, one)) is not None
        for own_texts, own_answers in [texts_of_account(connection, one)]
    ]
    return Stored(
        texts=_texts(connection, texts, answers),
        accounts=_accounts(connection, account.c.id_number_mark == id_number),
        blocks=(),
        attempts=_attempts(connection, attempt.c.subject_mark == id_number),
        tickets=[found for some in words for found in tickets_with(connection, some)],
        kept_texts=[found for some in words for found in kept_with(connection, some)],
        lookup_rows=lookups_of(connection, id_number=id_number),
    )


def _texts(connection: Connection, received: Sequence[int], sent: Sequence[int]) -> Sequence[StoredText]:
    texts = [
        StoredText(
            way="received",
            at=row.received_at,
            number=row.sender,
            short_code=row.recipient,
            words=row.body,
            state=row.state.value,
            link=row.link,
            reading=row.reading,
            outcome=row.outcome,
            octets=row.octets.hex(),
            wire=None if row.wire is None else row.wire.hex(),
        )
        for some in slices(received)
        for row in connection.execute(select(inbound).where(inbound.c.id.in_(some)))
    ]
    answers = [
        StoredText(
            way="sent",
            at=row.created_at,
            number=row.recipient,
            short_code=row.sender,
            words=row.masked or row.body or "",
            state=row.state.value,
            link=row.link,
        )
        for some in slices(sent)
        for row in connection.execute(select(outbound).where(outbound.c.id.in_(some)))
    ]
    return sorted([*texts, *answers], key=lambda one: one.at)


def _parts(connection: Connection, number: Address, read: ReadNumber) -> Sequence[StoredPart]:
    return [
        StoredPart(
            at=row.received_at,
            number=row.number,
            total=row.total,
            octets=(row.octets or b"").hex(),
            wire=None if row.wire is None else row.wire.hex(),
        )
        for some in slices(open_parts(connection, number, read))
        for row in connection.execute(select(part).where(part.c.id.in_(some)).order_by(part.c.id))
    ]


def _receipts(connection: Connection, number: Address) -> Sequence[StoredReceipt]:
    rows = connection.execute(select(stray_receipt).where(stray_receipt.c.sender_mark == number))
    return [StoredReceipt(at=row.received_at, link=row.link, state=row.state.value) for row in rows]


def _accounts(connection: Connection, theirs: ColumnElement[bool]) -> Sequence[StoredAccount]:
    return [
        StoredAccount(
            user_name=row.user_name,
            id_number=row.id_number,
            full_name=row.full_name,
            birth_date=row.birth_date,
            phone=row.phone,
            state=row.state.value,
            created_at=row.created_at,
            phone_changed_at=row.phone_changed_at,
        )
        for row in connection.execute(select(account).where(theirs).order_by(account.c.id))
    ]


def _blocks(connection: Connection, number: Address) -> Sequence[StoredBlock]:
    rows = connection.execute(select(block).where(block.c.number_mark == number))
    return [StoredBlock(reason=row.reason, made_by=row.made_by, since=row.since, until=row.until) for row in rows]


def _attempts(connection: Connection, theirs: ColumnElement[bool]) -> int:
    return len(connection.execute(select(attempt.c.id).where(theirs)).all())
