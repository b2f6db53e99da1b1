"""Who sends a request: the client whose key it carries, or with whose secret it is signed (Standard Webhooks)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from db.back_office.api_clients import ApiClient, find_by_key, signers
from sms_gateway.channels.http.proofs.proof import fits
from sms_gateway.channels.http.proofs.signature import is_fresh
from sms_gateway.channels.http.proofs.standard_webhooks import MOST_SIGNATURES, key_of, sign

SECONDS = 300
"""How far the time of a signed request may be from now."""

LONGEST_KEY = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """The sender of a request, and when it was made."""

    client: ApiClient
    at: datetime
    by_signature: bool = False  # which covers the body and its time, but no path and no query


def by_key(connection: Connection, key: str, now: datetime) -> Proven | None:
    """Return the client of a key; it is found by its keyed hash, so the time shows nothing of other keys."""
    if len(key) > LONGEST_KEY:
        return None
    client = find_by_key(connection, key, now)
    return None if client is None else Proven(client=client, at=now)


def by_signature(connection: Connection, header: Callable[[str], str], body: bytes, now: datetime) -> Proven | None:
    """Return the client whose secret made a signature in the header `webhook-signature`.

    A request is as old as the time that is signed, so a copy of it never counts as later than what came after it.
    """
    name, stamp = header("webhook-id"), header("webhook-timestamp")
    given = header("webhook-signature").split(" ")[:MOST_SIGNATURES]
    if not (name and is_fresh(stamp, now=now, seconds=SECONDS)):
        return None
    for one in signers(connection, now):
        keys = [key for secret in one.secrets if (key := key_of(secret)) is not None]
        wanted = [sign(key=key, name=name, stamp=stamp, body=body) for key in keys]
        if any(fits(found, signature) for found in given for signature in wanted):
            return Proven(client=one.client, at=min(now, datetime.fromtimestamp(int(stamp), UTC)), by_signature=True)
    return None
