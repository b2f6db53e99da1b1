"""What a text or a reaction does to one ticket, by its state."""

from __future__ import annotations

from tests.generators.conversation.known import Expected
from tests.generators.conversation.said import Said
from tests.generators.conversation.situations import Ticket


def written_on(found: Ticket, *, stays: bool = False) -> Expected:
    """Words for a ticket: an entry, or reopened; `stays` where a ticket that waits for a third party stays so."""
    state = found["state"]
    after = "open" if state == "pending_citizen" or (state == "pending_third" and not stays) else state
    if state in {"resolved", "closed"}:
        return {"does": "reopen", "ticket": found["number"], "state": "open", "kept": False}
    return {"does": "entry", "ticket": found["number"], "state": after, "kept": False}


def score_for(said: Said, rated: Ticket) -> Expected:
    score = said.value or 0
    state = rated["state"] if score <= 2 else "closed"
    return {"does": "rate", "ticket": rated["number"], "state": state, "score": score, "kept": False}


def silent(found: Ticket) -> Expected:
    return {"does": "silent", "ticket": found["number"], "state": found["state"]}


def on_open(said: Said, found: Ticket) -> Expected:
    match said.reaction:
        case "thanks" | "ok" | "polite":
            return silent(found)
        case "done":
            return {"does": "close", "ticket": found["number"], "state": "closed", "kept": False}
        case "unclear":
            return {"does": "ask_unclear", "kept": False}
        case _:
            return written_on(found, stays=True)


def on_resolved(said: Said, found: Ticket) -> Expected:
    match said.reaction:
        case "thanks" | "ok" | "polite" | "yes" | "done":
            return {"does": "close", "ticket": found["number"], "state": "closed", "kept": False}
        case "digit" | "score":
            return score_for(said, found)
        case "bad_score":
            return {"does": "ask_score", "kept": False}
        case "unclear":
            return {"does": "ask_unclear", "kept": False}
        case _:
            return written_on(found)
