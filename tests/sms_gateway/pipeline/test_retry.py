"""Waiting times grow with each try, up to a limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sms_gateway.pipeline.ports import Refusal
from sms_gateway.pipeline.retry import before_handling_again, before_sending_again


@pytest.mark.parametrize("refusal", [Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.UNANSWERED])
def test_waits_longer_after_each_try_and_never_for_ever(refusal: Refusal) -> None:
    waits = [before_sending_again(refusal, attempts) for attempts in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert waits[-1] == timedelta(minutes=2)
    assert before_handling_again(1) < before_handling_again(2)


def test_what_was_never_sent_goes_at_once() -> None:
    assert before_sending_again(Refusal.NOT_SENT, 5) == timedelta(0)
