"""Undoing a filing: an entry moves to another ticket or gets one of its own; kept texts are filed or put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from db.schema import AskKind, CloseReason, EntryKind, TicketKind, TicketState, TimerKind
from db.tickets.asks import NewAsk, end_asks_about, put_asks
from db.tickets.entry_moves import NotMoved, hand_on, split_entry, stand_again
from db.tickets.entry_moves import move_entry as move_row
from db.tickets.kept_texts import KeptText, lock_kept, mark_filed, put_aside
from db.tickets.opening import open_tickets
from db.tickets.senders import languages_of
from db.tickets.states import Standing, TicketEvent, read_standing
from db.tickets.transitions import Filed, NewEntry, Taken, take_step
from db.tickets.whole_ticket import Entry, Scope, Ticket, find_ticket, read_entries, read_ticket, read_tickets
from db.units.route_rules import count_hits
from handlers.conversation.new_tickets import Matter, plan
from handlers.conversation.routing import accuses
from handlers.conversation.steps import timers_again, words_step
from handlers.conversation.ticket_clock import rating_timers
from handlers.conversation.units_now import Units
from parsers.text.normal_form import normalise
from sms_gateway.back_office.tickets.results import (
    ACTS,
    Acted,
    Acting,
    Office,
    Overtaken,
    Refused,
    Result,
    acted,
    find_locked,
    refused,
)

_WHY_NOT = {
    NotMoved.UNKNOWN: "unknown",
    NotMoved.ITSELF: "itself",
    NotMoved.NO_WORDS_OF_CITIZEN: "no_words",
    NotMoved.OPENED_IT: "opened_it",
    NotMoved.CLOSED: "target_closed",
}


_OF_OURS = (EntryKind.STAFF, EntryKind.NOTE, EntryKind.SYSTEM)
"""Entries that say nothing to the citizen and nothing of the citizen."""


AS_BEFORE = "as before"
"""What the history says of a ticket that is as it was before words that were moved."""
_STATE_AGAIN = frozenset({AS_BEFORE, "merging undone"})
"""Lines of a state that a ticket got back: what led to it is in an earlier line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorting:
    """Who files kept texts, and which tickets they may see."""

    operator_id: int
    operator: str
    scope: Scope


def move_entry(connection: Connection, office: Office, acting: Acting, entry_id: int, number: str) -> Result:
    """File what a citizen wrote in another ticket of the same phone."""
    target = find_ticket(connection, number, acting.scope)
    ticket = find_locked(connection, acting, *([] if target is None else [target.id]))
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    entry = _entry_of(connection, ticket, entry_id)
    if target is None or target.phone != ticket.phone or entry is None:
        return refused("unknown")
    if ticket.is_accusation and not target.is_accusation:
        return refused("accusation")  # what its leads alone may read would be open to others
    units = office.parts.units()
    if units is None:
        return refused("off")
    done = move_row(connection, entry_id, target.id, at=office.now, operator=acting.operator, new_id=office.new_id)
    if isinstance(done, NotMoved):
        return refused(_WHY_NOT[done])
    _stand_again(connection, office, ticket, units, moved=entry, operator=acting.operator)
    go_on_with(connection, office, target, units, operator=acting.operator)
    return acted("moved", target)


