"""Rows of a sender -> the situation that filing judges by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import parsers
from db.schema import AskKind
from db.store.address import Address
from db.tickets.asks import StoredAsk
from db.tickets.situation import KeptWords, SenderRows
from db.tickets.situation import OwnTicket as TicketRow
from handlers.conversation.effects.choices import NEW_TICKET
from handlers.conversation.situation import NEW, SECONDS_UNTIL_LIVE, Ask, OwnTicket, Previous, Situation
from parsers.commands.conversation import Remark
from parsers.fields.codes.ticket_numbers import PREFIX, find_numbers
from parsers.grammar import Vocabulary
from parsers.reading.conversation import begin_conversation
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import fold, normalise

_HOUR = 3600.0
_SENT_WITHIN = timedelta(hours=24)
"""As long as an SMS of ours may wait (sms_gateway.pipeline.conversation)."""


def numbers_in(bodies: Iterable[str]) -> list[str]:
    """Return the numbers of tickets that texts name."""
    return [
        f"{PREFIX}{found.digits}"
        for body in bodies
        if any(map(str.isdigit, body))
        for found in find_numbers(fold(normalise(body)))
        if found.is_whole
    ]


def situation_of(
    rows: SenderRows,
    sender: Address,
    short_code: str,
    *,
    inbound_id: int,
    at: datetime,
    duty_phones: Collection[str],
    vocabulary: Vocabulary,
    is_subscribed: bool = False,
) -> Situation:
    """Return what is open for a sender at the time of a text."""
    return Situation(
        tickets=tuple(_ticket(one, at, vocabulary) for one in rows.tickets),
        ask=_ask(rows, short_code, inbound_id, at, vocabulary),
        previous=_previous(rows, at),
        new_today=rows.opened_today,
        is_subscribed=is_subscribed,
        is_duty=sender in duty_phones,
    )


def _ticket(row: TicketRow, at: datetime, vocabulary: Vocabulary) -> OwnTicket:
    return OwnTicket(
        number=row.number,
        kind=row.kind,
        state=row.state,
        subject=row.subject,
        hours=_hours(row.said_at, at),
        opened_hours=_hours(row.created_at, at),
        words="" if row.words is None else _without_keyword(row.words, vocabulary),
        merged_into=row.merged_into,
    )


def _hours(since: datetime, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds() / _HOUR)


def _without_keyword(words: str, vocabulary: Vocabulary) -> str:
    """Return the words that opened a ticket as a later text is compared with them."""
    whole = Excerpt.of(normalise(words))
    begun = begin_conversation(whole, vocabulary)
    return whole.shown if begun is None else whole.cut(begun.end).shown


def _ask(rows: SenderRows, short_code: str, inbound_id: int, at: datetime, vocabulary: Vocabulary) -> Ask | None:
    stored = rows.asks.get(short_code)
    if stored is None or stored.until <= at:
        return None
    if stored.sent_at is None and at - stored.made_at > _SENT_WITHIN:
        return None  # its SMS never went out; the citizen writes all the same
    numbers = {one.id: one.number for one in rows.tickets}
    kept = [one for one in rows.kept if one.first_id == stored.subject_id]
    if stored.kind in (AskKind.WHICH, AskKind.SEND_KEPT) and not kept:
        return None  # staff filed it
    return Ask(
        kind=stored.kind,
        seconds=_seconds(stored, inbound_id, at),
        ticket=numbers.get(stored.subject_id),
        choices=tuple(NEW if one == NEW_TICKET else numbers.get(one, "") for one in stored.choices),
        kept_text=" ".join(one.body for one in kept),
        kept_command=_kept_command(kept, at.date(), vocabulary),
    )


def _seconds(stored: StoredAsk, inbound_id: int, at: datetime) -> float:
    """Return the seconds since a question was sent; 0 while it was not.

    Ids never go back. So a text that seems older than the question and has a greater id came after it: the clock was
    set back in between, and the text can be the answer.
    """
    if stored.sent_at is None:
        return 0.0
    if at < stored.made_at and inbound_id > stored.outbound_id:
        return SECONDS_UNTIL_LIVE
    if stored.sent_at < stored.made_at:  # reminded of: the citizen had the question before
        return max(SECONDS_UNTIL_LIVE, (at - stored.made_at).total_seconds())
    return max(0.0, (at - stored.sent_at).total_seconds())


def _kept_command(kept: list[KeptWords], today: date, vocabulary: Vocabulary) -> str | None:
    """Return the command that a kept text was nearly one of."""
    if not kept:
        return None
    reading = parsers.read(kept[0].body, today=today, vocabulary=vocabulary)
    return reading.near if isinstance(reading, Remark) else None


def _previous(rows: SenderRows, at: datetime) -> Previous | None:
    number = next((one.number for one in rows.tickets if one.id == rows.previous_ticket_id), None)
    if number is None or rows.previous_at is None:
        return None
    # A text long before the previous one comes after it: the clock was set back, and the time between is not known.
    return Previous(seconds=abs((at - rows.previous_at).total_seconds()), ticket=number)
