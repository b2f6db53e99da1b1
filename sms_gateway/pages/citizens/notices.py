"""Notices to citizens: the list of all, and those of one dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, render_template, request
from sqlalchemy import Connection

from db.notices.listing import ListedNotice, NoticeProgress, count_failed, count_followers, list_notices
from db.store.phone_numbers import mask_number
from sms_gateway.back_office.citizen_notices import first_open
from sms_gateway.pages.display.paging import read_before
from sms_gateway.settings.switches import NOTICES
from sms_gateway.web.dependencies import dependencies

PAGE_SIZE = 50
_OF_DOSSIER = 20
_LATELY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownNotice:
    """A notice with its number masked."""

    row: ListedNotice
    phone: str
    not_before: datetime  # it waits for the day too


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticesOfDossier:
    """Who follows a dossier, and what they were told."""

    followers: int
    notices: Sequence[ShownNotice]


def notices() -> str:
    """Show the notices, newest first, of one state where the address names it."""
    wanted, before = request.args.get("state", ""), read_before()
    if wanted and wanted not in set(NoticeProgress):
        abort(404)
    progress = NoticeProgress(wanted) if wanted else None
    parts = dependencies()
    with parts.database.read() as connection:
        found = list_notices(connection, progress=progress, before=before, limit=PAGE_SIZE + 1)
        failed = count_failed(connection, since=parts.now() - _LATELY)
    return render_template(
        "citizens/notices.html",
        found=_shown(found[:PAGE_SIZE]),
        older=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        failed=failed,
        progress=progress,
        choices=list(NoticeProgress),
    )


def notices_of(connection: Connection, dossier_id: int) -> NoticesOfDossier | None:
    """Return what the page of a dossier shows of notices; None when they are off."""
    if not dependencies().is_on(NOTICES):
        return None
    return NoticesOfDossier(
        followers=count_followers(connection, dossier_id),
        notices=_shown(list_notices(connection, dossier_id=dossier_id, limit=_OF_DOSSIER)),
    )


def _shown(found: Sequence[ListedNotice]) -> Sequence[ShownNotice]:
    return [ShownNotice(row=one, phone=mask_number(one.phone), not_before=first_open(one.not_before)) for one in found]
