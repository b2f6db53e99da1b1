"""A session for tests, bound by hand."""

from __future__ import annotations

from sms_gateway.smpp import codes
from sms_gateway.smpp.events import Bound
from sms_gateway.smpp.pdu import BindRequest, write_bind_response
from sms_gateway.smpp.session import Session, SessionTerms

TERMS = SessionTerms(
    bind=BindRequest(
        command=codes.BIND_TRANSCEIVER,
        sequence=0,
        system_id="gateway",
        password="secret",
        system_type="cmt",
        address_range="8188",
    ),
    window=2,
    response_seconds=10,
    enquire_seconds=30,
)
BIND_OK = write_bind_response(codes.BIND_TRANSCEIVER, 1, 0, "smsc")


def bound_session() -> Session:
    session = Session(TERMS)
    session.start(0)
    assert session.receive(BIND_OK, 0) == [Bound(system_id="smsc")]
    session.take_octets()
    return session
