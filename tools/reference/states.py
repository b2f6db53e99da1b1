"""The page of states: each state of the enums of db/schema and of SMPP sessions, with the comment beside it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum

from db.schema.states import (
    AccountState,
    DossierStatus,
    InboundState,
    LookupState,
    NoticeState,
    OutboundState,
    ReceiptState,
    WebhookState,
)
from db.schema.ticket_states import CloseReason, TicketState, TimerKind
from db.tickets.states import TRANSITIONS, TicketEvent
from sms_gateway.channels.smpp.session.terms import SessionState

_STATES: tuple[tuple[str, type[Enum]], ...] = (
    ("A citizen's text", InboundState),
    ("An answer", OutboundState),
    ("A delivery receipt", ReceiptState),
    ("An account", AccountState),
    ("A dossier", DossierStatus),
    ("A ticket", TicketState),
    ("Why a ticket is over", CloseReason),
    ("What can happen to a ticket", TicketEvent),
    ("What is due of a ticket", TimerKind),
    ("A version of an own table", LookupState),
    ("A notice to a citizen", NoticeState),
    ("An event for a system of the city", WebhookState),
    ("A session of a link", SessionState),
)

_HEAD = """\
# States

This page is the reference of the states that pages, exports and interfaces show.
[architecture.md](../architecture.md#states) draws how one state leads to another.
"""

_MEMBER = re.compile(
    r"^    (?P<name>[A-Z_0-9]+) = \"(?P<value>[^\"]+)\""
    r"(?:  # (?:noqa: [A-Z0-9]+ - [^:]+: )?(?P<means>.+))?$"
)


def page() -> str:
    """Return docs/reference/states.md."""
    return "\n".join([_HEAD, *(_table(title, states) for title, states in _STATES), _transitions()])


def _table(title: str, states: type[Enum]) -> str:
    rows = "\n".join(f"| `{value}` | {means} |" for value, means in _members(states))
    return f"## {title}\n\n{inspect.cleandoc(states.__doc__ or '')}\n\n| state | meaning |\n|---|---|\n{rows}\n"


def _members(states: type[Enum]) -> Iterator[tuple[str, str]]:
    """Return the value of each member, and the comment beside it or else its name in words."""
    found = {one["name"]: one for line in inspect.getsource(states).splitlines() if (one := _MEMBER.match(line))}
    for member in states:
        means = found[member.name]["means"] or member.name.replace("_", " ").lower()
        yield str(member.value), means.replace("|", "\\|")


def _transitions() -> str:
    rows = "\n".join(
        f"| `{state}` | `{event}` | `{change.state}` | {f'`{change.reason}`' if change.reason else ''} |"
        for (state, event), change in sorted(TRANSITIONS.items(), key=lambda one: list(TicketState).index(one[0][0]))
    )
    return (
        "## From one state of a ticket to another\n\nWhat is not in this table is refused.\n\n"
        f"| state | what happens | then | reason |\n|---|---|---|---|\n{rows}\n"
    )
