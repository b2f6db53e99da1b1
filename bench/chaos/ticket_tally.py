"""The tally of tickets: what became of every story, on the telephones and in the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from itertools import permutations

from sqlalchemy import Connection, func, select

from bench.chaos.talkers import Talk, Talkers
from bench.chaos.tally import count_unsettled
from db.schema import EntryKind, InboundState, TicketState, citizen, inbound, outbound, ticket, ticket_entry
from db.store.engine import Database
from handlers.conversation.situation import SECONDS_UNTIL_LIVE
from sms_gateway.demo.simulator import Direction

Step = tuple[TicketState | None, TicketState | None]

_LIVE_AFTER = timedelta(seconds=SECONDS_UNTIL_LIVE)


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketTally:
    """The counts of one run; a run is good when every story ended as it must, in one ticket."""

    stories: int
    sent: int  # texts of citizens
    acknowledged: int  # of them, by deliver_sm_resp
    tickets: int
    tickets_lost: int  # stories without one
    tickets_doubled: int  # stories with more than one
    entries: int  # of citizens and of the agent
    entries_lost: int
    entries_doubled: int
    states_gone_back: int  # tickets whose changes do not follow each other, or that are not where their story ends
    early_replies: int  # by the gateway's clock within 3 s after the question: the ticket rightly waits on
    unfinished: int  # stories without an answer to their last turn, those with a parked text included
    answers: int  # that reached a handset
    doubled_marked: int  # stories with more answers than turns, with outbound.unsure
    doubled_unmarked: int  # the same, without
    parked: int
    redelivered: int  # recognised repetitions of the carrier
    unsettled: int  # rows that are not at an end

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, nothing done twice, and nothing undone."""
        faults = self.tickets_lost + self.tickets_doubled + self.entries_lost + self.entries_doubled
        faults += self.states_gone_back + self.unfinished + self.doubled_unmarked + self.unsettled
        return not faults and self.acknowledged == self.sent

    def lines(self) -> list[str]:
        """Write it as a table."""
        return [f"  {field.name.replace('_', ' '):18}{getattr(self, field.name):>8}" for field in fields(self)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """The tickets of each telephone: their ids and states; the entries of each ticket; who got an unsure answer."""

    tickets: dict[str, list[tuple[int, TicketState]]]
    said: Counter[tuple[int, bool]]  # by ticket, and whether the citizen wrote it
    steps: dict[int, list[Step]]
    early: frozenset[int]
    unsure: frozenset[str]
    texts: Counter[InboundState]


def take_ticket_tally(talkers: Talkers, database: Database) -> TicketTally:
    """Count; call it when the gateway has stopped."""
    rows, talks = _read(database), talkers.talks
    found = {talk.number: rows.tickets.get(talk.number, []) for talk in talks}
    seen = {talk.number: talkers.conversation(talk) for talk in talks}
    texts = [one for bubbles in seen.values() for one in bubbles if one.direction is Direction.MO]
    answers = {number: sum(one.direction is Direction.MT for one in bubbles) for number, bubbles in seen.items()}
    doubled = {talk.number for talk in talks if answers[talk.number] > len(talk.story.turns)}
    amiss = [_amiss(talk, found[talk.number], rows) for talk in talks]
    return TicketTally(
        stories=len(talks),
        sent=talkers.sent,
        acknowledged=sum(one.settled_at is not None for one in texts),
        tickets=sum(map(len, found.values())),
        tickets_lost=sum(not tickets for tickets in found.values()),
        tickets_doubled=sum(len(tickets) > 1 for tickets in found.values()),
        entries=rows.said.total(),
        entries_lost=sum(max(0, one) for one in amiss),
        entries_doubled=sum(max(0, -one) for one in amiss),
        states_gone_back=sum(
            not follows(rows.steps.get(row, ()), state) or state not in _ends(talk, row, rows)
            for talk in talks
            for row, state in found[talk.number]
        ),
        early_replies=len(rows.early),
        unfinished=talkers.waiting(),
        answers=sum(answers.values()),
        doubled_marked=len(doubled & rows.unsure),
        doubled_unmarked=len(doubled - rows.unsure),
        parked=rows.texts[InboundState.PARKED],
        redelivered=rows.texts[InboundState.REDELIVERY],
        unsettled=count_unsettled(database),
    )


def follows(steps: Sequence[Step], last: TicketState) -> bool:
    """Tell whether changes lead from new to the state now, each beginning where another ended.

    The order of their ids says nothing: gateway and agent have clocks of their own here, and one is set wrong.

    >>> NEW, OPEN, CLOSED = TicketState.NEW, TicketState.OPEN, TicketState.CLOSED
    >>> follows([(CLOSED, OPEN), (NEW, CLOSED)], OPEN), follows([(NEW, CLOSED), (NEW, OPEN)], OPEN)
    (True, False)
    """
    return any(_leads(order, last) for order in permutations(steps))


def _leads(steps: Sequence[Step], last: TicketState) -> bool:
    begins = [TicketState.NEW, *(after for _, after in steps)]
    return begins[-1] is last and all(before is begin for (before, _), begin in zip(steps, begins, strict=False))


def _ends(talk: Talk, row: int, rows: _Rows) -> Collection[TicketState]:
    """Return where a story may end. An early reply is kept in any case; it answers the question where ids show it."""
    return (TicketState.PENDING_CITIZEN, talk.story.ends) if row in rows.early else (talk.story.ends,)


def _amiss(talk: Talk, tickets: Sequence[tuple[int, TicketState]], rows: _Rows) -> int:
    """Return how many entries a story lacks; less than 0 where it has too many."""
    written = sum(rows.said[row, True] for row, _ in tickets), sum(rows.said[row, False] for row, _ in tickets)
    lacking = talk.story.filed - written[0], talk.story.acts - written[1]
    return min(lacking) if min(lacking) < 0 else sum(lacking)


def _read(database: Database) -> _Rows:
    kinds = (EntryKind.CITIZEN, EntryKind.ANSWER, EntryKind.QUESTION)
    tickets: dict[str, list[tuple[int, TicketState]]] = defaultdict(list)
    steps: dict[int, list[Step]] = defaultdict(list)
    said: Counter[tuple[int, bool]] = Counter()
    entry = ticket_entry.c
    with database.read() as connection:
        owned = select(citizen.c.phone, ticket.c.id, ticket.c.state).join(ticket, ticket.c.citizen_id == citizen.c.id)
        for phone, row, state in connection.execute(owned):
            tickets[phone].append((row, state))
        asked = select(entry.ticket_id, entry.kind, entry.from_state, entry.to_state).order_by(entry.id)
        for row, kind, before, after in connection.execute(asked):
            if kind in kinds:
                said[row, kind is EntryKind.CITIZEN] += 1
            if before is not None:
                steps[row].append((before, after))
        unsure = connection.scalars(select(outbound.c.recipient).where(outbound.c.unsure))
        counted = connection.execute(select(inbound.c.state, func.count().label("number")).group_by(inbound.c.state))
        return _Rows(
            tickets=tickets,
            said=said,
            steps=steps,
            early=_early(connection),
            unsure=frozenset(unsure),
            texts=Counter({row.state: row.number for row in counted}),
        )


def _early(connection: Connection) -> frozenset[int]:
    """Return the tickets whose reply came too early to answer the agent's question, by the gateway's clock."""
    entry = ticket_entry.c
    asked = select(entry.ticket_id, outbound.c.sent_at).join(outbound, outbound.c.id == entry.outbound_id)
    questions = connection.execute(asked.where(entry.kind == EntryKind.QUESTION))
    sent = {row.ticket_id: row.sent_at for row in questions}
    replied = (
        select(entry.ticket_id, inbound.c.received_at)
        .join(inbound, inbound.c.id == entry.inbound_id)
        .join(ticket, ticket.c.id == entry.ticket_id)
        .where(entry.inbound_id != ticket.c.inbound_id, entry.ticket_id.in_(sent))
    )
    came = connection.execute(replied)
    return frozenset(row for row, at in came if (asked_at := sent[row]) is None or at < asked_at + _LIVE_AFTER)
