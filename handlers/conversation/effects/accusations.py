"""Words that accuse somebody, written for an ordinary ticket: its agents may be the accused, so they never read them.

The words open a ticket of their own at the focal unit, which its leads alone see. The ordinary ticket stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.schema import TicketKind
from db.tickets.kept_texts import lock_kept
from handlers.conversation.effects.choices import unfiled
from handlers.conversation.effects.danger import is_danger
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, Opening, ticket_of
from handlers.conversation.effects.openings import open_kept, open_ticket, words_of
from handlers.conversation.effects.words import is_choice
from handlers.conversation.routing import accusing_kind
from parsers.commands.conversation import RateTicket
from parsers.text.normal_form import normalise


def apart(text: FiledText, desk: FilingDesk) -> Opening | Effect | None:
    """Plan the ticket of words that accuse somebody; None where they may be added to the ticket that they are for."""
    chosen = is_choice(text)
    kind = accusing_kind(normalise(" ".join(_bodies(text, desk) if chosen else [words_of(text)])), desk.units.directory)
    ticket = None if kind is None else ticket_of(text, desk, text.filed.ticket)
    if kind is None or ticket is None or ticket.is_accusation:
        return None
    if text.situation.new_today >= desk.policy.most_new_a_day:
        return unfiled(text, desk)
    accusing = replace(text, filed=replace(text.filed, kind=TicketKind(kind), is_urgent=is_danger(text, desk)))
    return open_kept(accusing, desk) if chosen else open_ticket(accusing, desk)


def accuses_beside_score(text: FiledText, desk: FilingDesk) -> bool:
    """Return whether the words behind a score accuse somebody."""
    reading = text.reading
    return isinstance(reading, RateTicket) and accusing_kind(normalise(reading.words), desk.units.directory) is not None


def _bodies(text: FiledText, desk: FilingDesk) -> Sequence[str]:
    """Return the kept texts that the citizen chooses for."""
    asked = text.ask
    return [] if asked is None else [one.body for one in lock_kept(desk.connection, asked.subject_id)]
