"""Events on their way to their receivers: what is due, what a try came to, and how each receiver is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.processes.webhook_events import Receivers, key_at, set_receivers
from db.schema import WebhookState, WebhookType, webhook, webhook_endpoint
from db.store.engine import Database
from db.store.prepared_statements import Prepared
from db.store.record import record

_DELIVERED = Prepared(
    update(webhook)
    .where(
        webhook.c.key == bindparam("of_key"),
        webhook.c.tries == bindparam("of_tries"),
        webhook.c.state == WebhookState.WAITING,
    )
    .values(
        state=WebhookState.DELIVERED,
        tries=bindparam("tries_now"),
        tried_at=bindparam("now"),
        last_status=bindparam("status"),
        last_error=None,
    ),
    "of_key",
    "of_tries",
    "tries_now",
    "now",
    "status",
)

MOST_FAILURES = 1000
"""Failures in a row are counted up to here."""


@record
class Delivery:
    """An event for one receiver, and what became of it so far."""

    key: str
    endpoint: str
    type: WebhookType
    payload: str
    made_at: datetime
    state: WebhookState
    next_try: datetime
    tries: int
    tried_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointState:
    """How a receiver is, by what it said last."""

    name: str
    failures: int = 0  # in a row
    not_before: datetime | None = None
    stopped_at: datetime | None = None
    delivered_at: datetime | None = None
    failed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TryResult:
    """What one try came to. `next_try` is None when it was the last one, delivered or not."""

    delivered: bool
    at: datetime
    next_try: datetime | None = None
    status: int | None = None
    error: str | None = None
    not_before: datetime | None = None  # the receiver gets nothing before
    stops: bool = False  # it wants no more


Tried = tuple[Delivery, TryResult]
"""An event as it was before a try, and what the try came to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointCounts:
    """How many events of a receiver wait or were given up, and since when the oldest waits."""

    waiting: int = 0
    given_up: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryFilter:
    """Which events a page shows."""

    endpoint: str | None = None
    state: WebhookState | None = None
    limit: int = 50


def give_receivers(database: Database, receivers: Receivers) -> None:
    """Let the connections of this database write events for these receivers; call it when it was opened."""
    for engine in (database.writer, database.reader):
        set_receivers(engine.dialect, receivers)


def find_due(connection: Connection, endpoint: str, *, now: datetime, limit: int) -> Sequence[Delivery]:
    """Return the events of a receiver whose time has come, the longest due first."""
    asked = (
        select(webhook)
        .where(webhook.c.endpoint == endpoint, webhook.c.state == WebhookState.WAITING, webhook.c.next_try <= now)
        .order_by(webhook.c.next_try, webhook.c.key)
        .limit(limit)
    )
    return [_read(row) for row in connection.execute(asked)]


def record_try(connection: Connection, one: Delivery, result: TryResult) -> bool:
    """Write what a try came to; False when the event was tried or changed meanwhile, and nothing is written.

    Safe to repeat: the number of tries that the sender saw must still hold.
    """
    state = WebhookState.WAITING if result.next_try is not None else WebhookState.GIVEN_UP
    state = WebhookState.DELIVERED if result.delivered else state
    written = connection.execute(
        update(webhook)
        .where(webhook.c.key == one.key, webhook.c.tries == one.tries, webhook.c.state == WebhookState.WAITING)
        .values(
            state=state,
            next_try=result.next_try or one.next_try,
            tries=one.tries + 1,
            tried_at=result.at,
            last_status=result.status,
            last_error=result.error,
        )
    )
    if written.rowcount == 0:
        return False
    _record_endpoint(connection, one.endpoint, result)
    return True


def record_tries(connection: Connection, tried: Sequence[Tried]) -> Sequence[Tried]:
    """Write what tries of one receiver came to, in their order; return those that are written.

    Safe to repeat, as `record_try`. One that was delivered counts as written, also when the event changed meanwhile.
    """
    delivered = [(one, result) for one, result in tried if result.delivered]
    if delivered:
        _DELIVERED.run_many(
            connection,
            [(one.key, one.tries, one.tries + 1, result.at, result.status) for one, result in delivered],
        )
        one, result = delivered[-1]
        _record_endpoint(connection, one.endpoint, result)
    return [(one, result) for one, result in tried if result.delivered or record_try(connection, one, result)]


