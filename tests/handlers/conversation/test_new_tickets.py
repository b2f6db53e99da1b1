"""The plan of a new ticket: unit, due times, promise, and whether people on duty are called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.schema import Priority, TicketKind
from db.store.address import Address
from db.store.engine import Database
from handlers.conversation.load import UnitLoad
from handlers.conversation.new_tickets import SUBJECT_LETTERS, Matter, is_certain, plan
from handlers.conversation.units_now import Units
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import DUTY, FOCAL, MONDAY, WARD_UNIT, city_hall


@pytest.fixture
def units(sqlite_database: Database) -> Units:
    found = city_hall(sqlite_database).parts.units()
    assert found is not None
    return found


def matter(words: str, **changes: object) -> Matter:
    values: dict[str, object] = {
        "kind": TicketKind.REPORT,
        "words": words,
        "body": f"PA {words}",
        "sender": Address("84905000001"),
        "short_code": "8188",
        "reply_link": "main",
        "language": "vi",
        "at": MONDAY,
    }
    return Matter(**{**values, **changes})  # type: ignore[arg-type] # fields by name


def test_a_report_goes_to_its_ward_and_keeps_the_whole_text(units: Units) -> None:
    planned = plan(matter("den duong hong o phuong Hai Chau"), units)
    assert (planned.new.unit_id, planned.new.ward_id, planned.new.routed_by) == (WARD_UNIT, 1, "ward")
    assert planned.new.body == "PA den duong hong o phuong Hai Chau"
    assert not planned.new.is_unsure


def test_what_is_unsure_goes_to_the_focal_unit_and_is_sorted(units: Units) -> None:
    new = plan(matter("den duong hong"), units).new
    assert (new.unit_id, new.is_unsure) == (FOCAL, True)


def test_an_accusation_stays_with_the_focal_unit_whoever_an_agent_chose(units: Units) -> None:
    new = plan(matter("to cao ong X o phuong Hai Chau nhan tien", unit_id=WARD_UNIT), units).new
    assert (new.unit_id, new.is_accusation) == (FOCAL, True)


@pytest.mark.parametrize(
    ("words", "is_call", "is_called"),
    [("chay nha o 12 Tran Phu", False, False), ("chay nha, co tai nan", False, True), ("gap lam", True, True)],
)
def test_people_on_duty_are_called_for_sos_and_for_two_phrases(
    units: Units, words: str, *, is_call: bool, is_called: bool
) -> None:
    planned = plan(matter(words, is_urgent=True, is_call=is_call), units)
    assert planned.is_called is is_called
    assert (planned.new.priority, planned.new.unit_id) == (Priority.URGENT, DUTY)
    assert planned.new.first_due == MONDAY + timedelta(minutes=15)


def test_an_overloaded_unit_promises_no_earlier_than_its_queue(units: Units) -> None:
    busy = plan(matter("den duong hong"), units, lambda _: UnitLoad(waiting=13, capacities=()))
    shut = plan(matter("den duong hong", at=MONDAY + timedelta(hours=12)), units, lambda _: UnitLoad(waiting=13))
    assert (busy.ahead, busy.is_open_now) == (13, True)
    assert (shut.ahead, shut.is_open_now) == (None, False)


def test_a_long_text_has_a_short_subject_cut_between_words(units: Units) -> None:
    subject = plan(matter("den duong hong " * 30), units).new.subject
    assert len(subject) <= SUBJECT_LETTERS
    assert subject.endswith(("den", "duong", "hong"))


def test_two_phrases_are_certain() -> None:
    assert [is_certain(words) for words in ("chay nha", "chay nha va tai nan")] == [False, True]
