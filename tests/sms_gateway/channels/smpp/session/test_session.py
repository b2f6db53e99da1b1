from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_bind_response, write_pdu, write_plain, write_response
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message
from sms_gateway.channels.smpp.session.events import (
    Answered,
    AnsweredLate,
    Bound,
    Fell,
    Received,
    Unanswered,
    Unwritten,
)
from sms_gateway.channels.smpp.session.session import MAX_SEQUENCE, Session
from sms_gateway.channels.smpp.session.terms import SessionState
from tests.sms_gateway.channels.smpp.fixtures.octets import feed, frames, raw, smpplib_octets, smpplib_read
from tests.sms_gateway.channels.smpp.fixtures.sessions import BIND_OK, TERMS, bound_session

MESSAGE = ShortMessage(source="84905000001", destination="8188", user_data=b"HD", source_ton=1, source_npi=1)
DELIVER = write_pdu(codes.DELIVER_SM, 5, encode_short_message(MESSAGE))
BODY = encode_short_message(ShortMessage(source="8188", destination="84905000001", user_data=b"Ho so"))

PIECES: list[Callable[[bytes], Iterable[bytes]]] = [
    lambda octets: [octets],
    lambda octets: [bytes([octet]) for octet in octets],
    lambda octets: [octets[place : place + 7] for place in range(0, len(octets), 7)],
]
ways = pytest.mark.parametrize("pieces", PIECES, ids=["whole", "octet by octet", "by sevens"])


def test_binds_with_what_was_agreed() -> None:
    session = Session(TERMS)
    session.start(0)
    bind = smpplib_read(session.take_octets())
    assert (bind.command, bind.sequence, bind.status) == ("bind_transceiver", 1, 0)
    assert (bind.system_id, bind.password, bind.system_type) == (b"gateway", b"secret", b"cmt")
    assert (bind.interface_version, bind.address_range) == (0x34, b"8188")
    assert session.state is SessionState.BINDING
    assert session.room == 0


@ways
def test_reads_everything_a_carrier_sends(pieces: Callable[[bytes], Iterable[bytes]]) -> None:
    session = Session(TERMS)
    session.start(0)
    session.take_octets()
    assert feed(session, pieces(raw(codes.OUTBIND, b"smsc\x00pw\x00") + BIND_OK)) == [Bound(system_id="smsc")]
    session.submit(BODY, "first", 1)
    data = write_pdu(codes.DATA_SM, 6, encode_data_message(MESSAGE))
    stream = (
        DELIVER
        + data
        + write_plain(codes.ENQUIRE_LINK, 9)
        + raw(codes.ALERT_NOTIFICATION, b"\x01\x01849\x00\x00\x008188\x00", 10)
        + write_response(codes.SUBMIT_SM, 2, 0, "ABC")
        + write_plain(codes.UNBIND, 11)
    )
    events = feed(session, pieces(stream), 2)
    assert events == [
        Received(command=codes.DELIVER_SM, sequence=5, message=MESSAGE, pdu=DELIVER),
        Received(
            command=codes.DATA_SM,
            sequence=6,
            message=ShortMessage(source="84905000001", destination="8188", user_data=b"", source_ton=1, source_npi=1),
            pdu=data,
        ),
        Answered(token="first", status=0, message_id="ABC"),
    ]
    session.answer(codes.DELIVER_SM, 5, 0)
    session.answer(codes.DATA_SM, 6, 0)
    assert session.next_due() == 0
    assert session.tick(2) == [Fell(reason="unbound by the SMSC", asked=True)]
    written = [(frame.command, frame.sequence) for frame in frames(session.take_octets())]
    assert written == [
        (codes.SUBMIT_SM, 2),
        (codes.ENQUIRE_LINK_RESP, 9),
        (codes.DELIVER_SM_RESP, 5),
        (codes.DATA_SM_RESP, 6),
        (codes.UNBIND_RESP, 11),
    ]


def test_an_unbind_is_answered_at_once_when_nothing_is_in_flight() -> None:
    session = bound_session()
    assert session.receive(write_plain(codes.UNBIND, 11), 5) == [Fell(reason="unbound by the SMSC", asked=True)]
    assert [frame.command for frame in frames(session.take_octets())] == [codes.UNBIND_RESP]


def test_an_unbind_waits_for_the_responses_in_flight_and_lets_nothing_more_go() -> None:
    session = bound_session()
    session.submit(BODY, "one", 5)
    session.submit(BODY, "two", 5)
    session.take_octets()
    assert session.receive(write_plain(codes.UNBIND, 11), 5) == []
    assert (session.room, session.state) == (0, SessionState.PARTING)
    answered = Answered(token="one", status=0, message_id="A")
    assert session.receive(write_response(codes.SUBMIT_SM, 2, 0, "A"), 5.5) == [answered]
    assert session.take_octets() == b""
    events = session.receive(write_response(codes.SUBMIT_SM, 3, 0, "B"), 5.6) + session.tick(5.6)
    assert events == [
        Answered(token="two", status=0, message_id="B"),
        Fell(reason="unbound by the SMSC", asked=True),
    ]
    assert [(frame.command, frame.sequence) for frame in frames(session.take_octets())] == [(codes.UNBIND_RESP, 11)]


