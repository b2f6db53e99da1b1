"""Files of units: what is taken, and the fault of each line that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.units.unit_rows import AliasRow, UnitRow
from sms_gateway.back_office.unit_file.reading import FAULTS, Reading
from sms_gateway.back_office.unit_file.units import UnitFacts, read_units
from tests.sms_gateway.back_office.unit_file.files import csv_file, workbook

CALENDARS = ["Giờ hành chính", "Cả ngày"]
STORED = UnitRow(id=1, code="H17", name="Văn phòng", folded="VAN PHONG", calendar_id=1, busy_capacity=20, is_focal=True)
HEADING = "code;name;calendar;parent;sms_name;phone;focal;duty;capacity;aliases"


def read(folder: Path, *lines: str, stored: tuple[UnitRow, ...] = (STORED,)) -> Reading[UnitFacts]:
    return read_units(csv_file(folder, HEADING, *lines), stored, CALENDARS)


def faults(found: Reading[UnitFacts]) -> list[str]:
    return [str(fault) for fault in found.faults]


def test_a_line_is_a_unit(tmp_path: Path) -> None:
    found = read(
        tmp_path, "h17.28; UBND phường Hải Châu ;gio hanh chinh;H17;UBND P. Hải Châu;0236 3822222;;x;30;P1|Q. HC"
    )
    assert found.faults == []
    assert found.rows == [
        UnitFacts(
            line=2,
            code="H17.28",
            name="UBND phường Hải Châu",
            calendar="Giờ hành chính",
            parent="H17",
            sms_name="UBND P. Hai Chau",
            phone="0236 3822222",
            is_focal=False,
            is_duty=True,
            capacity=30,
            aliases=["P1", "Q HC"],
        )
    ]


def test_vietnamese_names_of_columns_and_a_workbook_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ("DANH SÁCH ĐƠN VỊ", None, None, None),
        ("Mã đơn vị", "Tên đơn vị", "Lịch làm việc", "Số việc mỗi cán bộ", "Đầu mối"),
        ("H17.12", "Sở Xây dựng", "Cả ngày", 25, True),
        ("H17.13", "Sở Y tế", "Cả ngày", None, False),
    )
    found = read_units(path, (), CALENDARS)
    assert found.faults == []
    assert [(row.line, row.code, row.capacity, row.is_focal, row.is_duty) for row in found.rows] == [
        (3, "H17.12", 25, True, None),
        (4, "H17.13", None, False, None),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (";Sở Y tế;Cả ngày", "code: it is missing"),
        ("H17.1;;Cả ngày", "name: it is missing"),
        ("H17.1;Sở Y tế;", "calendar: a unit needs a calendar; give one of: Giờ hành chính, Cả ngày"),
        ("H17.1;Sở Y tế;Ca đêm", "calendar: no calendar is named 'Ca đêm'; give one of: Giờ hành chính, Cả ngày"),
        (
            "H17.1;Sở Y tế;Cả ngày;H99",
            "parent: no unit has the code H99; give one of the file or of the service",
        ),
        (
            "H17.1;Sở Y tế;Cả ngày;H17.1",
            "parent: the unit H17.1 is above itself by H17.1 > H17.1; leave the parent of one of them blank",
        ),
        (
            f"H17.1;Sở Y tế;Cả ngày;;{'A' * 31}",
            "sms_name: its length in an SMS is 31; shorten it to 30 characters",
        ),
        (
            "H17.1;Trung tâm Kiểm soát bệnh tật thành phố;Cả ngày",
            "sms_name: it is needed, because the name has the length 38 in an SMS, and 30 characters fit",
        ),
        (
            "H17.1;Sở Y tế;Cả ngày;;;chưa có",
            "phone: 'chưa có' is no telephone number; give it with its leading zero, in a column formatted as text",
        ),
        ("H17.1;Sở Y tế;Cả ngày;;;;maybe", "focal: 'maybe' is neither yes nor no; write x or leave it blank"),
        ("H17.1;Sở Y tế;Cả ngày;;;;;;0", "capacity: '0' is no whole number from 1 to 1000"),
        ("H17.1;Sở Y tế;Cả ngày;;;;;;2,5", "capacity: '2,5' is no whole number from 1 to 1000"),
        (f"H17.1;{'A' * 121};Cả ngày", "name: its length is 121; shorten it to 120 letters"),
        ("H17.1;=A1;Cả ngày", "name: a cell holds a formula; paste it as a value"),
    ],
)
def test_a_wrong_line_is_told_and_the_others_go_on(tmp_path: Path, line: str, fault: str) -> None:
    found = read(tmp_path, "H17.2;Sở Nội vụ;Cả ngày", line, "H17.3;Sở Tư pháp;Cả ngày")
    assert faults(found) == [f"line 3: {fault}"]
    assert [row.code for row in found.rows] == ["H17.2", "H17.3"]


def test_a_cycle_over_several_lines_and_the_rows_of_the_service_is_found(tmp_path: Path) -> None:
    a = UnitRow(id=2, code="A", name="A", folded="A", calendar_id=1, busy_capacity=20, parent_id=3)
    b = UnitRow(id=3, code="B", name="B", folded="B", calendar_id=1, busy_capacity=20)
    found = read(tmp_path, "B;Sở B;Cả ngày;C", "C;Sở C;Cả ngày;A", "D;Sở D;Cả ngày;A", stored=(STORED, a, b))
    fix = "leave the parent of one of them blank"
    assert faults(found) == [
        f"line 2: parent: the unit B is above itself by B > C > A > B; {fix}",
        f"line 3: parent: the unit C is above itself by C > A > B > C; {fix}",
    ]
    assert [row.code for row in found.rows] == ["D"]


def test_who_is_below_a_unit_that_was_refused_is_refused_too(tmp_path: Path) -> None:
    found = read(tmp_path, "A;Sở A;nowhere", "B;Sở B;Cả ngày;A", "C;Sở C;Cả ngày;B")
    assert [fault.line for fault in found.faults] == [2, 3, 4]
    assert found.rows == []


def test_a_code_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    found = read(tmp_path, "A;Sở A;Cả ngày", "a;Sở B;Cả ngày")
    assert faults(found) == ["line 3: the code A is in line 2 already: keep one of them"]
    assert [row.name for row in found.rows] == ["Sở A"]


def test_one_unit_is_the_focal_unit_afterwards(tmp_path: Path) -> None:
    line = "A;Sở A;Cả ngày;;;;x;x;"
    assert faults(read(tmp_path, "A;Sở A;Cả ngày", stored=())) == [
        "no unit would be the focal unit, which gets what nothing else fits; mark one in focal"
    ]
    assert faults(read(tmp_path, line)) == ["several units would be focal units (H17, A); mark one only in focal"]
    assert faults(read(tmp_path, line, "H17;Văn phòng;Cả ngày")) == []  # the file takes the mark off
    assert faults(read(tmp_path, line, "B;Sở B;Cả ngày;;;;;x", stored=())) == [
        "several units would be duty units (A, B); mark one only in duty"
    ]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            ("code;name", "A;B"),
            "no column named calendar: one of the first 20 rows must name the columns code, name, calendar",
        ),
        (("code;name;calendar",), "the file holds no line below the column names: give one a line"),
        (("",), "the file, or its first visible sheet, is empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_fault(tmp_path: Path, lines: tuple[str, ...], fault: str) -> None:
    found = read_units(csv_file(tmp_path, *lines), [STORED], CALENDARS)
    assert faults(found) == [fault]
    assert found.faults[0].line is None


def test_a_name_that_leads_to_another_unit_is_a_fault(tmp_path: Path) -> None:
    lines = [
        "A;Sở A;Cả ngày;;;;;;;P1, P2",
        "B;Sở B;Cả ngày;;;;;;;p2",
        "C;Sở C;Cả ngày;;;;;;;HC",
        "H17;Văn phòng;Cả ngày;;;;x;;;HC",
    ]
    found = read_units(
        csv_file(tmp_path, HEADING, *lines), [STORED], CALENDARS, [AliasRow(folded="HC", unit_id=STORED.id)]
    )
    assert [row.code for row in found.rows] == ["A", "H17"]
    assert faults(found) == [
        "line 3: aliases: 'P2' is a name of the unit A by line 2; keep it at one of them",
        "line 4: aliases: 'HC' is a name of the unit H17; remove it there first, on the page of that unit",
    ]


def test_more_faults_than_anyone_reads_are_told_as_one(tmp_path: Path) -> None:
    found = read(tmp_path, *(["A;;Cả ngày"] * (FAULTS + 1)))
    assert faults(found) == [f"more than {FAULTS} lines are wrong, the first: line 2: name: it is missing"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=10).map(";".join), max_size=6))
def test_any_content_is_read(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("\n".join([HEADING, *lines]).encode("utf-8", "surrogatepass"))
    found = read_units(path, [STORED], CALENDARS)
    assert all(str(fault) for fault in found.faults)
