"""The systems of the city that may use the HTTP interface of the back office."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text, text

from db.schema.metadata import metadata
from db.store.column_types import Mark, RowId, SealedText, Utc

_HAS_PREVIOUS = text("previous_mark IS NOT NULL")

api_client = Table(
    "api_client",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),  # what it may do: names of db.back_office.api_clients.Scope, with blanks
    Column("key_mark", Mark("api_key"), nullable=False, unique=True),  # the key itself is stored nowhere
    Column("previous_mark", Mark("api_key")),  # the key before the last rotation
    Column("secret", SealedText("api_client.secret")),  # of Standard Webhooks; null: its requests carry the key
    Column("previous_secret", SealedText("api_client.previous_secret")),
    Column("key_made_by", String(64)),  # the operator who saw the key; null: somebody at the command line
    Column("previous_made_by", String(64)),
    Column("previous_until", Utc),  # until then the previous key and secret are taken too
    Column("made_at", Utc, nullable=False),
    Column("key_made_at", Utc, nullable=False),
    Column("used_at", Utc),  # when it last proved itself, to the minute
    Column("disabled_at", Utc),
    Index("ix_api_client_previous", "previous_mark", sqlite_where=_HAS_PREVIOUS, postgresql_where=_HAS_PREVIOUS),
)
