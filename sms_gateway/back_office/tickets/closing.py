"""An agent closes a ticket: as spam, as another body's, or because its matter goes on in another ticket."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db.messages.outbox import NewOutbound
from db.schema import CloseReason, EntryKind, TicketState
from db.tickets.asks import end_asks_about
from db.tickets.merging import UNDO_DAYS, Merge, NotMerged, state_before_closing, undo_merge
from db.tickets.merging import merge as merge_rows
from db.tickets.states import TicketEvent, events_of
from db.tickets.transitions import Details, NewEntry, Step, Taken, take_step
from db.tickets.transitions import Overtaken as RowOvertaken
from db.tickets.whole_ticket import Entry, Ticket, find_ticket, read_entries, read_tickets
from handlers.conversation.steps import timers_again
from sms_gateway.back_office.tickets.answering import sms_of, text_to_citizen
from sms_gateway.back_office.tickets.drafts import How, unmerged, written
from sms_gateway.back_office.tickets.moving import go_on_with
from sms_gateway.back_office.tickets.results import (
    Acting,
    Office,
    Overtaken,
    Refused,
    Result,
    acted,
    find,
    not_taken,
    refused,
)

_WHY_NOT = {
    NotMerged.UNKNOWN: "unknown",
    NotMerged.ITSELF: "itself",
    NotMerged.TARGET_IS_CLOSED: "target_closed",
    NotMerged.ACCUSATION: "accusation",
    NotMerged.NO_MERGING: "not_merged",
    NotMerged.TOO_LATE: "too_late",
}


def spam(connection: Connection, office: Office, acting: Acting) -> Result:
    """Close a ticket as spam; nobody is told."""
    ticket = find(connection, acting)
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    return _close(
        connection, office, acting, ticket, event=TicketEvent.SPAM, entry=_line(office, acting, ticket, "spam")
    )


def not_ours(
    connection: Connection, office: Office, acting: Acting, where: str, *, confirmed: Collection[str] = ()
) -> Result:
    """Close a ticket of another body; the citizen is told where to go."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    sms = text_to_citizen(connection, office, units, ticket, How.NOT_OURS, where, confirmed=confirmed)
    if not isinstance(sms, NewOutbound):
        return sms
    entry = _line(office, acting, ticket, where, kind=EntryKind.ANSWER, outbound_id=sms.id)
    return _close(connection, office, acting, ticket, event=TicketEvent.NOT_OURS, entry=entry, sms=sms)


def merge(connection: Connection, office: Office, acting: Acting, number: str) -> Result:
    """Close a ticket whose matter goes on in another one of the same telephone; the citizen is told once.

    Not one of another telephone: its citizen could ask for that matter, or end it.
    """
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    target = find_ticket(connection, number, acting.scope)
    if target is None:
        return refused("unknown")
    if units is None:
        return refused("off")
    if (why_not := refusal_to_merge(ticket, target)) is not None:
        return why_not
    text = written(office, units, ticket, How.MERGE, target.number).text
    sms = sms_of(office, ticket, text) if ticket.phone is not None else None
    wanted = Merge(
        ticket_id=ticket.id,
        version=acting.version,
        into_id=target.id,
        entry=_line(
            office, acting, ticket, f"merged into {target.number}", outbound_id=None if sms is None else sms.id
        ),
        note=_line(office, acting, target, f"merged from {ticket.number}"),
    )
    done = merge_rows(connection, wanted, new_id=office.new_id)
    if isinstance(done, NotMerged):
        return refused(_WHY_NOT[done])
    if isinstance(done, RowOvertaken):
        return not_taken(connection, ticket, done)
    end_asks_about(connection, ticket.id)
    if target.state is TicketState.RESOLVED:  # else nobody would work on the matter, and it would close
        go_on_with(connection, office, target, units, operator=acting.operator)
    if sms is not None:
        office.replies.queue(connection, [sms], now=office.now)
    return acted("merged", ticket, other=target.number)


