"""Which cell of a row counts, and what is in it, in every kind of file."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.citizens.dossiers import DossierFacts
from db.schema import DossierStatus
from sms_gateway.back_office.dossier_file import Field, Reading, read_dossier_file

CODE = "H82-230815-0001"
KINDS = ("csv", "xlsx", "json")


def write(tmp_path: Path, kind: str, **cells: object) -> Path:
    """Write a file of one dossier."""
    path = tmp_path / f"a.{kind}"
    if kind == "json":
        path.write_text(json.dumps([cells]))
    elif kind == "csv":
        shown = ["" if cell is None else str(cell) for cell in cells.values()]
        path.write_text("\n".join(";".join(f'"{cell}"' for cell in line) for line in (list(cells), shown)))
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(list(cells))
        book.active.append(list(cells.values()))
        book.save(path)
    return path


def read(tmp_path: Path, kind: str, **cells: object) -> DossierFacts | str:
    """Read one dossier; return its facts, or its fault's text."""
    reading = read_dossier_file(write(tmp_path, kind, **{"MaHoSo": CODE, "TrangThaiHoSo": 4} | cells))
    assert len(reading.rows) + len(reading.faults) == 1
    return reading.rows[0].facts if reading.rows else str(reading.faults[0].message)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, "", "  ", "-", "null"])
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"NgayHenTra": "30/08/2023", "NgayHenTraMoi": None}, {"due_on": date(2023, 8, 30)}),
        ({"NgayHenTraMoi": None, "NgayHenTra": "30/08/2023"}, {"due_on": date(2023, 8, 30)}),
        ({"NgayHenTra": "30/08/2023", "NgayHenTraMoi": "05/09/2023"}, {"due_on": date(2023, 9, 5)}),
        ({"NgayNop": "15/08/2023", "NgayTiepNhan": None}, {"received_on": date(2023, 8, 15)}),
        ({"NoiDungBoSung": None, "SoTien": "500000 dong"}, {"wanted": "500000 dong"}),
        ({"SoTien": None, "NoiDungBoSung": "Anh 3x4"}, {"wanted": "Anh 3x4"}),
        ({"SoTien": 0, "NghiaVuTaiChinh": None}, {"wanted": None}),
        ({"NoiTraKetQua": None, "ThongTinTra": "Quay 1"}, {"pick_up": "Quay 1"}),
        ({"TenTTHC": None, "TrichYeu": "Ket hon"}, {"procedure": "Ket hon"}),
        ({"CCCD": None, "CMND": "201499999"}, {"identity": "9999"}),
        ({"MaTraCuu": None, "MatKhau": "7ghqk9qx"}, {"password": "7GHQK9QX"}),
        ({"TinhTrang": 9, "TrangThaiHoSo": None}, {"status": DossierStatus.DONE}),
        ({"MaHoSo": None, "SoBienNhan": "BN-688221488"}, {"code": "BN-688221488"}),
    ],
)
def test_of_two_columns_of_one_field_the_first_filled_counts(
    tmp_path: Path, kind: str, nothing: object, columns: dict[str, object], expected: dict[str, object]
) -> None:
    found = read(tmp_path, kind, **{key: nothing if cell is None else cell for key, cell in columns.items()})
    assert isinstance(found, DossierFacts)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.cleared == frozenset()


def test_a_request_for_papers_without_words_leaves_those_beside_it(tmp_path: Path) -> None:
    found = read(tmp_path, "json", NoiDungBoSung="Anh 3x4", DanhSachHoSoBoSung=[{"NoiDungBoSung": None}])
    assert isinstance(found, DossierFacts)
    assert found.wanted == "Anh 3x4"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("marker", ["(xóa)", "(Xoa)", "(clear)", "( CLEAR )"])
@pytest.mark.parametrize("field", ["procedure", "received_on", "due_on", "wanted", "pick_up", "identity", "password"])
def test_a_file_says_so_where_a_fact_is_taken_away(tmp_path: Path, kind: str, marker: str, field: str) -> None:
    found = read(tmp_path, kind, **{field: marker})
    assert isinstance(found, DossierFacts)
    assert found.cleared == {field}
    assert getattr(found, field) is None


