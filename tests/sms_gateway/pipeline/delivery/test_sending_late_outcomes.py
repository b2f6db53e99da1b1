"""Responses that come after their try was given up: drawn sequences of tries, falls and late words, held to a model."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from db.messages import outbox_insert
from db.messages.outbox import NewOutbound
from db.schema import OutboundState, outbound
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.pipeline.delivery import sending
from sms_gateway.pipeline.delivery.sending import MAX_UNANSWERED
from sms_gateway.pipeline.ports import NO_RESPONSE, Refusal, SegmentRefused, SegmentTaken, SendReport
from tests.generators.generated import LONG
from tests.sms_gateway.pipeline.edges import START, Clock

FATES = ("taken", "unanswered", "unanswered", "throttled", "not_sent")


class Model:
    """One answer: what the carrier was given and what it said, beside the rows."""

    def __init__(self, database: Database, chance: random.Random, clock: Clock) -> None:
        self.database, self.chance, self.clock = database, chance, clock
        self.new_id = IdSource(node=1, now=clock).new
        self.id = self.new_id()
        self.total = chance.choice([1, 1, 2, 3])
        self.written: Counter[int] = Counter()  # tries by segment that may have arrived
        self.taken: set[int] = set()
        self.overdue: list[int] = []  # segments whose response may still come
        self.unanswered = 0
        answer = NewOutbound(
            id=self.id,
            inbound_id=None,
            link="main",
            sender="8188",
            recipient=Address(f"849{self.id % 10**8:08d}"),
            body="Ho so",
            masked="****",
            reference=1,
            created_at=START,
            expires_at=START + timedelta(days=1),
        )
        with database.write() as connection:
            outbox_insert.add(connection, [answer])

    def state(self) -> tuple[OutboundState, bool, str | None]:
        with self.database.read() as connection:
            asked = select(outbound.c.state, outbound.c.unsure, outbound.c.body).where(outbound.c.id == self.id)
            row = connection.execute(asked).one()
        return row.state, row.unsure, row.body

    def report(self, *segments: SegmentTaken | SegmentRefused, late_on: str | None = None) -> SendReport:
        return SendReport(
            outbound_id=self.id,
            data_coding=0,
            total=self.total,
            segments=segments,
            at=self.clock(),
            late_on=late_on,
        )

    def try_once(self) -> bool:
        """Claim, let some late responses come while it is on its way, and settle; False when nothing is due."""
        self.clock.pass_(seconds=130)
        with self.database.write() as connection:
            claimed = sending.claim(connection, link="main", room=9, lease=timedelta(seconds=60), now=self.clock())
        one = next((each for each in claimed if each.submission.outbound_id == self.id), None)
        if one is None:
            return False
        assert one.submission.already_taken == self.taken
        assert self.unanswered < MAX_UNANSWERED
        segments: list[SegmentTaken | SegmentRefused] = []
        lost: list[int] = []
        for number in range(1, self.total + 1):
            if number in self.taken:
                continue
            fate = self.chance.choice(FATES)
            if fate == "taken":
                segments.append(SegmentTaken(number=number, message_id=f"{self.new_id():X}"))
                self.written[number] += 1
            else:
                error = NO_RESPONSE if fate == "unanswered" else "ESME_RTHROTTLED"
                segments.append(SegmentRefused(number=number, refusal=Refusal(fate), error=error))
                if fate == "unanswered":
                    self.written[number] += 1
                    lost.append(number)
        self.speak_late()
        with self.database.write() as connection:
            sending.settle(
                connection,
                [self.report(*segments)],
                {self.id: one.in_flight},
                new_id=self.new_id,
                now=self.clock(),
            )
        self.unanswered += bool(set(lost) - self.taken)
        self.taken |= {each.number for each in segments if isinstance(each, SegmentTaken)}
        self.overdue += lost
        return True

    def speak_late(self) -> None:
        """Let a late response come, sometimes, and sometimes twice."""
        if not self.overdue or self.chance.random() < 0.5:
            return
        number = self.overdue.pop(self.chance.randrange(len(self.overdue)))
        if self.chance.random() < 0.3:
            word: SegmentTaken | SegmentRefused = SegmentRefused(
                number=number, refusal=Refusal.TEMPORARY, error="ESME_RSYSERR"
            )
        else:
            word = SegmentTaken(number=number, message_id=f"{self.new_id():X}")
            self.taken.add(number)
        for _ in range(self.chance.choice([1, 2])):  # safe to repeat
            with self.database.write() as connection:
                self._settle_late(connection, word)

    def _settle_late(self, connection: Connection, word: SegmentTaken | SegmentRefused) -> None:
        report = self.report(word, late_on="main")
        sending.settle_late(connection, [report], new_id=self.new_id, now=self.clock())


@pytest.mark.parametrize("seed", range(40 if LONG else 12))
def test_an_answer_is_sent_exactly_when_the_carrier_has_said_so_of_every_segment(
    database: Database, clock: Clock, seed: int
) -> None:
    model = Model(database, random.Random(seed), clock)
    for _ in range(40):
        model.speak_late()
        whole = len(model.taken) == model.total
        state, unsure, body = model.state()
        assert (state is OutboundState.SENT) == whole
        assert (state is OutboundState.FAILED) == (model.unanswered == MAX_UNANSWERED and not whole)
        assert (body is None) == (state is not OutboundState.QUEUED)  # its secret has ended
        if whole and max(model.written.values()) > 1:
            assert unsure
        assert model.try_once() == (state is OutboundState.QUEUED)


def test_one_that_was_sent_once_and_confirmed_late_is_not_unsure(database: Database, clock: Clock) -> None:
    for seed in range(200):
        model = Model(database, random.Random(seed), clock)
        while not (model.overdue or model.taken):
            model.try_once()
        while model.overdue and model.unanswered == 1:
            model.speak_late()
        if len(model.taken) == model.total and max(model.written.values()) == 1 and model.unanswered == 1:
            assert model.state()[:2] == (OutboundState.SENT, False)
            return
    pytest.fail("none was drawn")


def test_a_late_refusal_for_good_ends_what_waits(database: Database, clock: Clock) -> None:
    model = Model(database, random.Random(0), clock)
    word = SegmentRefused(number=1, refusal=Refusal.PERMANENT, error="ESME_RINVDSTADR")
    with database.write() as connection:
        sending.settle_late(connection, [model.report(word, late_on="main")], new_id=model.new_id, now=clock())
    assert model.state() == (OutboundState.FAILED, False, None)
    assert not model.try_once()
