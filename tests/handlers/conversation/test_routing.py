"""Routing: each step by a table, and the laws that hold for every text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.schema import Priority
from handlers.conversation.routing import Step, route
from handlers.conversation.routing.directory import Rule, Unit
from parsers.text.normal_form import normalise
from tests.handlers.conversation.routing.city import (
    BUILDING,
    DUTY,
    FIFTH,
    FOCAL,
    HAI_CHAU,
    LAMPS,
    NOISE,
    THANH_KHE,
    city,
)

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


CITY = city()


@pytest.mark.parametrize(
    ("text", "unit", "step"),
    [
        # A unit named after the keyword.
        ("HAI CHAU: den duong hong", HAI_CHAU, Step.UNIT_NAME),
        ("P. Hải Châu: đèn đường hỏng", HAI_CHAU, Step.UNIT_NAME),
        ("phuong Hai Chau, den duong hong", HAI_CHAU, Step.UNIT_NAME),
        ("UBND phuong Thanh Khe rac chat dong", THANH_KHE, Step.UNIT_NAME),
        ("sxd: xin cap phep", BUILDING, Step.UNIT_NAME),
        ("so xay dung", BUILDING, Step.UNIT_NAME),
        ("phuong 5: mat nuoc", FIFTH, Step.UNIT_NAME),
        ("5: mat nuoc", FOCAL, Step.FOCAL),
        ("so giao thong: xe buyt", FOCAL, Step.FOCAL),  # an old name of a unit
        ("quan Hai Chau: xin so", FOCAL, Step.FOCAL),  # a unit that is disabled
        # A dossier code.
        ("ho so H17.12-230815-0007 sao lau the", BUILDING, Step.DOSSIER),
        ("ho so 000.00.28.H17-230815-0007 o phuong Thanh Khe", HAI_CHAU, Step.DOSSIER),
        ("H17.28.03-230815-0007 bao gio xong", HAI_CHAU, Step.DOSSIER),  # by the agency above
        ("H17.77-230815-0007 bao gio xong", FOCAL, Step.FOCAL),  # unknown, and the province says nothing
        ("H17.12-230815-0007 va H17.28-230815-0008", FOCAL, Step.FOCAL),  # two units
        # Rules.
        ("den duong bi hong o phuong Hai Chau", BUILDING, Step.RULE),
        ("den duong sang choang o phuong Hai Chau", HAI_CHAU, Step.WARD),  # HONG is missing
        ("xin cap phep xay dung nha o", BUILDING, Step.RULE),
        ("ngap o Hai Chau", BUILDING, Step.RULE),
        ("ngap o Thanh Khe", THANH_KHE, Step.WARD),
        ("karaoke on qua, phuong Thanh Khe", THANH_KHE, Step.WARD),  # the rule has a topic without unit
        ("cong bo dich vu", DUTY, Step.RULE),  # all of three words
        ("giay to gi", FOCAL, Step.FOCAL),  # the rule's unit is disabled
        # Wards.
        ("rac chat dong tai 25 Le Duan phuong Hai Chau", HAI_CHAU, Step.WARD),
        ("rac o P.Thạch Thang", HAI_CHAU, Step.WARD),  # an old name
        ("rac o thanh khe dong", HAI_CHAU, Step.WARD),  # the longest name counts
        ("rac o thanh khe", THANH_KHE, Step.WARD),
        ("rac duong Thanh Khe phuong Hai Chau", HAI_CHAU, Step.WARD),  # a street
        ("rac duong Thanh Khe", FOCAL, Step.FOCAL),
        ("rac o quan Hai Chau", FOCAL, Step.FOCAL),  # a district of many wards: the ward is asked for
        ("rac o thi xa Thanh Khe", FOCAL, Step.FOCAL),
        ("rac o xa Thanh Khe", THANH_KHE, Step.WARD),
        ("rac o phuong Thach Thang, quan Thanh Khe, TP Hai Chau", HAI_CHAU, Step.WARD),  # an old address
        ("rac o phuong 5", FIFTH, Step.WARD),
        ("rac 5 ngay", FOCAL, Step.FOCAL),
        ("rac o xa Hoa My", FOCAL, Step.FOCAL),  # two old wards of one name
        ("rac o Hai Chau hay Thanh Khe", FOCAL, Step.FOCAL),
        # Accusations.
        ("to cao can bo phuong Hai Chau", FOCAL, Step.ACCUSATION),
        ("can bo phuong Hai Chau nhan tien", FOCAL, Step.ACCUSATION),  # a topic marked so by a rule
        ("nha to cao che nang phuong Hai Chau", HAI_CHAU, Step.WARD),
        ("", FOCAL, Step.FOCAL),
    ],
)
def test_the_first_sure_step_decides(text: str, unit: Unit, step: Step) -> None:
    found = route(normalise(text), "report", CITY)
    assert (found.unit.name, found.step) == (unit.name, step)


def test_wards_are_looked_for_in_reports_only() -> None:
    text = "may gio mo cua o phuong Hai Chau"
    assert route(text, "report", CITY).ward is not None
    for kind in ("question", "proposal"):
        found = route(text, kind, CITY)
        assert (found.step, found.ward) == (Step.UNIT_NAME, None)


def test_a_question_goes_to_the_only_unit_that_it_names() -> None:
    for text, unit in (
        ("may gio UBND phuong Hai Chau mo cua", HAI_CHAU),
        ("phường Thanh Khê mở cửa mấy giờ", THANH_KHE),
        ("lam gi o UBND phuong Hai Chau roi den phuong Hai Chau", HAI_CHAU),
        ("chuyen ho khau tu phuong Hai Chau sang phuong Thanh Khe", FOCAL),
        ("gia ve Hai Chau", FOCAL),
    ):
        assert route(normalise(text), "question", CITY).unit is unit, text


def test_where_nothing_is_sure_the_two_best_are_offered() -> None:
    assert [one.name for one in route("rac o Hai Chau hay Thanh Khe", "report", CITY).offered] == [
        HAI_CHAU.name,
        THANH_KHE.name,
    ]
    assert [one.name for one in route("rac o xa Hoa My", "report", CITY).offered] == [HAI_CHAU.name, THANH_KHE.name]
    assert route("rac o phuong Hai Chau", "report", CITY).offered == ()


def test_the_rule_that_fitted_is_told_with_its_topic_and_priority() -> None:
    lamps = route("den duong hong o phuong Hai Chau", "report", CITY)
    assert (lamps.rule_id, lamps.found, lamps.topic, lamps.priority) == (12, "DEN DUONG", LAMPS, Priority.HIGH)
    assert lamps.ward is not None  # so nobody asks where
    permit = route("cap phep xay dung", "question", CITY)
    assert (permit.rule_id, permit.topic, permit.priority) == (13, None, Priority.LOW)
    noise = route("karaoke", "question", CITY)
    assert (noise.rule_id, noise.topic, noise.priority, noise.step) == (14, NOISE, Priority.NORMAL, Step.FOCAL)


def test_rules_are_tried_in_their_order() -> None:
    first, second = (Rule(id=number, any_of=("CHO",), unit_id=unit.id) for number, unit in ((1, DUTY), (2, BUILDING)))
    for rules, expected in (((first, second), DUTY), ((second, first), BUILDING)):
        assert route("cho toi hoi", "question", city(rules=rules)).unit is expected


def test_a_rule_without_words_fits_every_text_of_its_kind() -> None:
    rules = (Rule(id=1, any_of=("CHO",), unit_id=DUTY.id), Rule(id=2, kind="proposal", unit_id=BUILDING.id))
    found = city(rules=rules)
    assert route("de nghi mo rong cong vien", "proposal", found).rule_id == 2
    assert route("de nghi mo rong cho", "proposal", found).rule_id == 1
    assert route("de nghi mo rong cong vien", "question", found).rule_id is None


def test_urgent_tickets_open_at_the_duty_unit_and_keep_their_ward() -> None:
    found = route("chay nha o phuong Hai Chau", "report", CITY, urgent=True)
    assert (found.unit, found.step, found.priority) == (DUTY, Step.DUTY, Priority.URGENT)
    assert found.ward is not None
    assert found.ward.unit_id == HAI_CHAU.id


def test_an_accusation_is_no_other_units_even_when_it_is_urgent() -> None:
    found = route("HAI CHAU: to cao ong X", "proposal", CITY, urgent=True)
    assert (found.unit, found.step, found.is_accusation, found.offered) == (FOCAL, Step.ACCUSATION, True, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to cao ong X nhan tien", True),
        ("Toi muon TO CAO", True),
        ("tố cáo cán bộ", True),
        ("TỐ CÁO cán bộ", True),
        ("tờ khai cao quá", False),
        ("tó cao kều", False),
        ("cay to cao qua", False),
        ("nha to cao tang", False),
        ("to, cao", True),  # unaccented and without a thing that is tall: a person decides
        ("auto cao toc", False),
    ],
)
def test_accusations_are_recognised(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert route(text, "question", CITY).is_accusation is expected


PIECES = (
    *("HAI CHAU", "THANH KHE", "DONG", "PHUONG", "P.", ":", ",", "-", "\n", "DUONG", "5", "HONG", "DEN", "TO", "CAO"),
    *("NHAN TIEN", "NGAP", "H17.12-230815-0007"),
)
WORDS = st.sampled_from(PIECES)
FILLING = st.lists(st.sampled_from(("rac", "nuoc", "mui", "hoi", "qua", "toi", "nay")))


@UNHURRIED
@given(st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=200), st.sampled_from(["question", "report"]))
def test_every_text_has_a_unit_in_use_whatever_it_says(text: str, kind: str) -> None:
    found = route(text, kind, CITY)
    assert found.unit in CITY.units.values()
    assert found.offered == () or found.step is Step.FOCAL
    assert len(found.offered) in {0, 2}
    assert found.is_accusation == (found.step is Step.ACCUSATION)
    assert (found.ward is None) or kind == "report"
    assert route(text.lower(), kind, CITY).unit is found.unit


@UNHURRIED
@given(
    st.sampled_from([HAI_CHAU, THANH_KHE]),
    st.lists(st.sampled_from(["rac", "nuoc", "mui", "hoi", "qua", "toi", "nay"])),
)
def test_a_ward_with_its_label_is_found_wherever_it_stands(unit: Unit, words: list[str]) -> None:
    name = unit.name.removeprefix("UBND ")
    for place in range(1, len(words) + 1):
        text = " ".join([*words[:place], name, *words[place:]])
        assert route(text, "report", CITY).unit is unit
