"""The lists of the inbox leave no ticket out that somebody waits for."""

from __future__ import annotations

from db.schema import TicketState
from db.tickets.inbox.filters import NEWEST_FIRST, STATES, URGENT_FIRST, View


def test_each_state_is_in_the_list_of_those_who_act_on_it() -> None:
    agents = (View.WAITING, View.PENDING, View.RESOLVED, View.CLOSED)
    shown = [state for view in agents for state in STATES[view]]
    assert sorted(shown) == sorted(TicketState), "a state in no list, or in two of them"


def test_each_list_has_an_order() -> None:
    assert set(STATES) == set(View)
    assert frozenset() == NEWEST_FIRST & URGENT_FIRST
