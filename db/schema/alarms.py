"""Alarms, and the notices by which they leave the house."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import AlarmNoticeState
from db.store.column_types import Choice, RowId, Utc

_OPEN = text("ended_at IS NULL")
_WAITING = text("state = 'waiting'")

alarm = Table(  # what is or was wrong; only one row of a name and subject is open
    "alarm",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(32), nullable=False),  # sms_gateway.alarms.condition.AlarmName
    Column("subject", String(80), nullable=False),  # which link, table or file; empty: the whole service
    Column("urgent", Boolean, nullable=False),
    Column("words", Text, nullable=False),  # JSON: title and fix in each language, as they were last told
    Column("began_at", Utc, nullable=False),
    Column("gone_at", Utc),  # not seen since; it ends when that lasts
    Column("announced", Boolean, nullable=False),  # the last notice said that it holds, not that it ended
    Column("told_at", Utc),  # when a notice last said that it holds
    Column("repeat_at", Utc),  # before this no notice says so again
    Column("acknowledged_at", Utc),
    Column("acknowledged_by", String(64)),
    Column("note", String(200)),  # of the operator who acknowledged it
    Column("ended_at", Utc),
    Index("ix_alarm_open", "name", "subject", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_alarm_ended", "ended_at"),
)

alarm_notice = Table(  # one notice for one way
    "alarm_notice",
    metadata,
    Column("number", String(40), primary_key=True),  # the same for every way and every try
    Column("way", String(16), primary_key=True),  # `email`, `webhook`, `sms`
    Column("alarm_id", RowId, ForeignKey("alarm.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # sms_gateway.alarms.notice.NoticeKind
    Column("title", Text, nullable=False),  # in the language of the settings, the same at each try
    Column("fix", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", Choice(AlarmNoticeState), nullable=False),
    Column("next_try", Utc, nullable=False),  # while it waits
    Column("tries", SmallInteger, nullable=False),
    Column("failed_at", Utc),  # the first try that failed
    Column("tried_at", Utc),  # the last try; of one that was accepted, when that was
    Column("last_error", String(200)),  # free of secrets and personal data
    Index("ix_alarm_notice_alarm", "alarm_id"),
    Index("ix_alarm_notice_due", "way", "next_try", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
