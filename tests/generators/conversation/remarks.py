"""The rules for words without keyword and number, and for reactions: F3 to F11, F13 and F15."""

from __future__ import annotations

from collections.abc import Callable

from tests.generators.conversation.entries import on_open, on_resolved, score_for, silent, written_on
from tests.generators.conversation.known import A_SCORE, LIVE_FROM, QUIET, Expected, Known
from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import Ticket

COMMANDS = {
    Meaning.QUESTION: "question",
    Meaning.REPORT: "report",
    Meaning.PROPOSAL: "proposal",
    Meaning.SUGGESTION: "suggestion",
    Meaning.SOS: "urgent",
    Meaning.FRAME: "question",
}


def opens(said: Said, known: Known) -> Expected:
    """HOI, PA, KN, GY, SOS with content that no open ticket holds."""
    if known.given["new_today"] >= 5 and said.meaning is not Meaning.SOS:
        return {"rule": "F13", "does": "unfiled", "ticket": None, "kept": False}
    urgent = said.urgent or said.meaning is Meaning.SOS
    made = {"rule": "F1", "does": "new_ticket", "ticket": None, "state": "new", "kept": False, "urgent": urgent}
    return {**made, "command": said.command or COMMANDS[said.meaning]}


def answers_details(found: Ticket, known: Known) -> Expected:
    """Words for what was asked; where the question is not sent yet, the ticket goes on waiting."""
    ask = known.given["ask"]
    is_early = ask is not None and ask.get("ticket") == found["number"] and ask["seconds"] < LIVE_FROM
    return written_on(found) | ({"state": "pending_citizen"} if is_early else {})


def remark(said: Said, known: Known) -> Expected | None:
    """F9, F11, F15, F3 to F8 and F10, for words, words of the frame and reactions."""
    if said.reaction == "stop":
        return {"rule": "F9", "does": "stop", "kept": False}
    if said.urgent:
        return _danger(known)
    is_words = said.reaction is None
    previous = known.given.get("previous")
    before = known.find(previous["ticket"]) if previous is not None and previous["seconds"] <= 90 else None
    if is_words and before is not None and before["state"] != "closed":
        done = written_on(before, stays=True)
        return {"rule": "F15"} | (answers_details(before, known) if before in known.waiting else done)
    if known.ask is not None and known.ask["kind"] in UNDER_ASK:
        done_under_ask = UNDER_ASK[known.ask["kind"]](said, known)
        if done_under_ask is not None or not is_words:
            return done_under_ask
    if said.meaning is Meaning.TK_QUESTION and len(known.active) == 1 and not known.waiting:
        return {"does": "ask_which", "ticket": None, "kept": True}
    return _without_ask(said, known)


def _danger(known: Known) -> Expected | None:
    here = [*known.waiting, *known.open]
    if not here:
        made: Expected = {"does": "new_ticket", "ticket": None, "state": "new", "kept": False, "urgent": True}
        return {"rule": "F11"} | made
    newest, *others = sorted(here, key=lambda one: one.get("opened_hours", 0))
    if others and others[0].get("opened_hours") == newest.get("opened_hours"):
        return None
    done = written_on(newest, stays=True)
    done = done if newest["state"] != "pending_third" else {"does": "entry", "ticket": newest["number"]}
    return {"rule": "F11"} | done | {"urgent": True}


def _under_rate(said: Said, known: Known) -> Expected | None:
    found = known.asked_ticket()
    if said.reaction is None or found is None:
        return None
    if said.reaction in A_SCORE:
        return {"rule": "F3"} | score_for(said, found)
    if found["state"] == "resolved":
        done = on_resolved(said, found)
        return {"rule": "F3"} | done if done["does"] in {"close", "reopen"} else done
    if found["state"] != "closed":
        return None
    match said.reaction:
        case "no":
            return {"does": "reopen", "ticket": found["number"], "state": "open", "kept": False}
        case "thanks" | "ok" | "yes" | "done" | "polite":
            return {"does": "silent", "kept": False}
        case "bad_score":
            return {"does": "ask_score", "kept": False}
        case _:
            return {"does": "ask_unclear", "kept": False}


