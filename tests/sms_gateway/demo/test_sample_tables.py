"""The sample tables are answered by the reading and the handlers of the service, and its help still fits."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import parsers
from db.citizens.lookups import list_tables
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.commands.own_table import told
from handlers.context import ServiceFacts
from handlers.guidance import guide
from parsers.commands.tables import AskTable
from parsers.grammars import GRAMMARS
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.demo.sample_tables import add_sample_tables, table_texts
from sms_gateway.demo.service import demo_settings
from sms_gateway.settings.model import LookUpSecret
from sms_gateway.wiring.conversation_parts import handlers_for

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


def test_every_sample_is_read_and_the_help_of_the_demo_fits(sqlite_database: Database, tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, 0, 2775, {}, LookUpSecret.NONE)
    with sqlite_database.write() as connection:
        for _ in range(2):
            add_sample_tables(connection, new_id=count(1).__next__, made_by="demo", approved_by="duyet", now=NOW)
        texts = table_texts(connection, NOW)
        tables = list_tables(connection)
    live = LiveTables(sqlite_database, settings, GRAMMARS, handlers_for(settings, HANDLERS), lambda: NOW)
    assert texts == ["BUS R16", "BUS R4A", "NUOC DN123456 AB12CD", "NUOC DN123457 EF34GH", "GIO"]
    for text in texts:
        assert isinstance(parsers.read(text, today=NOW.date(), vocabulary=live()), AskTable), text
    assert live.left_out == []
    for topic in (None, *(f"table_{one.name}" for one in tables)):
        assert len(guide(topic, ServiceFacts(keywords=live.keywords), live.handlers)) <= 160
    assert [told(one.definition.template, {}) for one in tables if not one.definition.has_rows] == [
        "Bo phan mot cua lam viec thu 2 den thu 6, 7h30-11h30 va 13h30-17h30."
    ]
