"""The proposal of holidays: those of the law, by name and day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handlers.conversation.business_time.holiday_proposal import propose_days


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Tết Dương lịch"),
        (date(2026, 2, 17), "Tết Nguyên Đán"),
        (date(2026, 4, 26), "Giỗ Tổ"),
        (date(2026, 4, 30), "Chiến thắng"),
        (date(2026, 5, 1), "Lao động"),
        (date(2026, 9, 2), "Quốc khánh"),
        (date(2026, 11, 24), "Văn hóa"),
        (date(2027, 2, 6), "Tết Nguyên Đán"),
    ],
)
def test_the_holidays_of_the_law_are_proposed_as_shut(day: date, name: str) -> None:
    is_open, found = propose_days(day.year)[day]
    assert not is_open
    assert name.casefold() in found.casefold()


def test_24_november_is_a_holiday_from_2026_on() -> None:
    assert date(2025, 11, 24) not in propose_days(2025)


@pytest.mark.parametrize("year", range(2025, 2040))
def test_tet_has_five_days_in_a_row_and_every_day_is_of_the_year(year: int) -> None:
    found = propose_days(year)
    assert {day.year for day in found} == {year}
    tet = [day for day, (is_open, _) in found.items() if not is_open and day.month in {1, 2} and day.day > 1]
    runs = [day for day in tet if all(day + timedelta(days=more) in found for more in range(5))]
    assert runs


def test_a_saturday_worked_in_exchange_is_proposed_as_open() -> None:
    assert propose_days(2025)[date(2025, 4, 26)][0]
