"""What an act needs, and what comes of it: done, overtaken by somebody else, refused, or to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from db.schema import EntryKind, TicketState
from db.tickets.transitions import Overtaken as RowOvertaken
from db.tickets.transitions import lock_ticket
from db.tickets.whole_ticket import Entry, Scope, Ticket, read_entries, read_ticket
from handlers.conversation.units_now import Units
from parsers.localised_message import LocalisedMessage, MessageTable
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.replies import Replies

ACTS = MessageTable(
    "act",
    {
        "answered": "The answer to {number} is on its way.",
        "resolved": "{number} is answered and resolved.",
        "asked": "The question about {number} is on its way.",
        "waits": "{number} waits for another body.",
        "resumed": "{number} goes on.",
        "noted": "The note is in {number}.",
        "taken": "{number} is yours.",
        "released": "{number} is back in the queue.",
        "assigned": "{number} has a new agent.",
        "transferred": "{number} is with the other unit.",
        "priority": "{number} has another priority.",
        "called": "People on duty are texted about {number}.",
        "linked": "{number} is linked to a dossier.",
        "unlinked": "{number} is linked to no dossier any more.",
        "sorted": "The topic and the ward of {number} are set.",
        "route": "The unit of {number} is confirmed.",
        "merged": "{number} goes on in {other}.",
        "undone": "{number} is a ticket of its own again.",
        "moved": "The text is in {number}.",
        "split": "The text has a ticket of its own: {number}.",
        "spam": "{number} is closed as spam.",
        "not_ours": "{number} is closed, and the citizen is told where to go.",
        "opened": "{number} is open, and its number is on its way.",
        "named": "The name of the citizen is noted.",
        "filed": "The text is in {number}.",
        "aside": "The text needs no ticket.",
        "overtaken.answered": "{name} answered {number} at {at}.",
        "overtaken.resolved": "{name} answered and resolved {number} at {at}.",
        "overtaken.changed": "{name} changed {number} at {at}.",
        "overtaken.citizen": "The citizen wrote to {number} at {at}. Read it first.",
        "overtaken.duty": "A person on duty wrote to {number} at {at}. Read it first.",
        "overtaken.state": "{number} is in another state by now, in which this cannot be done.",
        "refused.unknown": "There is no such ticket, or it is none of your units.",
        "refused.state": "This cannot be done in the state in which {number} is.",
        "refused.no_phone": "The ticket has no telephone number any more.",
        "refused.no_link": "No channel sends to telephones. Turn one on in the settings.",
        "refused.unreachable": "Channel {link} only reaches citizens who texted by it in the last {most} days, and "
        "has no fallback. Call the citizen, or set a fallback in the settings.",
        "refused.phone": "This is no telephone number of a citizen.",
        "refused.same_unit": "The ticket is with this unit already. Choose another one.",
        "refused.unit": "There is no such unit, or it is not in use.",
        "refused.operator": "This agent does not work for the unit.",
        "refused.accusation": "An accusation stays with the focal unit: it is never merged, moved or split.",
        "refused.itself": "This is the same ticket.",
        "refused.target_closed": "The other ticket is closed. Reopen it first.",
        "refused.not_merged": "This ticket is not merged.",
        "refused.other_phone": "Only tickets of one telephone are merged.",
        "refused.too_late": "It was merged more than 30 days ago.",
        "refused.no_words": "Only what the citizen wrote can be moved.",
        "refused.opened_it": "This text opened the ticket, which would be empty without it.",
        "refused.empty": "Write something first.",
        "refused.urgent_off": "Urgent tickets are switched off. Turn them on in the settings.",
        "refused.choose": "Choose a topic or a ward first.",
        "refused.no_duty": "No unit has a contact with duty hours.",
        "refused.dossier": "There is no dossier with this code.",
        "refused.filed": "Somebody has dealt with this text meanwhile.",
        "refused.off": "No unit is the focal unit. Mark one first.",
    },
)
"""What pages say of an act."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acting:
    """Who acts on which ticket, as the page showed it."""

    ticket_id: int
    version: int
    operator_id: int
    operator: str
    scope: Scope
    unit_id: int | None = None
    """The agent's unit; None: the ticket's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """It is done; the caller commits."""

    message: LocalisedMessage
    ticket_id: int
    number: str
    is_repeated: bool = False
    """The same form was sent before: it was done then, and is recorded already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Overtaken:
    """Nothing is done, because somebody else was first."""

    message: LocalisedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """Nothing is done; what is wrong."""

    faults: Sequence[LocalisedMessage]


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsConfirmation:
    """Nothing is done yet: the text has links to our own sites; do it again with these as `confirmed`."""

    links: Sequence[str]


