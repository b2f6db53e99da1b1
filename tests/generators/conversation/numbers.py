"""The rules for texts with a number, for ratings and for withdrawals."""

from __future__ import annotations

from tests.generators.conversation.entries import on_open, on_resolved, score_for, silent, written_on
from tests.generators.conversation.known import A_SCORE, Expected, Known
from tests.generators.conversation.remarks import under_why_low
from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import Ticket


def _near(number: str, tickets: list[Ticket]) -> list[Ticket]:
    """Return the tickets whose number differs by one digit, or by two neighbours that are swapped."""
    return [one for one in tickets if number in _slips(one["number"])]


def _slips(number: str) -> set[str]:
    digits = range(2, 11)
    changed = {number[:at] + digit + number[at + 1 :] for at in digits for digit in "0123456789"}
    swapped = {number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :] for at in range(3, 11)}
    return (changed | swapped) - {number}


def status(said: Said, known: Known) -> Expected | None:
    """A number alone, or TT and a number."""
    found = known.find(said.number)
    if found is None:
        near = _near(str(said.number), known.tickets)
        if len(near) > 1:
            return {"does": "ask_which", "kept": False}
        if not near:
            return {"does": "not_yours", "kept": False}
        found = near[0]
        if known.asks("which"):
            return None
    offered = known.ask is not None and found["number"] in known.ask.get("choices", [])
    if said.meaning is Meaning.NUMBER and offered:
        return {"rule": "F2"} | written_on(found)
    here = {"ticket": found["number"], "state": found["state"]}
    return {"rule": "F1", "does": "command", "command": "ticket_status", **here, "kept": False}


def reply(said: Said, known: Known) -> Expected | None:
    """A number with words or with a reaction: TL or in front (F1), or elsewhere (F2)."""
    rule: Expected = {"rule": "F2" if said.meaning is Meaning.INSIDE and not said.in_front else "F1"}
    found = known.find(said.number)
    if found is None:
        near = _near(str(said.number), known.tickets)
        if len(near) > 1:
            return {"does": "ask_which", "kept": False}
        if not near:
            return rule | {"does": "not_yours", "kept": False}
        found = near[0]
    if said.reaction is not None:
        return _reaction_for(said, found, known, rule)
    return rule | written_on(found) | {"urgent": said.urgent}


def _reaction_for(said: Said, found: Ticket, known: Known, rule: Expected) -> Expected | None:
    """Number and only a reaction: the row of the table for that ticket alone."""
    if said.reaction == "stop":
        return None
    if found["state"] == "closed":
        if found["hours"] > 7 * 24 or known.asked_ticket() is found:
            return None
        if said.reaction in A_SCORE:
            return rule | score_for(said, found)
        here = {"ticket": found["number"], "state": "closed", "kept": False}
        return {"does": "silent", **here} if said.reaction in {"thanks", "ok"} else None
    if known.asks("why_low") and known.asked_ticket() is found:
        done = under_why_low(said, known)
    elif found["state"] == "pending_citizen":
        done = silent(found) if said.reaction == "thanks" else written_on(found)
    elif found["state"] == "resolved":
        done = on_resolved(said, found)
    else:
        done = on_open(said, found)
    if found["state"] == "pending_third":
        return None
    return {**done, **(rule if done["does"] in {"rate", "close", "entry", "reopen"} else {})}


def two_numbers(said: Said, known: Known) -> Expected | None:
    own = [number for number in (said.number, said.other) if known.find(number) is not None]
    match own:
        case [_, _]:
            return {"rule": "F2", "does": "ask_which", "ticket": None, "kept": True}
        case [number]:
            found = known.find(number)
            return written_on(found) if found is not None else None
        case _:
            return {"does": "not_yours", "kept": False}


def rating(said: Said, known: Known) -> Expected | None:
    """DG: the number, the ticket of the live *rate*, else the one resolved last."""
    if said.number is not None:
        rated = known.find(said.number)
        if rated is None or rated["state"] not in {"resolved", "closed"} or rated["hours"] > 7 * 24:
            return None
    else:
        recent = [one for one in known.tickets if one["state"] in {"resolved", "closed"} and one["hours"] <= 7 * 24]
        asked = known.asked_ticket() if known.asks("rate") else None
        recent.sort(key=lambda one: one["hours"])
        states = {one["state"] for one in recent}
        if asked is None and len(recent) > 1 and (len(states) > 1 or recent[0]["hours"] == recent[1]["hours"]):
            return None  # when a closed ticket was resolved is not known
        rated = asked or next(iter(recent), None)
    if rated is None:
        return {"rule": "F1", "does": "help", "kept": False}
    if said.reaction == "bad_score":
        return {"rule": "F1", "does": "ask_score", "kept": False}
    return {"rule": "F1"} | score_for(said, rated)


def withdrawal(said: Said, known: Known) -> Expected:
    found = known.find(said.number)
    if found is None:
        does = "ask_back" if _near(str(said.number), known.tickets) else "not_yours"
        return {"rule": "F1", "does": does, "kept": False}
    return {"rule": "F1", "does": "withdraw", "ticket": found["number"], "state": "closed", "kept": False}


def withdrawal_with_words(said: Said, known: Known) -> Expected | None:
    if known.find(said.number) is None:
        return None
    return {"rule": "F1", "does": "ask_back", "kept": False}
