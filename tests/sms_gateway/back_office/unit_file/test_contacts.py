"""Files of contacts and wards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sms_gateway.back_office.unit_file.contacts import read_contacts, read_wards
from tests.sms_gateway.back_office.unit_file.files import csv_file, workbook

UNITS = {"H17.28", "H17.29"}
HEADING = "unit;place;name;phone;duty_from;duty_to;position"


def test_a_line_is_a_contact(tmp_path: Path) -> None:
    found = read_contacts(csv_file(tmp_path, HEADING, "h17.28;Trực ban;Lê Văn Nam;0905 123 456;19:00;7h30;2"), UNITS)
    assert found.faults == []
    (row,) = found.rows
    assert (row.unit, row.place, row.name, row.phone) == ("H17.28", "Trực ban", "Lê Văn Nam", "84905123456")
    assert (row.duty_from, row.duty_to, row.position) == (19 * 60, 7 * 60 + 30, 2)
    assert "Nam" not in repr(row)
    assert "84905123456" not in repr(row)


def test_a_workbook_may_have_lost_the_zero_of_a_phone_and_the_format_of_an_hour(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ("Mã đơn vị", "Họ tên", "Điện thoại", "Trực từ", "Trực đến"),
        ("H17.28", "Lê Văn Nam", 905123456, 0.8125, 24),
    )
    found = read_contacts(path, UNITS)
    assert found.faults == []
    assert [(row.phone, row.duty_from, row.duty_to) for row in found.rows] == [("84905123456", 19 * 60 + 30, 0)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (";;Nam;0905123456", "unit: it is missing; give the code of a unit"),
        ("H99;;Nam;0905123456", "unit: no unit has the code H99; import the units first, or correct it"),
        ("H17.28;;;0905123456", "name: it is missing"),
        ("H17.28;;Nam;", "phone: it is missing"),
        (
            "H17.28;;Nam;8188",
            "phone: '8188' is no telephone number; give it with its leading zero, in a column formatted as text",
        ),
        (
            "H17.28;;Nam;không có",
            "phone: 'không có' is no telephone number; give it with its leading zero, in a column formatted as text",
        ),
        ("H17.28;;Nam;0905123456;19:00;", "duty_to: a duty needs its beginning and its end; fill both cells or none"),
        ("H17.28;;Nam;0905123456;;7:00", "duty_from: a duty needs its beginning and its end; fill both cells or none"),
        ("H17.28;;Nam;0905123456;25h;7h", "duty_from: '25h' is no time of day; write 07:30 or 7h30"),
        ("H17.28;;Nam;0905123456;24:30;7h", "duty_from: '24:30' is no time of day; write 07:30 or 7h30"),
        ("H17.28;;An;0905123457", "the phone is in line 2 already for this unit: keep one of them"),
    ],
)
def test_a_wrong_contact_is_told_and_the_others_go_on(tmp_path: Path, line: str, fault: str) -> None:
    lines = (HEADING, "H17.28;;Lan;0905123457", line, "H17.29;;Lan;0905123457")
    found = read_contacts(csv_file(tmp_path, *lines), UNITS)
    assert [str(one) for one in found.faults] == [f"line 3: {fault}"]
    assert [row.unit for row in found.rows] == ["H17.28", "H17.29"]


def test_wards_have_their_names_without_label_and_the_last_day_of_old_ones(tmp_path: Path) -> None:
    lines = ("Tên phường xã;Mã đơn vị;Đến ngày", "Phường Hải Châu;H17.28;", "Phường Thạch Thang;H17.28;30/06/2025")
    found = read_wards(csv_file(tmp_path, *lines), UNITS)
    assert found.faults == []
    assert [(row.folded, row.unit, row.until) for row in found.rows] == [
        ("HAI CHAU", "H17.28", None),
        ("THACH THANG", "H17.28", date(2025, 6, 30)),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (";H17.28;", "name: it is missing"),
        ("Hải Châu;H99;", "unit: no unit has the code H99; import the units first, or correct it"),
        ("Hải Châu;H17.28;năm ngoái", "until: 'năm ngoái' is no date; write dd/mm/yyyy, for instance 30/06/2025"),
        ("phường Sơn Trà;H17.29;", "the ward is in line 2 already for this unit: keep one of them"),
    ],
)
def test_a_wrong_ward_is_told_and_the_others_go_on(tmp_path: Path, line: str, fault: str) -> None:
    found = read_wards(csv_file(tmp_path, "name;unit;until", "Sơn Trà;H17.29;", line, "Sơn Trà;H17.28;"), UNITS)
    assert [str(one) for one in found.faults] == [f"line 3: {fault}"]
    assert len(found.rows) == 2
