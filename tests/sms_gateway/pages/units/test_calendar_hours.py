"""Hours as people write them, and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.pages.units.calendar_hours import minutes_of, spans_of, write_time

TIMES = st.lists(st.integers(0, 1440), max_size=8, unique=True).map(sorted)


@given(times=TIMES, dash=st.sampled_from(["-", " - ", "\u2013"]), mark=st.sampled_from([",", ", ", " ; "]))
def test_hours_are_read_as_they_are_written(times: list[int], dash: str, mark: str) -> None:
    spans = list(zip(times[::2], times[1::2], strict=False))
    written = mark.join(f"{write_time(opens)}{dash}{write_time(closes)}" for opens, closes in spans)
    assert spans_of(written) == spans


@given(minutes=st.integers(0, 1440))
def test_a_time_is_read_in_each_writing(minutes: int) -> None:
    hour, minute = divmod(minutes, 60)
    assert {minutes_of(f"{hour}{mark}{minute:02d}") for mark in (":", "h", "H", "g", ".")} == {minutes}


@given(written=st.text(max_size=30))
def test_nothing_raises(written: str) -> None:
    spans = spans_of(written)
    assert spans is None or all(opens < closes for opens, closes in spans)
