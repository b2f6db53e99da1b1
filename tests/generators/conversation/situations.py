"""Situations of a sender, in the form of `sms-gateway file --json`: by hand, and drawn."""

from __future__ import annotations

import random
from typing import NotRequired, TypedDict

A, B, C = "YC482173051", "YC613509427", "YC407192867"
SUBJECTS = {A: "den duong hong", B: "ho ga mat nap", C: "xin so nha"}
MINUTE, HOUR, DAY = 60, 3600, 86400


class Ticket(TypedDict):
    number: str
    kind: str
    state: str
    subject: str
    hours: float
    opened_hours: NotRequired[float]
    words: NotRequired[str]
    rated: NotRequired[int]
    merged_into: NotRequired[str]


class Ask(TypedDict):
    kind: str
    seconds: float
    ticket: NotRequired[str]
    choices: NotRequired[list[str]]
    kept_text: NotRequired[str]


class Previous(TypedDict):
    seconds: float
    ticket: str


class Situation(TypedDict):
    tickets: list[Ticket]
    ask: Ask | None
    subscribed: bool
    new_today: int
    previous: NotRequired[Previous]
    guard: NotRequired[str]


def ticket(number: str, state: str, hours: float, *, kind: str = "report", rated: int | None = None) -> Ticket:
    subject = SUBJECTS[number]
    made: Ticket = {"number": number, "kind": kind, "state": state, "subject": subject, "hours": hours}
    made |= {"opened_hours": hours, "words": subject}
    return made if rated is None else {**made, "rated": rated}


def situation(*tickets: Ticket, ask: Ask | None = None, subscribed: bool = False, new_today: int = 0) -> Situation:
    return {"tickets": list(tickets), "ask": ask, "subscribed": subscribed, "new_today": new_today}


def details(number: str, seconds: float = 3 * HOUR) -> Ask:
    return {"kind": "details", "ticket": number, "seconds": seconds}


def rate(number: str, seconds: float = 20 * HOUR) -> Ask:
    return {"kind": "rate", "ticket": number, "seconds": seconds}


def why_low(number: str, seconds: float = 300) -> Ask:
    return {"kind": "why_low", "ticket": number, "seconds": seconds}


def which(*numbers: str, seconds: float = 2 * MINUTE) -> Ask:
    kept = "van chua thay ai den sua"
    return {"kind": "which", "choices": [*numbers, "new"], "kept_text": kept, "seconds": seconds}


def send_kept(seconds: float = 2 * MINUTE) -> Ask:
    return {"kind": "send_kept", "kept_text": "bao gio phuong lam lai via he", "seconds": seconds}


def within(previous: str, seconds: float, given: Situation) -> Situation:
    return {**given, "previous": {"seconds": seconds, "ticket": previous}}


