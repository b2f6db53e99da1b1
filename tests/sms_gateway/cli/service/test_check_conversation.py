"""`sms-gateway check` with the conversation on."""

from __future__ import annotations

from datetime import date

import pytest

from db.store.engine import open_database
from db.store.sealing import Keyring
from db.units.calendars import confirm_year, propose_year
from db.units.contacts import list_contacts, remove_contact
from sms_gateway.cli.service.check_conversation import conversation_verdicts
from sms_gateway.cli.service.verdicts import Mark
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.model import DatabaseSettings, Settings
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import furnish


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return Settings(
        database=DatabaseSettings(url=sqlite_url), conversation=ConversationSettings(enabled=True, urgent=True)
    )


def said(settings: Settings, keyring: Keyring) -> dict[str, Mark]:
    return {one.subject: one.mark for one in conversation_verdicts(settings, keyring)}


def test_without_units_nobody_answers_and_nobody_is_called(settings: Settings, keyring: Keyring) -> None:
    assert said(settings, keyring) == {"conversation": Mark.CAUTION, "conversation.urgent": Mark.FAULT}


def test_units_people_on_duty_and_a_confirmed_year_are_well(settings: Settings, keyring: Keyring) -> None:
    database = open_database(settings.database.url, keyring)
    furnish(database)
    assert said(settings, keyring) == {"conversation": Mark.OK, "calendars": Mark.CAUTION}
    today = utc_now().astimezone(LOCAL_ZONE).date()
    with database.write() as connection:
        for year in (today.year, today.year + 1):
            propose_year(connection, 1, year, {date(year, 9, 2): (False, "Quoc khanh")})
            confirm_year(connection, 1, year)
    assert said(settings, keyring) == {"conversation": Mark.OK}
    with database.write() as connection:
        for contact in list_contacts(connection):
            remove_contact(connection, contact.id)
    database.close()
    assert said(settings, keyring)["conversation.urgent"] is Mark.FAULT
