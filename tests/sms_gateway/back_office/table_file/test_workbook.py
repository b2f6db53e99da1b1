"""Workbooks are read as people see them: what is shown, no more and no less."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.citizens.dossiers import DossierFacts
from sms_gateway.back_office.dossier_file import read_dossier_file
from sms_gateway.back_office.table_file import bounds
from tests.sms_gateway.back_office.table_file.workbooks import names, number, row, text, write_book

CODE = "H36-230815-0001"
NAMES = names("Mã hồ sơ", "Trạng thái", "Nơi trả", "Hẹn trả", at=1)


def read(path: Path) -> tuple[list[DossierFacts], list[str]]:
    reading = read_dossier_file(path)
    return [one.facts for one in reading.rows], [str(fault) for fault in reading.faults]


def read_one(path: Path) -> DossierFacts:
    rows, faults = read(path)
    assert faults == []
    (one,) = rows
    return one


@pytest.mark.parametrize("place", [0, 1, 2, 3], ids=["code", "status", "pick_up", "due_on"])
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_a_cell_that_shows_an_error_is_a_fault(tmp_path: Path, place: int, error: str) -> None:
    cells = [text(CODE), number("9"), text("Quay 1"), text("30/08/2023")]
    cells[place] = f'<c t="e"><v>{error}</v></c>'
    rows, (fault,) = read(write_book(tmp_path / "a.xlsx", NAMES + row(*cells)))
    assert rows == []
    assert fault.startswith("line 2: ")
    assert f"a cell shows the error {error}" in fault


def test_an_error_in_a_column_that_is_not_taken_does_no_harm(tmp_path: Path) -> None:
    cells = row(text(CODE), number("9"), '<c t="e"><v>#N/A</v></c>')
    assert read_one(write_book(tmp_path / "a.xlsx", names("code", "status", "note") + cells)).code == CODE


@pytest.mark.parametrize("result", ["", "<v></v>", "<v/>"])
def test_a_formula_without_its_result_is_a_fault(tmp_path: Path, result: str) -> None:
    cells = row(text(CODE), number("9"), f'<c><f>A1&amp;"x"</f>{result}</c>')
    _, (fault,) = read(write_book(tmp_path / "a.xlsx", NAMES + cells))
    assert fault.startswith("line 2: pick_up: a cell holds a formula without its result")
    cells = row(text(CODE), number("9"), '<c t="str"><f>A1</f><v>Quay 1</v></c>')
    assert read_one(write_book(tmp_path / "a.xlsx", NAMES + cells)).pick_up == "Quay 1"
    cells = row(text(CODE), number("9"), '<c t="str"><f>A1</f><v></v></c>')  # an empty text is a result
    assert read_one(write_book(tmp_path / "a.xlsx", NAMES + cells)).pick_up is None


@pytest.mark.parametrize(
    ("format_code", "value", "code"),
    [
        ("0000000000", "1234567", "0001234567"),
        ("0000000000", "1.234567E6", "0001234567"),
        ("General", "1234567", "1234567"),
        ("General", "1.5E6", "1500000"),
        ("General", "1500000.0", "1500000"),
        ("#,##0", "1234567", "1234567"),
        ("0", "1234567", "1234567"),
        ("&quot;H17-&quot;000000", "1234", "H17-001234"),
        ("\\H\\1\\7\\-000000", "1234", "H17-001234"),
        ("000-000-0000", "1234567", "000-123-4567"),
        ("00000;-00000;&quot;none&quot;", "123", "00123"),
        ("[Red]00000", "123", "00123"),
        ("00000_)", "123", "00123"),
        ("0.00E+00", "1234567", "1234567"),
        ("@", "1234567", "1234567"),
    ],
)
def test_a_number_is_a_code_as_the_sheet_shows_it(tmp_path: Path, format_code: str, value: str, code: str) -> None:
    cells = row(number(value, style=1), number("4"))
    found = read_one(write_book(tmp_path / "a.xlsx", NAMES + cells, formats=[format_code]))
    assert found.code == code


@pytest.mark.parametrize(
    "format_code", ["0%", "# ?/?", ";;;", "[&gt;100]000;0", "0,", "&quot;HS&quot; General", "0" * 300]
)
def test_a_format_that_is_not_read_is_a_fault(tmp_path: Path, format_code: str) -> None:
    cells = row(number("1234567", style=1), number("4"))
    rows, (fault,) = read(write_book(tmp_path / "a.xlsx", NAMES + cells, formats=[format_code]))
    assert rows == []
    assert fault.startswith("line 2: code: a cell has the number format ")


@pytest.mark.parametrize(
    ("format_code", "value", "shown"),
    [
        ("General", "1.5E6", "1500000"),
        ("#,##0", "1500000", "1500000"),
        ("#,##0.00", "1500000", "1500000"),
        ("#,##0.0", "1500000.55", "1500000.6"),
        ("#,##0 &quot;đồng&quot;", "1500000", "1500000 đồng"),
        ("[$₫-42A] #,##0", "1500000", "₫ 1500000"),
        ("dd/mm/yyyy", "45153", "15/08/2023"),
        ("dd/mm/yyyy h:mm", "45153.5", "15/08/2023 12:00"),
        ("h:mm", "0.7083333333", "17:00"),
        ("General", "0.30000000000000004", "0.3"),
    ],
)
def test_a_number_in_a_text_is_told_as_the_sheet_shows_it(
    tmp_path: Path, format_code: str, value: str, shown: str
) -> None:
    cells = row(text(CODE), number("6"), number(value, style=1))
    found = read_one(write_book(tmp_path / "a.xlsx", names("code", "status", "SoTien") + cells, formats=[format_code]))
    assert found.wanted == shown


@pytest.mark.parametrize(
    ("book", "value", "style"),
    [
        ("", "45153", 0),
        ("", "45153", 1),
        ('<workbookPr date1904="1"/>', "43691", 0),
        ('<workbookPr date1904="true"/>', "43691", 1),
        ('<workbookPr date1904="0"/>', "45153.75", 1),
    ],
)
def test_both_date_systems_give_the_day_that_is_shown(tmp_path: Path, book: str, value: str, style: int) -> None:
    cells = row(text(CODE), number("4"), text(""), number(value, style=style))
    found = read_one(write_book(tmp_path / "a.xlsx", NAMES + cells, book=book, formats=["dd/mm/yyyy"]))
    assert found.due_on == date(2023, 8, 15)


def test_a_date_of_a_strict_workbook_is_read(tmp_path: Path) -> None:
    cells = row(text(CODE), number("9"), text("Quay 1"), '<c t="d"><v>2023-08-15T00:00:00</v></c>')
    found = read_one(write_book(tmp_path / "a.xlsx", NAMES + cells, strict=True))
    assert (found.pick_up, found.due_on) == ("Quay 1", date(2023, 8, 15))


@pytest.mark.parametrize("hidden", ["hidden", "veryHidden"])
def test_the_first_sheet_that_is_not_hidden_is_read(tmp_path: Path, hidden: str) -> None:
    rows = NAMES + row(text(CODE), number("9"))
    assert read_one(write_book(tmp_path / "a.xlsx", rows, sheets=[hidden, "visible"])).code == CODE
    _, (fault,) = read(write_book(tmp_path / "a.xlsx", rows, sheets=[hidden]))
    assert fault == "the workbook has no visible sheet of cells"


def test_a_hidden_row_is_a_fault_and_neither_taken_nor_dropped_silently(tmp_path: Path) -> None:
    rows = row(text(CODE), number("9")) + row(text(f"{CODE}2"), number("4"), more=' hidden="1"')
    (one,), faults = read(write_book(tmp_path / "a.xlsx", NAMES + rows))
    assert one.code == CODE
    assert faults == ["line 3: the row is hidden in the sheet: show it, or delete it"]


def test_a_hidden_column_is_a_fault_and_not_taken(tmp_path: Path) -> None:
    rows = NAMES + row(text(CODE), number("9"), text("Quay cu"))
    path = write_book(tmp_path / "a.xlsx", rows, before='<cols><col min="3" max="3" hidden="1"/></cols>')
    (one,), faults = read(path)
    assert one.pick_up is None
    assert faults == ["line 1: the column of pick_up is hidden in the sheet: show it, or delete it"]
    other = write_book(tmp_path / "b.xlsx", rows, before='<cols><col min="5" max="16384" hidden="1"/></cols>')
    assert read_one(other).pick_up == "Quay cu"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Mot cua_x000D_\n76 Quang Trung", "Mot cua 76 Quang Trung"),
        ("Mot cua_x000A_76 Quang Trung", "Mot cua 76 Quang Trung"),
        ("A_x0009_B_x0042_", "A BB"),
        ("A_xD83D_B", "A B"),
        ("Phong_x1", "Phong_x1"),
    ],
)
def test_escapes_of_workbooks_are_no_letters(tmp_path: Path, written: str, told: str) -> None:
    shared = f"<si><t>{CODE}</t></si><si><r><t>{written[:3]}</t></r><r><t>{written[3:]}</t></r><rPh><t>x</t></rPh></si>"
    rows = NAMES + row('<c t="s"><v>0</v></c>', number("9"), '<c t="s"><v>1</v></c>')
    assert read_one(write_book(tmp_path / "a.xlsx", rows, strings=shared)).pick_up == told
    assert (
        read_one(write_book(tmp_path / "b.xlsx", NAMES + row(text(CODE), number("9"), text(written)))).pick_up == told
    )


def test_titles_above_the_column_names_are_passed_over(tmp_path: Path) -> None:
    titles = row(text("UBND QUAN HAI CHAU"), number=1) + row(text("THANG 8"), text("2023"), number=2)
    rows = titles + names("code", "status", at=20) + row(text(CODE), number("9"), number=21)
    found = read_dossier_file(write_book(tmp_path / "a.xlsx", rows))
    assert [(one.line, one.facts.code) for one in found.rows] == [(21, CODE)]
    assert found.headings == ["code", "status"]


def test_column_names_after_more_titles_than_that_are_not_found(tmp_path: Path) -> None:
    titles = "".join(row(text("x"), text("y")) for _ in range(bounds.HEADING_ROWS))
    _, (fault,) = read(write_book(tmp_path / "a.xlsx", titles + names("code", "status") + row(text(CODE), number("9"))))
    assert fault.startswith("no column named code or status: one of the first 20 rows must name the columns")


def test_a_merged_cell_counts_for_all_its_rows(tmp_path: Path) -> None:
    rows = NAMES + "".join(
        row(
            text(f"{CODE}{place}", place=f"A{place}"),
            number("9", place=f"B{place}"),
            text("Quay 1", place="C3") if place == 3 else "",
            number=place,
        )
        for place in range(2, 7)
    )
    merged = '<mergeCells><mergeCell ref="C3:C5"/><mergeCell ref="A9:F9"/><mergeCell ref="nonsense"/></mergeCells>'
    found, faults = read(write_book(tmp_path / "a.xlsx", rows, behind=merged))
    assert faults == []
    assert [one.pick_up for one in found] == [None, "Quay 1", "Quay 1", "Quay 1", None]


def test_a_merged_code_is_one_dossier_and_a_fault_for_each_further_row(tmp_path: Path) -> None:
    rows = NAMES + row(text(CODE), number("9"), number=2) + row(number("4", place="B3"), number=3)
    rows += row(number=4)
    (one,), faults = read(
        write_book(tmp_path / "a.xlsx", rows, behind='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>')
    )
    assert one.code == CODE
    assert faults == ["line 3: the code stands in line 2 already: keep one of them"]


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="s"><v>7</v></c>',
        '<c t="s"><v>x</v></c>',
        '<c t="z"><v>7</v></c>',
        "<c><v>1e999</v></c>",
        '<c s="x"><v>1</v></c>',
    ],
)
def test_a_damaged_cell_is_one_fault_for_the_file(tmp_path: Path, cell: str) -> None:
    rows, (fault,) = read(write_book(tmp_path / "a.xlsx", NAMES + row(text(CODE), number("9"), cell)))
    assert rows == []
    assert fault.startswith("the file is no readable .xlsx workbook")
