"""The rows about a person, found by telephone number or by identity number.

A number is found by its keyed hash in every column, and in parts of long texts by decrypting them. An identity number
is found by its account, and in the words of the texts of the account's phone. In a text from another phone it is not
found: it is deleted there with the words of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from db.schema import account, inbound, outbound, part
from db.schema.time_buckets import every_bucket, in_buckets
from db.store.address import Address

ReadNumber = Callable[[str], Address | None]
"""Reads a number as a carrier writes it: parts of long texts stand as they came."""

OF_PERSONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "inbound": frozenset(
            {
                "once_key",
                "signature_mark",
                "fingerprint",
                "sender",
                "sender_mark",
                "octets",
                "wire",
                "body",
                "told",
            }
        ),
        "outbound": frozenset({"recipient", "recipient_mark", "body", "masked"}),
        "part": frozenset(
            {"text_mark", "content_mark", "once_key", "signature_mark", "sender", "recipient", "octets", "wire"}
        ),
        "stray_receipt": frozenset({"sender_mark"}),
        "account": frozenset(
            {
                "user_name",
                "id_number_mark",
                "id_number",
                "full_name",
                "birth_date",
                "phone",
                "phone_mark",
                "password_hash",
            }
        ),
        "attempt": frozenset({"sender_mark", "subject_mark", "area_mark"}),
        "block": frozenset({"number_mark", "number", "reason"}),
        "citizen": frozenset({"phone", "phone_mark", "name"}),
        "ticket": frozenset({"sender_mark", "subject", "public_reason"}),
        "ticket_entry": frozenset({"body"}),
        "kept_text": frozenset({"sender_mark", "body"}),
        "ask": frozenset({"sender_mark"}),
        "rating": frozenset({"words"}),
        "lookup_row": frozenset({"phone_mark", "id_number_mark", "cells"}),
        "consent": frozenset({"phone_mark"}),
        "subscription": frozenset({"phone", "phone_mark"}),
    }
)
"""Every column with data about a citizen. A test compares it with the schema. Each column is in
db.citizens.person_export, or is a hash of a value there. Each is removed in db.citizens.erasure, or named there among
what stays."""

OF_OTHERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "operator": frozenset({"password_hash", "totp_secret"}),
        "recovery_code": frozenset({"code_mark"}),
        "address_try": frozenset({"address_mark"}),
        "log_in_try": frozenset({"place_mark"}),
        "operator_session": frozenset({"token_mark", "address"}),
        # Whatever an office's file holds; gone within the hour.
        "dossier_upload": frozenset({"name", "octets", "preview", "facts"}),
        "dossier": frozenset({"identity_mark", "password_mark"}),  # of its code with a secret: found by no number
        "unit_contact": frozenset({"name", "phone", "phone_mark"}),  # staff of the units
        "audit_entry": frozenset({"chain"}),
        "lookup_row": frozenset({"key_mark"}),  # of a key in an office's table: found by no number
        "api_client": frozenset({"key_mark", "previous_mark", "secret", "previous_secret"}),  # of the city's systems
        "access_token": frozenset({"access", "refresh"}),  # of the city hall's own account at a provider
    }
)
"""Sealed, marked or hashed columns that are found by no citizen's number."""

AT_ONCE = 500
"""Ids in one statement; databases bound how many a statement may carry."""

