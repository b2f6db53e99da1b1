"""Settings to what sends events to systems of the city; without a section [webhooks.NAME] there is nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from db.processes.webhook_deliveries import forget_deliveries, has_deliveries
from db.processes.webhook_dossiers import forget_asked, has_asked
from db.store.engine import Database
from sms_gateway.channels.webhooks.sender import WebhookCounters, WebhookSender, WebhookTerms
from sms_gateway.clock import Now
from sms_gateway.process.cleanup import Cleanup
from sms_gateway.process.schedule import CLEANED_EVERY, Duty, Job
from sms_gateway.settings.model import Settings

KEPT = timedelta(days=30)
"""How long events are kept, delivered or not."""

FORGOTTEN_EVERY = timedelta(hours=1)


def webhook_senders(
    settings: Settings, database: Database, counters: WebhookCounters, *, now: Now
) -> Mapping[str, WebhookSender]:
    """Return by name what sends to each receiver."""
    return {
        name: WebhookSender(
            WebhookTerms(
                name=name,
                url=one.url,
                secrets=one.secrets,
                answer_seconds=one.answer_seconds,
                ca_file=one.ca_file,
            ),
            database,
            counters,
            now=now,
        )
        for name, one in settings.receiving_systems.items()
    }


def webhook_jobs(settings: Settings, database: Database) -> Sequence[Duty]:
    """Return the job that deletes old events: also those of receivers that were taken out of the settings."""
    if not settings.receiving_systems:
        with database.read() as connection:
            if not (has_deliveries(connection) or has_asked(connection)):
                return ()
    return (
        Cleanup(
            name="forget_webhooks",
            every=CLEANED_EVERY,
            work=lambda connection, now, rows: forget_deliveries(connection, made_before=now - KEPT, limit=rows),
        ),
        Job(
            name="forget_asked_dossiers",
            every=FORGOTTEN_EVERY,
            work=lambda connection, now: forget_asked(connection, before=now - KEPT),
        ),
    )
