"""A city hall for the tests of what agents do."""

from __future__ import annotations

import pytest

from db.store.engine import Database
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, city_hall


@pytest.fixture
def hall(database: Database) -> CityHall:
    return city_hall(database)


@pytest.fixture
def number(hall: CityHall) -> str:
    """A ticket of An's, opened ten minutes ago."""
    hall.text(AN, "PA den duong hong o phuong Hai Chau")
    hall.pass_(minutes=10)
    return hall.tickets()[0].number
