"""A city hall for the tests of filing."""

from __future__ import annotations

import pytest

from db.store.engine import Database
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import CityHall, city_hall


@pytest.fixture
def hall(database: Database) -> CityHall:
    return city_hall(database)
