"""Slow rounds: the cause that is named, and how many events there are."""

from __future__ import annotations

import logging
from time import sleep

import pytest

from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.timing.slow_rounds import MOST_A_MINUTE, SLOW_SECONDS, Cause, SlowRounds, cause_of
from sms_gateway.pipeline.timing.stopwatch import Meanwhile, Stopwatch


def meanwhile(**given: float) -> Meanwhile:
    seconds = dict.fromkeys(("own", "others", "queued", "collector", "checkpoint"), 0.0) | given
    faults = int(seconds.pop("page_faults", 0))
    return Meanwhile(**seconds, page_faults=faults, preempted=0)


@pytest.mark.parametrize(
    ("steps", "given", "is_sqlite", "cause"),
    [
        ({"turn": 0.7}, {}, True, Cause.WRITER),
        ({"texts": 0.7}, {"collector": 0.6, "own": 0.7}, True, Cause.COLLECTOR),
        ({"texts": 0.7}, {"own": 0.7}, True, Cause.OWN_WORK),
        ({"commit": 0.7}, {"queued": 0.6}, True, Cause.NO_CORE),
        ({"commit": 0.7}, {}, True, Cause.DISK),
        ({"begin": 0.4, "commit": 0.3}, {"checkpoint": 0.6}, True, Cause.CHECKPOINT),
        ({"texts": 0.7}, {"page_faults": 3}, True, Cause.DISK),
        ({"texts": 0.7}, {"others": 0.6}, True, Cause.OTHER_THREADS),
        ({"texts": 0.7}, {}, True, Cause.UNKNOWN),
        ({"commit": 0.7}, {}, False, Cause.DATABASE),
        ({"commit": 0.7}, {"others": 0.6}, False, Cause.OTHER_THREADS),
    ],
)
def test_the_cause_is_what_took_at_least_half(
    steps: dict[str, float],
    given: dict[str, float],
    is_sqlite: bool,  # noqa: FBT001 - a column of the table
    cause: Cause,
) -> None:
    assert cause_of(0.75, steps, meanwhile(**given), is_sqlite=is_sqlite) is cause


def test_a_slow_round_has_one_event_and_many_have_some_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    metrics, watch = Metrics(), Stopwatch()
    rounds = SlowRounds(metrics, is_sqlite=True)
    watch.open()
    with caplog.at_level(logging.WARNING):
        watch.start()
        rounds.look_at(watch, texts=1)
        assert not caplog.records
        for _ in range(MOST_A_MINUTE + 1):
            watch.start()
            watch.mark("texts")
            sleep(SLOW_SECONDS)
            watch.mark("commit")
            rounds.look_at(watch, texts=1)
    watch.close()
    assert [record.message for record in caplog.records] == ["slow_round"] * MOST_A_MINUTE
    values = vars(caplog.records[0])["sms_gateway_values"]
    assert (values["cause"], values["step"], values["texts"]) == ("disk", "commit", 1)
    assert values["step_ms"] >= SLOW_SECONDS * 1000
    assert f'sms_slow_rounds_total{{cause="disk"}} {MOST_A_MINUTE + 1}.0' in metrics.render().decode()
