"""Dossiers: search, change with history, and files that come in wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from db import dossiers as rows
from db.dossier_changes import forget_uploads
from db.dossiers import Dossier, DossierFacts, import_dossiers
from db.engine import Database
from db.schema import DossierStatus, OperatorRole, dossier_upload
from tests.web.acting import did, get, noted, post
from tests.web.conftest import NOON, Clock

CODE = "000.00.12.H17-230815-0007"
OTHER = "000.00.12.H17-230815-0008"


@pytest.fixture
def known(database: Database, new_id: Callable[[], int]) -> int:
    """A dossier in progress; its id."""
    facts = DossierFacts(code=CODE, status=DossierStatus.IN_PROGRESS, procedure="Cấp phép", due_on=date(2026, 12, 1))
    with database.write() as connection:
        import_dossiers(connection, [facts], new_id=new_id, now=NOON)
    found = find(database, CODE)
    assert found is not None
    return found.id


def find(database: Database, code: str) -> Dossier | None:
    with database.read() as connection:
        return rows.find_by_code(connection, code)


def hand_in(client: FlaskClient, content: str, name: str = "ho-so.csv") -> str:
    response = post(client, "/admin/dossiers/import", file=(BytesIO(content.encode()), name))
    assert response.status_code == 303, response.text
    return str(response.location)


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("", True),
            ("code=000.00.12", True),
            ("code=OOO-00-l2-h17", True),
            ("code=999", False),
            ("status=4", True),
            ("status=9", False),
        ],
    )
    def test_by_code_and_state(self, logged_in: FlaskClient, known: int, query: str, *, is_found: bool) -> None:
        assert (f"/admin/dossiers/{known}" in get(logged_in, f"/admin/dossiers?{query}").text) is is_found

    def test_pages_turn(self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int]) -> None:
        facts = [DossierFacts(code=f"H17-{number:05}", status=DossierStatus.DONE) for number in range(60)]
        with database.write() as connection:
            import_dossiers(connection, facts, new_id=new_id, now=NOON)
        first = get(logged_in, "/admin/dossiers").text
        assert first.count('<th scope="row">') == 50
        assert "before=" in first

    @pytest.mark.parametrize("path", ["?status=11", "?before=-1", "/99", f"/{1 << 64}"])
    def test_what_is_not_there_is_no_page(self, logged_in: FlaskClient, path: str) -> None:
        assert get(logged_in, f"/admin/dossiers{path}").status_code == 404


class TestChanging:
    def test_another_state_is_stored_with_its_history(
        self, logged_in: FlaskClient, database: Database, known: int, clock: Clock
    ) -> None:
        clock.advance(timedelta(hours=1))
        answer = post(
            logged_in, f"/admin/dossiers/{known}/change", status="9", pick_up="Mot cua", wanted="", due_on="2026-12-05"
        )
        assert answer.status_code == 303
        found = find(database, CODE)
        assert found is not None
        assert (found.status, found.pick_up, found.wanted, found.due_on) == (
            DossierStatus.DONE, "Mot cua", None, date(2026, 12, 5),
        )  # fmt: skip
        assert found.procedure == "Cấp phép"
        page = get(logged_in, f"/admin/dossiers/{known}").text
        assert "lan: In progress → Done" in page
        assert did(database) == [("dossier_changed", f"dossier:{known}")]

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"status": "11"}, 400),
            ({"status": "9", "due_on": "soon"}, 400),
            ({"status": "9", "wanted": "x" * 201}, 400),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, logged_in: FlaskClient, database: Database, known: int, fields: dict[str, str], status: int
    ) -> None:
        assert post(logged_in, f"/admin/dossiers/{known}/change", **fields).status_code == status
        assert did(database) == []

    def test_a_viewer_sees_no_form(
        self, logged_in: FlaskClient, known: int, make: Callable[[OperatorRole], None]
    ) -> None:
        assert "/change" in get(logged_in, f"/admin/dossiers/{known}").text
        make(OperatorRole.VIEWER)
        page = get(logged_in, f"/admin/dossiers/{known}")
        assert page.status_code == 200
        assert "/change" not in page.text


class TestImporting:
    def test_a_preview_writes_nothing_and_the_word_writes_all(
        self, logged_in: FlaskClient, database: Database, known: int
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;HoTen\n{CODE};9;Canary Name\n{OTHER};4;Canary Name\n")
        page = get(logged_in, path).text
        assert "Import all" in page
        assert "Canary" not in page
        assert find(database, OTHER) is None
        done = post(logged_in, f"{path}/finish").text
        assert "Imported" in done
        assert find(database, OTHER) is not None
        assert [entry.detail for entry in noted(database)] == ["new=1 changed=1 same=0"]
        assert "In progress → Done" in get(logged_in, f"/admin/dossiers/{known}").text
        assert get(logged_in, path).status_code == 404  # the file is gone

    def test_a_file_with_one_fault_is_not_imported_at_all(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};4\n{OTHER};nonsense\n")
        page = get(logged_in, path).text
        assert "line 3" in page
        assert "Import all" not in page
        assert post(logged_in, f"{path}/finish").status_code == 409
        assert find(database, CODE) is None

    def test_columns_are_mapped_by_hand(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"Cot A;Cot B\n{CODE};4\n")
        assert "Import all" not in get(logged_in, path).text
        post(logged_in, f"{path}/columns", **{"column-0": "code", "column-1": "status"})
        assert "Import all" in get(logged_in, path).text
        post(logged_in, f"{path}/finish")
        found = find(database, CODE)
        assert found is not None
        assert found.status is DossierStatus.IN_PROGRESS

    def test_a_file_can_be_dropped(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};4\n")
        assert post(logged_in, f"{path}/finish", drop="1").location == "/admin/dossiers/import"
        assert find(database, CODE) is None
        assert get(logged_in, path).status_code == 404

    def test_a_file_is_sealed_and_forgotten_after_an_hour(
        self, logged_in: FlaskClient, database: Database, clock: Clock
    ) -> None:
        path = hand_in(logged_in, "MaHoSo;TrangThaiHoSo;Ten\nA1234;4;Canary Name\n", name="canary-name.csv")
        with database.read() as connection:
            kept = connection.exec_driver_sql("SELECT name, octets FROM dossier_upload").one()
        assert b"anary" not in bytes(kept[0]) + bytes(kept[1])
        clock.advance(timedelta(hours=1))
        assert get(logged_in, path).status_code == 404
        with database.write() as connection:
            assert forget_uploads(connection, clock.now) == 1
            assert connection.execute(select(func.count()).select_from(dossier_upload)).scalar_one() == 0

    @pytest.mark.parametrize("name", ["", "x.exe", "x.xls", "noending"])
    def test_other_files_are_refused(self, logged_in: FlaskClient, name: str) -> None:
        page = post(logged_in, "/admin/dossiers/import", file=(BytesIO(b"x"), name))
        assert page.status_code == 400

    def test_a_large_file_is_taken_here_and_nowhere_else(self, logged_in: FlaskClient) -> None:
        lines = "".join(f"H17-{number:06};4\n" for number in range(20_000))
        assert hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{lines}")
        big = post(logged_in, "/admin/try", text="x", more="y" * 70_000)
        assert big.status_code == 413

    def test_beyond_eight_mebibytes_it_is_too_large(self, logged_in: FlaskClient) -> None:
        response = logged_in.post(
            "/admin/dossiers/import",
            data=b"csrf=x",
            environ_overrides={"CONTENT_LENGTH": str(9 * 1024 * 1024)},
            content_type="application/x-www-form-urlencoded",
        )
        assert response.status_code == 413
