"""The stopwatch: steps of a round, and what else happened meanwhile."""

from __future__ import annotations

import gc
from threading import Thread
from time import sleep, thread_time

from sms_gateway.clock import monotonic
from sms_gateway.pipeline.timing.stopwatch import Spans, Stopwatch


def compute(seconds: float) -> None:
    until = thread_time() + seconds
    while thread_time() < until:
        pass


def test_times_steps_and_what_happens_meanwhile() -> None:
    watch = Stopwatch()
    watch.open()
    watch.start()
    compute(0.02)
    watch.mark("texts")
    sleep(0.02)
    watch.mark("commit")
    other = Thread(target=compute, args=(0.02,))
    other.start()
    other.join()
    gc.collect()
    watch.mark("texts")
    found, steps = watch.meanwhile(), watch.steps
    assert set(steps) == {"texts", "commit"}
    assert steps["commit"] >= 0.02
    assert steps["texts"] >= 0.04
    assert found.own >= 0.02
    assert found.others >= 0.018
    assert 0 < found.collector <= watch.seconds()
    assert found.queued >= 0
    watch.start()
    assert dict(watch.steps) == {}
    watch.start(overslept=0.5)
    assert dict(watch.steps) == {"wake_up": 0.5}
    assert watch.seconds() >= 0.5
    watch.close()


def test_a_checkpoint_counts_as_far_as_it_ran_in_the_round() -> None:
    spans, before = Spans(), monotonic()
    assert spans.since(before) == 0
    spans.begin()
    sleep(0.01)
    running = spans.since(before)
    middle = monotonic()
    sleep(0.01)
    spans.end()
    assert 0.01 <= running <= spans.since(before)
    assert 0.01 <= spans.since(middle) < spans.since(before)
    assert spans.since(monotonic()) == 0