TWO_OPEN = (ticket(A, "open", 30), ticket(B, "open", 5))
BY_HAND: dict[str, Situation] = {
    "nothing": situation(),
    "subscribed": situation(subscribed=True),
    "one waits, asked": situation(ticket(A, "pending_citizen", 3), ask=details(A)),
    "one waits, no ask given": situation(ticket(A, "pending_citizen", 3)),
    "one waits, asked a second ago": situation(ticket(A, "pending_citizen", 0), ask=details(A, 1)),
    "one new": situation(ticket(A, "new", 2)),
    "one open": situation(ticket(A, "open", 5)),
    "one open, subscribed": situation(ticket(A, "open", 5), subscribed=True),
    "one waits for a third party": situation(ticket(A, "pending_third", 50)),
    "one resolved, rating asked": situation(ticket(A, "resolved", 20), ask=rate(A)),
    "one resolved, nothing asked": situation(ticket(A, "resolved", 90)),
    "one resolved, rated low": situation(ticket(A, "resolved", 20, rated=2), ask=why_low(A)),
    "two open": situation(*TWO_OPEN),
    "two wait": situation(ticket(A, "pending_citizen", 40), ticket(B, "pending_citizen", 3)),
    "one waits and one is open": situation(ticket(A, "pending_citizen", 9), ticket(B, "open", 30)),
    "one waits, asked, one open": situation(ticket(A, "pending_citizen", 9), ticket(B, "open", 30), ask=details(A)),
    "one open and one resolved, rating asked": situation(ticket(A, "open", 30), ticket(B, "resolved", 9), ask=rate(B)),
    "one open and one resolved": situation(ticket(A, "open", 30), ticket(B, "resolved", 100)),
    "three open": situation(*TWO_OPEN, ticket(C, "new", 1, kind="question")),
    "two open, which asked": situation(*TWO_OPEN, ask=which(B, A)),
    "two open, which asked a minute ago": situation(*TWO_OPEN, ask=which(B, A, seconds=60)),
    "kept, asked": situation(ask=send_kept()),
    "kept, asked a minute ago": situation(ask=send_kept(60)),
    "kept, asked two days ago": situation(ask=send_kept(2 * DAY)),
    "closed three days ago": situation(ticket(A, "closed", 70)),
    "closed an hour ago, rating asked": situation(ticket(A, "closed", 1), ask=rate(A)),
    "closed long ago": situation(ticket(A, "closed", 960)),
    "opened a minute ago": within(A, 40, situation(ticket(A, "new", 0.01))),
    "opened a minute ago, another open": within(B, 40, situation(ticket(A, "open", 30), ticket(B, "new", 0.01))),
    "opened two minutes ago, another open": within(B, 120, situation(ticket(A, "open", 30), ticket(B, "new", 0.03))),
    "answered a minute ago what was asked": within(
        A, 70, situation(ticket(A, "pending_citizen", 0.02), ticket(B, "open", 30), ask=details(A, 50))
    ),
    "five opened today": situation(new_today=5),
    "five opened today, one open": situation(ticket(A, "open", 5), new_today=5),
    "blocked": {**situation(ticket(A, "open", 5)), "guard": "blocked"},
}


def drawn(chance: random.Random) -> Situation:
    """Draw up to three tickets of any state, and an ask that fits one of them."""
    numbers = chance.sample((A, B, C), chance.choice((0, 1, 1, 1, 2, 2, 3)))
    states = ("new", "open", "pending_citizen", "pending_third", "resolved", "closed")
    tickets = [_drawn_ticket(chance, number, chance.choice(states)) for number in numbers]
    made = situation(*tickets, subscribed=chance.random() < 0.1, new_today=chance.choice((0, 0, 1, 2, 4, 5)))
    made["ask"] = _drawn_ask(chance, tickets)
    if tickets and chance.random() < 0.2:
        made = within(chance.choice(tickets)["number"], chance.choice((5, 40, 89, 91, 300)), made)
    return made


def _drawn_ticket(chance: random.Random, number: str, state: str) -> Ticket:
    hours = chance.choice((0.2, 1, 5, 20, 30, 70, 150)) if state != "closed" else chance.choice((1, 70, 150, 200, 960))
    return ticket(number, state, hours, kind=chance.choice(("report", "question", "proposal")))


def _drawn_ask(chance: random.Random, tickets: list[Ticket]) -> Ask | None:
    seconds = chance.choice((1, 60, 300, 5 * HOUR))
    waiting = [one["number"] for one in tickets if one["state"] == "pending_citizen"]
    resolved = [one for one in tickets if one["state"] == "resolved"]
    active = [one["number"] for one in tickets if one["state"] != "closed"]
    asks: list[Ask | None] = [None, *(details(number, seconds) for number in waiting)]
    for one in resolved:
        asks += [rate(one["number"], seconds), why_low(one["number"], seconds)]
    if len(active) > 1:
        asks.append(which(*active[:2], seconds=seconds))
    if not active:
        asks.append(send_kept(seconds))
    ask = chance.choice(asks)
    if ask is not None and ask["kind"] == "why_low":
        next(one for one in resolved if one["number"] == ask["ticket"])["rated"] = 2
    return ask
