"""Everything that the page of a ticket shows, read at one time."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from db.citizens import dossiers
from db.citizens.dossiers import Dossier
from db.schema import EntryKind
from db.staff.operators import names_of
from db.staff.sessions import present_operators
from db.tickets.ratings import Rating, read_rating
from db.tickets.whole_ticket import Entry, Ticket, read_automatic, read_entries, visible_numbers
from db.units.memberships import members_of
from db.units.route_rules import TopicRow, list_topics, place_of_rule
from db.units.unit_rows import UnitRow, WardRow, list_units, list_wards
from handlers.conversation.load import PRESENT_FOR
from sms_gateway.pages.tickets.detail.conversation_lines import UNSEEN
from sms_gateway.pages.tickets.scope import Sight, seen_ticket, sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say

_NUMBER = re.compile(r"YC\d{9}")


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeTicket:
    """A ticket, and what its page names."""

    ticket: Ticket
    entries: Sequence[Entry]
    seen: Sight
    units: Sequence[UnitRow]
    """Every unit in use, by name: a ticket can go to any."""
    names: Mapping[int, str]
    """Of operators, by id."""
    members: Sequence[int]
    """Operators of the unit; those who work on the topic of the ticket come first."""
    knowing: Collection[int]
    """Of these, those whose topics name the topic of the ticket."""
    present: Collection[int]
    """Operators with a page open."""
    others: Mapping[int, str]
    """Numbers of the tickets that this one names and the operator may see, by id."""
    topic: str
    topics: Sequence[TopicRow]
    """The topics that an agent can choose: only rules make a ticket an accusation."""
    wards: Sequence[WardRow]
    rule: int | None
    """The place of the rule that decided."""
    dossier: Dossier | None
    rating: Rating | None

    @property
    def unit(self) -> UnitRow | None:
        """Return the unit of the ticket; None when it is not in use any more."""
        return next((one for one in self.units if one.id == self.ticket.unit_id), None)

    @property
    def ward(self) -> str:
        """Return the name of the ward; empty where none is known."""
        return next((one.name for one in self.wards if one.id == self.ticket.ward_id), "")

    @property
    def may_take(self) -> bool:
        """Return whether the operator may take and assign: all, but where leads assign the tickets of a unit."""
        return self.seen.leads(self.ticket.unit_id) or self.unit is None or not self.unit.assigns


def read_whole(connection: Connection, ticket_id: int) -> WholeTicket:
    """Read a ticket with all that its page shows; raise 404 for one that the operator may not see."""
    now = dependencies().now()
    seen = sight(connection)
    found = seen_ticket(connection, ticket_id, seen.scope)
    entries = read_entries(connection, found.id)
    topics = list_topics(connection)
    topic = next((one for one in topics if one.id == found.topic_id), None)
    staff = members_of(connection, found.unit_id, now)
    knowing = {one.operator_id for one in staff if topic is not None and topic.code in (one.topics or ())}
    members = sorted((one.operator_id for one in staff), key=lambda one: one not in knowing)
    people = {*members, *([found.assignee_id] if found.assignee_id is not None else [])}
    automatic = read_automatic(connection, entries)
    named = {one for one in (found.parent_id, found.merged_into, *(one.moved_from for one in entries)) if one}
    told = {number for one in (*automatic, *filter(_is_ours, entries)) for number in _NUMBER.findall(one.body or "")}
    told.discard(found.number)
    others = visible_numbers(connection, seen.scope, ids=named, numbers=told)
    hidden = told.difference(others.values())
    return WholeTicket(
        ticket=found,
        # By their ids, which never go back: after the clock was set back a reply stays behind its question.
        entries=sorted(
            [*(_unnumbered(one, hidden) for one in entries), *(_seen(one, hidden) for one in automatic)],
            key=lambda one: one.id,
        ),
        seen=seen,
        units=sorted((one for one in list_units(connection) if not one.disabled), key=lambda one: one.folded),
        names=names_of(connection, people),
        members=members,
        knowing=knowing,
        present=present_operators(connection, since=now - PRESENT_FOR, now=now),
        others=others,
        topic="" if topic is None else topic.name,
        topics=[one for one in topics if one.is_accusation <= found.is_accusation],
        wards=list_wards(connection),
        rule=None if found.rule_id is None else place_of_rule(connection, found.rule_id),
        dossier=None if found.dossier_id is None else dossiers.find_by_id(connection, found.dossier_id),
        rating=read_rating(connection, found.id),
    )


def _is_ours(entry: Entry) -> bool:
    """Return whether the service wrote what was done: the moving of an entry and a merging name another ticket."""
    return entry.kind in (EntryKind.STAFF, EntryKind.SYSTEM)


def _unnumbered(entry: Entry, hidden: set[str]) -> Entry:
    """Return a line of what was done without the numbers of tickets that the operator may not see."""
    if not hidden or entry.body is None or not _is_ours(entry):
        return entry
    return replace(entry, body=_NUMBER.sub(lambda one: UNSEEN if one[0] in hidden else one[0], entry.body))


def _seen(automatic: Entry, hidden: set[str]) -> Entry:
    """Return an automatic answer; without its words where it names a ticket that the operator may not see.

    The question which ticket a text is for names two of the phone, with what they are about.
    """
    if hidden and not hidden.isdisjoint(_NUMBER.findall(automatic.body or "")):
        return replace(automatic, body=say("ticket.answer_withheld"))
    return automatic
