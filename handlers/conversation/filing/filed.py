"""What a filing rule decides: which rule, what is done, with which ticket. Nothing is done yet."""

from __future__ import annotations

from enum import StrEnum

from db.schema.ticket_states import TicketKind, TicketState
from db.store.record import record
from handlers.conversation.situation import OwnTicket


class Rule(StrEnum):
    """The filing rules; docs/conversation.md has the table. Their order is that of `file`."""

    KEYWORD = "F1"
    NUMBER = "F2"
    ASKED = "F3"
    DETAILS = "F4"
    SEVERAL_WAITING = "F5"
    ONE = "F6"
    SEVERAL = "F7"
    NOTHING = "F8"
    STOP = "F9"
    FREE_TEXT = "F10"
    URGENT = "F11"
    REPEATED = "F12"
    TOO_MANY = "F13"
    GUARD = "F14"
    CONTINUED = "F15"


class Does(StrEnum):
    """What is done with a text."""

    COMMAND = "command"
    NEW_TICKET = "new_ticket"
    ENTRY = "entry"
    REOPEN = "reopen"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    RATE = "rate"
    ASK_WHICH = "ask_which"
    ASK_SEND = "ask_send"
    ASK_SCORE = "ask_score"
    ASK_UNCLEAR = "ask_unclear"
    ASK_BACK = "ask_back"
    NOT_YOURS = "not_yours"
    NOTE = "note"
    STOP = "stop"
    DROP = "drop"
    HELP = "help"
    SILENT = "silent"
    UNFILED = "unfiled"


@record
class Filed:
    """The decision about one text."""

    rule: Rule
    does: Does
    ticket: str | None = None
    """The ticket concerned; None for none and for a new one."""
    state: TicketState | None = None
    """Its state afterwards."""
    is_kept: bool = False
    """Whether the text waits for a choice."""
    score: int | None = None
    command: str | None = None
    """The name of the command that was read."""
    is_urgent: bool = False
    kind: TicketKind | None = None
    """Of a new ticket."""
    choices: tuple[str, ...] = ()
    """The tickets that *which* offers."""
    is_repeated: bool = False
    """Whether an entry says what its ticket says already (F12)."""


def on(ticket: OwnTicket, rule: Rule, does: Does, state: TicketState | None = None) -> Filed:
    """Decide about a ticket; without a state it stays as it is."""
    return Filed(rule=rule, does=does, ticket=ticket.number, state=state or ticket.state)
