"""Settings to the job that releases accounts which were never in use; without the setting there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.citizens.account_use import release_unused
from db.staff import audit
from db.staff.audit import Action
from db.store.ids import first_id_at
from handlers.commands.registration import REFUSED_DAYS
from sms_gateway.process.schedule import Duty, Job
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings

MOST_AT_ONCE = 100
RELEASED_BY = "schedule"
"""What the audit log names as the operator."""


def account_jobs(settings: BackOfficeSettings) -> Sequence[Duty]:
    """Return the job, where accounts are reported in use and the settings say after how many days they are released."""
    days = settings.release_unused_after_days
    if not (settings.enabled and settings.accounts is AccountMode.VERIFY and days):
        return ()

    def work(connection: Connection, now: datetime) -> int:
        # Nobody used the account, so the same phone may open another one at once: the days for which an operator's
        # release refuses it are over.
        released_id = first_id_at(now - timedelta(days=REFUSED_DAYS))
        ended = release_unused(
            connection, ended_before=now - timedelta(days=days), released_id=released_id, limit=MOST_AT_ONCE
        )
        for account_id in ended:
            audit.append(
                connection,
                at=now,
                operator=RELEASED_BY,
                action=Action.ACCOUNT_RELEASED,
                subject=f"account:{account_id}",
                detail="never in use",
            )
        return len(ended)

    return (Job(name="release_unused_accounts", every=timedelta(hours=1), work=work),)
