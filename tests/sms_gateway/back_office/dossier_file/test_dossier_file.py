"""Files of dossiers: what offices hand over, and what is wrong with it, told line by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.citizens.dossiers import DossierFacts
from db.schema import DossierStatus
from sms_gateway.back_office.dossier_file import Fault, read_dossier_file
from sms_gateway.demo.sample_dossiers import sample_dossiers

CODE = "000.00.12.H17-230815-0007"
WHOLE = DossierFacts(
    code=CODE,
    status=DossierStatus.PAPERS_WANTED,
    procedure="Đăng ký kết hôn",
    received_on=date(2023, 8, 15),
    due_on=date(2023, 8, 30),
    wanted="Ảnh 3x4; tờ khai",
    pick_up="Một cửa",
)


def write(tmp_path: Path, content: str | bytes, name: str = "dossiers.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def facts_and_faults(path: Path) -> tuple[list[DossierFacts], list[Fault]]:
    """Read a file; return what would be taken in, and the faults."""
    reading = read_dossier_file(path)
    return [row.facts for row in reading.rows], list(reading.faults)


def read_cells(tmp_path: Path, **cells: str) -> DossierFacts | str:
    """Read one row with these cells; return its facts, or its fault's text."""
    columns = {"code": CODE, "status": "4"} | cells
    lines = [";".join(columns), ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in columns.values())]
    rows, faults = facts_and_faults(write(tmp_path, "\n".join(lines)))
    assert len(rows) + len(faults) == 1
    return rows[0] if rows else str(faults[0])


VIETNAMESE_CSV = (
    "STT;Mã hồ sơ;Chủ hồ sơ;Trạng thái;Thủ tục;Ngày tiếp nhận;Ngày hẹn trả;Giấy tờ cần bổ sung;Nơi trả kết quả\r\n"
    f'1;{CODE};Trần Thị B;Yêu cầu bổ sung giấy tờ;Đăng ký kết hôn;15/08/2023;30/08/2023;"Ảnh 3x4; tờ khai";Một cửa\r\n'
)
ENGLISH_CSV = (
    "code,status,procedure,received on,Due date,wanted,pick-up,name\n"
    f"{CODE},5,Đăng ký kết hôn,2023-08-15,2023-08-30,Ảnh 3x4; tờ khai,Một cửa,Trần Thị B\n"
)
PORTAL = {
    "MaHoSo": CODE,
    "SoBienNhan": "15",
    "ChuHoSo": "Trần Thị B",
    "TenTTHC": "Đăng ký kết hôn",
    "TrangThaiHoSo": 5,
    "NgayTiepNhan": "20230815093000",
    "NgayHenTra": "20230825093000",
    "ThongTinTra": "Một cửa",
    "DanhSachHoSoBoSung": [
        {"NoiDungBoSung": "Tờ khai"},
        {"NoiDungBoSung": "Ảnh 3x4; tờ khai", "NgayHenTraMoi": "20230830093000"},
    ],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", VIETNAMESE_CSV.encode(), id="Vietnamese, semicolons"),
        pytest.param("a.csv", VIETNAMESE_CSV.encode("utf-8-sig"), id="with a byte order mark"),
        pytest.param("a.txt", VIETNAMESE_CSV.encode("utf-16"), id="UTF-16"),
        pytest.param("a.csv", b"\n\n" + VIETNAMESE_CSV.encode(), id="blank lines in front"),
        pytest.param("a.csv", b"sep=;\r\n" + VIETNAMESE_CSV.encode(), id="sep line"),
        pytest.param("a.csv", b"sep=\n" + ENGLISH_CSV.encode(), id="sep line without a sign"),
        pytest.param("A.CSV", ENGLISH_CSV.encode(), id="English, commas, ISO dates"),
        pytest.param("a.tsv", ENGLISH_CSV.replace(",", "\t").encode(), id="tabs"),
        pytest.param("a.json", json.dumps([PORTAL]).encode(), id="portal"),
        pytest.param("a.json", json.dumps({"error_code": "00", "data": [PORTAL]}).encode(), id="portal, wrapped"),
    ],
)
def test_reads_what_offices_hand_over_and_never_a_name(tmp_path: Path, name: str, content: bytes) -> None:
    rows, faults = facts_and_faults(write(tmp_path, content, name))
    assert faults == []
    assert rows == [WHOLE]
    assert "Trần" not in repr(rows)


