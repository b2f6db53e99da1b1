"""Notices go out: a few at a time, so that answers go first, by day only, and each as true as its dossier is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from db.messages.outbox import NewOutbound
from db.notices.release import (
    DueNotice,
    due_notices,
    give_terms,
    has_due,
    queued_by,
    sort_due,
    write_sorted,
)
from db.notices.terms import NoticeTerms
from db.schema import NoticeKind
from db.staff.service_switches import off_sentences
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.conversation.answers.dossier_notices import changed, notice
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.model import Settings
from sms_gateway.settings.switches import NOTICES

OPENS, CLOSES = time(7), time(21)
"""Only between these times are citizens told: a text that was not sent when they are over waits for the next day."""

LAST_WRITTEN = time(20, 50)
"""Until then notices are written: a link and a carrier get some minutes to send the last."""

MOST_QUEUED = 5
"""Texts of any kind that may wait for a link when notices are added: an answer that comes then waits for so few."""

_LOOKED_AT = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeDesk:
    """What notices need besides their rows."""

    services: Mapping[str, ServiceFacts]
    """The facts of the service, with its wording, by language."""
    language: str
    """Of the service, for citizens who chose none."""
    senders: Sequence[str]
    """The channels that send to telephones, the one for those who named none first."""
    short_codes: Sequence[str]
    replies: Replies


def give_notices(settings: Settings, database: Database, new_id: Callable[[], int]) -> None:
    """Let whatever changes a dossier write notices, when they are on; call it when the database was opened."""
    if settings.notices.enabled:
        hold = timedelta(minutes=settings.notices.hold_minutes)
        give_terms(database, NoticeTerms(hold=hold, new_id=new_id, zone=LOCAL_ZONE))


def is_open(now: datetime) -> bool:
    """Return whether notices may be written now.

    >>> from datetime import UTC
    >>> [is_open(datetime(2026, 11, 29, hour, tzinfo=UTC)) for hour in (23, 0, 13, 14)]
    [False, True, True, False]
    """
    return OPENS <= now.astimezone(LOCAL_ZONE).time() < LAST_WRITTEN


def first_open(moment: datetime) -> datetime:
    """Return when notices may be written from a moment on: at once by day, else in the morning.

    >>> from datetime import UTC
    >>> [first_open(datetime(2026, 11, 29, hour, tzinfo=UTC)).astimezone(UTC).hour for hour in (5, 14, 20)]
    [5, 0, 0]
    """
    local = moment.astimezone(LOCAL_ZONE)
    if is_open(moment):
        return moment
    day = local.date() + timedelta(days=local.time() >= OPENS)
    return datetime.combine(day, OPENS, LOCAL_ZONE)


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Return whether a notice waits for its turn; none has one while an operator has switched notices off."""
    return is_open(now) and has_due(connection, now=now) and NOTICES not in off_sentences(connection)


def release_some(connection: Connection, desk: NoticeDesk, *, now: datetime) -> int:
    """Write the texts of notices whose time has come, as many as links have room for; return how many were looked at.

    The text and the state of its notice are one commit, so each goes out once.
    """
    room = {link: MOST_QUEUED - queued_by(connection, link, most=MOST_QUEUED) for link in desk.senders}
    ready = [link for link, left in room.items() if left > 0]
    if not ready or not is_open(now):
        return 0
    found = due_notices(
        connection, ready, known=desk.senders, takes_others=desk.senders[0] in ready, now=now, limit=_LOOKED_AT
    )
    picked = []
    for one in found:
        link = _link_of(one, desk)
        if room[link] > 0:
            room[link] -= 1
            picked.append(one)
    today = now.astimezone(LOCAL_ZONE).date()
    asks_secret = desk.services[desk.language].asks_secret
    done = sort_due(connection, picked, today=today, now=now, asks_secret=asks_secret)
    texts = {one.id: _compose(one, desk, now) for one in done.go}
    desk.replies.queue(connection, list(texts.values()), now=now)
    write_sorted(connection, done, {notice_id: text.id for notice_id, text in texts.items()}, now=now)
    return len(picked)


def _link_of(one: DueNotice, desk: NoticeDesk) -> str:
    return one.link if one.link is not None and one.link in desk.senders else desk.senders[0]


def _compose(one: DueNotice, desk: NoticeDesk, now: datetime) -> NewOutbound:
    link = _link_of(one, desk)
    service = desk.services.get(one.language or desk.language) or desk.services[desk.language]
    facts = desk.replies.traits.of(link).facts(service)
    if one.short_code is not None and one.short_code in desk.short_codes:
        facts = replace(facts, short_code=one.short_code)
    closes = datetime.combine(now.astimezone(LOCAL_ZONE), CLOSES, LOCAL_ZONE)
    missed = date.fromisoformat(one.value) if one.kind is NoticeKind.OVERDUE else None
    return desk.replies.compose(
        link=link,
        sender=facts.short_code,
        recipient=one.phone,
        body=notice(one.kind, one.code, one.dossier, facts, missed=missed)
        if one.with_secret or not facts.asks_secret
        else changed(one.code, facts),
        now=now,
        lasts=closes - now,
    )
