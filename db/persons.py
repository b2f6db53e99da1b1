"""The rights of a person: everything that is stored of one number or identity number, told or erased.

A number is found by its mark wherever it stands. An identity number is found by its account, and in the words of the
texts of the account's phone; in a text from another phone it is not found, and ends there with the text's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select, update

from db.columns import keyring_of
from db.identity import Msisdn
from db.schema import InboundState, account, attempt, block, inbound, outbound

ERASED = ""
"""Stands where a number stood; its mark is the same for all, so the rows of one person are no longer found together."""

_NO_FINGERPRINT = bytes(16)
_UNDER_WAY = ("queued", "claimed")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredText:
    """A text or an answer as it is stored; words that hold a secret are masked."""

    way: str  # `received` or `sent`
    at: datetime
    number: str
    short_code: str
    words: str
    state: str
    reading: str | None = None
    outcome: str | None = None


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
    attempts: int  # codes and identity numbers tried in the last two days, kept as marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What was erased, and what stays: `under_way` ends by itself within minutes, so erase again then."""

    texts: int
    answers: int
    accounts: int
    attempts: int
    under_way: int
    kept_accounts: int  # opened from this number; they belong to identity numbers
    kept_blocks: int


def find_by_number(connection: Connection, number: Msisdn) -> Stored:
    """Return everything that is stored of a number."""
    theirs = inbound.c.sender_mark == number
    return Stored(
        texts=_texts(connection, theirs, outbound.c.recipient_mark == number),
        accounts=_accounts(connection, account.c.phone_mark == number),
        blocks=_blocks(connection, number),
        attempts=_attempts(connection, attempt.c.sender_mark == number),
    )


def find_by_id_number(connection: Connection, id_number: str) -> Stored:
    """Return everything that is stored of an identity number."""
    texts = _texts_with(connection, id_number)
    return Stored(
        texts=_texts(connection, inbound.c.id.in_(texts), outbound.c.inbound_id.in_(texts)),
        accounts=_accounts(connection, account.c.id_number_mark == id_number),
        blocks=(),
        attempts=_attempts(connection, attempt.c.subject_mark == id_number),
    )


def erase_number(connection: Connection, number: Msisdn) -> Erased:
    """Take a number and its words out of every row; states and times stay. Safe to repeat."""
    return _erase(
        connection,
        texts=inbound.c.sender_mark == number,
        answers=outbound.c.recipient_mark == number,
        attempts=attempt.c.sender_mark == number,
        kept_accounts=len(_accounts(connection, account.c.phone_mark == number)),
        kept_blocks=len(_blocks(connection, number)),
    )


def erase_id_number(connection: Connection, id_number: str) -> Erased:
    """Delete the account of an identity number, and the words of the texts that hold it. Safe to repeat."""
    texts = _texts_with(connection, id_number)
    erased = _erase(
        connection,
        texts=inbound.c.id.in_(texts),
        answers=outbound.c.inbound_id.in_(texts),
        attempts=attempt.c.subject_mark == id_number,
    )
    deleted = connection.execute(delete(account).where(account.c.id_number_mark == id_number)).rowcount
    return Erased(
        texts=erased.texts,
        answers=erased.answers,
        accounts=deleted,
        attempts=erased.attempts,
        under_way=erased.under_way,
        kept_accounts=0,
        kept_blocks=0,
    )


def _erase(
    connection: Connection,
    *,
    texts: ColumnElement[bool],
    answers: ColumnElement[bool],
    attempts: ColumnElement[bool],
    kept_accounts: int = 0,
    kept_blocks: int = 0,
) -> Erased:
    no_number = keyring_of(connection.dialect).mark(b"phone", ERASED.encode())
    settled = outbound.c.state.not_in(_UNDER_WAY)
    waits = exists().where(outbound.c.inbound_id == inbound.c.id, ~settled).correlate(inbound)
    done = (inbound.c.state != InboundState.RECEIVED) & ~waits
    under_way = connection.execute(select(inbound.c.id).where(texts, ~done)).all()
    # Texts first: which are done is told by their answers.
    texts_erased = connection.execute(
        update(inbound)
        .where(texts, done)
        .values(
            sender=ERASED,
            sender_mark=no_number,
            body=ERASED,
            octets=b"",
            fingerprint=_NO_FINGERPRINT,
            once_key=None,
        )
    ).rowcount
    answers_erased = connection.execute(
        update(outbound)
        .where(answers, settled)
        .values(recipient=ERASED, recipient_mark=no_number, body=None, masked=None)
    ).rowcount
    return Erased(
        texts=texts_erased,
        answers=answers_erased,
        accounts=0,
        attempts=connection.execute(delete(attempt).where(attempts)).rowcount,
        under_way=len(under_way),
        kept_accounts=kept_accounts,
        kept_blocks=kept_blocks,
    )


def _texts_with(connection: Connection, id_number: str) -> Sequence[int]:
    """Return the texts of the account's phone whose words hold the number; only words can tell, so all are opened."""
    found = connection.execute(
        select(account.c.phone, account.c.inbound_id).where(account.c.id_number_mark == id_number)
    ).one_or_none()
    if found is None:
        return []
    asked = select(inbound.c.id, inbound.c.body).where(
        or_(inbound.c.sender_mark == found.phone, inbound.c.id == found.inbound_id)
    )
    return [
        row.id
        for row in connection.execute(asked)
        if row.id == found.inbound_id or id_number in "".join(sign for sign in row.body if sign.isdecimal())
    ]


def _texts(connection: Connection, received: ColumnElement[bool], sent: ColumnElement[bool]) -> Sequence[StoredText]:
    texts = [
        StoredText(
            way="received",
            at=row.received_at,
            number=row.sender,
            short_code=row.recipient,
            words=row.body,
            state=row.state.value,
            reading=row.reading,
            outcome=row.outcome,
        )
        for row in connection.execute(select(inbound).where(received))
    ]
    answers = [
        StoredText(
            way="sent",
            at=row.created_at,
            number=row.recipient,
            short_code=row.sender,
            words=row.masked or row.body or "",
            state=row.state.value,
        )
        for row in connection.execute(select(outbound).where(sent))
    ]
    return sorted([*texts, *answers], key=lambda one: one.at)


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
        )
        for row in connection.execute(select(account).where(theirs).order_by(account.c.id))
    ]


def _blocks(connection: Connection, number: Msisdn) -> Sequence[StoredBlock]:
    rows = connection.execute(select(block).where(block.c.number_mark == number))
    return [StoredBlock(reason=row.reason, made_by=row.made_by, since=row.since, until=row.until) for row in rows]


def _attempts(connection: Connection, theirs: ColumnElement[bool]) -> int:
    return len(connection.execute(select(attempt.c.id).where(theirs)).all())
