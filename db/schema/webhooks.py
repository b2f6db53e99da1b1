"""Events for systems of the city, and how their receivers are."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import WebhookState, WebhookType
from db.store.column_types import Choice, RowId, Utc

webhook = Table(  # one event for one receiver; written in the commit of what it reports
    "webhook",
    metadata,
    Column("key", String(40), primary_key=True),  # the header webhook-id: the same at each try; begins with the time
    Column("endpoint", String(64), nullable=False),  # [webhooks.NAME]
    Column("type", Choice(WebhookType), nullable=False),
    Column("payload", Text, nullable=False),  # the whole body: ids and states, no personal data
    Column("made_at", Utc, nullable=False),
    Column("state", Choice(WebhookState), nullable=False),
    Column("next_try", Utc, nullable=False),  # while it waits
    Column("tries", SmallInteger, nullable=False),
    Column("tried_at", Utc),  # the last try
    Column("last_status", SmallInteger),  # HTTP status of the last try; null: no response
    Column("last_error", String(120)),  # why there was none; free of personal data
    Index(
        "ix_webhook_due",
        "endpoint",
        "next_try",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_with_rowid=False,  # its key begins with the time, so rows go to the end of the one tree
)

dossier_asked = Table(  # dossiers whose state citizens were told in one round; soon an event for each and each receiver
    "dossier_asked",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("dossiers", Text, nullable=False),  # a line for each: status and code
)

webhook_endpoint = Table(  # how a receiver is, by what it said last
    "webhook_endpoint",
    metadata,
    Column("name", String(64), primary_key=True),  # [webhooks.NAME]
    Column("failures", SmallInteger, nullable=False),  # in a row
    Column("not_before", Utc),  # it asked to be slow, or failed
    Column("stopped_at", Utc),  # it said 410: it wants no more, until an operator starts it again
    Column("delivered_at", Utc),  # when it last took an event
    Column("failed_at", Utc),  # when a try last failed
)
