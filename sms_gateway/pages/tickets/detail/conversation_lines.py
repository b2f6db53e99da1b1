"""The lines of a ticket: what citizen, service and agents said and did, each with a word for who it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from db.schema import EntryKind, OutboundState
from db.tickets.whole_ticket import Entry
from sms_gateway.pages.tickets.shown_words import shown_words
from sms_gateway.web.language import say, say_or

LOOKS: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.CITIZEN: "theirs",
        EntryKind.ANSWER: "mine",
        EntryKind.QUESTION: "mine",
        EntryKind.SYSTEM: "automatic",
        EntryKind.NOTE: "note",
        EntryKind.STAFF: "done",
    }
)
"""The colour of each kind, by the class of the style sheet; a word says the same."""

UNSEEN = "\N{EN DASH}"
"""Stands for the number of a ticket that the operator may not see."""

_NOT_ARRIVED = frozenset({OutboundState.FAILED, OutboundState.EXPIRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationLine:
    """One line as the page shows it."""

    entry: Entry
    who: str
    look: str
    words: str
    sms: OutboundState | None
    has_failed: bool
    can_move: bool


def conversation_lines(entries: Sequence[Entry], *, clear: bool) -> Sequence[ConversationLine]:
    """Return the lines, oldest first; words of the citizen can be filed elsewhere, except those that opened it."""
    first = next((one.id for one in entries if one.kind is EntryKind.CITIZEN), None)
    return [
        ConversationLine(
            entry=one,
            who=_who(one),
            look=LOOKS[one.kind],
            words=_words(one, clear=clear),
            sms=one.sms,
            has_failed=one.sms in _NOT_ARRIVED,
            can_move=one.kind is EntryKind.CITIZEN and one.id != first,
        )
        for one in entries
    ]


def _who(entry: Entry) -> str:
    who = say(f"entry_kind.{entry.kind}")
    return f"{who} · {entry.operator}" if entry.operator else who


def _words(entry: Entry, *, clear: bool) -> str:
    """Return the words; what was done is stored in few English words, which are put into the reader's language."""
    body = entry.body or ""
    if entry.kind in (EntryKind.STAFF, EntryKind.SYSTEM) and (key := _HAPPENED.get(body)) is not None:
        return say(f"entry_did.{key}")
    if entry.kind is EntryKind.STAFF or (entry.kind is EntryKind.SYSTEM and entry.outbound_id is None):
        for pattern, key in _DID:
            if found := pattern.fullmatch(body):
                return say(
                    f"entry_did.{key}", **{name: _said(name, value) for name, value in found.groupdict().items()}
                )
    return shown_words(entry.body, clear=clear)


def _said(name: str, value: str | None) -> str:
    """Return a value of what was done: a priority in words, words for agents masked."""
    if name == "priority":
        return say_or(f"priority.{value}", value or "")
    return shown_words(value) if value else ""


def shown_routing(step: str, rule: int | None = None) -> str:
    """Return what decided which unit a ticket went to."""
    return f"{say_or(f'ticket_routed.{step}', step)}{'' if rule is None else f' {rule}'}"


_HAPPENED: Mapping[str, str] = MappingProxyType(
    {
        **{
            key: key
            for key in ("warn_unit", "warn_lead", "warn_parent", "apology", "reminder", "no_reply", "rating_end")
        },
        **{f"urgent_{minutes}": f"urgent_{minutes}" for minutes in (5, 10, 15)},
        **{f"urgent_{minutes} nobody": "urgent_nobody" for minutes in (5, 10, 15)},
    }
)
"""What timers write into a ticket's history (back_office/tickets/due), and its words."""

_NUMBER = rf"(?P<number>YC\d{{9}}|{UNSEEN})"
_DID = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        ("took", "took"),
        ("gave back", "gave_back"),
        ("assigned", "assigned"),
        ("resumed", "resumed"),
        ("as before", "as_before"),
        ("linked", "linked"),
        ("sorted", "sorted"),
        ("kept", "kept"),
        ("spam", "spam"),
        ("merging undone", "merging_undone"),
        (r"priority (?P<priority>\w+)", "priority"),
        (r"to (?P<unit>[^ :]+)(?:: (?P<why>.*))?", "transferred"),
        ("question not sent", "not_asked"),
        ("citizen wrote", "wrote"),
        ("text not sorted", "not_sorted"),
        ("turned away", "turned_away"),
        ("objection open", "objection_open"),
        ("member ended", "member_ended"),
        (rf"merged into {_NUMBER}", "merged_into"),
        (rf"merged from {_NUMBER}", "merged_from"),
        (rf"moved_to {_NUMBER}", "moved_to"),
        (rf"moved_from {_NUMBER}", "moved_from"),
    )
)
"""What the acts write into a ticket's history (back_office/tickets, db/tickets/entry_moves), and its words."""
