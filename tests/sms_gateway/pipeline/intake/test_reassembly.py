"""Parts of long texts: stored before they are acknowledged, joined whole or overdue, never mixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Connection, select

from db.messages.events import NewEvent
from db.messages.inbox import NewInbound
from db.schema import InboundState, account, inbound, part
from db.store.engine import Database
from db.store.ids import IdSource
from db.upkeep.highest_row_id import highest_id
from parsers import GAP
from sms_gateway.channels.smpp.coding.long_texts import LongTexts, read_parts
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.intake import storage
from sms_gateway.pipeline.intake.batch import Reception
from sms_gateway.pipeline.intake.reassembly import MAX_WIRE, OVERDUE
from sms_gateway.pipeline.ports import Arrival, InboundPart, InboundText, Piece, Verdict
from sms_gateway.process.schedule import JOBS, Job
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import START, Clock, PaperSource, arrive, text


def piece(
    number: int,
    octets: bytes,
    total: int = 2,
    *,
    sender: str = "84905123456",
    reference: int = 7,
    session: int = 1,
    at: datetime = START,
    coding: int = 0,
    provider_id: str | None = None,
    signature: str | None = None,
) -> InboundPart:
    return InboundPart(
        provider_id=provider_id,
        signature=signature,
        link="main",
        session=session,
        sender=sender,
        recipient="8188",
        reference=reference,
        total=total,
        number=number,
        octets=octets,
        data_coding=coding,
        received_at=at,
    )


class DispatchContext:
    """A reception on a database, and what it was told."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.database = database
        self.source = PaperSource()
        self.tickets = count(1)
        self.reopen()

    def reopen(self) -> None:
        """Begin anew, as after a restart: nothing is remembered but the rows."""
        with self.database.read() as connection:
            after = highest_id(connection)
        self.reception = Reception(
            database=self.database,
            new_id=IdSource(node=0, now=self.clock, after=after).new,
            lease=timedelta(seconds=15),
            now=self.clock,
            read_parts=LongTexts({}),
            metrics=Metrics(),
        )

    def take(self, *contents: InboundPart | InboundText) -> list[Verdict]:
        tickets = [next(self.tickets) for _ in contents]
        arrivals = [
            (Arrival(source=self.source, ticket=ticket, content=content), content)
            for ticket, content in zip(tickets, contents, strict=True)
        ]
        self.new = [waiting.body for waiting in self.reception.take_in(arrivals)]
        return [self.source.verdicts[ticket][0] for ticket in tickets]

    def overdue(self) -> list[str]:
        return [waiting.body for waiting in self.reception.join_overdue()]

    def rows(self, *, open_only: bool = False) -> int:
        with self.database.read() as connection:
            asked = select(part.c.id)
            return len(connection.scalars(asked.where(part.c.joined_at.is_(None)) if open_only else asked).all())


def run_job(name: str, desk: DispatchContext) -> None:
    [job] = [job for job in JOBS if job.name == name]
    assert isinstance(job, Job)
    with desk.database.write() as connection:
        job.work(connection, desk.clock())


@pytest.fixture
def desk(database: Database) -> DispatchContext:
    return DispatchContext(database)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted between parts"])
def test_joins_parts_in_any_order_each_acknowledged_at_once(
    desk: DispatchContext, order: tuple[int, ...], *, restarts: bool
) -> None:
    said = {1: b"TK, Nguyen", 2: b" Van A, 2014", 3: b"99999"}
    for place, number in enumerate(order, 1):
        assert desk.take(piece(number, said[number], 3)) == [Verdict.STORED]
        assert desk.new == (["TK, Nguyen Van A, 201499999"] if place == 3 else [])
        if restarts:
            desk.reopen()
    with desk.database.read() as connection:
        row = connection.execute(select(inbound.c.octets, inbound.c.body, inbound.c.state)).one()
        assert tuple(row) == (b"TK, Nguyen Van A, 201499999", "TK, Nguyen Van A, 201499999", InboundState.RECEIVED)
        assert {each.octets for each in connection.execute(select(part.c.octets))} == {None}


def test_keeps_the_whole_pdus_of_a_joined_text_in_the_order_of_its_parts(desk: DispatchContext) -> None:
    pdus = [replace(piece(number, b"TK", 3), wire=bytes([0, number, 255]) * number) for number in (1, 2, 3)]
    desk.take(pdus[2], pdus[0])
    desk.reopen()
    desk.take(pdus[1])
    with desk.database.read() as connection:
        assert connection.scalar(select(inbound.c.wire)) == b"".join(each.wire or b"" for each in pdus)
        assert set(connection.scalars(select(part.c.wire))) == {None}


def test_leaves_out_pdus_beyond_the_bound_and_keeps_what_came_before_they_were_kept(desk: DispatchContext) -> None:
    large = replace(piece(1, b"A", 3), wire=bytes(MAX_WIRE))
    desk.take(large, replace(piece(2, b"B", 3), wire=b"no room"), piece(3, b"C", 3))
    with desk.database.read() as connection:
        assert connection.scalar(select(inbound.c.wire)) == bytes(MAX_WIRE)


