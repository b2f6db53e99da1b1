"""Whether a provider can be reached: since when, why not, and when the next try is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sms_gateway.channels.http.sending.reachability import LONGEST_WAIT, Reachability

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


def test_the_waits_double_to_their_bound_and_start_again_after_a_success() -> None:
    reach = Reachability(1.0)
    assert reach.is_due(0.0)
    now, waits = 0.0, []
    for _ in range(9):
        reach.failed("away", at=NOON, now=now)
        due = next(wait for wait in range(1, 100) if reach.is_due(now + wait))
        waits.append(due)
        now += due
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]
    reach.worked(LATER)
    reach.failed("away", at=LATER, now=now)
    assert reach.is_due(now + 1)


def test_it_holds_since_when_it_is_so_and_why() -> None:
    reach = Reachability(1.0)
    assert reach.failed("away", at=NOON, now=0.0)
    assert not reach.failed("away", at=LATER, now=1.0)
    assert (reach.up, reach.since, reach.last_error) == (False, NOON, "away")
    reach.worked(LATER)
    assert (reach.up, reach.since, reach.last_error) == (True, LATER, None)
    assert reach.failed("HTTP 401", at=LATER, now=2.0, needs_text=True)
    assert reach.needs_text


def test_failures_at_the_same_time_make_the_wait_no_longer() -> None:
    reach = Reachability(1.0)
    for _ in range(4):  # the whole window
        reach.failed("away", at=NOON, now=10.0)
    assert (reach.is_due(10.9), reach.is_due(11.0)) == (False, True)
    reach.failed("away", at=NOON, now=11.0)
    assert (reach.is_due(12.9), reach.is_due(13.0)) == (False, True)


def test_a_failure_soon_after_a_success_waits_the_first_wait() -> None:
    reach = Reachability(1.0)
    for now in (0.0, 1.0, 3.0, 7.0):
        reach.failed("away", at=NOON, now=now)
    reach.worked(LATER)
    reach.failed("away", at=LATER, now=8.0)
    assert (reach.is_due(8.9), reach.is_due(9.0)) == (False, True)


def test_a_provider_that_needs_a_text_needs_it_until_it_worked() -> None:
    reach = Reachability(1.0)
    reach.failed("no answer", at=NOON, now=0.0, needs_text=True)
    reach.failed("no connection", at=NOON, now=1.0)
    assert reach.needs_text
    reach.worked(LATER)
    reach.failed("no connection", at=LATER, now=2.0)
    assert not reach.needs_text