def refusal_to_merge(ticket: Ticket, target: Ticket) -> Refused | None:
    """Return why two tickets as they are now cannot be merged; None when they can."""
    if ticket.id == target.id:
        return refused("itself")
    if ticket.phone != target.phone:
        return refused("other_phone")
    if ticket.is_accusation or target.is_accusation:
        return refused("accusation")
    if TicketEvent.MERGE not in events_of(ticket.state):
        return refused("state", number=ticket.number)
    return refused("target_closed") if target.state is TicketState.CLOSED else None


def refusal_to_undo(ticket: Ticket, now: datetime) -> Refused | None:
    """Return why a merging cannot be undone; None when it can."""
    if ticket.close_reason is not CloseReason.MERGED or ticket.closed_at is None:
        return refused("not_merged")
    return refused("too_late") if ticket.closed_at < now - UNDO_DAYS else None


def undo(connection: Connection, office: Office, acting: Acting) -> Result:
    """Give a merged ticket back its state, within 30 days; a citizen who was told of the merging is told of this."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    state = state_before_closing(connection, ticket.id) or ticket.state
    entries = read_entries(connection, ticket.id)
    sms = _told_of_undoing(connection, office, ticket, entries)
    questions = [one.at for one in entries if one.kind is EntryKind.QUESTION]
    asked_at = questions[-1] if questions else None
    timers = timers_again(ticket, state, units, office.now, final_due=ticket.final_due, asked_at=asked_at)
    done = undo_merge(
        connection,
        ticket.id,
        _line(office, acting, ticket, "merging undone", outbound_id=None if sms is None else sms.id),
        version=acting.version,
        clock=None,
        timers=timers,
        new_id=office.new_id,
    )
    if isinstance(done, NotMerged):
        return refused(_WHY_NOT[done])
    if not isinstance(done, Taken):
        return not_taken(connection, ticket, done)
    if ticket.unit_id not in units.directory.units:  # disabled meanwhile: no agent would see it
        focal = units.directory.focal
        entry = _line(office, acting, ticket, f"to {focal.code}")
        details = Details(unit_id=focal.id)
        step = Step(ticket_id=ticket.id, event=TicketEvent.NOTE, entry=entry, details=details, to_queue=True)
        take_step(connection, step, new_id=office.new_id)
    if sms is not None:
        office.replies.queue(connection, [sms], now=office.now)
    return acted("undone", ticket)


def _told_of_undoing(
    connection: Connection, office: Office, ticket: Ticket, entries: Sequence[Entry]
) -> NewOutbound | None:
    """Compose the SMS that takes the one about the merging back; None where there was none."""
    closing = next((one for one in reversed(entries) if one.to_state is TicketState.CLOSED), None)
    if closing is None or closing.outbound_id is None or ticket.phone is None or ticket.merged_into is None:
        return None
    (other,) = read_tickets(connection, [ticket.merged_into])
    return sms_of(office, ticket, unmerged(office, ticket, other.number))


def _close(
    connection: Connection,
    office: Office,
    acting: Acting,
    ticket: Ticket,
    *,
    event: TicketEvent,
    entry: NewEntry,
    sms: NewOutbound | None = None,
) -> Result:
    step = Step(ticket_id=ticket.id, event=event, entry=entry, version=acting.version)
    done = take_step(connection, step, new_id=office.new_id)
    if not isinstance(done, Taken):
        return not_taken(connection, ticket, done) if isinstance(done, RowOvertaken) else refused("unknown")
    end_asks_about(connection, ticket.id)
    if sms is not None:
        office.replies.queue(connection, [sms], now=office.now)
    return acted(event.value, ticket)


def _line(
    office: Office,
    acting: Acting,
    ticket: Ticket,
    words: str,
    *,
    kind: EntryKind = EntryKind.STAFF,
    outbound_id: int | None = None,
) -> NewEntry:
    return NewEntry(
        kind=kind,
        at=office.now,
        body=words,
        outbound_id=outbound_id,
        operator=acting.operator,
        unit_id=acting.unit_id or ticket.unit_id,
    )
