"""Numbers of requests: the check digit, every way to write them, and the digits that are something else."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parsers.fields.codes.ticket_numbers import check_digit, find_numbers, is_number, near, new_number
from parsers.text.normal_form import fold, normalise

A, B, C = "482173051", "613509427", "407192867"
NUMBERS = st.randoms(use_true_random=False).map(lambda source: new_number(source.randrange).removeprefix("YC"))
LOOK_ALIKES = {"0": "Oo", "1": "lLI"}


def found_in(text: str) -> list[tuple[str, bool, bool]]:
    return [(found.digits, found.is_whole, found.is_bare) for found in find_numbers(fold(normalise(text)))]


@pytest.mark.parametrize("digits", [A, B, C])
def test_the_numbers_of_the_design_pass_the_check(digits: str) -> None:
    assert is_number(digits)


@pytest.mark.parametrize(
    "digits", ["", "48217305", "4821730510", "482173057", "542173051", "YC4821730", "٤٨٢١٧٣٠٥١", "482 73051"]
)
def test_other_digits_are_no_number(digits: str) -> None:
    assert not is_number(digits)


@given(NUMBERS)
def test_a_new_number_passes_and_every_slip_of_it_is_refused_and_repaired(number: str) -> None:
    assert is_number(number)
    assert number[-1] == check_digit(number[:-1])
    for at in range(9):
        for digit in set("0123456789") - {number[at]}:
            slip = number[:at] + digit + number[at + 1 :]
            assert not is_number(slip)
            assert near(slip, [f"YC{number}"]) == (f"YC{number}",)
        if at and number[at] != number[at - 1]:
            slip = number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]
            assert not is_number(slip)
            assert near(slip, [f"YC{number}"]) == (f"YC{number}",)


def test_new_numbers_use_the_whole_range() -> None:
    source = random.Random(17)
    numbers = [new_number(source.randrange) for _ in range(2000)]
    assert len(set(numbers)) == len(numbers)
    assert {number[:3] for number in numbers} == {"YC4", "YC6"}
    assert {number[-1] for number in numbers} == set("0123456789")
    assert new_number(lambda n: n - n) == f"YC40000000{check_digit('40000000')}"


@pytest.mark.parametrize(
    ("digits", "own", "expected"),
    [
        ("482173057", [f"YC{A}", f"YC{B}"], (f"YC{A}",)),
        ("842173051", [f"YC{A}"], (f"YC{A}",)),
        (A, [f"YC{A}"], ()),
        ("482173000", [f"YC{A}"], ()),
        ("428173015", [f"YC{A}"], ()),
        ("284173051", [f"YC{A}"], ()),
        ("48217305", [f"YC{A}"], ()),
        ("4821730511", [f"YC{A}"], ()),
        ("482173052", ["YC482173051", "YC482173062"], ("YC482173051", "YC482173062")),
        ("482173052", [], ()),
    ],
)
def test_near_is_one_digit_or_two_neighbours(digits: str, own: list[str], expected: tuple[str, ...]) -> None:
    assert near(digits, own) == expected


@pytest.mark.parametrize(
    "text",
    [
        "YC482173051",
        "yc482173051",
        "yc 482.173.051",
        "YC 482 173 051",
        "YC-482-173-051",
        "Y C 482173051",
        "y.c 482173051",
        "Y/C: 482173051",
        "YC: 482173051",
        "yc số 482173051",
        "#482173051",
        "# 482 173 051",
        "#YC482173051",
        "tt#482173O51",
        "TTYC482173051",
        "TLYC482173051 da nop roi",
        "DG5YC482173051",
        "YC48217305l",
        "yc 482173o51",
        "YC 4 8 2 1 7 3 0 5 1",
        "YC482173051toi da nop roi",
        "yc482173051 la gi",
        "YC482173051la gi",
        "YC482173051 ở Trần Phú",
        "YC482173051 5",
        "YC482173051, 5 sao",
        "YC482173051 25 Le Duan",
        "YC 482 173 051 25 Le Duan",
        "hồ sơ YC482173051, sđt 0905123456, CCCD 048090123456",
        "YC４８２１７３０５１",
        "(YC482173051)",
        "YC482173051.",
        "so YC\n482173051",
    ],
)
def test_reads_every_way_to_write_a_number(text: str) -> None:
    assert found_in(text) == [(A, True, False)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("YC482173057", "482173057"),
        ("YC082173051", "082173051"),
        ("tt#482173057", "482173057"),
        ("yc 482 173 057 da nop", "482173057"),
        ("YC48217305", "48217305"),
        ("YC48217305 25 Le Duan", "48217305"),
        ("YC 4821 7305", "48217305"),
        ("YC4821730", "4821730"),
        ("YC4821730511", "4821730511"),
        ("YC482173057toi da nop", "482173057"),
        ("#48217305", "48217305"),
        ("#163509427", "163509427"),
        ("yc 047 192 867", "047192867"),
    ],
)
def test_a_wrong_number_is_read_as_it_was_written(text: str, digits: str) -> None:
    assert found_in(text) == [(digits, False, False)]


@pytest.mark.parametrize("text", ["482173051", "so 482173051 sao roi", "482 173 051", "482.173.051", "ma482173O51"])
def test_bare_digits_that_pass_are_marked_as_bare(text: str) -> None:
    assert found_in(text) == [(A, True, True)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "482173057",
        "CMND 201499999",
        "#201499999",
        "0905123456",
        "goi 0905 123 456",
        "+84 482 173 051 2",
        "048 090 123 456",
        "YC 0905123456",
        "YC 0905 123 456",
        "YC 048090123456",
        "yc 5 nguoi den 25 Le Duan",
        "yc cap lai",
        "#1 #12",
        "000.00.12.H17-230815-0007",
        "0000012H172308150007",
        "H17.12-482173-0051",
        "04486.G/2019/08708",
        "00673810079",
        "482173051/2026",
        "4821730510",
        "1482173051",
        "20/12/1990",
        "ngay chu nhat",
        "Y C O L I",
        "yc oi la loi",
    ],
)
def test_other_digits_are_no_number_of_a_request(text: str) -> None:
    assert found_in(text) == []


def test_finds_several_in_the_order_of_the_text() -> None:
    text = "407192867, #613509427 voi YC482173051 bao gio lam"
    assert [digits for digits, _, _ in found_in(text)] == [C, B, A]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Write a number as somebody may: prefix, groups, look-alike letters, and words around it."""
    number = draw(NUMBERS)
    cuts = draw(st.sampled_from([(9,), (3, 6, 9), (2, 4, 6, 9), (4, 9), (5, 9)]))
    joint = draw(st.sampled_from([" ", ".", "-"]))
    shown = number[0] + "".join(draw(st.sampled_from(digit + LOOK_ALIKES.get(digit, "")[:2])) for digit in number[1:])
    groups = [shown[start:end] for start, end in zip((0, *cuts), cuts, strict=False)]
    assume(all(any(map(str.isdecimal, group)) for group in groups))
    prefix = draw(st.sampled_from(["YC", "yc ", "Y C ", "#", "YC:", "TTYC", "tl yc ", "yc so "]))
    before = draw(st.sampled_from(["", "hom nay ", "Em gửi ", "cau 5. ", "so nha 25, "]))
    behind = draw(st.sampled_from(["", " 5", ", 5 sao", " da nop roi", " ơi", " 25 Le Duan", "?", " 0905123456"]))
    return before + prefix + joint.join(groups) + behind, number


@given(written())
def test_finds_a_number_whatever_is_around_it(given_text: tuple[str, str]) -> None:
    text, number = given_text
    assert found_in(text) == [(number, True, False)]


@given(st.text(st.sampled_from("YC#0123456789OILoil .-/\nTAđ"), max_size=60))
def test_never_raises_and_stays_inside_the_text(text: str) -> None:
    folded = fold(normalise(text))
    end = 0
    for found in find_numbers(folded):
        assert end <= found.start < found.end <= len(folded)
        assert found.is_whole == is_number(found.digits)
        assert found.digits.isdecimal()
        assert 7 <= len(found.digits) <= 10
        end = found.end
