"""Which ticket of the sender is meant by the numbers in a text; one slip of the finger is corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.conversation.situation import OwnTicket, Situation
from parsers.commands.conversation import TicketNumber
from parsers.fields.codes.ticket_numbers import PREFIX, near


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """One ticket; `is_exact` when its number was written without a slip."""

    ticket: OwnTicket
    is_exact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Several:
    """Two or more tickets were named, or (not exact) a slip fits two or more."""

    numbers: tuple[str, ...]
    is_exact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NotYours:
    """No ticket of the sender: a wrong number, or one of somebody else."""

    number: str


Chosen = Meant | Several | NotYours


def choose(numbers: Iterable[TicketNumber], situation: Situation) -> Chosen | None:
    """Find the ticket; None without a number. A number of somebody else beside one of the sender does not count."""
    written = list(numbers)
    if not written:
        return None
    exact = _tickets((f"{PREFIX}{one.digits}" for one in written), situation)
    if exact:
        return _chosen(exact, is_exact=True)
    own = [ticket.number for ticket in situation.tickets]
    slips = (number for one in written if not one.is_whole for number in near(one.digits, own))
    meant = _tickets(slips, situation)
    return _chosen(meant, is_exact=False) if meant else NotYours(number=f"{PREFIX}{written[0].digits}")


def _tickets(numbers: Iterable[str], situation: Situation) -> list[OwnTicket]:
    """Return the tickets of these numbers, each once; in place of a merged one, the one that it was merged into."""
    found: dict[str, OwnTicket] = {}
    for number in numbers:
        if any(ticket.number == number for ticket in situation.tickets):
            ticket = situation.find(number)
            if ticket is not None:
                found.setdefault(ticket.number, ticket)
    return list(found.values())


def _chosen(tickets: list[OwnTicket], *, is_exact: bool) -> Meant | Several:
    if len(tickets) == 1:
        return Meant(ticket=tickets[0], is_exact=is_exact)
    return Several(numbers=tuple(ticket.number for ticket in tickets), is_exact=is_exact)