def under_why_low(said: Said, known: Known) -> Expected:
    found = known.asked_ticket()
    if said.reaction in {"thanks", "ok", "polite", "no", "done"}:
        return {"does": "silent"}
    number = found["number"] if found is not None else None
    return {"does": "reopen", "ticket": number, "state": "open", "kept": False}


def _under_which(said: Said, known: Known) -> Expected | None:
    ask = known.ask
    choices = ask.get("choices", []) if ask is not None else []
    if said.reaction is None:
        return _joins_kept("ask_which", known)
    if said.reaction in {*QUIET, "done"}:
        return {"does": "silent"}
    if said.by_words:
        return None
    if said.reaction in A_SCORE and said.value is not None and said.value <= len(choices):
        chosen = choices[said.value - 1]
        if chosen == "new":
            return _opens_kept(known)
        found = known.find(chosen)
        return {"rule": "F3"} | written_on(found) if found is not None else None
    return {"does": "ask_which", "kept": True}


def _under_send_kept(said: Said, known: Known) -> Expected | None:
    if known.active or said.by_words:
        return None
    if said.reaction is None:
        return None if said.meaning is Meaning.FRAME else _joins_kept("ask_send", known)
    match said.reaction:
        case "thanks" | "done":
            return {"does": "silent"}
        case "ok" | "polite" | "yes":
            return _opens_kept(known)
        case "no":
            return {"rule": "F3", "does": "drop", "ticket": None, "kept": False}
        case "digit" | "score" if said.value == 1:
            return _opens_kept(known)
        case "digit" | "score" if said.value == 2:
            return {"rule": "F3", "does": "drop", "ticket": None, "kept": False}
        case _:
            return {"does": "ask_send", "kept": True}


def _joins_kept(again: str, known: Known) -> Expected:
    is_soon = known.ask is not None and known.ask["seconds"] < 90
    return {"does": "silent" if is_soon else again, "kept": True}


def _opens_kept(known: Known) -> Expected:
    if known.given["new_today"] >= 5:
        return {"rule": "F13", "does": "unfiled", "ticket": None, "kept": False}
    return {"rule": "F3", "does": "new_ticket", "ticket": None, "state": "new", "kept": False}


def _without_ask(said: Said, known: Known) -> Expected | None:
    """F4 to F8, and F10."""
    if (found := known.f4) is not None:
        if said.reaction == "thanks":
            return silent(found)
        return {"rule": "F4"} | answers_details(found, known)
    if len(known.active) > 1:
        rule = {"rule": "F5" if len(known.waiting) > 1 else "F7"}
        if said.reaction is None:
            return rule | {"does": "ask_which", "ticket": None, "kept": True}
        if said.reaction in {"thanks", "ok"}:
            return rule | {"does": "silent", "kept": False}
        return None if said.reaction == "polite" else rule | {"does": "help", "kept": False}
    if known.resolved:
        return {"rule": "F6"} | on_resolved(said, known.resolved[0])
    if known.open:
        return {"rule": "F6"} | on_open(said, known.open[0])
    return _alone(said, known)


def _alone(said: Said, known: Known) -> Expected | None:
    """Nothing waits, is open or was just resolved."""
    if said.reaction is not None:
        return {"rule": "F8", "does": "silent" if said.reaction in QUIET else "help", "kept": False}
    if said.meaning is Meaning.FRAME:
        return opens(said, known)
    if known.given["new_today"] >= 5:
        return None
    if said.words >= 3 or said.asks:
        return {"rule": "F10", "does": "ask_send", "ticket": None, "kept": True, "urgent": False}
    return {"does": "help", "kept": False}


UNDER_ASK: dict[str, Callable[[Said, Known], Expected | None]] = {
    "rate": _under_rate,
    "why_low": under_why_low,
    "which": _under_which,
    "send_kept": _under_send_kept,
}