def split(connection: Connection, office: Office, acting: Acting, entry_id: int, kind: TicketKind) -> Result:
    """Open a ticket of its own for what a citizen wrote in this one; its number is shown, and nobody is texted."""
    ticket = find_locked(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if ticket.is_accusation:
        return refused("accusation")
    entry = _entry_of(connection, ticket, entry_id)
    if entry is None or units is None or ticket.phone is None:
        return refused("unknown" if units is not None else "off")
    matter = Matter(
        kind=kind,
        words=normalise(entry.body or ""),
        body=entry.body or "",
        sender=ticket.phone,
        short_code=ticket.short_code,
        reply_link=ticket.reply_link,
        language=ticket.language,
        at=office.now,
        channel=ticket.channel,
        operator=acting.operator,
        parent_id=ticket.id,
    )
    new = plan(matter, units).new
    done = split_entry(
        connection, entry_id, new, operator=acting.operator, draw=office.parts.draw, new_id=office.new_id
    )
    if isinstance(done, NotMoved):
        return refused(_WHY_NOT[done])
    _stand_again(connection, office, ticket, units, moved=entry, operator=acting.operator)
    count_hits(connection, [new.rule_id])
    return Acted(message=ACTS.message("split", number=done.number), ticket_id=done.id, number=done.number)


def go_on_with(connection: Connection, office: Office, ticket: Ticket, units: Units, *, operator: str) -> None:
    """Let a ticket that got words of its citizen from another one go on, as if they had been filed in it."""
    entry = NewEntry(kind=EntryKind.STAFF, at=office.now, body="resumed", operator=operator)
    step = words_step(ticket, entry, units)
    if step.event is TicketEvent.WRITE:
        return  # it waits for us anyway
    take_step(connection, step, new_id=office.new_id)
    end_asks_about(connection, ticket.id)


def _stand_again(
    connection: Connection, office: Office, ticket: Ticket, units: Units, *, moved: Entry, operator: str
) -> None:
    """Let a ticket be as it was before the words that were moved changed its state.

    Not when other words of the citizen came since, or an agent acted on it.
    """
    entries = read_entries(connection, ticket.id)
    cause = moved if moved.to_state is not None else _last_change(entries)
    if cause is None or cause.replaced is None or ticket.state is not TicketState.OPEN:
        return
    if cause is not moved and cause.kind is EntryKind.CITIZEN:
        return  # these words are still in the ticket
    # What was moved here has an older id.
    since = [one for one in entries if one.id > cause.id or one.moved_from is not None]
    words = next((one for one in since if one.kind is EntryKind.CITIZEN), None)
    before = read_standing(cause.replaced)
    if words is not None:
        if cause is moved and words.replaced is None:
            hand_on(connection, words.id, replaced=cause.replaced, before=before.state, state=ticket.state)
        return
    if any(one.kind not in _OF_OURS or one.to_state is not None for one in since):
        return
    reached = (one for one in reversed(entries) if one.to_state is before.state and one.body not in _STATE_AGAIN)
    ours = next(reached, None)
    timers = _timers_of(ticket, before, units, office.now, asked=ours)
    stand_again(
        connection,
        ticket.id,
        before,
        public_reason=ours.body if ours is not None and before.state is TicketState.PENDING_THIRD else None,
        timers=timers,
        note=NewEntry(kind=EntryKind.STAFF, at=office.now, body=AS_BEFORE, operator=operator),
        new_id=office.new_id,
    )
    _ask_again(connection, ticket, ours, timers)


def _last_change(entries: Sequence[Entry]) -> Entry | None:
    return next((one for one in reversed(entries) if one.to_state is not None), None)


def _timers_of(
    ticket: Ticket, before: Standing, units: Units, now: datetime, *, asked: Entry | None
) -> Mapping[TimerKind, datetime]:
    """Return the timers of a ticket that is as it was; those of one that waits for another body went on."""
    if before.state is TicketState.PENDING_CITIZEN:
        asked_at = None if asked is None else asked.at
        return timers_again(ticket, before.state, units, now, final_due=before.final_due, asked_at=asked_at)
    if before.state is TicketState.RESOLVED and before.resolved_at is not None:
        return rating_timers(before.resolved_at)
    return {}


def _ask_again(connection: Connection, ticket: Ticket, sms: Entry | None, timers: Mapping[TimerKind, datetime]) -> None:
    """Let a plain reply answer our question, or rate our answer, as before; what was asked since then stays."""
    until = timers.get(TimerKind.NO_REPLY) or timers.get(TimerKind.RATING_END)
    if until is None or ticket.phone is None or sms is None or sms.outbound_id is None:
        return
    ask = NewAsk(
        sender=ticket.phone,
        short_code=ticket.short_code,
        kind=AskKind.DETAILS if TimerKind.NO_REPLY in timers else AskKind.RATE,
        subject_id=ticket.id,
        outbound_id=sms.outbound_id,
        made_at=sms.at,
        until=until,
    )
    put_asks(connection, [ask])


def file_kept(
    connection: Connection, office: Office, sorting: Sorting, first_id: int, target: str | TicketKind
) -> Result:
    """File texts that wait in *To sort* in the ticket of a number, or in a new one of a kind."""
    kept = lock_kept(connection, first_id)
    units = office.parts.units()
    if not kept:
        return refused("filed")
    if units is None:
        return refused("off")
    if isinstance(target, TicketKind):
        ticket = _opened(connection, office, sorting, kept, kind=target, units=units)
        rest = kept[1:]
    else:
        ticket = find_ticket(connection, target, sorting.scope)
        rest = kept
        if ticket is None or ticket.phone != kept[0].sender or ticket.close_reason is CloseReason.MERGED:
            return refused("unknown")
        if not ticket.is_accusation and accuses(normalise(" ".join(one.body for one in kept)), units.directory):
            return refused("accusation")
    if ticket is None:
        return refused("unknown")
    for one in rest:
        now = read_tickets(connection, [ticket.id])[0]  # the first words may have changed its state
        if not _add(connection, office, now, one, units):
            return refused("unknown")
    mark_filed(connection, kept, ticket.id, at=office.now, operator=sorting.operator)
    end_asks_about(connection, first_id)
    return acted("filed", ticket)


def set_aside(connection: Connection, office: Office, sorting: Sorting, first_id: int) -> Result:
    """Decide that texts need no ticket; they are deleted some days later."""
    if not put_aside(connection, first_id, at=office.now, operator=sorting.operator):
        return refused("filed")
    end_asks_about(connection, first_id)
    return Acted(message=ACTS.message("aside"), ticket_id=0, number="")


def _opened(
    connection: Connection,
    office: Office,
    sorting: Sorting,
    kept: Sequence[KeptText],
    *,
    kind: TicketKind,
    units: Units,
) -> Ticket | None:
    first = kept[0]
    matter = Matter(
        kind=kind,
        words=normalise(" ".join(one.body for one in kept)),
        body=first.body,
        sender=first.sender,
        short_code=first.short_code,
        reply_link=first.reply_link,
        language=languages_of(connection, [first.sender]).get(first.sender, office.parts.language),
        at=office.now,
        inbound_id=first.inbound_id,
        operator=sorting.operator,
    )
    new = replace(plan(matter, units).new, operator=None)  # the words are the citizen's
    (opened,) = open_tickets(connection, [new], draw=office.parts.draw, new_id=office.new_id, notes_texts=False)
    count_hits(connection, [new.rule_id] if opened.is_new else [])
    return read_ticket(connection, opened.id, Scope(units=None, led=frozenset(units.directory.units)))


def _add(connection: Connection, office: Office, ticket: Ticket, kept: KeptText, units: Units) -> bool:
    """Add words to a ticket; return False when it takes none any more."""
    entry = NewEntry(kind=EntryKind.CITIZEN, at=office.now, body=kept.body, inbound_id=kept.inbound_id)
    done = take_step(connection, words_step(ticket, entry, units), new_id=office.new_id)
    return isinstance(done, Taken | Filed)


def _entry_of(connection: Connection, ticket: Ticket, entry_id: int) -> Entry | None:
    return next((one for one in read_entries(connection, ticket.id) if one.id == entry_id), None)
