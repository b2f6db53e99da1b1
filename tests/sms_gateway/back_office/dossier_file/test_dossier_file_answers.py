"""From a file to the answer: what a citizen is told of an imported dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count as numbers
from pathlib import Path

import pytest

from db.citizens.dossiers import canonical, find_by_lookalike, import_dossiers, lookalike_key
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IDS_A_DAY
from handlers.commands.status_lookup import look_up_status
from handlers.context import Context, ServiceFacts
from parsers.commands import CanonicalCode, LookUpStatus, ReceiptCode
from sms_gateway.back_office.dossier_file import read_dossier_file
from tests.sms_gateway.back_office.table_file.workbooks import names, number, row, text, write_book

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)

Tell = Callable[[Path, str], str]


@pytest.fixture
def tell(database: Database) -> Tell:
    """Import a file, leave its faulty lines out, and answer a look-up."""
    new_id = numbers(1).__next__

    def answer(path: Path, code: str) -> str:
        reading = read_dossier_file(path)
        with database.write() as connection:
            import_dossiers(connection, (one.facts for one in reading.rows), new_id=new_id, now=NOW)
            context = Context(
                connection=connection,
                now=NOW,
                new_id=new_id,
                ids_a_day=IDS_A_DAY,
                sender=Address("84905123789"),
                inbound_id=1,
                service=ServiceFacts(),
                dossiers=find_by_lookalike(connection, [lookalike_key(canonical(code))]),
            )
            return look_up_status(
                LookUpStatus(codes=(ReceiptCode(written=code, canonical=CanonicalCode(canonical(code))),)), context
            ).text

    return answer


def csv(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    return path


def test_the_due_date_on_file_survives_a_blank_in_a_newer_file(tmp_path: Path, tell: Tell) -> None:
    heading = "MaHoSo,TrangThaiHoSo,NgayTiepNhan,NgayHenTra,NgayHenTraMoi"
    code = "H82-230815-0001"
    assert "hen tra 30/08/2023" in tell(csv(tmp_path, heading, f"{code},4,15/08/2023,30/08/2023,"), code)
    assert "hen tra 05/09/2023" in tell(csv(tmp_path, heading, f"{code},4,15/08/2023,30/08/2023,05/09/2023"), code)
    assert "hen tra 05/09/2023" in tell(csv(tmp_path, heading, f"{code},4,15/08/2023,,"), code)
    assert "hen tra" not in tell(csv(tmp_path, heading, f"{code},4,15/08/2023,(xoa),"), code)


def test_money_is_told_as_a_whole_number(tmp_path: Path, tell: Tell) -> None:
    code = "H82-230815-0002"
    path = tmp_path / "a.json"
    path.write_text(f'[{{"MaHoSo": "{code}", "TrangThaiHoSo": 6, "SoTien": 1.5E6}}]')
    told = tell(path, code)
    assert "1500000" in told
    assert "1500000.0" not in told


def test_a_code_is_found_as_the_sheet_shows_it(tmp_path: Path, tell: Tell) -> None:
    rows = names("code", "status") + row(number("1234567", style=1), number("4"))
    path = write_book(tmp_path / "a.xlsx", rows, formats=["0000000000"])
    assert "dang xu ly" in tell(path, "0001234567").lower()
    assert "Khong tim thay" in tell(path, "1234567")


def test_one_dossier_is_told_whatever_the_spelling(tmp_path: Path, tell: Tell) -> None:
    tell(csv(tmp_path, "code,status,pick_up", "H55.12-230815-0001,4,"), "H55.12-230815-0001")
    later = csv(tmp_path, "code,status,pick_up", "h55-12-230815-0001,9,Quay 1")
    for code in ("H55.12-230815-0001", "H55-12-230815-0001", "H55122308150001"):
        assert "Nhan ket qua tai Quay 1" in tell(later, code)


def test_no_error_and_no_escape_of_a_workbook_is_told(tmp_path: Path, tell: Tell) -> None:
    rows = names("code", "status", "Nơi trả") + row(text("H36-0001"), number("9"), '<c t="e"><v>#N/A</v></c>')
    rows += row(text("H33-0001"), number("9"), text("Mot cua_x000D_\n76½ Quang Trung"))
    path = write_book(tmp_path / "a.xlsx", rows)
    assert "Khong tim thay" in tell(path, "H36-0001")
    assert "Nhan ket qua tai Mot cua 76 1/2 Quang Trung" in tell(path, "H33-0001")


def test_a_list_of_papers_from_an_earlier_state_is_not_told(tmp_path: Path, tell: Tell) -> None:
    code = "H82-230815-0003"
    assert "Anh 3x4" in tell(csv(tmp_path, "code,status,wanted", f"{code},5,Anh 3x4"), code)
    assert "Anh 3x4" in tell(csv(tmp_path, "code,status,wanted", f"{code},5,"), code)
    assert "Anh 3x4" not in tell(csv(tmp_path, "code,status,wanted", f"{code},6,"), code)