def save(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def test_reads_a_workbook_with_its_dates_and_numbers(tmp_path: Path) -> None:
    rows, faults = facts_and_faults(
        save(
            tmp_path / "a.xlsx",
            [
                [None],
                ["Mã hồ sơ", "Trạng thái", "Ngày nhận", "Hẹn trả", "Ghi chú"],
                [CODE, 4, datetime(2023, 8, 15, 9, 30), date(2023, 8, 30), True],  # noqa: DTZ001 - cells have no zone
                [13557009, 4.0, 45153, "30/08/2023"],
                ["00673810079", "Đang xử lý"],
                [None, None, None],
                [12345678901234567, 4],
                [datetime(2023, 8, 15), 4],  # noqa: DTZ001 - cells have no zone
            ],
        )
    )
    assert [(one.code, one.received_on, one.due_on) for one in rows] == [
        (CODE, date(2023, 8, 15), date(2023, 8, 30)),
        ("13557009", date(2023, 8, 15), date(2023, 8, 30)),
        ("00673810079", None, None),
    ]
    assert {one.status for one in rows} == {DossierStatus.IN_PROGRESS}
    assert [fault.line for fault in faults] == [7, 8]
    assert "rounds numbers" in str(faults[0].message)
    assert "made a date of it" in str(faults[1].message)


FEES = """code;status;NoiDungBoSung;SoTien
AB1231;5;Anh 3x4;0
AB1232;6;;50.000
AB1233;6;Anh 3x4;50.000
AB1234;6;To khai;90.000
"""
TWO_DATES = """code;status;NgayHenTra;NgayHenTraMoi
AB1231;4;30/08/2023;
AB1232;4;30/08/2023;02/09/2023
AB1233;4;30/08/2023;30/08/2023
"""
TWICE = "code;status;wanted;wanted\nAB1231;{status};Anh;To khai\n"
TWO_CODES = json.dumps([{"MaHoSo": "AB1231", "SoBienNhan": "15", "TrangThaiHoSo": 4}])
JOIN = "; to import both, join them into one column"


@pytest.mark.parametrize(
    ("name", "content", "field", "used", "ignored", "end"),
    [
        ("fee.csv", FEES, "wanted", "NoiDungBoSung", "SoTien", f"(lines: 2, the first: 4){JOIN}"),
        ("dates.csv", TWO_DATES, "due_on", "NgayHenTraMoi", "NgayHenTra", "(lines: 1, the first: 3)"),
        ("twice.csv", TWICE.format(status=5), "wanted", "wanted (3)", "wanted (4)", f"(lines: 1, the first: 2){JOIN}"),
        ("portal.json", TWO_CODES, "code", "MaHoSo", "SoBienNhan", "(lines: 1, the first: 1)"),
    ],
)
def test_says_which_of_two_columns_is_ignored(  # noqa: PLR0917 - pytest asks for parameters by name
    tmp_path: Path, name: str, content: str, field: str, used: str, ignored: str, end: str
) -> None:
    (told,) = read_dossier_file(write(tmp_path, content, name)).ignored
    both = f"where {used} and {ignored} are both filled, {used} is used and {ignored} is ignored"
    assert str(told) == f"{field}: {both} {end}"


@pytest.mark.parametrize("content", ["code;status;wanted\nAB1231;5;Anh\n", TWICE.format(status=77)])
def test_says_nothing_where_nothing_is_ignored(tmp_path: Path, content: str) -> None:
    assert read_dossier_file(write(tmp_path, content)).ignored == []


def test_a_wrong_line_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows, faults = facts_and_faults(
        write(
            tmp_path,
            "code,status,received_on\n"
            "H17-0001,4,15/08/2023\n"
            "H17-0002,99,15/08/2023\n"
            '"H17-0003\nH17",4,\n'
            "\n"
            "H17-0004,4,31/02/2023\n"
            ",4,\n"
            "H17-0001,5,\n"
            'H17-0005,"4"x,\n'
            "H17-0006,10\n",
        )
    )
    assert [one.code for one in rows] == ["H17-0001", "H17-0003 H17", "H17-0006"]
    assert [str(fault) for fault in faults] == [
        "line 3: status: '99' is none; write 1 to 10, or the portal's words, as 'Đang xử lý'",
        "line 7: received_on: '31/02/2023' is no date; write dd/mm/yyyy, for instance 15/08/2023",
        "line 8: code: it is missing",
        "line 9: the code stands in line 2 already: keep one of them",
        "line 10: quotation marks do not match, or a cell is too long",
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *((str(number), number) for number in range(1, 11)),
        *(("05", 5), ("5.0", None), ("0", None), ("11", None), ("", None), ("²", None)),
        *(("Mới đăng ký", 1), ("MOI DANG KY", 1), ("Được tiếp nhận", 2), ("đã tiếp nhận", 2)),
        *(("Không được tiếp nhận", 3), ("dang xu ly", 4), ("Yêu cầu bổ sung giấy tờ", 5)),
        *(("Yêu cầu thực hiện nghĩa vụ tài chính", 6), ("Công dân yêu cầu rút hồ sơ", 7), ("Dừng xử lý", 8)),
        *(("Đã xử lý xong", 9), ("đã trả kết quả", 10), ("Đang", None)),
    ],
)
def test_states_by_number_or_by_the_portals_words(tmp_path: Path, written: str, number: int | None) -> None:
    found = read_cells(tmp_path, status=written)
    if number is None:
        assert isinstance(found, str)
        assert found.startswith("line 2: status: ")
    else:
        assert isinstance(found, DossierFacts)
        assert found.status is DossierStatus(str(number))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"code": "12"}, "is none that citizens can ask for"),
        ({"code": "ABCDEF"}, "at least 3 of them digits"),
        ({"code": "A1" * 21}, "4 to 40 letters and digits"),
        ({"code": "-".join("0123456789" * 4)}, "longer than 64 characters"),
        ({"code": "1.23E+10"}, "the spreadsheet shortened it to 1.23E+10"),
        ({"wanted": "=1+1"}, "a cell holds a formula"),
        ({"pick_up": "@SUM(A1)"}, "a cell holds a formula"),
        ({"wanted": "x" * 201}, "wanted: it has 201 letters; shorten it to 200"),
        ({"pick_up": "x" * 101}, "pick_up: it has 101 letters; shorten it to 100"),
        ({"procedure": "x" * 1001}, "a cell is longer than 1000 letters"),
        ({"received_on": "15/08/2023", "due_on": "14/08/2023"}, "due_on is before received_on"),
    ],
)
def test_faults_say_how_to_mend_them(tmp_path: Path, cells: dict[str, str], expected: str) -> None:
    found = read_cells(tmp_path, **cells)
    assert isinstance(found, str)
    assert expected in found


