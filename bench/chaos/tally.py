"""The tally: what became of every text, counted at the carrier and in the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields

from sqlalchemy import func, select

from bench.chaos.crowd import Crowd, number_of, text_of
from db.schema import InboundState, OutboundState, account, inbound, outbound
from db.store.engine import Database
from sms_gateway.demo.simulator import Direction


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The counts of one run; a run is good when everything was handled and answered once, or doubly and marked so."""

    sent: int  # texts of citizens
    acknowledged: int  # of them, by deliver_sm_resp
    effects: int  # texts that were handled: their rows, and for TK their accounts
    effects_doubled: int  # handled more than once, or two accounts of one person
    answers: int  # that reached a handset
    doubled_marked: int  # answers that came twice, with outbound.unsure
    doubled_unmarked: int  # answers that came twice, without
    parked: int  # texts in hand at so many deaths that they wait for an operator; their senders were told so
    lost: int  # texts without effect or without answer, those that were parked included
    redelivered: int  # recognised repetitions of the carrier
    unsettled: int  # rows that are not at an end
    has_key: bool = False  # the network knows a repetition by the gateway's key, so no answer comes twice

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost and nothing done twice."""
        faults = self.lost + self.effects_doubled + self.doubled_unmarked + self.unsettled
        if self.has_key:
            faults += self.doubled_marked
        return not faults and self.effects == self.acknowledged == self.sent

    def lines(self) -> list[str]:
        """Write it as a table."""
        return [
            f"  {field.name.replace('_', ' '):18}{getattr(self, field.name):>8}"
            for field in fields(self)
            if field.name != "has_key"
        ]


def take_tally(crowd: Crowd, database: Database, *, has_key: bool = False) -> Tally:
    """Count; call it when the gateway has stopped."""
    with database.read() as connection:
        texts = connection.execute(select(inbound.c.sender, inbound.c.state)).all()
        answers = connection.execute(select(outbound.c.recipient, outbound.c.unsure)).all()
        opened = Counter(connection.scalars(select(account.c.phone)))
    handled = Counter(row.sender for row in texts if row.state is InboundState.HANDLED)
    unsure = {row.recipient for row in answers if row.unsure}
    citizens = [number_of(citizen) for citizen in range(crowd.sent)]
    got = {
        number: sum(bubble.direction is Direction.MT for bubble in conversation)
        for number, conversation in zip(citizens, crowd.conversations(), strict=True)
    }
    doubled = {number for number, times in got.items() if times > 1}
    wants = {number: text_of(citizen).startswith("TK") for citizen, number in enumerate(citizens)}
    done = {number for number in citizens if handled[number] and opened[number] == wants[number]}
    return Tally(
        sent=crowd.sent,
        acknowledged=sum(
            all(bubble.settled_at for bubble in conversation if bubble.direction is Direction.MO)
            for conversation in crowd.conversations()
        ),
        effects=len(done),
        effects_doubled=sum(handled[number] > 1 or opened[number] > 1 for number in citizens),
        answers=sum(got.values()),
        doubled_marked=len(doubled & unsure),
        doubled_unmarked=len(doubled - unsure),
        parked=sum(row.state is InboundState.PARKED for row in texts),
        lost=sum(number not in done or not got[number] for number in citizens),
        redelivered=sum(row.state is InboundState.REDELIVERY for row in texts),
        unsettled=count_unsettled(database),
        has_key=has_key,
    )


def count_unsettled(database: Database) -> int:
    """Count the texts that are not handled and the answers that are not sent."""
    with database.read() as connection:
        texts = select(func.count()).where(inbound.c.state == InboundState.RECEIVED)
        answers = select(func.count()).where(outbound.c.state.in_((OutboundState.QUEUED, OutboundState.CLAIMED)))
        return (connection.scalar(texts) or 0) + (connection.scalar(answers) or 0)
