"""Tables made while the service runs: they answer, change and go off; a clash or a fault keeps one out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from urllib.request import urlopen

import pytest

import parsers
from db.citizens import lookups
from db.citizens.lookups import NewRow, StoredTable, TableDefinition
from db.schema import KeyShape, LookupState
from db.store.engine import Database
from handlers.commands import HANDLERS
from parsers.commands.tables import command_of
from parsers.grammars import GRAMMARS
from parsers.misread import Misread
from sms_gateway.back_office.own_tables.commands_of_tables import clashes, near_ones
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.demo.simulator import Simulator
from sms_gateway.process.startup import opened
from sms_gateway.process.ticket_jobs import superseded_tables_job
from sms_gateway.settings.model import LookupsSettings, Settings
from sms_gateway.settings.services import is_on, vocabulary_for
from sms_gateway.settings.switches import offered
from sms_gateway.wiring.conversation_parts import live_tables
from sms_gateway.wiring.gateway import Gateway
from tests.sms_gateway.wiring.test_gateway_sample_command import answers_to, own_database, settings_of, smsc

__all__ = ["own_database", "smsc"]  # fixtures

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
SETTINGS = Settings(lookups=LookupsSettings(enabled=True))
BUS = TableDefinition(
    title="tuyen xe buyt",
    keywords=("BUS",),
    shape=KeyShape.CODE,
    key_label="so tuyen",
    columns=("tuyen", "lo_trinh"),
    key_column="tuyen",
    template="Tuyen {tuyen}: {lo_trinh}.",
    longest=40,
)


def table(table_id: int, name: str = "bus", definition: TableDefinition = BUS) -> StoredTable:
    return StoredTable(
        id=table_id, name=name, state=LookupState.DRAFT, definition=definition, made_by="an", made_at=NOW
    )


def write(database: Database, one: StoredTable, *cells: tuple[str, ...]) -> None:
    """Write a version with its rows, and approve it."""
    with database.write() as connection:
        lookups.add_table(connection, one)
        rows = [NewRow(cells=row, key=row[0]) for row in cells]
        lookups.add_rows(connection, one.id, rows, new_id=count(one.id * 100).__next__)
        lookups.submit_table(connection, one.id, now=NOW)
        lookups.approve_table(connection, one.id, by="binh", now=NOW)


@pytest.fixture
def live(sqlite_database: Database) -> LiveTables:
    return LiveTables(sqlite_database, SETTINGS, GRAMMARS, HANDLERS, lambda: NOW)


def reading(live: LiveTables, text: str) -> object:
    return parsers.read(text, today=NOW.date(), vocabulary=live())


def test_a_table_is_read_once_it_is_approved_and_no_longer_when_it_is_off(
    live: LiveTables, sqlite_database: Database
) -> None:
    before = live()
    assert isinstance(reading(live, "BUS 16"), Misread)
    write(sqlite_database, table(1), ("16", "Cho Con"))
    assert live() is before, "the table is looked at every few seconds only"
    live.renew()
    assert isinstance(reading(live, "BUS 16"), command_of("bus"))
    assert live.keywords["table_bus"] == "BUS"
    assert live() is live()
    with sqlite_database.write() as connection:
        lookups.switch_table(connection, "bus", off=True)
    live.renew()
    assert isinstance(reading(live, "BUS 16"), Misread)
    assert "table_bus" not in live.keywords
    waiting = command_of("bus")(written="16", canonical=parsers.commands.CanonicalCode("16"))
    assert live.handlers.of(waiting).name == "table_bus", "a text that was read before is still carried out"
    assert live().of(waiting).name == "table_bus"


def test_a_faulty_table_and_one_whose_keyword_is_taken_are_left_out(
    live: LiveTables, sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    write(sqlite_database, table(1, "a", replace(BUS, keywords=("DVC",))))
    write(sqlite_database, table(2, "b", replace(BUS, template="{nothing}")))
    write(sqlite_database, table(3, "c", replace(BUS, template="{open")))
    write(sqlite_database, table(4, "d", replace(BUS, longest=307)))
    write(sqlite_database, table(5, "e"))
    live.renew()
    assert isinstance(reading(live, "BUS 16"), command_of("e"))
    assert set(live.keywords) & {"table_a", "table_b", "table_c", "table_d", "table_e"} == {"table_e"}


@pytest.mark.parametrize(
    ("keyword", "wrong"),
    [
        ("BUS", None),
        ("DVC", "DVC is a keyword of look_up_dossier too"),
        ("TKB", "TKB is also TK"),
        ("HD", "a word for help"),
        ("CHAO", "a word for help, thanks, a greeting"),
        ("HOI", "HOI"),
        ("EN", "EN"),
        ("DUNG", "a reaction"),
        ("NUOC", "NUOC is a keyword of the look-up table water too"),
    ],
)
def test_a_keyword_is_checked_as_at_a_start_in_every_language(keyword: str, wrong: str | None) -> None:
    water = table(1, "water", replace(BUS, keywords=("NUOC",)))
    found = clashes(SETTINGS, table(2, definition=replace(BUS, keywords=(keyword,))), [water])
    assert [str(one) for one in found] == [] if wrong is None else any(wrong in str(one) for one in found), found


def test_a_keyword_one_slip_from_another_is_a_caution() -> None:
    others = [table(1, "w", replace(BUS, keywords=("BUC", "NUOC")))]
    assert near_ones(SETTINGS, table(2), others) == ["BUC"]
    assert near_ones(SETTINGS, table(2), []) == []


def test_while_it_is_off_nothing_looks_at_tables_and_no_job_runs(sqlite_database: Database) -> None:
    settings = Settings()
    assert live_tables(settings, sqlite_database, GRAMMARS, HANDLERS, lambda: NOW) is None
    assert live_tables(SETTINGS, sqlite_database, GRAMMARS, HANDLERS, lambda: NOW) is not None
    job = superseded_tables_job()
    assert offered([job], is_on(settings, vocabulary_for(settings))) == []
    assert offered([job], is_on(SETTINGS, vocabulary_for(SETTINGS))) == [job]


def test_the_service_answers_lists_and_counts_a_table_and_nothing_of_it_when_it_is_off(
    own_database: object, smsc: Simulator
) -> None:
    settings = settings_of(own_database, smsc).model_copy(update={"lookups": LookupsSettings(enabled=True)})  # type: ignore[arg-type]
    with opened(settings) as database:
        write(database, table(1), ("R16", "Chợ Cồn - Hội An"))
        gateway = Gateway(settings, database)
        gateway.start()
        try:
            smsc.wait_bound(1)
            bus, unknown, misread, help_ = answers_to(smsc, "bus tuyen r16 gui 8188", "BUS 99", "BUSS 16", "HD")
            assert gateway.web is not None
            metrics = urlopen(f"http://127.0.0.1:{gateway.web.port}/metrics", timeout=5).read().decode()
        finally:
            gateway.stop()
    assert bus == "Tuyen R16: Cho Con - Hoi An."
    assert unknown.startswith("Khong tim thay 99.")
    assert "BUS 16" in misread
    assert "BUS so tuyen" in help_
    assert 'sms_commands_total{command="table_bus"} 2.0' in metrics
