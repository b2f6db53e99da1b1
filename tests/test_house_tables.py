"""A table that runs as one test runs every case, and says which of them failed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import whole_table


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("given", "wanted"), [(1, 1), pytest.param(2, 3, id="two"), (4, 4)], ids=["a", "b", "c"])
def add_nothing(given: int, wanted: int, sign: int) -> None:
    assert given * sign == wanted * sign


def test_a_failure_names_each_case() -> None:
    whole = whole_table(add_nothing)
    assert whole is not None
    with pytest.raises(ExceptionGroup, match="2 of 6 cases") as failed:
        whole()
    notes = [note for fault in failed.value.exceptions for note in fault.__notes__]
    assert notes == [
        "case: two, row 0: given=2, wanted=3, sign=1",
        "case: two, row 1: given=2, wanted=3, sign=-1",
    ]


def test_what_pytest_has_to_read_is_left_to_it() -> None:
    @pytest.mark.parametrize("one", [pytest.param(1, marks=pytest.mark.long)])
    def marked(one: int) -> None: ...

    @pytest.mark.parametrize("one", [1])
    def with_a_fixture(one: int, tmp_path: str) -> None: ...

    @pytest.mark.parametrize("one", [1], indirect=True)
    def with_values_for_a_fixture(one: int) -> None: ...

    @pytest.mark.parametrize("one", [1])
    @given(st.integers())
    def drawn(one: int, other: int) -> None: ...

    for test in (marked, with_a_fixture, with_values_for_a_fixture, drawn):
        assert whole_table(test) is None, test
