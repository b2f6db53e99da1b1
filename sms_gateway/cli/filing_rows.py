"""Texts with the situation of their sender, as `sms-gateway file` reads them, and decisions as it writes them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from handlers.conversation.filing.filed import Filed
from handlers.conversation.situation import Ask, Guard, OwnTicket, Previous, Situation
from parsers.localised_message import Plain

MOST_TICKETS = 100
"""Tickets of one sender; nobody has more at hand."""

_LONG_AGO = 3600.0
"""Seconds of a question of ours whose age is not given: it is live."""

E = TypeVar("E", bound=StrEnum)
Object = Mapping[str, Plain]


class FaultyRowError(ValueError):
    """The line is no text with a situation; the message says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One text and what is known of its sender."""

    text: str
    situation: Situation


def row_of(line: bytes | None, *, longest: int) -> Row:
    """Read one line; None stands for one longer than `longest` octets. Raises FaultyRowError."""
    if line is None:
        raise FaultyRowError(f"the line is longer than {longest} octets")
    try:
        read: Plain = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FaultyRowError("the line is no UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise FaultyRowError("the line is no JSON") from error
    row = _object(read, "the line")
    if not isinstance(row.get("text"), str):
        raise FaultyRowError("text: a string is needed")
    known = row.get("situation")
    situation = _situation(_object(known, "situation")) if known is not None else Situation()
    return Row(text=str(row["text"]), situation=situation)


def filed_as_plain(filed: Filed) -> dict[str, Plain]:
    """Return a decision as it is written, keys in their order."""
    return {
        "rule": filed.rule.value,
        "does": filed.does.value,
        "ticket": filed.ticket,
        "state": filed.state.value if filed.state is not None else None,
        "kept": filed.is_kept,
        "score": filed.score,
        "command": filed.command,
        "urgent": filed.is_urgent,
    }


def _situation(given: Object) -> Situation:
    return Situation(
        tickets=tuple(_ticket(one, f"tickets[{place}]") for place, one in enumerate(_list(given, "tickets"))),
        ask=_ask(_object(given["ask"], "ask")) if given.get("ask") is not None else None,
        previous=_previous(_object(given["previous"], "previous")) if given.get("previous") is not None else None,
        new_today=int(_number(given, "new_today", 0.0, "")),
        is_subscribed=_flag(given, "subscribed"),
        is_duty=_flag(given, "duty"),
        guard=_member(given, "guard", Guard, "") if given.get("guard") is not None else None,
    )


def _ticket(given: Plain, where: str) -> OwnTicket:
    ticket = _object(given, where)
    opened = ticket.get("opened_hours")
    return OwnTicket(
        number=_text(ticket, "number", where),
        kind=_member(ticket, "kind", TicketKind, where, TicketKind.QUESTION),
        state=_member(ticket, "state", TicketState, where),
        subject=_text(ticket, "subject", where, ""),
        hours=_number(ticket, "hours", 0.0, where),
        opened_hours=_number(ticket, "opened_hours", 0.0, where) if opened is not None else None,
        words=_text(ticket, "words", where, ""),
        merged_into=_text(ticket, "merged_into", where) if ticket.get("merged_into") is not None else None,
    )


def _ask(given: Object) -> Ask:
    return Ask(
        kind=_member(given, "kind", AskKind, "ask"),
        seconds=_number(given, "seconds", _LONG_AGO, "ask"),
        ticket=_text(given, "ticket", "ask") if given.get("ticket") is not None else None,
        choices=tuple(_choice(one) for one in _list(given, "choices")),
        kept_text=_text(given, "kept_text", "ask", ""),
    )


def _previous(given: Object) -> Previous | None:
    if given.get("ticket") is None:
        return None
    return Previous(seconds=_number(given, "seconds", 0.0, "previous"), ticket=_text(given, "ticket", "previous"))


def _choice(given: Plain) -> str:
    if not isinstance(given, str):
        raise FaultyRowError("ask.choices: strings are needed")
    return given


def _object(given: Plain, where: str) -> Object:
    if not isinstance(given, dict):
        raise FaultyRowError(f"{where}: an object is needed")
    return given


def _list(given: Object, key: str) -> Sequence[Plain]:
    value = given.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FaultyRowError(f"{key}: a list is needed")
    if len(value) > MOST_TICKETS:
        raise FaultyRowError(f"{key}: at most {MOST_TICKETS}")
    return value


def _text(given: Object, key: str, where: str, default: str | None = None) -> str:
    value = given.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise FaultyRowError(f"{_place(where, key)}: a string is needed")
    return value


def _number(given: Object, key: str, default: float, where: str) -> float:
    value = given.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FaultyRowError(f"{_place(where, key)}: a number is needed")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise FaultyRowError(f"{_place(where, key)}: a number is needed that can be measured")
    return number


def _flag(given: Object, key: str) -> bool:
    value = given.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FaultyRowError(f"{key}: true or false is needed")
    return value


def _member(given: Object, key: str, kind: type[E], where: str, default: E | None = None) -> E:
    value = given.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or value not in [one.value for one in kind]:
        raise FaultyRowError(f"{_place(where, key)}: one of {', '.join(one.value for one in kind)} is needed")
    return kind(value)


def _place(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
