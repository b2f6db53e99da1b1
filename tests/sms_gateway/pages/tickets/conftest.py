"""An application with the conversation on, and three units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from db.store.engine import Database
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.city_office import conversation_parts, write_units
from tests.sms_gateway.pages.tickets.office import TicketOffice


@pytest.fixture
def parts(parts: WebDependencies, database: Database) -> WebDependencies:
    with database.write() as connection:
        write_units(connection)
    return replace(
        parts, conversation=conversation_parts(database, parts.traits, own_sites=("danang.gov.vn",), urgent=True)
    )


@pytest.fixture
def office(app: Flask, database: Database, new_id: Callable[[], int]) -> TicketOffice:
    return TicketOffice(app=app, database=database, new_id=new_id)
