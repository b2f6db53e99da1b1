"""Exporting messages, and what spreadsheets make of numbers."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import noted, post
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows
from tests.sms_gateway.pages.messages.conftest import CODE, ID_NUMBER
from tests.sms_gateway.pages.messages.test_messages_actions import Make


class TestExporting:
    def rows_of(self, body: bytes) -> list[list[str]]:
        return list(csv.reader(StringIO(body.decode("utf-8-sig"))))

    def test_a_csv_is_masked_harmless_and_written_down(
        self, logged_in: FlaskClient, database: Database, written: dict[str, int]
    ) -> None:
        assert written
        response = post(logged_in, "/admin/messages/export", kind="csv")
        assert response.mimetype == "text/csv"
        rows = self.rows_of(response.data)
        assert [row[2] for row in rows[1:]] == [
            "'=HD()",
            f"DVC {CODE}",
            f"TK， Canary Van Nguyen, {'•' * 9}654, 20/12/1990",
        ]
        assert rows[3][1] == "8490***3456"
        assert [entry.detail for entry in noted(database)] == ["csv rows=3 masked"]

    def test_a_filter_holds(self, logged_in: FlaskClient, database: Database, written: dict[str, int]) -> None:
        assert written
        response = post(logged_in, "/admin/messages/export", kind="csv", state="failed")
        assert [row[2] for row in self.rows_of(response.data)[1:]] == [f"DVC {CODE}"]
        assert "'state': 'failed'" in noted(database)[0].detail

    def test_only_an_administrator_takes_it_clear(
        self, logged_in: FlaskClient, database: Database, make: Make, written: dict[str, int]
    ) -> None:
        assert written
        assert post(logged_in, "/admin/messages/export", kind="csv", unmasked="1").status_code == 403
        make(OperatorRole.ADMINISTRATOR)
        response = post(logged_in, "/admin/messages/export", kind="xlsx", unmasked="1")
        sheet = openpyxl.load_workbook(BytesIO(response.data)).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[3][1] == SENDER
        assert ID_NUMBER in str(rows[3][2])
        assert "MK: ****" in str(rows[3][5])
        assert [entry.detail for entry in noted(database)] == ["xlsx rows=3 clear"]

    def test_another_kind_is_none(self, logged_in: FlaskClient) -> None:
        assert post(logged_in, "/admin/messages/export", kind="exe").status_code == 400


class TestNumbersInSpreadsheets:
    """Excel shows 84905123456 of a CSV file as 8.49E+10, and takes the zero from 079201987654."""

    def test_they_stay_text(self, logged_in: FlaskClient, database: Database, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=iter(range(1, 9)).__next__, now=NOON)
            for body in (ID_NUMBER, "1/2", "12:30", "5E10", "HD", "-5"):
                rows.text(body)
        written = post(logged_in, "/admin/messages/export", kind="csv", unmasked="1")
        cells = list(csv.reader(StringIO(written.data.decode("utf-8-sig"))))[1:]
        assert {row[1] for row in cells} == {"84 905 123 456"}
        assert {row[2] for row in cells} == {f"'{ID_NUMBER}", "'1/2", "'12:30", "'5E10", "HD", "'-5"}
        assert {row[0] for row in cells} == {"22/11/2026 12:00"}
        assert "messages-20261122-120000.csv" in written.headers["Content-Disposition"]
        book = post(logged_in, "/admin/messages/export", kind="xlsx", unmasked="1")
        sheet = openpyxl.load_workbook(BytesIO(book.data)).active
        assert sheet is not None
        for row in list(sheet.iter_rows())[1:]:
            assert {(cell.data_type, cell.number_format) for cell in row if cell.value} == {("s", "@")}
        assert {row[1].value for row in list(sheet.iter_rows())[1:]} == {SENDER}
