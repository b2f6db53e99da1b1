"""The scheduled jobs of tickets: what is due, and what was kept long enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection

from db.citizens.lookup_cleanup import forget_superseded
from db.store.engine import Database
from db.tickets.asks import forget_asks
from db.tickets.kept_texts import forget_kept
from db.tickets.retention import empty_tickets, forget_senders
from db.units.calendars import is_always_open, list_calendars, propose_year
from handlers.conversation.business_time.holiday_proposal import propose_days
from sms_gateway.back_office.tickets.due import act_on_due
from sms_gateway.back_office.tickets.results import Office
from sms_gateway.back_office.tickets.working import release_of_gone
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.replies import Replies
from sms_gateway.process.cleanup import Cleanup
from sms_gateway.process.schedule import CLEANED_EVERY, Duty, Job, JobInParts
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.switches import CONVERSATION, LOOKUPS

LOOKED_EVERY = timedelta(seconds=20)
"""An urgent ticket is escalated after minutes, so a timer fires well within one."""

MOST_AT_ONCE = 100
"""Timers in one run; after an outage the next run does the others."""

RELEASED_EVERY = timedelta(minutes=5)
FORGOTTEN_EVERY = timedelta(hours=1)
PROPOSED_EVERY = timedelta(days=1)


def conversation_jobs(parts: ConversationParts | None, replies: Replies, *, zone: tzinfo) -> Sequence[Duty]:
    """Return the jobs of the conversation; none when it is off."""
    if parts is None:
        return []
    new_id = replies.new_id
    return [due_tickets_job(parts, replies, new_id=new_id), gone_agents_job(new_id=new_id), holidays_job(zone)]


def due_tickets_job(parts: ConversationParts, replies: Replies, *, new_id: Callable[[], int]) -> Duty:
    """Return the job that does what is due for tickets."""

    def work(database: Database, now: datetime) -> int:
        return act_on_due(database, Office(parts=parts, replies=replies, new_id=new_id, now=now), limit=MOST_AT_ONCE)

    return JobInParts(name="act_on_tickets", every=LOOKED_EVERY, work=work, service=CONVERSATION)


def gone_agents_job(*, new_id: Callable[[], int]) -> Duty:
    """Return the job that gives tickets back to their units when the last day of their agent is over."""

    def work(connection: Connection, now: datetime) -> int:
        return release_of_gone(connection, now=now, new_id=new_id)

    return Job(name="release_tickets", every=RELEASED_EVERY, work=work, service=CONVERSATION)


def holidays_job(zone: tzinfo) -> Duty:
    """Return the job that proposes the holidays of this year and of the next one; a person confirms them.

    A calendar that is open day and night gets none: people on duty work on holidays.
    """

    def work(connection: Connection, now: datetime) -> int:
        year = now.astimezone(zone).year
        return sum(
            propose_year(connection, calendar.id, proposed, propose_days(proposed))
            for calendar in list_calendars(connection)
            if not is_always_open(calendar)
            for proposed in (year, year + 1)
        )

    return Job(name="propose_holidays", every=PROPOSED_EVERY, work=work, service=CONVERSATION)


def superseded_tables_job() -> Duty:
    """Return the job that deletes the rows of look-up tables which a newer version replaced."""
    return Cleanup(name="forget_superseded_tables", every=CLEANED_EVERY, service=LOOKUPS, work=forget_superseded)


def ticket_retention_jobs(given: ConversationSettings) -> tuple[Duty, ...]:
    """Return the jobs that delete what was kept long enough; they run when the conversation is off, too."""
    kept = timedelta(days=given.ticket_days)
    return (
        Job(
            name="empty_tickets",
            every=CLEANED_EVERY,
            work=lambda connection, now: empty_tickets(connection, closed_before=now - kept),
        ),
        Job(
            name="forget_ticket_senders",
            every=FORGOTTEN_EVERY,
            work=lambda connection, now: forget_senders(connection, seen_before=now - kept),
        ),
        Job(name="forget_asks", every=FORGOTTEN_EVERY, work=lambda connection, now: forget_asks(connection, now=now)),
        Job(
            name="forget_kept_texts",
            every=FORGOTTEN_EVERY,
            work=lambda connection, now: forget_kept(connection, now=now),
        ),
    )