def test_cells_are_cleaned_as_people_meant_them(tmp_path: Path) -> None:
    cells = {
        "code": '="00673810079"',
        "wanted": "- Giấy khai sinh\x00\n- Ảnh\u200b 3x4",
        "procedure": "Thủ tục " * 40,
        "pick_up": "Một cu\u031b\u0309a",
    }
    found = read_cells(tmp_path, **cells)
    assert isinstance(found, DossierFacts)
    assert found.code == "00673810079"
    assert found.wanted == "- Giấy khai sinh - Ảnh 3x4"
    assert found.pick_up == "Một cửa"
    assert found.procedure is not None
    assert len(found.procedure) == 200


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n;;\n", "is empty"),
        ("a.csv", b"code,status\n", "the file holds no dossier"),
        ("a.csv", b"name,birth\nx,y\n", "no column named code or status"),
        ("a.csv", b"code,birth\nx,y\n", "no column named status"),
        ("a.csv", b'"code"x,status\n', "the row of column names cannot be read"),
        ("a.csv", "Mã hồ sơ".encode("cp1258", "replace") + b"\xff", "the file is not UTF-8"),
        ("a.csv", b"\xff\xfea", "the file is not UTF-8"),
        ("a.xls", b"", "the old .xls format is not read"),
        ("a.pdf", b"", "files ending in .pdf are not read"),
        ("a", b"", "files ending in nothing are not read"),
        ("a.xlsx", b"no workbook", "no readable .xlsx workbook"),
        ("a.json", b"{", "the file is no JSON (line 1)"),
        ("a.json", b"[" * 100_000, "the file is no JSON"),
        ("a.json", b"3", "must hold a list of objects"),
        ("a.json", b'{"a": [], "b": []}', "must hold a list of objects"),
        ("a.json", b"[]", "the file holds no dossier"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_fault(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    rows, (fault,) = facts_and_faults(write(tmp_path, content, name))
    assert rows == []
    assert fault.line is None
    assert expected in str(fault)


def test_a_file_that_is_not_there_or_a_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "none.csv", tmp_path / "folder.csv"):
        rows, (fault,) = facts_and_faults(path)
        assert rows == []
        assert str(fault.message).startswith("the file cannot be read: ")


def test_json_items_are_judged_one_by_one(tmp_path: Path) -> None:
    content = [PORTAL, 3, {"MaHoSo": CODE + "1"}, {"TrangThaiHoSo": 4}, {}, {"code": 13557009.0, "status": 9.0}]
    rows, faults = facts_and_faults(write(tmp_path, json.dumps(content), "a.json"))
    assert [one.code for one in rows] == [CODE, "13557009"]
    assert [(fault.line, str(fault.message)[:24]) for fault in faults] == [
        (2, "this is no object: write"),
        (3, "status: an empty cell is"),
        (4, "code: it is missing"),
        (5, "code: it is missing"),
    ]


CELLS = st.none() | st.text() | st.integers() | st.floats() | st.booleans()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(["code", "status", "due", "wanted"]), CELLS)), CELLS)
def test_never_raises_for_any_cell(tmp_path: Path, items: list[dict[str, object]], due: object) -> None:
    good = {"code": CODE, "status": 4, "due": due}
    rows, faults = facts_and_faults(write(tmp_path, json.dumps([*items, good]), "a.json"))
    assert len(rows) + len(faults) == len(items) + 1


def test_samples_survive_a_csv_of_their_own(tmp_path: Path) -> None:
    samples = sample_dossiers(date(2026, 3, 2))
    lines = ["code;status;procedure;received_on;due_on;wanted;pick_up;cccd;look-up password"]
    lines += [
        f"{one.code};{one.status};{one.procedure};{one.received_on:%d/%m/%Y};{one.due_on:%d/%m/%Y};"
        f'"{one.wanted or ""}";{one.pick_up or ""};{one.identity};{one.password}'
        for one in samples
    ]
    assert facts_and_faults(write(tmp_path, "\n".join(lines))) == (samples, [])
