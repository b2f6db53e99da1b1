"""Operators, their log-ins, what they did, and the words they chose."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import OperatorRole
from db.store.column_types import Choice, Mark, RowId, SealedText, Utc

operator = Table(
    "operator",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Choice(OperatorRole), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("password_until", Utc),  # when a one-time password ends; None for one's own
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row, from all unknown places
    Column("locked_until", Utc),
    Column("totp_secret", SealedText("operator.totp_secret")),  # base32; None without a second factor
    Column("totp_step", Integer),  # of the last code that was taken: a code serves once
    Column("created_at", Utc, nullable=False),
)

recovery_code = Table(  # each serves once in place of a code of the second factor
    "recovery_code",
    metadata,
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("code_mark", Mark("recovery"), primary_key=True),
)

address_try = Table(  # wrong log-ins by the address they came from
    "address_try",
    metadata,
    Column("address_mark", Mark("address"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Utc),
    Column("tried_at", Utc, nullable=False),
)

log_in_try = Table(  # log-ins as one operator by the place they came from, until one was right
    "log_in_try",
    metadata,
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("place_mark", Mark("place"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Utc),
    Column("tried_at", Utc, nullable=False),
)

operator_session = Table(
    "operator_session",
    metadata,
    Column("token_mark", Mark("session"), primary_key=True),
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("address", SealedText("operator_session.address")),  # where the log-in came from
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("open_at", Utc),  # when a page was open last, also one that only renews itself; for tickets
    Index("ix_operator_session_operator", "operator_id"),
)

audit_entry = Table(  # who did what on the pages; only ever added to, which triggers hold
    "audit_entry",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),  # name, as it was then
    Column("action", String(32), nullable=False),  # db.staff.audit.Action
    Column("subject", String(80), nullable=False),  # `inbound:1234`, `operator:lan`
    Column("detail", String(200), nullable=False),  # never personal data
    Column("chain", LargeBinary, nullable=False),  # keyed digest of this entry and of the one before
    Index("ix_audit_entry_doing", "operator", "action", "at"),
)

wording_change = Table(  # what operators made of our sentences; the newest of a phrase and language holds
    "wording_change",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("phrase", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("language", String(8), nullable=False),  # of the forms, ISO 639-1
    Column("forms", Text),  # JSON list, the fullest first; None: as delivered
    Index("ix_wording_change_phrase", "phrase", "id"),
)

switched_off = Table(  # services that an operator switched off for now; without a row a service is as the settings say
    "switched_off",
    metadata,
    Column("service", String(32), primary_key=True),
    Column("operator", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Column("sentence", String(160), nullable=False),  # what citizens get meanwhile; empty: that of the wording
)
