"""A dossier that is known, and files to import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from db.citizens.dossiers import Dossier, DossierFacts, import_dossiers
from db.schema import DossierStatus
from db.store.engine import Database
from tests.db.citizens.dossier_rows import find_by_code
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import post

CODE = "000.00.12.H17-230815-0007"


OTHER = "000.00.12.H17-230815-0008"


@pytest.fixture
def known(database: Database, new_id: Callable[[], int]) -> int:
    """A dossier in progress; its id."""
    facts = DossierFacts(
        code=CODE,
        status=DossierStatus.IN_PROGRESS,
        procedure="Cấp phép",
        due_on=date(2026, 12, 1),
        received_on=date(2026, 11, 2),
    )
    with database.write() as connection:
        import_dossiers(connection, [facts], new_id=new_id, now=NOON)
    found = find(database, CODE)
    assert found is not None
    return found.id


def find(database: Database, code: str) -> Dossier | None:
    with database.read() as connection:
        return find_by_code(connection, code)


def hand_in(client: FlaskClient, content: str, name: str = "ho-so.csv") -> str:
    response = post(client, "/admin/dossiers/import", file=(BytesIO(content.encode()), name))
    assert response.status_code == 303, response.text
    return str(response.location)
