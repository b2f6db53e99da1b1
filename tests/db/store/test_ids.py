"""Ids grow, whatever the clock does, and no two processes make the same one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store.ids import IdSource

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Clock:
    """Stands still until it is moved, and may go back."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, *, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)


@given(st.lists(st.integers(-2000, 2000), min_size=1, max_size=50))
def test_ids_grow_whatever_the_clock_does(steps: list[int]) -> None:
    clock = Clock()
    ids = IdSource(node=5, now=clock)
    made = []
    for step in steps:
        clock.pass_(milliseconds=step)
        made.append(ids.new())
    assert made == sorted(set(made))
    assert all(0 < one < 2**63 for one in made)


def test_two_nodes_never_make_the_same_id() -> None:
    clock = Clock()
    first, second = IdSource(node=0, now=clock), IdSource(node=1023, now=clock)
    assert not {first.new() for _ in range(10_000)} & {second.new() for _ in range(10_000)}


@pytest.mark.parametrize("node", [0, 3, 511])
def test_ids_go_on_after_those_of_a_clock_that_was_set_back(node: int) -> None:
    before = IdSource(node=300, now=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    highest = [before.new() for _ in range(3)][-1]
    later = IdSource(node=node, now=lambda: datetime(2026, 1, 1, tzinfo=UTC), after=highest)
    assert highest < later.new() < later.new()
