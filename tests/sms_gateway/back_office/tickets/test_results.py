"""What comes of an act: the English words of every message, with their values."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from string import Formatter

from sms_gateway.back_office.tickets import answering, working
from sms_gateway.back_office.tickets.results import ACTS, Acted, Acting, Overtaken, Refused, refused
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, EVERY_UNIT, LAN, ON_DUTY, CityHall


def test_no_message_has_a_value_that_could_be_a_citizens() -> None:
    for key, words in ACTS.words.items():
        assert isinstance(words, str), key
        assert {name for _, name, _, _ in Formatter().parse(words) if name} <= {
            "number",
            "name",
            "other",
            "at",
            "link",
            "most",
        }, key


def test_a_refusal_says_why() -> None:
    assert [str(fault) for fault in refused("unit").faults] == ["There is no such unit, or it is not in use."]


def test_who_was_first_is_named_and_an_unknown_ticket_is_not_found(hall: CityHall, number: str) -> None:
    row = hall.ticket(number)
    seen = Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)
    hall.act_as(working.take, seen)
    second = hall.act_as(working.take, replace(seen, operator="minh"))
    assert isinstance(second, Overtaken)
    assert "lan changed" in str(second.message)
    assert isinstance(hall.act_as(working.take, replace(seen, ticket_id=1)), Refused)


def test_an_agent_is_overtaken_by_people_and_by_other_states_but_not_by_lines_of_the_service(
    hall: CityHall, number: str
) -> None:
    """A warning, a reminder or an apology is nothing to read first, and the citizen is not named for it."""
    answer = partial(answering.resolve, words="Da thay den.")

    def seen() -> Acting:
        row = hall.ticket(number)
        return Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)

    before = seen()
    hall.pass_(days=12)
    assert hall.look_at_timers() == 4
    assert isinstance(hall.act_as(partial(working.note, words="goi lai"), before), Acted)
    for sender, body, words in (
        (AN, f"TL {number} den lai hong", "The citizen wrote"),
        (ON_DUTY, f"TL {number} da cu nguoi di", "A person on duty wrote"),
    ):
        before = seen()
        hall.pass_(minutes=5)
        hall.text(sender, body)
        done = hall.act_as(answer, before)
        assert isinstance(done, Overtaken), words
        assert words in str(done.message)
    assert isinstance(hall.act(answer, number), Acted)
    before = seen()
    hall.pass_(days=8)
    assert hall.look_at_timers() == 1
    done = hall.act_as(partial(answering.answer, words="Xin chao."), before)
    assert isinstance(done, Overtaken)
    assert "is in another state" in str(done.message)
