"""The terms of notices: known to the database connection, so that whatever changes a dossier makes its notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import cast

from sqlalchemy import Connection, Dialect


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeTerms:
    """What a notice needs of the settings."""

    hold: timedelta
    """How long a change waits: a later change within it replaces the notice."""
    new_id: Callable[[], int]
    zone: tzinfo

    def day_of(self, moment: datetime) -> date:
        """Return the day in the city."""
        return moment.astimezone(self.zone).date()


def set_terms(dialect: Dialect, terms: NoticeTerms) -> None:
    """Let every engine with this dialect write notices."""
    dialect.sms_gateway_notices = terms  # type: ignore[attr-defined]  # beside the keyring


def terms_of(connection: Connection) -> NoticeTerms | None:
    """Return the terms; None when notices are off."""
    return cast("NoticeTerms | None", getattr(connection.dialect, "sms_gateway_notices", None))
