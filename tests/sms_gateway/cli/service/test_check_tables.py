"""`sms-gateway check` with own tables on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.citizens.lookups import StoredTable, add_table
from db.schema import LookupState
from db.store.engine import open_database
from db.store.sealing import Keyring
from sms_gateway.cli.service.check_tables import table_verdicts
from sms_gateway.cli.service.verdicts import Mark
from sms_gateway.clock import utc_now
from sms_gateway.demo.sample_tables import BUS, HOURS
from sms_gateway.settings.model import DatabaseSettings, LookupsSettings, OfferedService, Settings


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return Settings(database=DatabaseSettings(url=sqlite_url), lookups=LookupsSettings(enabled=True))


def store(settings: Settings, keyring: Keyring, *tables: StoredTable) -> None:
    database = open_database(settings.database.url, keyring)
    with database.write() as connection:
        for table in tables:
            add_table(connection, table)
    database.close()


def test_a_table_that_the_settings_or_its_length_keep_from_answering_is_named(
    settings: Settings, keyring: Keyring
) -> None:
    bus = StoredTable(
        id=1, name="bus", state=LookupState.APPROVED, definition=BUS, made_by="lan", made_at=utc_now(), approved_by="x"
    )
    waiting = replace(bus, id=2, name="gio", state=LookupState.WAITING, definition=HOURS)
    long = replace(bus, id=3, name="dai", definition=replace(BUS, keywords=("DAI",), longest=999))
    broken = replace(bus, id=4, name="hong", definition=replace(BUS, keywords=("HONG",), template="Tuyen {gia}"))
    draft = replace(bus, id=5, name="nhap", state=LookupState.DRAFT)
    store(settings, keyring, bus, waiting, long, broken, draft)
    words = {one.subject: (one.mark, one.text) for one in table_verdicts(settings, keyring)}
    assert words["own table dai"][0] is Mark.CAUTION
    assert "its longest answer has 999 characters, and the most is 306" in words["own table dai"][1]
    assert "names a column that the table does not have" in words["own table hong"][1]
    assert words["own tables"] == (
        Mark.OK,
        f"2 tables and answers: bus ({', '.join(BUS.keywords)}); gio ({', '.join(HOURS.keywords)})",
    )
    taken = settings.model_copy(update={"services": {"look_up_dossier": OfferedService(keywords=[BUS.keywords[0]])}})
    clashing = {one.subject: one.text for one in table_verdicts(taken, keyring)}
    assert f"{BUS.keywords[0]} is a keyword of look_up_dossier too" in clashing["own table bus"]
