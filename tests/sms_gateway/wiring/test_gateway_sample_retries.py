"""What a network did not take goes again, and is unsure when it may have been taken."""

from __future__ import annotations

import pytest

from db.schema import OutboundState
from sms_gateway.clock import Now, utc_now
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running, states, takes

__all__ = ["own_database"]

AGAIN = [
    ("throttled", Say(body=b'{"data": {"code": 9}}'), "sure"),
    ("too many requests", Say(status=429), "sure"),
    ("out of order", Say(status=503), "sure"),
    ("no response", Say(cut=True), "unsure"),
    ("a response that says nothing", Say(body=b"<html>"), "unsure"),
    ("a success without an id", Say(body=b'{"data": {"code": 0}}'), "unsure"),
    ("a wrong key", Say(status=401), "sure"),
]


LONG = ("out of order", "a response that says nothing", "a success without an id", "a wrong key")
"""What another case stands for: the kinds of refusals are tested in test_response_table.py."""

TIMES = 10
"""By so many times the service's clock is faster, so that nobody waits five seconds for the second try."""


def fast_clock() -> Now:
    started = utc_now()
    return lambda: started + TIMES * (utc_now() - started)


@pytest.mark.parametrize(
    ("first", "known"),
    [pytest.param(*case[1:], id=case[0], marks=[pytest.mark.long] * (case[0] in LONG)) for case in AGAIN],
)
def test_an_answer_goes_again_and_is_unsure_when_it_may_have_been_taken(
    own_database: DatabaseSettings, first: Say, known: str
) -> None:
    then = takes("T-2")
    with (
        provider(lambda seen: first if not sms.seen else then(seen)) as sms,
        running(own_database, sms, now=fast_clock()) as service,
    ):
        service.text("HD")
        service.wait_for(states(OutboundState.SENT))
        assert ["unsure" if unsure else "sure" for _, _, unsure in service.answers()] == [known]
    assert len(sms.seen) == 2
