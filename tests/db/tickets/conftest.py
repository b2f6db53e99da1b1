"""A town: units, operators, ids and numbers, on both databases."""

from __future__ import annotations

import pytest

from db.store.engine import Database
from tests.db.tickets.ticket_rows import Town


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


@pytest.fixture
def sqlite_town(sqlite_database: Database) -> Town:
    """For tests that run many examples, or look at plans, which PostgreSQL makes of its statistics."""
    return Town(sqlite_database)
