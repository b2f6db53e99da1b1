"""Situations and decisions in short words: `P:A O:B` are two tickets, `F4 entry A open` is a decision."""

from __future__ import annotations

from datetime import date

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from handlers.conversation.filing import file
from handlers.conversation.filing.filed import Filed
from handlers.conversation.filing.policy import Policy
from handlers.conversation.situation import Ask, OwnTicket, Previous, Situation
from parsers import read
from parsers.vocabulary import CONVERSATION_VOCABULARY

TODAY = date(2026, 11, 28)
NUMBERS = {"A": "YC482173051", "B": "YC613509427", "C": "YC407192867"}
STRANGE = "YC420000005"
"""A number that can be one, of nobody here."""
_STATES = {
    "N": TicketState.NEW,
    "O": TicketState.OPEN,
    "P": TicketState.PENDING_CITIZEN,
    "T": TicketState.PENDING_THIRD,
    "R": TicketState.RESOLVED,
    "C": TicketState.CLOSED,
}


def ticket(given: str, **facts: object) -> OwnTicket:
    """Make a ticket of `STATE:LETTER`, such as `P:A`, with the hours since it was opened behind a slash."""
    state, _, rest = given.partition(":")
    letter, _, hours = rest.partition("/")
    opened = float(hours) if hours else None
    known = {"kind": TicketKind.REPORT, "hours": opened or 5.0, "opened_hours": opened, **facts}
    return OwnTicket(number=NUMBERS[letter], state=_STATES[state], **known)  # type: ignore[arg-type] # facts of a test


def asked(given: str) -> Ask | None:
    """Make an ask of its kind, its ticket or choices, and its seconds: `details A 600`."""
    if not given:
        return None
    kind, *words = given.split()
    seconds = float(words.pop()) if words and words[-1].replace(".", "").isdecimal() else 600.0
    names = [NUMBERS.get(word, word) for word in words]
    is_about_one = kind in (AskKind.DETAILS, AskKind.RATE, AskKind.WHY_LOW)
    return Ask(
        kind=AskKind(kind),
        seconds=seconds,
        ticket=names[0] if is_about_one and names else None,
        choices=() if is_about_one else tuple(names),
        kept_text="den lai hong roi o cho cu" if not is_about_one else "",
    )


def situation(
    tickets: str = "",
    ask: str = "",
    *,
    previous: str = "",
    new_today: int = 0,
    is_subscribed: bool = False,
    is_duty: bool = False,
) -> Situation:
    """Make a situation; `previous` is a letter and the seconds: `A 40`."""
    letter, _, seconds = previous.partition(" ")
    return Situation(
        tickets=tuple(map(ticket, tickets.split())),
        ask=asked(ask),
        previous=Previous(seconds=float(seconds), ticket=NUMBERS[letter]) if previous else None,
        new_today=new_today,
        is_subscribed=is_subscribed,
        is_duty=is_duty,
    )


def filed(text: str, known: Situation, policy: Policy | None = None) -> Filed:
    """File a text as the service does."""
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    return file(reading, text, known, policy=policy or Policy())


def decided(text: str, known: Situation, policy: Policy | None = None) -> str:
    """File a text and write the decision in short words."""
    decision = filed(text, known, policy)
    letters = {number: letter for letter, number in NUMBERS.items()}
    parts = [
        decision.rule.value,
        decision.does.value,
        letters.get(decision.ticket or "", decision.ticket),
        decision.state.value if decision.state is not None else None,
        str(decision.score) if decision.score is not None else None,
        "kept" if decision.is_kept else None,
        "urgent" if decision.is_urgent else None,
    ]
    return " ".join(filter(None, parts))