def test_an_unbind_waits_a_second_at_most() -> None:
    session = bound_session()
    session.submit(BODY, "one", 5)
    session.receive(write_plain(codes.UNBIND, 11), 5)
    assert session.next_due() == 6
    assert session.tick(5.9) == []
    assert session.tick(6) == [
        Unanswered(token="one"),
        Fell(reason="unbound by the SMSC", asked=True, unanswered=1),
    ]
    assert [frame.command for frame in frames(session.take_octets())][-1] == codes.UNBIND_RESP


def test_a_late_response_is_told_with_its_token_once() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    assert session.tick(10) == [Unanswered(token="one")]
    late = write_response(codes.SUBMIT_SM, 2, 0, "ABC")
    assert session.receive(late + late, 12) == [AnsweredLate(token="one", status=0, message_id="ABC")]


def test_what_the_last_write_did_not_bring_out_was_surely_not_sent() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    session.take_octets()
    session.submit(BODY, "two", 0)
    session.take_octets()
    assert session.lose_last_write() == [
        Unwritten(token="two"),
        Unanswered(token="one"),
        Fell(reason="connection closed", unanswered=1),
    ]


def test_an_answer_to_a_later_request_proves_what_was_written_before_it() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    mark = session.asked
    session.receive(write_response(codes.SUBMIT_SM, 2, 0, "A"), 1)
    assert session.proven == mark  # it was written before: proves nothing
    session.enquire(2)
    session.receive(write_plain(codes.ENQUIRE_LINK_RESP, 3), 3)
    assert session.proven > mark


def test_answers_messages_with_their_own_command() -> None:
    session = bound_session()
    session.answer(codes.DELIVER_SM, 5, codes.ESME_ROK)
    session.answer(codes.DATA_SM, 6, codes.ESME_RX_T_APPN)
    assert [(f.command, f.status, f.sequence, f.body) for f in frames(session.take_octets())] == [
        (codes.DELIVER_SM_RESP, 0, 5, b"\x00"),
        (codes.DATA_SM_RESP, 0x64, 6, b"\x00"),
    ]


@ways
@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        pytest.param(raw(0x00000428, b"?", 7), (codes.GENERIC_NACK, codes.ESME_RINVCMDID, 7), id="unknown command"),
        pytest.param(
            raw(codes.DELIVER_SM, b"\x00\x01", 7),
            (codes.DELIVER_SM_RESP, codes.ESME_RINVCMDLEN, 7),
            id="deliver_sm that ends early",
        ),
        pytest.param(
            raw(codes.DELIVER_SM, encode_short_message(MESSAGE) + b"\x04\x24\x00\xffabc", 7),
            (codes.DELIVER_SM_RESP, codes.ESME_RINVCMDLEN, 7),
            id="parameter that runs past the end",
        ),
        pytest.param(
            raw(codes.DATA_SM, b"\x00", 7), (codes.DATA_SM_RESP, codes.ESME_RINVCMDLEN, 7), id="short data_sm"
        ),
        pytest.param(raw(codes.SUBMIT_SM, BODY, 7), (codes.GENERIC_NACK, codes.ESME_RINVCMDID, 7), id="submit_sm"),
        pytest.param(
            smpplib_octets("bind_receiver", 7, system_id="x", password="", system_type="", address_range=""),
            (codes.GENERIC_NACK, codes.ESME_RINVBNDSTS, 7),
            id="a bind to us",
        ),
        pytest.param(raw(0x80000999, b"?", 7), None, id="an unknown answer is not answered"),
        pytest.param(raw(codes.DELIVER_SM_RESP, b"\x00", 7), None, id="an answer that nobody waits for"),
        pytest.param(raw(codes.SUBMIT_SM_RESP, b"A\x00", 7), None, id="a response that nobody waits for"),
        pytest.param(raw(codes.GENERIC_NACK, b"", 7, 3), None, id="generic_nack of nothing"),
        pytest.param(raw(codes.UNBIND_RESP, b"", 7), None, id="unbind_resp of nothing"),
        pytest.param(raw(codes.ENQUIRE_LINK_RESP, b"", 7), None, id="enquire_link_resp of nothing"),
        pytest.param(BIND_OK, None, id="a second answer to the bind"),
    ],
)
def test_an_unreadable_pdu_costs_one_pdu(
    octets: bytes, answer: tuple[int, int, int] | None, pieces: Callable[[bytes], Iterable[bytes]]
) -> None:
    session = bound_session()
    (event,) = feed(session, pieces(octets + DELIVER))
    assert event == Received(command=codes.DELIVER_SM, sequence=5, message=MESSAGE, pdu=DELIVER)
    written = [(frame.command, frame.status, frame.sequence) for frame in frames(session.take_octets())]
    assert written == ([answer] if answer else [])
    assert session.state is SessionState.BOUND


