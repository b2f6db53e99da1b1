"""The directory: what is in it, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.routing.directory import NoFocalUnitError, bare_ward, make_directory
from tests.handlers.conversation.routing.city import BUILDING, CLOSED, DUTY, FOCAL, HAI_CHAU, TODAY, city


def test_disabled_units_and_what_leads_to_them_are_left_out() -> None:
    found = city()
    assert CLOSED.id not in found.units
    assert {rule.id for rule in found.rules} == {11, 12, 13, 14, 15, 16}
    assert found.names.get("QUAN HAI CHAU") == ()


def test_a_unit_is_found_by_each_way_to_write_its_name() -> None:
    names = city().names
    for form in ("UBND PHUONG HAI CHAU", "PHUONG HAI CHAU", "P HAI CHAU", "HAI CHAU"):
        assert set(names.get(form)) == {HAI_CHAU.id}
    assert set(names.get("SO XAY DUNG")) == {BUILDING.id}
    assert names.get("XAY DUNG") == ()


def test_an_alias_leads_to_its_unit_until_its_last_day() -> None:
    names = city().names
    assert names.get("SXD") == [BUILDING.id]
    assert names.get("SO GIAO THONG") == ()


def test_urgent_tickets_have_a_unit_also_without_a_duty_unit() -> None:
    assert city().duty is DUTY
    assert make_directory(units=[FOCAL, BUILDING], today=TODAY).duty is FOCAL


def test_a_directory_needs_a_focal_unit_that_is_in_use() -> None:
    for units in ([], [BUILDING], [replace(FOCAL, disabled=True)]):
        with pytest.raises(NoFocalUnitError):
            make_directory(units=units, today=TODAY)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Phường Hải Châu", "HAI CHAU"),
        ("xã Hòa Tiến", "HOA TIEN"),
        ("Thị trấn Nam Phước", "NAM PHUOC"),
        ("Đặc khu Hoàng Sa", "HOANG SA"),
        ("Xạ thủ", "THU"),
        ("Phước Ninh", "PHUOC NINH"),
    ],
)
def test_wards_are_known_without_their_label(name: str, expected: str) -> None:
    assert bare_ward(name) == expected
