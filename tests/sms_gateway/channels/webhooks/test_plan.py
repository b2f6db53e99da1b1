"""What follows a try: the published plan with jitter, slow receivers, 410, and a receiver that fails in a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from db.processes.webhook_deliveries import TryResult
from sms_gateway.channels.http.sending.connection import NoResponse, NotSent
from sms_gateway.channels.http.sending.departure import ProviderResponse
from sms_gateway.channels.webhooks.plan import LONGEST_REST, LONGEST_SLOW_DOWN, SLOW_DOWN, after_try

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def said(status: int, **headers: str) -> ProviderResponse:
    return ProviderResponse(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def tried(
    came: ProviderResponse | NotSent | NoResponse, *, tries: int = 0, failures: int = 0, drawn: float = 0.0
) -> TryResult:
    return after_try(came, tries=tries, failures=failures, now=NOW, draw=lambda: drawn)


def test_the_waits_are_those_of_the_published_plan_and_then_the_event_is_given_up() -> None:
    waits = []
    for tries in range(10):
        result = tried(said(500), tries=tries)
        waits.append(None if result.next_try is None else result.next_try - NOW)
    hours = [HOUR * one for one in (2, 5, 10, 14, 20, 24)]
    assert waits == [5 * SECOND, 5 * MINUTE, 30 * MINUTE, *hours, None]


def test_jitter_makes_a_wait_longer_by_a_tenth_at_most() -> None:
    late = tried(said(500), tries=1, drawn=1.0).next_try
    assert late is not None
    assert late - NOW == 5 * MINUTE * 1.1


def test_only_2xx_is_a_success() -> None:
    assert [tried(said(status)).delivered for status in (200, 202, 204, 299)] == [True] * 4
    bad: list[ProviderResponse | NotSent | NoResponse] = [
        *map(said, (199, 301, 302, 307, 400, 404, 500)),
        NotSent(error="no connection"),
        NoResponse(error="no answer"),
    ]
    for came in bad:
        assert not tried(came).delivered, came
    assert tried(NoResponse(error="no answer")).error == "no answer"


def test_410_stops_the_receiver_and_the_event_waits() -> None:
    result = tried(said(410), tries=9)
    assert (result.stops, result.next_try) == (True, NOW)


def test_a_receiver_that_asks_for_it_rests() -> None:
    for came, rest in (
        (said(429), SLOW_DOWN),
        (said(502), SLOW_DOWN),
        (said(504), SLOW_DOWN),
        (said(503, retry_after="90"), 90 * SECOND),
        (said(429, retry_after="Sun, 29 Nov 2026 08:02:00 GMT"), 2 * MINUTE),
        (said(429, retry_after="0"), SECOND),
        (said(429, retry_after="Sun, 29 Nov 2020 08:02:00 GMT"), SECOND),
        (said(429, retry_after="soon"), SLOW_DOWN),
        (said(429, retry_after="Thu, 01 Jan 99999999999999999999 00:00:00 GMT"), SLOW_DOWN),
        (said(429, retry_after="999999999"), LONGEST_SLOW_DOWN),
        (said(500), SECOND),
    ):
        result = tried(came)
        assert result.not_before is not None, came
        assert result.not_before - NOW == rest, came


def test_failures_in_a_row_make_the_rest_longer_up_to_a_minute() -> None:
    rests = []
    for failures in (0, 1, 5, 6, 1000):
        not_before = tried(NotSent(error="no connection"), failures=failures).not_before
        assert not_before is not None
        rests.append(not_before - NOW)
    assert rests == [SECOND, 2 * SECOND, 32 * SECOND, LONGEST_REST, LONGEST_REST]
