"""HUY, STOP and `dung gui tin`: the notices to a phone end, of all dossiers or of those that are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from db.citizens.dossiers import lookalike_key
from db.notices.subscriptions import end_all, end_some
from db.store.address import Address
from handlers.context import ServiceFacts
from handlers.conversation.answers import about_service, dossier_notices
from handlers.conversation.effects.effect import Effect
from handlers.conversation.effects.outcomes import FilingOutcome
from parsers.commands import Command
from parsers.commands.conversation import WithdrawTicket
from parsers.misread import Misread

NOTICES_ENDED, NOTHING_ENDED = FilingOutcome.STOPPED.value, FilingOutcome.NO_NOTICES.value


def end_notices(
    connection: Connection,
    phone: Address,
    reading: Command | Misread,
    *,
    inbound_id: int,
    service: ServiceFacts,
    new_id: Callable[[], int],
    now: datetime,
    has_tickets: bool = False,
) -> Effect:
    """End the notices to a phone, whether notices are on or not; `has_tickets`: it may have tickets, which go on.

    Only the phone's own subscriptions are looked at, so the answer shows nothing of other dossiers.
    """
    codes = reading.codes if isinstance(reading, WithdrawTicket) else ()
    if codes:
        keys = {lookalike_key(code.canonical) for code in codes}
        ended = end_some(connection, phone, keys, inbound_id=inbound_id, new_id=new_id, now=now).codes
    else:
        ended = end_all(connection, phone, inbound_id=inbound_id, new_id=new_id, now=now).codes
    if not codes and has_tickets:
        return Effect(outcome=NOTICES_ENDED, text=about_service.stopped(service, had_notices=bool(ended)))
    if ended:
        return Effect(outcome=NOTICES_ENDED, text=dossier_notices.ended(ended, service, named=bool(codes)))
    text = dossier_notices.nothing_ended([code.written for code in codes], service)
    return Effect(outcome=NOTHING_ENDED, text=text)
