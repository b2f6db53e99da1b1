"""Columns of identity numbers and look-up passwords."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from db.citizens.dossiers import DossierFacts
from tests.sms_gateway.back_office.dossier_file.test_dossier_file import CODE, facts_and_faults, read_cells

IDENTITY_FAULT = (
    "line 2: identity: it is no identity number; give it whole or its last four digits, in a column formatted as text, "
    "where a zero in front is kept"
)


PASSWORD_FAULT = (
    "line 2: password: a text to look up a dossier cannot hold it; it needs 4 to 12 letters and digits, or 4 to 6 "
    "digits, or 6 to 12 letters"
)


class TestSecrets:
    @pytest.mark.parametrize(
        ("heading", "cell", "digits"),
        [
            ("Số CCCD", "048090123456", "3456"),
            ("CMND", "201 499 999", "9999"),
            ("4 số cuối", "0123", "0123"),
            ("identity number", "B1234567", "4567"),
            ("cccd", "48090120123", "0123"),
            ("cccd", '="0123"', "0123"),
            ("cccd", "", None),
            ("cccd", "-", None),
        ],
    )
    def test_an_identity_number_gives_its_last_four_digits(
        self, tmp_path: Path, heading: str, cell: str, digits: str | None
    ) -> None:
        facts = read_cells(tmp_path, **{heading: cell})
        assert isinstance(facts, DossierFacts)
        assert facts.identity == digits
        assert "identity" not in repr(facts)

    @pytest.mark.parametrize("cell", ["123", "12345", "4.8E+11", "ABCD", "04809012345678", "2023-08-15 00:00:00"])
    def test_what_is_no_identity_number_is_told_without_being_quoted(self, tmp_path: Path, cell: str) -> None:
        assert read_cells(tmp_path, cccd=cell) == IDENTITY_FAULT

    @pytest.mark.parametrize(
        ("cell", "password"),
        [("7ghq-k9qx", "7GHQK9QX"), ("482915", "482915"), ("KQWERTYZ", "KQWERTYZ"), ("", None)],
    )
    def test_a_password_is_taken_as_it_is_compared(self, tmp_path: Path, cell: str, password: str | None) -> None:
        facts = read_cells(tmp_path, **{"Mật khẩu tra cứu": cell})
        assert isinstance(facts, DossierFacts)
        assert facts.password == password

    @pytest.mark.parametrize("cell", ["abc", "1234567", "ABCDEFGH12345"])
    def test_a_password_that_nobody_could_send_is_told_without_being_quoted(self, tmp_path: Path, cell: str) -> None:
        assert read_cells(tmp_path, password=cell) == PASSWORD_FAULT

    def test_a_number_cell_of_a_workbook_is_taken_only_where_no_zero_is_lost(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (["code", "status", "cccd"], [CODE, 4, 201499999], [f"{CODE}1", 4, 123], [f"{CODE}2", 4, 4321.0]):
            sheet.append(row)
        path = tmp_path / "dossiers.xlsx"
        book.save(path)
        rows, faults = facts_and_faults(path)
        assert [one.identity for one in rows] == ["9999", "4321"]
        assert [str(fault) for fault in faults] == [IDENTITY_FAULT.replace("line 2", "line 3")]
