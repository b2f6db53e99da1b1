"""Whose number it is: exact, a slip of one ticket or of two, merged tickets."""

from __future__ import annotations

from functools import partial
from operator import mod

from hypothesis import given
from hypothesis import strategies as st

from db.schema.ticket_states import TicketState
from handlers.conversation.filing.own_numbers import Meant, NotYours, Several, choose
from handlers.conversation.situation import OwnTicket, Situation
from parsers.commands.conversation import TicketNumber
from parsers.fields.codes.ticket_numbers import is_number, new_number
from tests.handlers.conversation.situations import NUMBERS, decided, ticket

A, B = NUMBERS["A"], NUMBERS["B"]


def number(digits: str) -> TicketNumber:
    digits = digits.removeprefix("YC")
    return TicketNumber(digits, is_number(digits))


def test_no_number_names_no_ticket() -> None:
    assert choose([], Situation(tickets=(ticket("O:A"),))) is None


@given(
    st.integers(0, 10**7 - 1),
    st.integers(0, 8),
    st.integers(1, 9),
)
def test_a_wrong_digit_is_corrected_to_the_one_ticket_and_never_taken_for_another(seed: int, at: int, by: int) -> None:
    own = new_number(lambda n: seed % n)
    digits = own.removeprefix("YC")
    wrong = f"{digits[:at]}{(int(digits[at]) + by) % 10}{digits[at + 1 :]}"
    known = Situation(tickets=(_ticket(own),))
    assert choose([number(wrong)], known) == Meant(ticket=known.tickets[0], is_exact=False)
    assert isinstance(choose([number(wrong)], Situation()), NotYours)


def _ticket(own: str) -> OwnTicket:
    made = ticket("O:A")
    return OwnTicket(number=own, kind=made.kind, state=made.state)


def test_a_slip_that_fits_two_tickets_is_not_decided() -> None:
    one, other = _two_beside_each_other()
    between = _between(one, other)
    known = Situation(tickets=(_ticket(one), _ticket(other)))
    assert choose([number(between)], known) == Several(numbers=(one, other), is_exact=False)
    assert decided(f"TT YC{between}", known) == "F1 ask_which"


def _two_beside_each_other() -> tuple[str, str]:
    """Return two numbers that differ in two digits."""
    every = [new_number(partial(mod, seed)) for seed in range(200)]
    for one in every:
        for other in every:
            if sum(a != b for a, b in zip(one, other, strict=True)) == 2:
                return one, other
    raise AssertionError("no such numbers")


def _between(one: str, other: str) -> str:
    at = next(place for place in range(2, 11) if one[place] != other[place])
    return f"{one[:at]}{other[at]}{one[at + 1 :]}".removeprefix("YC")


def test_a_merged_ticket_stands_for_the_other() -> None:
    merged = ticket("C:A", merged_into=B)
    known = Situation(tickets=(merged, ticket("O:B")))
    assert choose([number(A)], known) == Meant(ticket=known.tickets[1], is_exact=True)
    assert choose([number(A), number(B)], known) == Meant(ticket=known.tickets[1], is_exact=True)
    assert decided(f"TL {A} van con hong do", known) == "F1 entry B open"


def test_a_ticket_that_is_not_listed_is_taken_for_open() -> None:
    known = Situation(tickets=(ticket("C:A", merged_into=B),))
    found = choose([number(A)], known)
    assert isinstance(found, Meant)
    assert (found.ticket.number, found.ticket.state) == (B, TicketState.OPEN)


def test_tickets_merged_into_each_other_are_found_no_more() -> None:
    known = Situation(tickets=(ticket("C:A", merged_into=B), ticket("C:B", merged_into=A)))
    assert isinstance(choose([number(A)], known), NotYours)