SHORTEST_NAME = 6
"""Letters of a name by which texts are found: a shorter one stands in too many words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """By what words are known to tell of an account: its identity number, user name or name."""

    phone: Address
    inbound_id: int | None  # the text that opened it
    id_number: str
    user_name: str
    name: str  # letters alone

    def tells(self, words: str) -> bool:
        """Return whether words tell of the account."""
        if self.id_number in "".join(sign for sign in words if sign.isdecimal()):
            return True
        if self.user_name in re.findall(r"\w+", words.casefold()):
            return True
        return len(self.name) >= SHORTEST_NAME and self.name in _letters(words)


def texts_of(connection: Connection, number: Address) -> Sequence[int]:
    """Return the texts that came from a number."""
    return list(connection.scalars(select(inbound.c.id).where(*_from(connection, number))))


def answers_to(connection: Connection, number: Address, texts: Sequence[int]) -> Sequence[int]:
    """Return the answers to these texts of a number, and what was sent to it unasked.

    By the texts, since an index leads from them to their answers and none from a recipient.
    """
    unasked = (outbound.c.inbound_id.is_(None)) & (outbound.c.recipient_mark == number)
    return [
        *_chosen(connection, texts),
        *connection.scalars(select(outbound.c.id).where(unasked)),
    ]


def texts_with(connection: Connection, id_number: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return the texts of its accounts' phones that hold the number or the name, and the answers that go with them."""
    every = [texts_of_account(connection, one) for one in accounts_of(connection, id_number)]
    texts, answers = ([row for one in every for row in one[place]] for place in (0, 1))
    return list(dict.fromkeys(texts)), list(dict.fromkeys(answers))


def accounts_of(connection: Connection, id_number: str) -> Sequence[int]:
    """Return the accounts of an identity number: the one that it has, and those that ended when it was released."""
    return list(connection.scalars(select(account.c.id).where(account.c.id_number_mark == id_number)))


def texts_of_account(connection: Connection, account_id: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return the texts of the account's phone that hold its number or name, and the answers that go with them.

    Only words can tell, so all texts of that phone are opened. What operators had sent (a new password, a notice) was
    no answer to a text: it goes with them when it names the account.
    """
    found = telling_of(connection, account_id)
    if found is None:
        return [], []
    theirs = or_(and_(*_from(connection, found.phone)), inbound.c.id == found.inbound_id)
    texts = [
        row.id
        for row in connection.execute(select(inbound.c.id, inbound.c.body).where(theirs))
        if row.id == found.inbound_id or found.tells(row.body)
    ]
    unasked = outbound.c.inbound_id.is_(None) & (outbound.c.recipient_mark == found.phone)
    asked = select(outbound.c.id, outbound.c.body, outbound.c.masked).where(unasked)
    sent = [row.id for row in connection.execute(asked) if found.tells(row.masked or row.body or "")]
    return texts, [*_chosen(connection, texts), *sent]


def telling_of(connection: Connection, account_id: int) -> Telling | None:
    """Return by what the words of an account are known; None when there is no such account."""
    columns = (account.c.phone, account.c.inbound_id, account.c.full_name, account.c.user_name, account.c.id_number)
    found = connection.execute(select(*columns).where(account.c.id == account_id)).one_or_none()
    if found is None:
        return None
    return Telling(
        phone=Address(found.phone),
        inbound_id=found.inbound_id,
        id_number=found.id_number,
        user_name=found.user_name,
        name=_letters(found.full_name),
    )


def open_parts(connection: Connection, number: Address, read: ReadNumber) -> Sequence[int]:
    """Return the parts of long texts that came from a number and still hold what they said.

    A part has no mark of its sender, so each is opened; they stay for minutes and are few.
    """
    asked = select(part.c.id, part.c.sender).where(part.c.sender.is_not(None))
    return [row.id for row in connection.execute(asked) if read(row.sender) == number]


def slices(ids: Sequence[int]) -> Sequence[Sequence[int]]:
    """Cut a list of ids into such as fit into one statement."""
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def _from(connection: Connection, number: Address) -> Sequence[ColumnElement[bool]]:
    return in_buckets(inbound.c.id, every_bucket(connection, inbound)), inbound.c.sender_mark == number


def _chosen(connection: Connection, texts: Sequence[int]) -> Sequence[int]:
    return [
        answer
        for some in slices(texts)
        for answer in connection.scalars(select(outbound.c.id).where(outbound.c.inbound_id.in_(some)))
    ]


def _letters(words: str) -> str:
    """Return the letters and digits of a text in lower case, without accents: names are written in many ways."""
    plain = unicodedata.normalize("NFD", words.casefold()).replace("\N{LATIN SMALL LETTER D WITH STROKE}", "d")
    return "".join(sign for sign in plain if sign.isalnum())
