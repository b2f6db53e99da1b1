"""Events for systems of the city: a row for each receiver that wants one, in the commit of what it reports.

Which receiver wants what is in the settings, so it is given to the database when it is opened
(`db.processes.webhook_deliveries.give_receivers`). Without receivers `note_event` does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from typing import cast

from sqlalchemy import Connection, Dialect, insert

from db.schema import WebhookState, WebhookType, webhook
from db.store.prepared_statements import Prepared

Receivers = Mapping[WebhookType, Sequence[str]]
"""The receivers that want each type of event, by the names of their sections in the settings."""

Facts = Mapping[str, str | int | None]
"""What an event tells: ids and states, never personal data. Ids are written as text, see `row_id`."""

_KEY_OCTETS = 8
"""Of a key that is random. Before them is the time, so that rows of one time are beside each other; behind, a count."""
_written = json.JSONEncoder(separators=(",", ":")).encode  # dumps() makes an encoder each time
_ADD = Prepared(insert(webhook), "key", "endpoint", "type", "payload", "made_at", "state", "next_try", "tries")


def set_receivers(dialect: Dialect, receivers: Receivers) -> None:
    """Let every engine with this dialect write events for these receivers."""
    dialect.sms_gateway_receivers = receivers  # type: ignore[attr-defined]  # beside the keyring


def is_wanted(connection: Connection, kind: WebhookType) -> bool:
    """Return whether a receiver wants this type of event; ask before anything is read for it."""
    return bool(_receivers_of(connection, kind))


def note_event(connection: Connection, kind: WebhookType, facts: Facts, *, at: datetime) -> None:
    """Write an event for each receiver that wants it. It is sent once this transaction is committed."""
    note_events(connection, kind, (facts,), at=at)


def note_events(connection: Connection, kind: WebhookType, each: Iterable[Facts], *, at: datetime) -> None:
    """Write several events of one type."""
    receivers = _receivers_of(connection, kind)
    if not receivers:
        return
    head, begins = _head(kind, at), key_at(at) + token_hex(_KEY_OCTETS)
    wanted = ((facts, name) for facts in each for name in receivers)
    rows = [
        (f"{begins}{number:04x}", name, kind, f"{head}{_written(facts)}}}", at, WebhookState.WAITING, at, 0)
        for number, (facts, name) in enumerate(wanted)
    ]
    if rows:
        _ADD.run_many(connection, rows)


def key_at(moment: datetime) -> str:
    """Return how keys made at this moment begin; earlier ones are less."""
    return f"msg_{int(moment.timestamp() * 1000):012x}"


def row_id(value: int | None) -> str | None:
    """Write an id as text: many JSON readers keep 53 bits of a number, and ids have 63."""
    return None if value is None else str(value)


def _receivers_of(connection: Connection, kind: WebhookType) -> Sequence[str]:
    given = cast("Receivers | None", getattr(connection.dialect, "sms_gateway_receivers", None))
    return given.get(kind, ()) if given else ()


def _head(kind: WebhookType, at: datetime) -> str:
    """Return a body up to its facts: the same for all events of one call."""
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'{{"type":"{kind.value}","timestamp":"{stamp}","data":'
