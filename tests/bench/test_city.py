from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from bench.city import RULES, add_city, question_texts
from db.store.engine import open_database
from db.store.sealing import Keyring
from handlers.conversation.business_time import is_open
from handlers.conversation.units_now import read_units
from parsers import read
from parsers.commands.conversation import AskQuestion
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.channels.smpp.coding.text import count_segments
from sms_gateway.clock import LOCAL_ZONE
from tests.migrated import upgrade

SUNDAY = datetime(2026, 11, 29, 3, 0, tzinfo=LOCAL_ZONE)


def test_the_texts_are_questions_of_one_segment_and_differ() -> None:
    texts = list(question_texts(500, seed=1))
    for text in texts:
        reading = read(text, today=date(2026, 11, 28), short_codes=(), vocabulary=CONVERSATION_VOCABULARY)
        assert isinstance(reading, AskQuestion), text
        assert count_segments(text)[1] == 1, text
    assert len(set(texts)) > 300
    assert texts == list(question_texts(500, seed=1))


def test_every_office_of_the_city_is_open_at_any_hour(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'city.db'}", Keyring(keys={1: bytes(32)}, mark_key=bytes(32)))
    upgrade(database)
    add_city(database)
    with database.read() as connection:
        units = read_units(connection, zone=LOCAL_ZONE, today=SUNDAY.date())
    database.close()
    assert units is not None
    assert len(units.directory.units) == 86
    assert len(units.directory.rules) == RULES
    hours = [SUNDAY + timedelta(hours=hour) for hour in range(24)]
    assert all(is_open(hour, unit.calendar) for unit in units.directory.units.values() for hour in hours)
