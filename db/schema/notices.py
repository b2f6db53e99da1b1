"""Notices to citizens: who agreed to them, which phone follows which dossier, and what each was told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, text

from db.schema.metadata import metadata
from db.schema.states import NoticeKind, NoticeState
from db.store.column_types import Choice, Mark, RowId, SealedText, Utc

consent = Table(  # that somebody agreed to something, or took it back
    "consent",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("phone_mark", Mark("phone"), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("text_version", SmallInteger, nullable=False),  # of the words that people agree to
    Column("given", Boolean, nullable=False),  # False: taken back
    Column("inbound_id", RowId),  # the text that says so
    Column("stated_by", String(64)),  # without a text: who stated it, with the file of dossiers
    Column("at", Utc, nullable=False),
    Column("until", Utc),  # when the last subscription under it was deleted: kept two more years
    Index("ix_consent_phone", "phone_mark"),
    Index("ix_consent_at", "at"),
)

subscription = Table(  # a phone that is told of a dossier
    "subscription",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("dossier_id", RowId, ForeignKey("dossier.id", ondelete="CASCADE"), nullable=False),
    Column("phone", SealedText("subscription.phone"), nullable=False),
    Column("phone_mark", Mark("phone"), nullable=False),
    Column("consent_id", RowId, ForeignKey("consent.id"), nullable=False),
    Column(
        "with_secret", Boolean, nullable=False
    ),  # by its secret, or by an office: told also where a look-up needs one
    Column("link", String(64)),  # by which its text came; null: the first channel that sends to telephones
    Column("short_code", String(24)),  # to which its text was sent
    Column("since", Utc, nullable=False),
    Column("until", Utc),  # null: while it goes on
    Column("ended_by", String(16)),  # `citizen`
    Index(
        "ix_subscription_one_each",
        "dossier_id",
        "phone_mark",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
    Index("ix_subscription_phone", "phone_mark"),
    Index("ix_subscription_consent", "consent_id"),
    Index(
        "ix_subscription_ended",
        "until",
        sqlite_where=text("until IS NOT NULL"),
        postgresql_where=text("until IS NOT NULL"),
    ),
)

notice = Table(  # one thing to tell one phone, in the commit of the change that it tells
    "notice",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("subscription_id", RowId, ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Choice(NoticeKind), nullable=False),
    Column("value", String(64), nullable=False),  # what is told, as a hash or a date: each is told once
    Column("state", Choice(NoticeState), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("released_at", Utc),
    Column("outbound_id", RowId),  # its SMS
    Index("ix_notice_sms", "outbound_id"),
    Index("ix_notice_once", "subscription_id", "kind", "value", unique=True),
    Index(
        "ix_notice_waiting",
        "not_before",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
