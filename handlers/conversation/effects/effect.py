"""What a filed text needs to be carried out, and what comes of it; the caller sends the answers and stores the asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db.schema import AskKind, CloseReason
from db.store.address import Address
from db.store.record import record
from db.tickets.asks import StoredAsk
from db.tickets.merging import final_ticket
from db.tickets.opening import Opened
from db.tickets.situation import SenderRows
from db.tickets.whole_ticket import Ticket, read_tickets
from handlers.context import ServiceFacts
from handlers.conversation.filing.filed import Filed
from handlers.conversation.filing.policy import Policy
from handlers.conversation.load import UnitLoad
from handlers.conversation.new_tickets import Planned
from handlers.conversation.routing.directory import Unit
from handlers.conversation.situation import Situation
from handlers.conversation.units_now import Units
from parsers.commands import Command
from parsers.grammar import Vocabulary
from parsers.misread import Misread


@record
class FilingDesk:
    """What the texts of one batch share. `present` are the ids of the operators who have a page open."""

    connection: Connection
    units: Units
    policy: Policy
    vocabulary: Vocabulary
    new_id: Callable[[], int]
    now: datetime
    today_since: datetime
    present: Callable[[], Collection[int]]
    load_of: Callable[[Unit], UnitLoad]


@record
class FiledText:
    """One text, where it is filed, and what is known of its sender. `at` is when it counts as written."""

    inbound_id: int
    sender: Address
    short_code: str
    link: str
    body: str
    at: datetime
    reading: Command | Misread
    filed: Filed
    rows: SenderRows
    situation: Situation
    service: ServiceFacts
    language: str

    @property
    def ask(self) -> StoredAsk | None:
        """Return what we asked this number last, while a text may answer it: filing decided by the same."""
        return None if self.situation.live is None else self.rows.asks.get(self.short_code)


@record
class Question:
    """What the answer asks; it is stored with the SMS."""

    kind: AskKind
    subject_id: int
    until: datetime
    choices: Sequence[int] = ()


@record
class Call:
    """An urgent ticket of which the people on duty are texted now."""

    number: str
    unit_id: int
    words: str
    ward: str | None = None


@record
class Effect:
    """What came of a text: its outcome, and the answer; an empty one is not sent."""

    outcome: str
    text: str = ""
    question: Question | None = None
    call: Call | None = None


@record
class Opening:
    """A ticket that the caller opens together with others; `finish` says what came of it."""

    planned: Planned
    finish: Callable[[Opened], Effect]


def ticket_of(text: FiledText, desk: FilingDesk, number: str | None) -> Ticket | None:
    """Return a ticket of the sender by its number, as it is now; of a merged one, that in which the matter goes on."""
    own = {one.number: one.id for one in text.rows.tickets}
    own |= {one.merged_into: one.merged_id for one in text.rows.tickets if one.merged_into and one.merged_id}
    ticket_id = own.get(number or "")
    if ticket_id is None:
        return None
    found = next(iter(read_tickets(desk.connection, [ticket_id])), None)
    if found is None or found.close_reason is not CloseReason.MERGED:
        return found
    last = final_ticket(desk.connection, ticket_id)
    return next(iter(read_tickets(desk.connection, [last])), None) if last is not None else None