Result = Acted | Overtaken | Refused | NeedsConfirmation
"""What comes of an act."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """What the acts of one process need; made for a request or a run of a job."""

    parts: ConversationParts
    replies: Replies
    """Writes what goes out, and wakes the pipeline after the caller's commit."""
    new_id: Callable[[], int]
    now: datetime


def refused(key: str, **values: str | int) -> Refused:
    """Return a refusal for one reason."""
    return Refused(faults=[ACTS.message(f"refused.{key}", **values)])


def acted(key: str, ticket: Ticket, **values: str | int) -> Acted:
    """Return what was done with a ticket."""
    return Acted(message=ACTS.message(key, number=ticket.number, **values), ticket_id=ticket.id, number=ticket.number)


def find(connection: Connection, acting: Acting) -> Ticket | Overtaken | Refused:
    """Return the ticket as the agent saw it."""
    ticket = read_ticket(connection, acting.ticket_id, acting.scope)
    if ticket is None:
        return refused("unknown")
    return ticket if ticket.version == acting.version else overtaken(connection, ticket, acting.version)


def find_locked(connection: Connection, acting: Acting, *others: int) -> Ticket | Overtaken | Refused:
    """Return the ticket as the agent saw it, locked with others; for acts that change more rows than one step does.

    On PostgreSQL nobody else changes these tickets until this transaction ends. They are locked in one order, so that
    two agents never wait for each other.
    """
    for ticket_id in sorted({acting.ticket_id, *others}):
        lock_ticket(connection, ticket_id)
    return find(connection, acting)


def new_assignee(acting: Acting, ticket: Ticket, units: Units) -> int | None:
    """Return the agent who gets a ticket by working on it; None: it has one, or leads assign the unit's tickets."""
    unit = units.directory.units.get(ticket.unit_id)
    leads = acting.scope.units is None or ticket.unit_id in acting.scope.led
    may_take = leads or unit is None or not unit.assigns
    return acting.operator_id if ticket.assignee_id is None and may_take else None


def overtaken(connection: Connection, ticket: Ticket, seen: int) -> Overtaken:
    """Return who was first, what they did and when; `seen` is the version that the agent saw.

    Every change adds one to the version and at most one entry, so older entries are not
    looked at. A note of the service is no change.
    """
    entries = read_entries(connection, ticket.id)
    changes = [one for one in entries if one.kind is not EntryKind.SYSTEM or one.to_state is not None]
    since = changes[-max(ticket.version - seen, 1) :]
    last = next((one for one in reversed(since) if one.kind is not EntryKind.SYSTEM), None)
    if last is None:
        return Overtaken(message=ACTS.message("overtaken.state", number=ticket.number))
    at = f"{last.at.astimezone(LOCAL_ZONE):%H:%M %d/%m}"
    if last.operator is None:
        key = "overtaken.duty" if last.kind is EntryKind.NOTE else "overtaken.citizen"
        return Overtaken(message=ACTS.message(key, number=ticket.number, at=at))
    return Overtaken(message=ACTS.message(_did(last), number=ticket.number, name=last.operator, at=at))


def _did(entry: Entry) -> str:
    if entry.kind not in (EntryKind.ANSWER, EntryKind.QUESTION):
        return "overtaken.changed"
    return "overtaken.resolved" if entry.to_state is TicketState.RESOLVED else "overtaken.answered"


def not_taken(connection: Connection, ticket: Ticket, step: RowOvertaken) -> Overtaken | Refused:
    """Return why a step was not done: the state does not allow it, or somebody was first."""
    if step.version == ticket.version:
        return refused("state", number=ticket.number)
    return overtaken(connection, ticket, ticket.version)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a citizen would get."""

    text: str = field(repr=False)
    segments: int
    faults: Sequence[LocalisedMessage] = ()
    links: Sequence[str] = ()
    """Links to our own sites, which are confirmed before they are sent."""
