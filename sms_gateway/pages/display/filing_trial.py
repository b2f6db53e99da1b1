"""How a text would be filed and routed, step by step in words; nothing is stored and nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from db.units.route_rules import list_rules
from handlers.conversation.business_time import rounded
from handlers.conversation.business_time.levels import URGENT, due_times
from handlers.conversation.filing import file, needs_situation
from handlers.conversation.filing.filed import Does, Filed
from handlers.conversation.routing import Routed, Step, route
from handlers.conversation.routing.directory import NoFocalUnitError, Topic
from handlers.conversation.routing.directory_rows import read_directory, read_levels
from handlers.conversation.situation import NEW, Ask, OwnTicket, Situation
from parsers.commands import Command
from parsers.misread import Misread
from parsers.text.normal_form import normalise
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_time, say

FIRST, SECOND = "YC482173051", "YC613509427"
"""Numbers of tickets that exist only in a trial."""


def _ticket(number: str, state: TicketState, *, hours: float = 3.0) -> OwnTicket:
    return OwnTicket(number=number, kind=TicketKind.REPORT, state=state, subject="den duong hong", hours=hours)


_TWO = (_ticket(FIRST, TicketState.OPEN), _ticket(SECOND, TicketState.OPEN, hours=5))
_HOUR = 3600.0

SITUATIONS: Mapping[str, Situation] = MappingProxyType(
    {
        "none": Situation(),
        "open": Situation(tickets=(_ticket(FIRST, TicketState.OPEN),)),
        "asked": Situation(
            tickets=(_ticket(FIRST, TicketState.PENDING_CITIZEN),),
            ask=Ask(kind=AskKind.DETAILS, seconds=_HOUR, ticket=FIRST),
        ),
        "resolved": Situation(
            tickets=(_ticket(FIRST, TicketState.RESOLVED, hours=24),),
            ask=Ask(kind=AskKind.RATE, seconds=24 * _HOUR, ticket=FIRST),
        ),
        "two": Situation(tickets=_TWO),
        "which": Situation(
            tickets=_TWO, ask=Ask(kind=AskKind.WHICH, seconds=_HOUR, choices=(FIRST, SECOND, NEW), kept_text="...")
        ),
        "kept": Situation(ask=Ask(kind=AskKind.SEND_KEPT, seconds=_HOUR, kept_text="...")),
        "many": Situation(new_today=5),
    }
)
"""What the sender of a tried text may have open, by name; the words for each are `try_situation.NAME`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FilingTrial:
    """What filing and routing would do with a text."""

    steps: Sequence[tuple[str, str]]
    """What each step is about, and its result."""
    is_answered_by_state: bool
    """Whether the answer depends on the sender's tickets, so that the text alone has none."""


def try_filing(connection: Connection, text: str, reading: Command | Misread, situation: str) -> FilingTrial | None:
    """File and route a text; None where the conversation is off."""
    parts = dependencies()
    vocabulary = parts.vocabulary
    if not vocabulary.conversation:
        return None
    short_codes = parts.settings.short_codes
    filed = file(reading, text, SITUATIONS[situation], vocabulary=vocabulary, short_codes=short_codes)
    steps = [(say("try.situation"), say(f"try_situation.{situation}")), *_of_filing(filed)]
    if filed.does in {Does.NEW_TICKET, Does.ASK_SEND, Does.UNFILED}:
        steps += _of_routing(connection, text, filed)
    return FilingTrial(steps=steps, is_answered_by_state=needs_situation(reading, text, vocabulary))


def _of_filing(filed: Filed) -> Sequence[tuple[str, str]]:
    done = [say(f"filing.{filed.does}")]
    if filed.ticket is not None:
        done.append(filed.ticket)
    if filed.state is not None:
        done.append(say("try.state", state=say(f"ticket_state.{filed.state}")))
    if filed.score is not None:
        done.append(say("try.score", score=filed.score))
    if filed.is_kept:
        done.append(say("try.kept"))
    if filed.is_urgent:
        done.append(say("try.urgent"))
    return [
        (say("try.rule"), say(f"filing_rule.{filed.rule}")),
        (say("try.does"), "; ".join(done)),
    ]


def _of_routing(connection: Connection, text: str, filed: Filed) -> Sequence[tuple[str, str]]:
    parts = dependencies()
    now = parts.now()
    try:
        directory = read_directory(connection, zone=LOCAL_ZONE, today=now.astimezone(LOCAL_ZONE).date())
    except NoFocalUnitError:
        return [(say("try.routed"), say("units.no_focal"))]
    kind = filed.kind or TicketKind.QUESTION
    routed = route(normalise(text), kind, directory, urgent=filed.is_urgent)
    level = read_levels(connection)[URGENT if filed.is_urgent else kind]
    due = due_times(now, level, routed.unit.calendar)
    return [
        (say("try.kind"), say(f"ticket_kind.{kind}")),
        (say("try.routed"), f"{routed.unit.name}: {_why(connection, routed)}"),
        *_facts(connection, routed),
        (say("try.first_due"), local_time(due.first)),
        (say("try.final_due"), local_time(rounded(due.final, LOCAL_ZONE))),
    ]


def _why(connection: Connection, routed: Routed) -> str:
    """Say which step decided, with the words by which it did."""
    if routed.step is Step.FOCAL and routed.offered:
        return say("try.offered", units=", ".join(unit.name for unit in routed.offered))
    place = _place(connection, routed.rule_id)
    return say(f"routed_by.{routed.step}", found=routed.found.lower(), place=place)


def _place(connection: Connection, rule_id: int | None) -> int:
    """Return the place of a rule in the list, from 1; 0 where none fitted."""
    ids = [rule.id for rule in list_rules(connection)]
    return ids.index(rule_id) + 1 if rule_id in ids else 0


def _topic(connection: Connection, routed: Routed, topic: Topic) -> str:
    """Return a topic, with the rule that named it where another step decided the unit."""
    if routed.rule_id is None or routed.step is Step.RULE:
        return topic.name
    return say("try.topic_by", topic=topic.name, place=_place(connection, routed.rule_id))


def _facts(connection: Connection, routed: Routed) -> Sequence[tuple[str, str]]:
    facts = [(say("rules.priority"), say(f"priority.{routed.priority}"))]
    if routed.topic is not None:
        facts.append((say("rules.topic"), _topic(connection, routed, routed.topic)))
    if routed.ward is not None:
        facts.append((say("try.ward"), routed.ward.name))
    if routed.is_accusation:
        facts.append((say("try.accusation"), say("try.accusation_lead")))
    return facts
