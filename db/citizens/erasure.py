"""The right of a person to be forgotten: what is stored of one number or identity number, taken out of every row.

What stays, and why, is named in `KEPT`; which rows are a person's is said in db.citizens.person_rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select, update

from db.citizens.lookups import erase_rows
from db.citizens.person_rows import (
    ReadNumber,
    accounts_of,
    answers_to,
    open_parts,
    slices,
    telling_of,
    texts_of,
    texts_of_account,
)
from db.citizens.person_tickets import erase_words, find_words
from db.notices.retention import erase_notices
from db.schema import InboundState, OutboundState, account, attempt, block, inbound, outbound, part, stray_receipt
from db.store.address import Address
from db.store.column_types import keyring_of
from db.tickets.retention import erase_sender

ERASED = ""
"""Stands where a number stood; its mark is the same for all, so the rows of one person are no longer found together."""

KEPT: Mapping[str, str] = MappingProxyType(
    {
        "account": "by number: an account belongs to an identity number; erase it by that",
        "block": "by number: until its last day, or a person could end a block by asking to be forgotten",
        "part": "keyed marks of parts that were joined, three days at most: a repeated part is known by them",
    }
)
"""What an erasure leaves of a citizen, by table. Everywhere else nothing stays that leads to the person."""

_NO_MARK = bytes(16)
_UNDER_WAY = (OutboundState.QUEUED, OutboundState.CLAIMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What was erased, and what stays: `under_way` ends by itself within minutes, so erase again then."""

    texts: int
    answers: int
    accounts: int
    attempts: int
    parts: int
    receipts: int
    under_way: int
    kept_accounts: int  # opened from this number; they belong to identity numbers
    kept_blocks: int
    tickets: int = 0  # whose words were erased
    lookup_rows: int = 0  # of offices' own look-up tables
    subscriptions: int = 0  # to notices, with these and the consents


def erase_number(connection: Connection, number: Address, read: ReadNumber, *, now: datetime) -> Erased:
    """Take a number and its words out of every row; states and times stay. Safe to repeat."""
    subscriptions = erase_notices(connection, number, now=now)  # first: what it withdraws is emptied below
    texts = texts_of(connection, number)
    answers = answers_to(connection, number, texts)
    done = _done(connection, texts)
    parts = open_parts(connection, number, read)
    return Erased(
        texts=_empty_texts(connection, done),
        answers=_empty_answers(connection, answers),
        accounts=0,
        attempts=connection.execute(delete(attempt).where(attempt.c.sender_mark == number)).rowcount,
        parts=(emptied := _empty_parts(connection, parts)),
        receipts=connection.execute(delete(stray_receipt).where(stray_receipt.c.sender_mark == number)).rowcount,
        under_way=len(texts) - len(done) + len(parts) - emptied,
        kept_accounts=_count(connection, account, account.c.phone_mark == number),
        kept_blocks=_count(connection, block, block.c.number_mark == number),
        tickets=erase_sender(connection, number),
        lookup_rows=erase_rows(connection, phone=number),
        subscriptions=subscriptions,
    )


def erase_id_number(connection: Connection, id_number: str, read: ReadNumber) -> Erased:
    """Delete the accounts of an identity number, and the words of the texts that hold it. Safe to repeat.

    While something is under way the account stays: without it nothing would lead to the texts the next time.
    """
    erased = [erase_account(connection, one, read) for one in accounts_of(connection, id_number)]
    return Erased(
        texts=sum(one.texts for one in erased),
        answers=sum(one.answers for one in erased),
        accounts=sum(one.accounts for one in erased),
        attempts=connection.execute(delete(attempt).where(attempt.c.subject_mark == id_number)).rowcount,
        parts=0,
        receipts=0,
        under_way=sum(one.under_way for one in erased),
        kept_accounts=0,
        kept_blocks=0,
        tickets=sum(one.tickets for one in erased),
        lookup_rows=erase_rows(connection, id_number=id_number),
    )


def erase_account(connection: Connection, account_id: int, read: ReadNumber) -> Erased:
    """Delete one account and the words of its texts; another one of the same identity number stays. Safe to repeat."""
    texts, answers = texts_of_account(connection, account_id)
    told = telling_of(connection, account_id)
    tickets = 0
    if told is not None:
        words = find_words(connection, told.phone, told.tells, texts=texts, answers=answers)
        tickets = erase_words(connection, told.phone, words)
    done = _done(connection, texts)
    # Parts of the account's phone may hold the number: what they say is known when they are joined.
    parts = [] if told is None else open_parts(connection, told.phone, read)
    under_way = len(texts) - len(done) + len(parts)
    return Erased(
        texts=_empty_texts(connection, done),
        answers=_empty_answers(connection, answers),
        accounts=0 if under_way else _delete_account(connection, account_id),
        attempts=0,
        parts=0,
        receipts=0,
        under_way=under_way,
        kept_accounts=0,
        kept_blocks=0,
        tickets=tickets,
    )


def _done(connection: Connection, texts: Sequence[int]) -> Sequence[int]:
    """Return those texts that the pipeline has no more to do with."""
    waits = exists().where(outbound.c.inbound_id == inbound.c.id, outbound.c.state.in_(_UNDER_WAY)).correlate(inbound)
    asked = select(inbound.c.id).where(inbound.c.state != InboundState.RECEIVED, ~waits)
    return [found for some in slices(texts) for found in connection.scalars(asked.where(inbound.c.id.in_(some)))]


def _empty_texts(connection: Connection, texts: Sequence[int]) -> int:
    values = {
        "sender": ERASED,
        "sender_mark": _mark_of_nobody(connection),
        "body": ERASED,
        "octets": b"",
        "wire": None,
        "fingerprint": _NO_MARK,
        "told": None,
        "once_key": None,
        "signature_mark": None,
    }
    return sum(
        connection.execute(update(inbound).where(inbound.c.id.in_(some)).values(values)).rowcount
        for some in slices(texts)
    )


def _empty_answers(connection: Connection, answers: Sequence[int]) -> int:
    values = {"recipient": ERASED, "recipient_mark": _mark_of_nobody(connection), "body": None, "masked": None}
    settled = update(outbound).where(outbound.c.state.not_in(_UNDER_WAY)).values(values)
    return sum(connection.execute(settled.where(outbound.c.id.in_(some))).rowcount for some in slices(answers))


def _empty_parts(connection: Connection, parts: Sequence[int]) -> int:
    """Empty the parts of texts that could not be joined; the others are still on their way."""
    values = {"sender": None, "recipient": None, "octets": None, "wire": None}
    set_aside = update(part).where(part.c.joined_at.is_not(None)).values(values)
    return sum(connection.execute(set_aside.where(part.c.id.in_(some))).rowcount for some in slices(parts))


def _delete_account(connection: Connection, account_id: int) -> int:
    return connection.execute(delete(account).where(account.c.id == account_id)).rowcount


def _mark_of_nobody(connection: Connection) -> bytes:
    return keyring_of(connection.dialect).mark(b"phone", ERASED.encode())


def _count(connection: Connection, table: Table, theirs: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(theirs)).scalar_one()