def test_parts_are_sealed_at_rest(desk: DispatchContext) -> None:
    desk.take(piece(1, b"TK, Nguyen Van Canary"))
    with desk.database.read() as connection:
        raw = connection.exec_driver_sql("SELECT sender, recipient, octets FROM part").one()
    assert not any(clear in bytes(value) for value in raw for clear in (b"84905123456", b"Canary"))


def test_a_thousand_citizens_with_one_reference_are_not_mixed(desk: DispatchContext) -> None:
    people = [f"849050{number:05d}" for number in range(1000)]
    desk.take(*[piece(1, f"DVC {sender}".encode(), sender=sender) for sender in people])
    assert desk.new == []
    desk.take(*[piece(2, f" {sender}".encode(), sender=sender) for sender in reversed(people)])
    assert desk.new == [f"DVC {sender} {sender}" for sender in reversed(people)]


def test_parts_may_come_by_two_binds_and_in_one_batch_with_texts(desk: DispatchContext) -> None:
    other = text("HD", sender="84905000009")
    verdicts = desk.take(piece(2, b"A", session=5), other, piece(1, b"DVC ", session=6))
    assert verdicts == [Verdict.STORED] * 3
    assert desk.new == ["HD", "DVC A"]


def test_a_doubled_part_counts_once_before_and_after_its_text_is_whole(desk: DispatchContext) -> None:
    assert desk.take(piece(1, b"DVC "), piece(1, b"DVC ")) == [Verdict.STORED, Verdict.DUPLICATE]
    assert desk.take(piece(1, b"DVC ")) == [Verdict.DUPLICATE]
    desk.take(piece(2, b"A"))
    assert desk.new == ["DVC A"]
    desk.clock.pass_(seconds=60)
    assert desk.take(piece(2, b"A", at=desk.clock())) == [Verdict.STORED]
    desk.clock.pass_(minutes=5)
    assert desk.overdue() == []
    assert desk.rows(open_only=True) == 0


def test_a_long_text_that_the_carrier_sends_again_whole_is_known(desk: DispatchContext) -> None:
    desk.take(piece(1, b"DVC "), piece(2, b"A"))
    desk.clock.pass_(minutes=1)
    at = desk.clock()
    desk.take(piece(1, b"DVC ", session=2, at=at), piece(2, b"A", session=2, at=at))
    assert desk.new == []
    with desk.database.read() as connection:
        states = list(connection.scalars(select(inbound.c.state).order_by(inbound.c.id)))
    assert states == [InboundState.RECEIVED, InboundState.REDELIVERY]


def test_parts_that_the_provider_sends_again_are_acted_on_once(desk: DispatchContext) -> None:
    def parts_of(sender: str, named: Mapping[str, Sequence[str]]) -> list[InboundPart]:
        own = [{field: values[place] for field, values in named.items()} for place in (0, 1)]
        said = ((2, b"A"), (1, b"DVC "))
        return [
            replace(
                piece(number, octets, sender=sender, at=desk.clock()),
                session=None,
                provider_id=fields.get("provider_id"),
                signature=fields.get("signature"),
            )
            for (number, octets), fields in zip(said, own, strict=True)
        ]

    cases: dict[str, dict[str, Sequence[str]]] = {
        "84905000001": {"provider_id": ("a", "b")},
        "84905000002": {"provider_id": ("whole", "whole")},
        "84905000003": {"signature": ("s1", "s2")},
        "84905000004": {"provider_id": ("c", "d"), "signature": ("s3", "s4")},
    }
    for sender, named in cases.items():
        assert desk.take(*parts_of(sender, named)) == [Verdict.STORED] * 2
        assert desk.new == ["DVC A"]
    for days in (0.001, 2, 20):
        desk.clock.pass_(seconds=days * 86_400)
        run_job("forget_joined_parts", desk)
        for sender, named in cases.items():
            second, first = parts_of(sender, named)
            assert desk.take(first, second) == [Verdict.DUPLICATE if days < 3 else Verdict.STORED] * 2, (sender, days)
            assert desk.new == [], (sender, days)
    desk.clock.pass_(days=1)
    assert desk.overdue() == []


def test_one_part_that_comes_again_much_later_asks_no_citizen_to_send_the_rest(desk: DispatchContext) -> None:
    desk.take(piece(1, b"DVC ", provider_id="a"), piece(2, b"A", provider_id="b"))
    desk.clock.pass_(days=1)
    run_job("forget_joined_parts", desk)
    assert desk.take(piece(1, b"DVC ", provider_id="a", at=desk.clock())) == [Verdict.DUPLICATE]
    desk.clock.pass_(minutes=5)
    assert desk.overdue() == []


def test_parts_under_an_id_of_everybody_are_new_when_the_citizen_sends_them_again(desk: DispatchContext) -> None:
    for sender in ("84905000001", "84905000002"):
        desk.take(piece(1, b"DVC ", sender=sender, provider_id="1"), piece(2, b"A", sender=sender, provider_id="1"))
    desk.clock.pass_(minutes=20)
    at = desk.clock()
    desk.take(
        piece(1, b"DVC ", sender=sender, provider_id="1", at=at), piece(2, b"A", sender=sender, provider_id="1", at=at)
    )
    assert desk.new == ["DVC A"]