def test_a_length_out_of_bounds_costs_the_link() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    session.take_octets()
    events = session.receive(DELIVER + b"\xff" * 16, 0)
    assert events == [
        Received(command=codes.DELIVER_SM, sequence=5, message=MESSAGE, pdu=DELIVER),
        Unanswered(token="one"),
        Fell(reason="command_length out of bounds", unanswered=1),
    ]
    assert frames(session.take_octets())[0].status == codes.ESME_RINVCMDLEN
    assert session.receive(DELIVER, 0) == []


def test_a_text_before_the_bind_is_refused() -> None:
    session = Session(TERMS)
    session.start(0)
    session.take_octets()
    assert session.receive(DELIVER, 0) == []
    assert frames(session.take_octets())[0].status == codes.ESME_RINVBNDSTS


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (write_bind_response(codes.BIND_TRANSCEIVER, 1, codes.ESME_RINVPASWD, ""), "bind refused: ESME_RINVPASWD"),
        (raw(codes.GENERIC_NACK, b"", 1, codes.ESME_RINVCMDID), "bind refused: ESME_RINVCMDID"),
        (raw(0x80000009, b"", 1, 0x401), "bind refused: ESME_R0x00000401"),
    ],
)
def test_a_refused_bind_ends_the_session(octets: bytes, reason: str) -> None:
    session = Session(TERMS)
    session.start(0)
    assert session.receive(octets, 0) == [Fell(reason=reason)]


@pytest.mark.parametrize("body", [b"", b"smsc", b"smsc\x00", b"smsc\x00\x02\x10\x00\x01\x34", b"\x00\x99\x99\x00\x00"])
def test_binds_whatever_the_body_of_the_answer(body: bytes) -> None:
    session = Session(TERMS)
    session.start(0)
    assert [type(event) for event in session.receive(raw(0x80000009, body, 1), 0)] == [Bound]


def test_keeps_the_window() -> None:
    session = bound_session()
    assert session.room == 2
    session.submit(BODY, "one", 0)
    session.submit(BODY, "two", 0)
    assert (session.room, session.in_flight) == (0, 2)
    assert session.receive(raw(codes.SUBMIT_SM_RESP, b"", 3, codes.ESME_RTHROTTLED), 1) == [
        Answered(token="two", status=codes.ESME_RTHROTTLED, message_id="")
    ]
    assert session.room == 1
    assert session.receive(raw(codes.GENERIC_NACK, b"", 2, codes.ESME_RINVCMDLEN), 1) == [
        Answered(token="one", status=codes.ESME_RINVCMDLEN, message_id="")
    ]


def test_takes_a_message_id_without_its_nul() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    events = session.receive(raw(codes.SUBMIT_SM_RESP, b"ABC", 2), 1)
    assert events == [Answered(token="one", status=0, message_id="ABC")]


def test_gives_up_a_request_that_gets_no_response() -> None:
    session = bound_session()
    session.submit(BODY, "one", 0)
    session.submit(BODY, "two", 5)
    assert session.next_due() == 10
    assert session.tick(9.9) == []
    assert session.tick(10) == [Unanswered(token="one")]
    assert session.next_due() == 15


def test_asks_whether_a_silent_carrier_lives() -> None:
    session = bound_session()
    assert session.next_due() == 30
    session.receive(DELIVER, 20)
    assert session.tick(49) == []
    session.take_octets()
    assert session.tick(50) == []
    (enquiry,) = frames(session.take_octets())
    assert enquiry.command == codes.ENQUIRE_LINK
    assert session.receive(write_plain(codes.ENQUIRE_LINK_RESP, enquiry.sequence), 50.25) == []
    assert session.round_trip == 0.25
    assert session.next_due() == 80.25


def test_takes_a_nack_of_the_enquiry_for_life() -> None:
    session = bound_session()
    session.tick(30)
    (enquiry,) = frames(session.take_octets())
    session.receive(raw(codes.GENERIC_NACK, b"", enquiry.sequence, 3), 31)
    assert session.tick(45) == []
    assert session.state is SessionState.BOUND


def test_sequence_numbers_begin_anew_after_the_last() -> None:
    session = bound_session(last_sequence=MAX_SEQUENCE - 2)
    session.submit(BODY, "one", 0)
    session.submit(BODY, "two", 0)
    assert [frame.sequence for frame in frames(session.take_octets())] == [MAX_SEQUENCE, 1]
