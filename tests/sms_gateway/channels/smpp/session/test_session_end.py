"""How a session ends, and what it says of requests without a response."""

from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_plain, write_response
from sms_gateway.channels.smpp.session.events import (
    Answered,
    Event,
    Fell,
    Unanswered,
)
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.channels.smpp.session.terms import SessionState
from tests.sms_gateway.channels.smpp.fixtures.sessions import TERMS, bound_session
from tests.sms_gateway.channels.smpp.session.test_session import BODY


def test_finds_a_dead_carrier() -> None:
    session = bound_session()
    session.submit(BODY, "one", 29)
    session.tick(30)
    assert session.next_due() == 39
    assert session.tick(39) == [Unanswered(token="one")]
    assert session.next_due() == 40
    assert session.tick(40) == [Fell(reason="no answer to enquire_link")]
    assert session.next_due() is None


@pytest.mark.parametrize(("binding", "reason"), [(True, "no answer to bind"), (False, "no answer to unbind")])
def test_waits_for_no_answer_for_ever(binding: bool, reason: str) -> None:  # noqa: FBT001 - a table's column
    session = Session(TERMS) if binding else bound_session()
    if binding:
        session.start(0)
    else:
        session.unbind(0)
    assert session.tick(9) == []
    events: list[Event] = session.tick(10)
    assert events == [Fell(reason=reason, asked=not binding)]


def test_unbinds_and_still_takes_what_comes_before_the_answer() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    session.unbind(1)
    assert session.state is SessionState.UNBINDING
    assert session.room == 0
    events = session.receive(write_response(codes.SUBMIT_SM, 2, 0, "ABC") + write_plain(codes.UNBIND_RESP, 3), 2)
    assert events == [Answered(token="one", status=0, message_id="ABC"), Fell(reason="unbound", asked=True)]


def test_accounts_for_every_request_when_the_link_falls() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    session.submit(BODY, "two", 0)
    assert session.fall("connection closed") == [
        Unanswered(token="one"),
        Unanswered(token="two"),
        Fell(reason="connection closed", unanswered=2),
    ]
    assert session.fall("again") == []
    session.take_octets()
    session.answer(codes.DELIVER_SM, 5, 0)
    assert session.take_octets() == b""