def test_a_long_text_that_the_citizen_sends_again_is_handled_again(desk: DispatchContext) -> None:
    desk.take(piece(1, b"DVC "), piece(2, b"A"))
    desk.clock.pass_(minutes=1)
    desk.take(piece(1, b"DVC ", at=desk.clock()), piece(2, b"A", at=desk.clock()))
    assert desk.new == ["DVC A"]


def test_a_reference_used_anew_ends_the_text_before(desk: DispatchContext) -> None:
    desk.take(piece(1, b"one"))
    desk.take(piece(1, b"two"))
    assert desk.new == [f"one{GAP}"]
    desk.take(piece(2, b"!"))
    assert desk.new == ["two!"]


def test_reads_what_is_there_when_a_part_never_comes(desk: DispatchContext) -> None:
    desk.take(piece(1, b"TK, Nguyen", 4), piece(4, b"1990", 4))
    desk.clock.pass_(seconds=OVERDUE.total_seconds() - 1)
    assert desk.overdue() == []
    desk.clock.pass_(seconds=1)
    assert desk.overdue() == [f"TK, Nguyen{GAP}1990"]
    assert desk.overdue() == []


def test_nothing_is_acknowledged_that_cannot_be_stored(desk: DispatchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    written = storage.write_texts

    def fail_once(*arguments: object, **named: object) -> object:
        monkeypatch.setattr(storage, "write_texts", written)
        raise RuntimeError("a fault of ours")

    desk.take(piece(1, b"DVC "))
    monkeypatch.setattr(storage, "write_texts", fail_once)
    assert desk.take(piece(2, b"A")) == [Verdict.STORED]  # at the second try, alone
    assert desk.new == ["DVC A"]


def test_a_text_that_cannot_be_joined_is_set_aside_and_its_neighbours_are_read(
    desk: DispatchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = storage.write_texts

    def refuse(connection: Connection, rows: Sequence[NewInbound], happened: Sequence[NewEvent]) -> None:
        if any("bad" in each.body for each in rows):
            raise RuntimeError("a fault of ours")
        written(connection, rows, happened)

    desk.take(piece(1, b"bad "), piece(1, b"good ", sender="84905000002"))
    desk.clock.pass_(minutes=2)
    monkeypatch.setattr(storage, "write_texts", refuse)
    assert desk.overdue() == [f"good {GAP}"]
    assert desk.overdue() == []
    assert desk.rows(open_only=True) == 0


def test_reads_neighbours_together_since_a_cut_may_fall_inside_a_character(desk: DispatchContext) -> None:
    octets = "TK 😀".encode("utf-16-be")
    desk.take(piece(1, octets[:8], coding=8), piece(2, octets[8:], coding=8))
    assert desk.new == ["TK 😀"]
    mixed = {1: Piece(octets=b"TK", data_coding=0), 2: Piece(octets="ố".encode("utf-16-be"), data_coding=8)}
    assert read_parts(4, mixed, Alphabet.GSM) == f"TKố{GAP}"


@pytest.fixture
def later(database: Database) -> Iterator[Stage]:
    stage = make_stage(database, Clock())
    stage.pipeline.start()
    yield stage
    stage.pipeline.stop(0.5)


def test_a_long_text_is_answered_once_whole_and_once_overdue(later: Stage) -> None:
    assert arrive(later.pipeline, piece(1, b"H", reference=1), piece(2, b"D", reference=1)) == [Verdict.STORED] * 2
    assert len(later.carrier.wait_for(1)) == 1
    arrive(later.pipeline, piece(1, b"HD", sender="84905000002"))
    later.clock.pass_(seconds=91)
    assert {each.recipient for each in later.carrier.wait_for(2)} == {"84905123456", "84905000002"}


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({1: b"TK, Nguyen Van A, 001090", 3: b"456, 20/12/1990"}, "Soan: TK, ho ten, so CCCD, "),
        ({1: b"DVC 10402", 3: b" gui 8188"}, "Soan: DVC ma bien nhan gui 8188"),
    ],
)
def test_a_text_with_a_gap_opens_no_account_looks_nothing_up_and_is_asked_for_again(
    later: Stage, parts: dict[int, bytes], told: str
) -> None:
    arrive(later.pipeline, *(piece(number, octets, 3) for number, octets in parts.items()))
    later.clock.pass_(seconds=91)
    (answer,) = later.carrier.wait_for(1)
    assert answer.body.startswith("Tin nhan cua ban den thieu mot phan, xin gui lai ca tin that ngan. ")
    assert told in answer.body
    assert len(answer.body) <= 160
    assert later.rows(account) == []
    (row,) = later.rows(inbound)
    assert (row["reading"], row["outcome"]) == ("misread:incomplete", "corrected")
    assert GAP in str(row["body"])  # so it is read the same when it is run again
