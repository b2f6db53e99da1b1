"""A running pipeline on a real database, with a carrier of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import Table, select

from db.store.engine import Database
from db.store.ids import IdSource
from handlers.context import ServiceFacts
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.handling import DispatchContext
from sms_gateway.pipeline.loop import Pipeline, PipelineParts
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from tests.sms_gateway.pipeline.edges import DEADLINE, Clock, PaperCarrier


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A pipeline and what stands around it."""

    pipeline: Pipeline
    carrier: PaperCarrier
    clock: Clock
    database: Database
    desk: DispatchContext
    metrics: Metrics  # of the pipeline

    def rows(self, table: Table) -> list[dict[str, object]]:
        with self.database.read() as connection:
            return [
                dict(row._mapping) for row in connection.execute(select(table).order_by(table.primary_key.columns[0]))
            ]

    def eventually(self, condition: Callable[[], bool]) -> None:
        """Wait until it holds; the pipeline works in another thread."""
        deadline = monotonic() + DEADLINE
        while not condition():
            assert monotonic() < deadline, "it did not happen in time"
            sleep(0.01)


FIFTEEN_MINUTES = TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15)))
"""The traits of channels where a test is not about them."""


def make_stage(
    database: Database,
    clock: Clock,
    *,
    room: int = 100,
    max_attempts: int = 3,
    limits: Limits | None = None,
    service: ServiceFacts | None = None,
    traits: TraitsByChannel = FIFTEEN_MINUTES,
) -> Stage:
    ids = IdSource(node=0, now=clock)
    desk = DispatchContext(
        service=service or ServiceFacts(),
        traits=traits,
        max_attempts=max_attempts,
        new_id=ids.new,
        limits=limits or Limits(),
    )
    parts = PipelineParts(
        database=database,
        desk=desk,
        short_codes=frozenset({"8188"}),
        lease=timedelta(seconds=60),
        now=clock,
        read_parts=LongTexts({}),
        metrics=Metrics(),
    )
    pipeline = Pipeline(parts)
    carrier = PaperCarrier(pipeline, clock, room=room)
    pipeline.attach(carrier)
    return Stage(pipeline=pipeline, carrier=carrier, clock=clock, database=database, desk=desk, metrics=parts.metrics)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def running_stage(database: Database, clock: Clock) -> Iterator[Stage]:
    stage = make_stage(database, clock)
    stage.pipeline.start()
    yield stage
    stage.pipeline.stop(0.5)
    assert not stage.pipeline.alive()


@pytest.fixture
def stage(database: Database, clock: Clock) -> Iterator[Stage]:
    with running_stage(database, clock) as stage:
        yield stage
