"""Settings to notices and counts: nothing when they are off, or when no channel sends to telephones."""

from __future__ import annotations

from collections.abc import Mapping

from db.store.engine import Database
from handlers.wording.catalogue import Wording
from parsers.grammar import Vocabulary
from sms_gateway.back_office.citizen_notices import NoticeDesk, give_notices
from sms_gateway.channels.http.network import Networks
from sms_gateway.pipeline.replies import Replies
from sms_gateway.process.back_office_jobs import CountDays, counts_jobs, days_counting, notice_jobs
from sms_gateway.process.schedule import Duty
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.conversation_parts import services_by_language, telephone_senders


def begin_back_office(
    settings: Settings,
    database: Database,
    replies: Replies,
    vocabulary: Vocabulary,
    *,
    catalogues: Mapping[str, Wording],
    networks: Networks,
    keywords: Mapping[str, str] | None = None,
) -> tuple[Duty, ...]:
    """Let this process write notices when they are on; return the jobs of notices and of counts."""
    give_notices(settings, database, replies.new_id)
    senders = telephone_senders(settings, networks)
    counts = (CountDays(counting=days_counting(settings.retention)), *counts_jobs(settings.counts.directory))
    if not settings.notices.enabled or not senders:
        return (*counts, *notice_jobs(None))
    jobs = notice_jobs(
        NoticeDesk(
            services=services_by_language(settings, database, replies.traits, vocabulary, catalogues, keywords),
            language=settings.service.language,
            senders=senders,
            short_codes=settings.short_codes,
            replies=replies,
        )
    )
    return (*counts, *jobs)
