"""Importing a file of dossiers on the pages."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select

from db.citizens.dossier_uploads import forget_uploads
from db.processes.statistics import StatisticName, read_figures
from db.schema import DossierStatus, dossier_upload
from db.store.engine import Database
from sms_gateway.back_office.table_file import bounds
from tests.sms_gateway.conftest import Clock, log_in
from tests.sms_gateway.pages.acting import get, noted, post
from tests.sms_gateway.pages.citizens.conftest import CODE, OTHER, find, hand_in


class TestImporting:
    def test_a_preview_writes_nothing_and_the_word_writes_all(
        self, logged_in: FlaskClient, database: Database, known: int
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;HoTen\n{CODE};9;Canary Name\n{OTHER};4;Canary Name\n")
        page = get(logged_in, path).text
        assert "Import all" in page
        assert "Canary" not in page
        assert find(database, OTHER) is None
        assert post(logged_in, f"{path}/finish").location == path
        assert "Imported" in get(logged_in, path).text
        assert "faults.csv" not in get(logged_in, path).text
        assert find(database, OTHER) is not None
        assert [entry.detail for entry in noted(database)] == ["new=1 changed=1 same=0"]
        assert "In progress → Done" in get(logged_in, f"/admin/dossiers/{known}").text
        with database.read() as connection:
            (left,) = connection.execute(select(dossier_upload.c.octets, dossier_upload.c.facts))
        assert (left.octets, left.facts) == (b"", None)  # the file is gone
        assert post(logged_in, f"{path}/finish").location == path  # sent again by a reload: nothing happens
        assert post(logged_in, f"{path}/columns").status_code == 409
        assert len(noted(database)) == 1

    def test_the_good_lines_are_imported_when_the_operator_says_so(
        self, logged_in: FlaskClient, database: Database
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};4\n{OTHER};nonsense\n")
        page = get(logged_in, path).text
        assert "line 3" in page
        assert "Import all" not in page
        assert "Import the good lines, leave out 1" in page
        assert post(logged_in, f"{path}/finish").status_code == 409
        assert find(database, CODE) is None
        post(logged_in, f"{path}/finish", leave_out="1")
        page = get(logged_in, path).text
        assert "left out" in page
        assert f'href="{path}/faults.csv"' in page
        given = list(csv.reader(get(logged_in, f"{path}/faults.csv").data.decode("utf-8-sig").splitlines()))
        assert [row[0] for row in given] == ["line", "3"]
        assert given[1][1].startswith("State: 'nonsense' is none")
        assert find(database, CODE) is not None
        assert find(database, OTHER) is None
        assert [entry.detail for entry in noted(database)] == ["new=1 changed=0 same=0 left_out=1"]

    def test_a_long_file_is_imported_in_steps_and_noted_at_its_begin_and_end(
        self, logged_in: FlaskClient, database: Database, known: int
    ) -> None:
        lines = "".join(f"H17-{number:04};4\n" for number in range(200))
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{lines}{CODE};9\n")
        assert post(logged_in, f"{path}/finish").location == path
        details = [entry.detail for entry in noted(database)]
        assert sorted(details) == ["begun: 201 lines", "new=200 changed=1 same=0"]
        assert "In progress → Done" in get(logged_in, f"/admin/dossiers/{known}").text
        with database.read() as connection:
            assert read_figures(connection)[StatisticName.IMPORTED].value == 201

    def test_a_file_without_a_good_line_is_not_imported(self, logged_in: FlaskClient) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};nonsense\n")
        assert "Import" not in get(logged_in, path).text.split("<h1>")[1].replace("Importing", "")
        assert post(logged_in, f"{path}/finish", leave_out="1").status_code == 409

    def test_every_fault_can_be_downloaded(self, logged_in: FlaskClient) -> None:
        lines = "".join(f"H17-{number:04};x\n" for number in range(150))
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};4\n{lines}")
        page = get(logged_in, path).text
        assert page.count("<li>line ") == 100
        assert f"{path}/faults.csv" in page
        given = get(logged_in, f"{path}/faults.csv")
        assert given.headers["Content-Disposition"] == 'attachment; filename="faults.csv"'
        rows = list(csv.reader(given.data.decode("utf-8-sig").splitlines()))
        assert rows[0] == ["line", "fault"]
        assert rows[1][0] == "3"
        assert rows[1][1].startswith("State: 'x' is none")
        assert len(rows) == 151

    @pytest.mark.parametrize(
        ("language", "word"),
        [pytest.param("en", "State", id="English"), pytest.param("vi", "Tình trạng", id="Vietnamese")],
    )
    def test_a_fault_names_the_column_with_the_word_of_the_page(
        self, logged_in: FlaskClient, language: str, word: str
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};nonsense\n")
        page = logged_in.get(path, headers={"Accept-Language": language}).text
        assert f"{word}: &#39;nonsense&#39; " in page or f"{word}: không có &#39;nonsense&#39;" in page
        assert "status:" not in page

    def test_no_fault_that_quotes_the_file_is_a_formula(self, logged_in: FlaskClient) -> None:
        path = hand_in(logged_in, f"MaHoSo\tTrangThaiHoSo\n{CODE}\tx;=1+1;\n{OTHER}\t|@SUM(A1)\n")
        told = get(logged_in, f"{path}/faults.csv").data.decode("utf-8-sig")
        assert "x;'=1+1;" in told
        assert "|'@SUM(A1)" in told

    def test_there_are_as_many_pickers_as_the_file_has_columns(self, logged_in: FlaskClient) -> None:
        book = Workbook()
        assert book.active is not None
        book.active.append(["STT", "Mã hồ sơ", "Tình trạng", "Ngày nhận", "Hẹn trả", "Nơi trả", "Ghi chú"])
        book.active.append([1, CODE, 4, None, None, None, None])
        written = BytesIO()
        book.save(written)
        response = post(logged_in, "/admin/dossiers/import", file=(BytesIO(written.getvalue()), "a.xlsx"))
        page = get(logged_in, str(response.location)).text
        assert [f'name="column-{place}"' in page for place in range(8)] == [True] * 7 + [False]

    def test_the_file_is_read_when_it_comes_in_and_never_again(
        self, logged_in: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo\n{CODE};4\n")
        monkeypatch.setattr(bounds, "FILE_OCTETS", 0)  # anyone who reads it now gets a fault
        assert "Import all" in get(logged_in, path).text
        post(logged_in, f"{path}/finish")
        assert find(database, CODE) is not None

    def test_a_blank_cell_erases_nothing(self, logged_in: FlaskClient, database: Database, known: int) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;NgayHenTra;TenTTHC\n{CODE.lower()};9;;\n")
        for page in ("/admin/dossiers/import", path):
            assert "A blank cell keeps the stored value." in get(logged_in, page).text
        assert "<strong>1</strong> <span>changed" in get(logged_in, path).text
        post(logged_in, f"{path}/finish")
        found = find(database, CODE)
        assert found is not None
        assert (found.id, found.status, found.due_on) == (known, DossierStatus.DONE, date(2026, 12, 1))
        assert found.procedure == "Cấp phép"

    @pytest.mark.usefixtures("known")
    def test_a_file_says_so_to_take_a_fact_away(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;NgayHenTra;TenTTHC\n{CODE};4;(xóa);(CLEAR)\n")
        assert "(xóa)" in get(logged_in, path).text
        post(logged_in, f"{path}/finish")
        found = find(database, CODE)
        assert found is not None
        assert (found.due_on, found.procedure) == (None, None)

    def test_columns_are_mapped_by_hand(self, logged_in: FlaskClient, database: Database) -> None:
        path = hand_in(logged_in, f"Cot A;Cot B\n{CODE};4\n")
        assert "Import all" not in get(logged_in, path).text
        post(logged_in, f"{path}/columns", **{"column-0": "code", "column-1": "status"})
        assert "Import all" in get(logged_in, path).text
        assert "selected>Receipt code" in get(logged_in, path).text
        post(logged_in, f"{path}/finish")
        found = find(database, CODE)
        assert found is not None
        assert found.status is DossierStatus.IN_PROGRESS

    def test_two_columns_of_one_field_say_which_is_ignored(self, logged_in: FlaskClient) -> None:
        path = hand_in(logged_in, f"MaHoSo;TrangThaiHoSo;Thieu;Le phi\n{CODE};6;Anh 3x4;50.000\n{OTHER};6;;50.000\n")
        assert "is ignored" not in get(logged_in, path).text
        columns = {"column-0": "code", "column-1": "status", "column-2": "wanted", "column-3": "wanted"}
        post(logged_in, f"{path}/columns", **columns)
        page = get(logged_in, path).text
        assert (
            "Papers or money wanted: where Thieu and Le phi are both filled, Thieu is used and Le phi is ignored"
            in page
        )
        assert "(lines: 1, the first: 2); to import both, join them into one column" in page

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
        log_in(logged_in)
        assert get(logged_in, path).status_code == 404
        with database.write() as connection:
            assert forget_uploads(connection, clock.now) == 1
            assert connection.execute(select(func.count()).select_from(dossier_upload)).scalar_one() == 0

    @pytest.mark.parametrize("name", ["", "x.exe", "x.xls", "noending"])
    def test_other_files_are_refused(self, logged_in: FlaskClient, name: str) -> None:
        page = post(logged_in, "/admin/dossiers/import", file=(BytesIO(b"x"), name))
        assert page.status_code == 400

    def test_a_large_file_is_taken_here_and_nowhere_else(self, logged_in: FlaskClient) -> None:
        lines = "".join(f"H17-{number:06};4\n" for number in range(6_000))  # 78 kB
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