@pytest.mark.parametrize(
    ("field", "fault"), [("MaHoSo", "code: '(xóa)' is none"), ("TrangThaiHoSo", "status: '(xóa)'")]
)
def test_code_and_state_cannot_be_taken_away(tmp_path: Path, field: str, fault: str) -> None:
    found = read(tmp_path, "csv", **{field: "(xóa)"})
    assert isinstance(found, str)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        *(("json", cell, "1500000") for cell in (1500000, 1500000.0, 1.5e6, "1500000.0")),
        *(("xlsx", cell, "1500000") for cell in (1500000, 1500000.0, 1.5e6, "1500000.0")),
        *(("csv", cell, "1500000") for cell in (1500000, 1500000.0, "1500000.00")),
        *((kind, 1500000.5, "1500000.5") for kind in KINDS),
        *((kind, "1.500.000 d", "1.500.000 d") for kind in KINDS),
        ("json", float("nan"), None),
        ("json", float("inf"), None),
        ("csv", "nan", None),
        ("csv", "#N/A", "pick_up: a cell shows the error #N/A: correct it, or leave it blank"),
        ("json", "#REF!", "pick_up: a cell shows the error #REF!: correct it, or leave it blank"),
        ("csv", "Err:502", "pick_up: a cell shows the error Err:502: correct it, or leave it blank"),
        ("csv", "#######", "pick_up: a cell shows the error #######: correct it, or leave it blank"),
        ("csv", "#5 Quang Trung", "#5 Quang Trung"),
        ("csv", "Mot cua_x000D_76 Quang Trung", "Mot cua 76 Quang Trung"),
        *(
            (
                kind,
                "1.5E+06",
                "pick_up: the spreadsheet shortened a number to 1.5E+06; format the column as text, type it again",
            )
            for kind in KINDS
        ),
    ],
)
def test_texts_are_what_people_see(tmp_path: Path, kind: str, cell: object, told: str | None) -> None:
    found = read(tmp_path, kind, pick_up=cell)
    assert (found.pick_up if isinstance(found, DossierFacts) else found) == told


@pytest.mark.parametrize(
    "cell", ["48090123456.0", "4.8E+11", "15/08/2023", "#N/A"], ids=["a float", "shortened", "a date", "an error"]
)
@pytest.mark.parametrize("field", ["identity", "password"])
def test_a_secret_that_a_program_spoiled_is_a_fault_and_not_quoted(tmp_path: Path, field: str, cell: str) -> None:
    found = read(tmp_path, "csv", **{field: cell})
    assert isinstance(found, str)
    assert found.startswith(f"{field}: ")
    assert not cell.startswith("#") or "the error" in found
    assert cell.startswith("#") or cell not in found


@pytest.mark.parametrize("cell", ["13557009.0", "1.3557E+07"])
def test_a_code_that_a_program_spoiled_is_a_fault(tmp_path: Path, cell: str) -> None:
    found = read(tmp_path, "csv", MaHoSo=cell)
    assert isinstance(found, str)
    assert found.startswith("code: ")
    assert "format the column as text" in found


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    status=st.integers(0, 11) | st.sampled_from(["Đang xử lý", "x"]),
    wanted=WORDS | st.integers(0, 10**15 - 1) | st.integers(0, 10**9).map(lambda cents: cents / 100) | st.none(),
    pick_up=WORDS | st.sampled_from(["#N/A", "(xóa)", "1.5E6", "  ", "-"]),
    due=st.dates(date(1980, 1, 1), date(2110, 1, 1)).map("{:%d/%m/%Y}".format) | st.none() | WORDS,
    later=st.dates(date(1990, 1, 1), date(2100, 1, 1)).map("{:%Y-%m-%d}".format) | st.none(),
)
def test_every_kind_of_file_says_the_same(tmp_path: Path, **cells: object) -> None:
    names = {"status": "TrangThaiHoSo", "due": "NgayHenTra", "later": "NgayHenTraMoi"}
    row = {names.get(name, name): cell for name, cell in cells.items()}
    # Quotation marks would end a cell of the CSV file, and the workbook's writer makes formulas of equals signs.
    kept = {name: re.sub(r'["=]', "", cell) if isinstance(cell, str) else cell for name, cell in row.items()}
    by_json, by_csv, by_xlsx = (read(tmp_path, kind, **kept) for kind in ("json", "csv", "xlsx"))
    assert by_json == by_csv
    assert by_json == by_xlsx


