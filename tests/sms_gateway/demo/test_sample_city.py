"""The sample city is one that could be imported."""

from __future__ import annotations

from collections import Counter

from handlers.conversation.routing.agency_codes import agency_levels
from handlers.conversation.routing.directory import bare_ward
from sms_gateway.back_office.unit_file.units import sms_name_fault
from sms_gateway.demo.sample_city import FOCAL, TOPICS, sample_units, sample_wards


def test_there_are_86_units_each_once_with_a_name_that_fits_into_an_sms() -> None:
    units = sample_units()
    assert len(units) == len({unit.code for unit in units}) == len({unit.name for unit in units}) == 86
    assert [unit.name for unit in units if sms_name_fault(unit.name, unit.sms_name) is not None] == []
    assert all(agency_levels(unit.code)[0] == "H17" for unit in units)
    assert {unit.parent for unit in units} == {None, FOCAL}


def test_there_are_300_wards_and_no_name_leads_to_two_units() -> None:
    wards = sample_wards()
    assert len(wards) == 300
    assert max(Counter(bare_ward(ward.name) for ward in wards).values()) == 1
    assert {ward.unit for ward in wards} <= {unit.code for unit in sample_units()}


def test_topics_lead_to_units_of_the_city_and_no_phrase_to_two() -> None:
    codes = {unit.code for unit in sample_units()}
    assert all(topic.unit is None or topic.unit in codes for topic in TOPICS)
    assert max(Counter(phrase for topic in TOPICS for phrase in topic.phrases).values()) == 1
