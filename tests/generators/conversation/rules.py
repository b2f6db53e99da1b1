"""The filing rules of the design, written a second time: from what a text says and the situation to what must happen.

The rule is held against the product, so it reads no text and uses none of its code. A key that the design leaves open
is not in the result.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.generators.conversation.said import Meaning, Said
from tests.generators.conversation.situations import DAY, Ask, Situation, Ticket

Expected = dict[str, object]
WEEK = 7 * DAY
LIVE_FROM = 3
LASTS = {"details": WEEK, "rate": WEEK, "why_low": WEEK, "which": DAY, "send_kept": DAY}
OPEN = ("new", "open", "pending_third")
COMMANDS = {
    Meaning.QUESTION: "question",
    Meaning.REPORT: "report",
    Meaning.PROPOSAL: "proposal",
    Meaning.SUGGESTION: "suggestion",
    Meaning.SOS: "urgent",
    Meaning.FRAME: "question",
}
QUIET = ("thanks", "ok", "polite")
A_SCORE = ("digit", "score")


class Known:
    """A situation, with what the rules ask of it."""

    def __init__(self, given: Situation) -> None:
        self.given = given
        self.tickets = given["tickets"]
        self.waiting = [one for one in self.tickets if one["state"] == "pending_citizen"]
        self.open = [one for one in self.tickets if one["state"] in OPEN]
        self.resolved = [one for one in self.tickets if one["state"] == "resolved" and one["hours"] <= 7 * 24]
        self.active = [*self.waiting, *self.open, *self.resolved]
        self.ask = self._live()

    def _live(self) -> Ask | None:
        ask = self.given["ask"]
        return ask if ask is not None and LIVE_FROM <= ask["seconds"] <= LASTS[ask["kind"]] else None

    def asks(self, kind: str) -> bool:
        return self.ask is not None and self.ask["kind"] == kind

    def asked_ticket(self) -> Ticket | None:
        return self.find(self.ask.get("ticket")) if self.ask is not None else None

    def find(self, number: str | None) -> Ticket | None:
        return next((one for one in self.tickets if one["number"] == number), None)

    @property
    def f4(self) -> Ticket | None:
        """The ticket that a remark answers: the one asked about, or the only one that waits."""
        asked = self.asked_ticket() if self.asks("details") else None
        if asked is not None and self.waiting == [asked]:
            return asked
        return self.waiting[0] if len(self.waiting) == 1 and len(self.active) == 1 else None

    @property
    def wants_details(self) -> bool:
        """Whether a *details* ask is live; one ticket that waits, with no ask given, counts as live."""
        return self.asks("details") or (self.given["ask"] is None and len(self.waiting) == 1)


def expected(said: Said, given: Situation) -> Expected | None:
    """Return what must happen; None where the design leaves it open."""
    known = Known(given)
    if "guard" in given:
        return {"rule": "F14", "does": "silent", "kept": False, "ticket": None}
    if said.is_bare and known.find(said.number) is None:
        return None
    by_meaning = BY_MEANING.get(said.meaning)
    if by_meaning is not None:
        return by_meaning(said, known)
    return _remark(said, known)


def _plain(said: Said, known: Known) -> Expected:
    del known
    return {"rule": "F1", "does": "command", "command": said.command, "kept": False}


def _opens(said: Said, known: Known) -> Expected:
    """HOI, PA, KN, GY, SOS with content that no open ticket holds."""
    if known.given["new_today"] >= 5 and said.meaning is not Meaning.SOS:
        return {"rule": "F13", "does": "unfiled", "ticket": None, "kept": False}
    urgent = said.urgent or said.meaning is Meaning.SOS
    made = {"rule": "F1", "does": "new_ticket", "ticket": None, "state": "new", "kept": False, "urgent": urgent}
    return {**made, "command": said.command or COMMANDS[said.meaning]}


def _near(number: str, tickets: list[Ticket]) -> list[Ticket]:
    """Return the tickets whose number differs by one digit, or by two neighbours that are swapped."""
    return [one for one in tickets if number in _slips(one["number"])]


def _slips(number: str) -> set[str]:
    digits = range(2, 11)
    changed = {number[:at] + digit + number[at + 1 :] for at in digits for digit in "0123456789"}
    swapped = {number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :] for at in range(3, 11)}
    return (changed | swapped) - {number}


def _status(said: Said, known: Known) -> Expected | None:
    """A number alone, or TT and a number."""
    found = known.find(said.number)
    if found is None:
        near = _near(str(said.number), known.tickets)
        if len(near) > 1:
            return {"does": "ask_which", "kept": False}
        if not near:
            return {"does": "not_yours", "kept": False}
        found = near[0]
    offered = known.ask is not None and found["number"] in known.ask.get("choices", [])
    if said.meaning is Meaning.NUMBER and offered:
        return {"rule": "F2"} | _written_on(found)
    here = {"ticket": found["number"], "state": found["state"]}
    return {"rule": "F1", "does": "command", "command": "ticket_status", **here, "kept": False}


def _written_on(found: Ticket, *, stays: bool = False) -> Expected:
    """Words for a ticket: an entry, or reopened; `stays` where a ticket that waits for a third party stays so."""
    state = found["state"]
    after = "open" if state == "pending_citizen" or (state == "pending_third" and not stays) else state
    if state in {"resolved", "closed"}:
        return {"does": "reopen", "ticket": found["number"], "state": "open", "kept": False}
    return {"does": "entry", "ticket": found["number"], "state": after, "kept": False}


def _reply(said: Said, known: Known) -> Expected | None:
    """A number with words or with a reaction: TL or in front (F1), or elsewhere (F2)."""
    rule = {"rule": "F2" if said.meaning is Meaning.INSIDE and not said.in_front else "F1"}
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
    return rule | _written_on(found) | {"urgent": said.urgent}


def _reaction_for(said: Said, found: Ticket, known: Known, rule: Expected) -> Expected | None:
    """Number and only a reaction: the row of the table for that ticket alone."""
    if said.reaction == "stop":
        return None
    if found["state"] == "closed":
        if found["hours"] > 7 * 24 or known.asked_ticket() is found:
            return None
        if said.reaction in A_SCORE:
            return rule | _rated(said, found)
        here = {"ticket": found["number"], "state": "closed", "kept": False}
        return {"does": "silent", **here} if said.reaction in {"thanks", "ok"} else None
    if known.asks("why_low") and known.asked_ticket() is found:
        done = _under_why_low(said, known)
    elif found["state"] == "pending_citizen":
        done = _silent(found) if said.reaction == "thanks" else _written_on(found)
    elif found["state"] == "resolved":
        done = _on_resolved(said, found)
    else:
        done = _on_open(said, found)
    if done is None or found["state"] == "pending_third":
        return None
    return {**done, **(rule if done["does"] in {"rate", "close", "entry", "reopen"} else {})}


def _two_numbers(said: Said, known: Known) -> Expected | None:
    own = [number for number in (said.number, said.other) if known.find(number) is not None]
    match own:
        case [_, _]:
            return {"rule": "F2", "does": "ask_which", "ticket": None, "kept": True}
        case [number]:
            found = known.find(number)
            return _written_on(found) if found is not None else None
        case _:
            return {"rule": "F2", "does": "not_yours", "kept": False}


def _rating(said: Said, known: Known) -> Expected | None:
    """DG: the number, the ticket of the live *rate*, else the one resolved last."""
    if said.number is not None:
        rated = known.find(said.number)
        if rated is None or rated["state"] not in {"resolved", "closed"} or rated["hours"] > 7 * 24:
            return None
    else:
        recent = [one for one in known.tickets if one["state"] in {"resolved", "closed"} and one["hours"] <= 7 * 24]
        asked = known.asked_ticket() if known.asks("rate") else None
        recent.sort(key=lambda one: one["hours"])
        if asked is None and len(recent) > 1 and recent[0]["hours"] == recent[1]["hours"]:
            return None
        rated = asked or next(iter(recent), None)
    if rated is None:
        return {"rule": "F1", "does": "help", "kept": False}
    if said.reaction == "bad_score":
        return {"rule": "F1", "does": "ask_score", "kept": False}
    return {"rule": "F1"} | _rated(said, rated)


def _rated(said: Said, rated: Ticket) -> Expected:
    score = said.value or 0
    state = rated["state"] if score <= 2 else "closed"
    return {"does": "rate", "ticket": rated["number"], "state": state, "score": score, "kept": False}


def _withdrawal(said: Said, known: Known) -> Expected:
    found = known.find(said.number)
    if found is None:
        does = "ask_back" if _near(str(said.number), known.tickets) else "not_yours"
        return {"rule": "F1", "does": does, "kept": False}
    return {"rule": "F1", "does": "withdraw", "ticket": found["number"], "state": "closed", "kept": False}


def _withdrawal_with_words(said: Said, known: Known) -> Expected | None:
    if known.find(said.number) is None:
        return None
    return {"rule": "F1", "does": "ask_back", "kept": False}


def _bare_withdrawal(said: Said, known: Known) -> Expected:
    del said
    return {"does": "stop" if known.given["subscribed"] else "help", "kept": False}


def _asked_back(said: Said, known: Known) -> Expected:
    del said, known
    return {"rule": "F1", "does": "ask_back", "kept": False}


def _misread(said: Said, known: Known) -> Expected | None:
    return None if known.wants_details else _asked_back(said, known)


def _near_tk(said: Said, known: Known) -> Expected | None:
    if not known.wants_details:
        return _asked_back(said, known)
    if known.f4 is not None:
        return {"rule": "F4"} | _answers_details(known.f4, known)
    return None


def _near_keyword(said: Said, known: Known) -> Expected | None:
    del said
    if not known.wants_details:
        return {"rule": "F10", "does": "ask_send", "ticket": None, "kept": True}
    return {"rule": "F4"} | _answers_details(known.f4, known) if known.f4 is not None else None


def _code(said: Said, known: Known) -> Expected | None:
    if not known.asks("details"):
        return None if known.wants_details else _plain(said, known)
    return {"rule": "F4"} | _answers_details(known.f4, known) if known.f4 is not None else None


def _answers_details(found: Ticket, known: Known) -> Expected:
    """Words for what was asked; where the question is not sent yet, the ticket goes on waiting."""
    ask = known.given["ask"]
    is_early = ask is not None and ask.get("ticket") == found["number"] and ask["seconds"] < LIVE_FROM
    return _written_on(found) | ({"state": "pending_citizen"} if is_early else {})


def _signs(said: Said, known: Known) -> Expected:
    del said, known
    return {"rule": "F8", "does": "silent", "kept": False}


BY_MEANING: dict[Meaning, Callable[[Said, Known], Expected | None]] = {
    **dict.fromkeys((Meaning.QUESTION, Meaning.REPORT, Meaning.PROPOSAL, Meaning.SUGGESTION, Meaning.SOS), _opens),
    Meaning.PLAIN: _plain,
    Meaning.BARE_KEYWORD: _plain,
    Meaning.NUMBER: _status,
    Meaning.TT_NUMBER: _status,
    Meaning.REPLY: _reply,
    Meaning.INSIDE: _reply,
    Meaning.INSIDE_TWO: _two_numbers,
    Meaning.RATING: _rating,
    Meaning.WITHDRAWAL: _withdrawal,
    Meaning.WITHDRAWAL_WITH_WORDS: _withdrawal_with_words,
    Meaning.BARE_WITHDRAWAL: _bare_withdrawal,
    Meaning.WITH_PERSON: _asked_back,
    Meaning.MISREAD: _misread,
    Meaning.NEAR_TK: _near_tk,
    Meaning.NEAR_KEYWORD: _near_keyword,
    Meaning.CODE: _code,
    Meaning.SIGNS: _signs,
}


def _remark(said: Said, known: Known) -> Expected | None:
    """F9, F11, F15, F3 to F8 and F10, for words, words of the frame and reactions."""
    if said.reaction == "stop":
        return {"rule": "F9", "does": "stop", "kept": False}
    if said.urgent:
        return _danger(known)
    is_words = said.reaction is None
    previous = known.given.get("previous")
    before = known.find(previous["ticket"]) if previous is not None and previous["seconds"] <= 90 else None
    if is_words and before is not None and before["state"] != "closed":
        done = _written_on(before, stays=True)
        return {"rule": "F15"} | (_answers_details(before, known) if before in known.waiting else done)
    if known.ask is not None and known.ask["kind"] in UNDER_ASK:
        done_under_ask = UNDER_ASK[known.ask["kind"]](said, known)
        if done_under_ask is not None or not is_words:
            return done_under_ask
    if said.meaning is Meaning.TK_QUESTION and len(known.active) == 1 and not known.waiting:
        return {"does": "ask_which", "ticket": None, "kept": True}
    return _without_ask(said, known)


def _danger(known: Known) -> Expected:
    here = [*known.waiting, *known.open]
    if not here:
        made = {"does": "new_ticket", "ticket": None, "state": "new", "kept": False, "urgent": True}
        return {"rule": "F11"} | made
    newest = min((one for one in known.tickets if one in here), key=lambda one: one.get("opened_hours", 0))
    done = _written_on(newest, stays=True)
    done = done if newest["state"] != "pending_third" else {"does": "entry", "ticket": newest["number"]}
    return {"rule": "F11"} | done | {"urgent": True}


def _under_rate(said: Said, known: Known) -> Expected | None:
    found = known.asked_ticket()
    if said.reaction is None or found is None:
        return None
    if said.reaction in A_SCORE:
        return {"rule": "F3"} | _rated(said, found)
    if found["state"] == "resolved":
        done = _on_resolved(said, found)
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


def _under_why_low(said: Said, known: Known) -> Expected | None:
    found = known.asked_ticket()
    if said.meaning is Meaning.TK_QUESTION:
        return None
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
    if said.reaction in A_SCORE and said.value is not None and said.value <= len(choices):
        chosen = choices[said.value - 1]
        if chosen == "new":
            return _opens_kept(known)
        found = known.find(chosen)
        return {"rule": "F3"} | _written_on(found) if found is not None else None
    return {"does": "ask_which", "kept": True}


def _under_send_kept(said: Said, known: Known) -> Expected | None:
    if known.active:
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


UNDER_ASK: dict[str, Callable[[Said, Known], Expected | None]] = {
    "rate": _under_rate,
    "why_low": _under_why_low,
    "which": _under_which,
    "send_kept": _under_send_kept,
}


def _without_ask(said: Said, known: Known) -> Expected | None:
    """F4 to F8, and F10."""
    if (found := known.f4) is not None:
        if said.reaction == "thanks":
            return _silent(found)
        return {"rule": "F4"} | _answers_details(found, known)
    if len(known.active) > 1:
        rule = {"rule": "F5" if len(known.waiting) > 1 else "F7"}
        if said.reaction is None:
            return rule | {"does": "ask_which", "ticket": None, "kept": True}
        if said.reaction in {"thanks", "ok"}:
            return rule | {"does": "silent", "kept": False}
        return None if said.reaction == "polite" else rule | {"does": "help", "kept": False}
    if known.resolved:
        return {"rule": "F6"} | _on_resolved(said, known.resolved[0])
    if known.open:
        return {"rule": "F6"} | _on_open(said, known.open[0])
    return _alone(said, known)


def _silent(found: Ticket) -> Expected:
    return {"does": "silent", "ticket": found["number"], "state": found["state"]}


def _on_open(said: Said, found: Ticket) -> Expected:
    match said.reaction:
        case "thanks" | "ok" | "polite":
            return _silent(found)
        case "done":
            return {"does": "close", "ticket": found["number"], "state": "closed", "kept": False}
        case "unclear":
            return {"does": "ask_unclear", "kept": False}
        case _:
            return _written_on(found, stays=True)


def _on_resolved(said: Said, found: Ticket) -> Expected:
    match said.reaction:
        case "thanks" | "ok" | "polite" | "yes" | "done":
            return {"does": "close", "ticket": found["number"], "state": "closed", "kept": False}
        case "digit" | "score":
            return _rated(said, found)
        case "bad_score":
            return {"does": "ask_score", "kept": False}
        case "unclear":
            return {"does": "ask_unclear", "kept": False}
        case _:
            return _written_on(found)


def _alone(said: Said, known: Known) -> Expected | None:
    """Nothing waits, is open or was just resolved."""
    if said.reaction is not None:
        return {"rule": "F8", "does": "silent" if said.reaction in QUIET else "help", "kept": False}
    if said.meaning is Meaning.FRAME:
        return _opens(said, known)
    if known.given["new_today"] >= 5:
        return None
    if said.words >= 3 or said.asks:
        return {"rule": "F10", "does": "ask_send", "ticket": None, "kept": True, "urgent": False}
    return {"does": "help", "kept": False}