def text_file(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> Reading:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_dossier_file(path)


@pytest.mark.parametrize("second", [CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " / ")])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_code_a_second_time_is_a_fault_that_names_both_lines(tmp_path: Path, second: str, kind: str) -> None:
    if kind == "csv":
        reading, line = text_file(tmp_path, f"code,status\n{CODE},4\nH83-0001,4\n{second},9\n"), 4
    else:
        items = [{"code": code, "status": 4} for code in (CODE, "H83-0001", second)]
        reading, line = text_file(tmp_path, json.dumps(items), "a.json"), 3
    assert [one.facts.code for one in reading.rows] == [CODE, "H83-0001"]
    (fault,) = reading.faults
    spelled = "" if second == CODE else f", written {CODE}"
    assert str(fault) == f"line {line}: the code stands in line {line - 2} already{spelled}: keep one of them"


@pytest.mark.parametrize(
    ("content", "pick_up"),
    [
        ('"Mã hồ sơ","Trạng thái","Nơi trả (địa chỉ; điện thoại; giờ)"\n"{code}","9","Quay 1"\n', "Quay 1"),
        ("Mã hồ sơ;Trạng thái;Nơi trả\n{code};9;Quay 1, tang 2, nha A\n", "Quay 1, tang 2, nha A"),
        ("UBND, QUAN, HAI CHAU\n\nMã hồ sơ|Trạng thái|Nơi trả\n{code}|9|Quay 1\n", "Quay 1"),
        ('"UBND; QUAN"\t\t\nMã hồ sơ\tTrạng thái\t"Nơi; trả"\n{code}\t9\tQuay 1\n', "Quay 1"),
        ('"Mã\nhồ sơ";"Trạng thái";"Nơi trả\n(a, b, c, d, e)"\n{code};9;Quay 1\n', "Quay 1"),
    ],
)
def test_the_delimiter_is_found_whatever_the_cells_hold(tmp_path: Path, content: str, pick_up: str) -> None:
    reading = text_file(tmp_path, content.format(code=CODE))
    assert reading.faults == []
    assert [(one.facts.code, one.facts.pick_up) for one in reading.rows] == [(CODE, pick_up)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_utf_16_is_read_with_or_without_a_mark(tmp_path: Path, encoding: str, name: str) -> None:
    content = f"Mã hồ sơ;Trạng thái;Nơi trả\n{CODE};9;Bộ phận Một cửa\n"
    if name == "a.json":
        content = json.dumps([{"Mã hồ sơ": CODE, "Trạng thái": 9, "Nơi trả": "Bộ phận Một cửa"}], ensure_ascii=False)
    reading = text_file(tmp_path, content.encode(encoding), name)
    assert reading.faults == []
    assert [(one.facts.code, one.facts.pick_up) for one in reading.rows] == [(CODE, "Bộ phận Một cửa")]


CONTACT = "as a link or a telephone number; take it out, or confirm that citizens may get it"


def test_contacts_are_told_with_their_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "code;status;wanted;pick_up;procedure\nAB1234;5;nop tai vneid.top;goi 1022;a.com\n0905123789;9;;;\n"
    )
    reading = read_dossier_file(path, allowed=["1022"])
    assert [[str(fault) for fault in one.contact_faults] for one in reading.rows] == [
        [f"line 2: wanted: phones would show vneid.top {CONTACT}"],
        [f"line 3: code: phones would show 0905123789 {CONTACT}"],
    ]


def test_a_telephone_is_read_only_when_its_consent_is_stated_and_how_to_supply_papers_always(tmp_path: Path) -> None:
    numbers = {"0905 123 456": "84905123456", "905123456": "84905123456", "8188": None, "khong co": None}
    for kind in KINDS:
        for written, expected in numbers.items():
            columns = {"MaHoSo": CODE, "TrangThaiHoSo": 5, "CachBoSung": "Nop tai quay 3", "SoDienThoai": written}
            path = write(tmp_path, kind, **columns)
            for with_phones in (False, True):
                (row,) = read_dossier_file(path, with_phones=with_phones).rows
                label = (kind, written, with_phones)
                assert row.facts.phone == (expected if with_phones else None), label
                assert row.facts.fix == "Nop tai quay 3", label
            assert Field.PHONE not in read_dossier_file(path).columns.values()