def send_again(connection: Connection, key: str, *, now: datetime) -> bool:
    """Let an event go again, by the whole plan and with the same id; False when it is not there or waits already."""
    statement = update(webhook).where(webhook.c.key == key, webhook.c.state != WebhookState.WAITING)
    return connection.execute(statement.values(state=WebhookState.WAITING, next_try=now, tries=0)).rowcount == 1


def start_again(connection: Connection, name: str) -> bool:
    """Let a receiver that said 410, or that is to be slow, get events again; False when it was neither."""
    held = webhook_endpoint.c.stopped_at.is_not(None) | webhook_endpoint.c.not_before.is_not(None)
    statement = update(webhook_endpoint).where(webhook_endpoint.c.name == name, held)
    return connection.execute(statement.values(stopped_at=None, not_before=None, failures=0)).rowcount == 1


def read_endpoints(connection: Connection) -> Mapping[str, EndpointState]:
    """Return by name how each receiver is that was ever tried."""
    rows = connection.execute(select(webhook_endpoint))
    return {row.name: EndpointState(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def read_endpoint(connection: Connection, name: str) -> EndpointState:
    """Return how a receiver is."""
    row = connection.execute(select(webhook_endpoint).where(webhook_endpoint.c.name == name)).one_or_none()
    return EndpointState(name=name) if row is None else EndpointState(**row._mapping)  # noqa: SLF001 - as above


def count_deliveries(connection: Connection) -> Mapping[str, EndpointCounts]:
    """Return by receiver what waits and what was given up."""
    open_ones = webhook.c.state.in_((WebhookState.WAITING, WebhookState.GIVEN_UP))
    asked = (
        select(webhook.c.endpoint, webhook.c.state, func.count().label("events"), func.min(webhook.c.made_at))
        .where(open_ones)
        .group_by(webhook.c.endpoint, webhook.c.state)
    )
    counts: dict[str, EndpointCounts] = {}
    for endpoint, state, events, oldest in connection.execute(asked):
        known = counts.get(endpoint, EndpointCounts())
        if state is WebhookState.WAITING:
            counts[endpoint] = EndpointCounts(waiting=events, given_up=known.given_up, oldest=oldest)
        else:
            counts[endpoint] = EndpointCounts(waiting=known.waiting, given_up=events, oldest=known.oldest)
    return counts


def list_deliveries(connection: Connection, wanted: DeliveryFilter) -> Sequence[Delivery]:
    """Return events, the newest first."""
    asked: Select[*tuple[object, ...]] = select(webhook).order_by(webhook.c.key.desc())
    if wanted.endpoint is not None:
        asked = asked.where(webhook.c.endpoint == wanted.endpoint)
    if wanted.state is not None:
        asked = asked.where(webhook.c.state == wanted.state)
    return [_read(row) for row in connection.execute(asked.limit(wanted.limit))]


def forget_deliveries(connection: Connection, *, made_before: datetime, limit: int) -> int:
    """Delete events that were kept long enough, delivered or not; return how many."""
    old = select(webhook.c.key).where(webhook.c.key < key_at(made_before)).order_by(webhook.c.key).limit(limit)
    return connection.execute(delete(webhook).where(webhook.c.key.in_(old))).rowcount


def has_deliveries(connection: Connection) -> bool:
    """Return whether any event is there, also of receivers that are in the settings no longer."""
    return connection.execute(select(webhook.c.key).limit(1)).first() is not None


def _record_endpoint(connection: Connection, name: str, result: TryResult) -> None:
    make = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    if result.delivered:
        values: dict[str, object] = {"failures": 0, "delivered_at": result.at}
    else:
        failures = min(MOST_FAILURES, read_endpoint(connection, name).failures + 1)
        values = {"failures": failures, "failed_at": result.at}
    values["not_before"] = result.not_before
    if result.stops:
        values["stopped_at"] = result.at
    statement = make(webhook_endpoint).values(name=name, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def _read(row: Row[*tuple[object, ...]]) -> Delivery:
    return Delivery(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column
