"""Texts to the people on duty about an urgent ticket: number, ward and first letters, without a telephone number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from db.messages.outbox import NewOutbound
from db.units.contacts import ContactRow
from handlers.conversation.answers.agents import duty_call
from handlers.conversation.load import duty_contacts
from handlers.conversation.units_now import Units
from sms_gateway.pipeline.conversation import URGENT_LASTS, ConversationParts
from sms_gateway.pipeline.replies import Replies


@dataclass(frozen=True, kw_only=True, slots=True)
class UrgentTicket:
    """What people on duty are told of a ticket."""

    number: str
    unit_id: int
    words: str = field(repr=False)
    ward: str | None = None


def people_on_duty(units: Units, unit_id: int, at: datetime) -> Sequence[ContactRow]:
    """Return the duty contacts of a unit in the order in which they are texted; of the duty unit where it has none."""
    directory = units.directory
    for one in dict.fromkeys((unit_id, directory.duty.id, directory.focal.id)):
        found = duty_contacts(units.duty.get(one, ()), at, directory.focal.calendar.zone)
        if found:
            return found
    return ()


def call(
    ticket: UrgentTicket,
    contact: ContactRow,
    parts: ConversationParts,
    writer: Replies,
    *,
    now: datetime,
    minutes: int | None = None,
) -> NewOutbound | None:
    """Return the text to a contact, for the caller to store; None where no channel sends to telephones.

    `minutes` have passed since the ticket was opened; None: it is the first call.
    """
    link = next(iter(parts.senders), None)
    if link is None:
        return None
    short_code = parts.traits.of(link).known_as
    service = parts.facts_for(link, short_code, None)
    return writer.compose(
        link=link,
        sender=short_code,
        recipient=contact.phone,
        body=duty_call(ticket.number, ticket.words, ticket.ward, service, minutes=minutes),
        now=now,
        lasts=URGENT_LASTS,
    )
