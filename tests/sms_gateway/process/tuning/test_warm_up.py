"""What the pipeline does before the first text comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from db.citizens.block_list import Block, put_on_list
from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus, OutboundState, event, metadata, outbound
from db.store.engine import Database
from db.store.msisdn import Msisdn
from db.store.prepared_statements import Prepared
from sms_gateway.pipeline.dispatch.handling import read_text
from sms_gateway.process.tuning.warm_up import warm_up
from tests.sms_gateway.pipeline.conftest import Stage, make_stage, running_stage
from tests.sms_gateway.pipeline.edges import START, Clock, arrive, text

CODE = "000.00.12.H17-230815-0007"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage(database: Database, clock: Clock) -> Iterator[Stage]:
    with running_stage(database, clock) as stage:
        yield stage


def rows(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def warmed_up(stage: Stage) -> None:
    warm_up(stage.database, stage.desk, lambda waiting: read_text(waiting, {"8188"}), now=stage.clock)


def test_nothing_of_it_stays(database: Database, clock: Clock) -> None:
    stage = make_stage(database, clock)
    before, told = rows(database), stage.desk.metrics.render()
    warmed_up(stage)
    assert rows(database) == before
    assert stage.desk.metrics.render() == told


def test_a_number_on_the_block_list_does_not_get_in_its_way(database: Database, clock: Clock) -> None:
    stage = make_stage(database, clock)
    entry = Block(number=Msisdn("84900000000"), reason="x", made_by="x", since=START, until=START + timedelta(days=1))
    with database.write() as connection:
        put_on_list(connection, entry)
    told = stage.desk.metrics.render()
    warmed_up(stage)
    assert rows(database)["inbound"] == 0
    assert stage.desk.metrics.render() == told


def test_the_database_can_be_written_afterwards(database: Database, clock: Clock) -> None:
    stage = make_stage(database, clock)
    warmed_up(stage)
    with database.write() as connection:
        connection.execute(insert(event).values(id=1, at=START, kind="x"))
    assert rows(database)["event"] == 1


def test_the_first_text_finds_every_statement_compiled(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = DossierFacts(code=CODE, status=DossierStatus.IN_PROGRESS)
    with stage.database.write() as connection:
        import_dossiers(connection, [facts], now=START, new_id=stage.desk.new_id)
    warmed_up(stage)
    stage.pipeline.nudge()  # what is looked for twice a second has statements of its own
    stage.eventually(lambda: b"sms_round_seconds_count 0.0" not in stage.metrics.render())
    late: list[tuple[object, ...]] = []
    compiled = Prepared.compile_for

    def watched(*arguments: object) -> object:
        late.append(arguments)
        return compiled(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Prepared, "compile_for", watched)
    arrive(stage.pipeline, text(f"DVC {CODE}"))
    stage.eventually(lambda: [row["state"] for row in stage.rows(outbound)] == [OutboundState.SENT])
    assert late == []
