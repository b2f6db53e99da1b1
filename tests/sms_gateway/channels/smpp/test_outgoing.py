from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.store.address import Address
from sms_gateway.channels.smpp.outgoing import Outgoing
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, decode_short_message
from sms_gateway.channels.smpp.send_rate import FIRST_PAUSE, SendRate
from sms_gateway.channels.smpp.session.events import Answered, Unanswered
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.pipeline.ports import Refusal, SegmentRefused, SegmentTaken, SendReport, Submission
from sms_gateway.settings.link_model import LinkSettings
from tests.sms_gateway.channels.smpp.fixtures.octets import frames, raw
from tests.sms_gateway.channels.smpp.fixtures.sessions import bound_session

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUBMISSION = Submission(
    outbound_id=1,
    sender="8188",
    recipient=Address("84905000001"),
    body="Ho so",
    reference=7,
    expires_at=AT + timedelta(minutes=15),
)
LONG = replace(SUBMISSION, body="a" * 400)


def outgoing(**settings: object) -> Outgoing:
    chosen = LinkSettings.model_validate({"host": "h", "system_id": "s", "window": 2} | settings)
    return Outgoing(chosen, SendRate(chosen.rate))


def sent(session: Session) -> list[ShortMessage]:
    messages = [decode_short_message(frame.body) for frame in frames(session.take_octets())]
    return [message for message in messages if message is not None]


def put(out: Outgoing, *submissions: Submission) -> None:
    out.put([out.prepare(each, AT) for each in submissions])


def unanswered(session: Session) -> range:
    """Return the sequence numbers without a response; the bind had the first, and the oldest are answered first."""
    last = session.asked + 1
    return range(last - session.in_flight + 1, last + 1)


def answer(session: Session, out: Outgoing, statuses: list[int], now: float = 0) -> list[SendReport]:
    """Answer the oldest requests with these statuses."""
    reports = []
    for sequence, status in zip(unanswered(session), statuses, strict=False):
        body = b"ID%d\0" % sequence if not status else b""
        events = session.receive(raw(codes.SUBMIT_SM_RESP, body, sequence, status), now)
        reports += [out.close(event, AT, now) for event in events if isinstance(event, Answered)]
    return [report for report in reports if report is not None]


def test_writes_what_the_settings_say() -> None:
    out, session = outgoing(source_ton=3, source_npi=0, dest_ton=1, dest_npi=1, service_type="CMT"), bound_session()
    put(out, SUBMISSION)
    assert out.fill(session, AT, 0) == []
    assert sent(session) == [
        ShortMessage(
            source="8188",
            source_ton=3,
            source_npi=0,
            destination="84905000001",
            dest_ton=1,
            dest_npi=1,
            service_type="CMT",
            validity_period="000000001500000R",
            registered_delivery=1,
            user_data=b"Ho so",
        )
    ]


def test_reports_once_when_the_last_segment_is_answered() -> None:
    out, session = outgoing(), bound_session()
    put(out, LONG)
    assert (out.outstanding, out.room()) == (3, 1)
    out.fill(session, AT, 0)
    first = sent(session)
    assert [message.user_data[:6] for message in first] == [b"\x05\x00\x03\x07\x03\x01", b"\x05\x00\x03\x07\x03\x02"]
    assert all(message.esm_class == codes.ESM_UDHI for message in first)
    assert answer(session, out, [0, 0]) == []
    out.fill(session, AT, 0)
    assert answer(session, out, [0]) == [
        SendReport(
            outbound_id=1,
            data_coding=0,
            total=3,
            segments=tuple(
                SegmentTaken(number=number, message_id=f"ID{number + 1}", submitted_at=AT) for number in (1, 2, 3)
            ),
            at=AT,
        )
    ]
    assert (out.outstanding, out.queued, out.room()) == (0, 0, 4)


def test_sends_no_segment_that_was_taken_before() -> None:
    out, session = outgoing(), bound_session()
    put(out, replace(LONG, already_taken=frozenset({1, 3})))
    out.fill(session, AT, 0)
    assert [message.user_data[5] for message in sent(session)] == [2]
    (report,) = answer(session, out, [0])
    assert (report.total, [segment.number for segment in report.segments]) == (3, [2])


def test_reports_at_once_when_nothing_is_left_to_send() -> None:
    out, session = outgoing(), bound_session()
    put(out, replace(SUBMISSION, already_taken=frozenset({1})))
    (report,) = out.fill(session, AT, 0)
    assert (report.total, report.segments) == (1, ())


def test_says_that_an_unanswered_segment_may_have_been_taken() -> None:
    out, session = outgoing(), bound_session()
    put(out, LONG)
    out.fill(session, AT, 0)
    reports = [out.close(each, AT, 0) for each in session.fall("gone") if isinstance(each, Unanswered)]
    assert reports == [None, None]
    (report,) = out.flush("not bound", AT)
    assert report.segments == (
        SegmentRefused(number=1, refusal=Refusal.UNANSWERED, error="no response", submitted_at=AT),
        SegmentRefused(number=2, refusal=Refusal.UNANSWERED, error="no response", submitted_at=AT),
        SegmentRefused(number=3, refusal=Refusal.NOT_SENT, error="not bound"),
    )
    assert out.outstanding == 0


def test_a_flush_before_the_last_answer_reports_once() -> None:
    out, session = outgoing(), bound_session()
    put(out, LONG)
    out.fill(session, AT, 0)
    assert out.flush("not bound", AT) == []
    assert len(answer(session, out, [0, 0])) == 1


def test_an_unanswered_segment_holds_up_no_other() -> None:
    out, session = outgoing(), bound_session()
    put(out, LONG)
    out.fill(session, AT, 0)
    for event in session.tick(11):
        assert isinstance(event, Unanswered)
        assert out.close(event, AT, 11) is None
    out.fill(session, AT, 11)
    (report,) = answer(session, out, [0])
    assert [type(segment) for segment in report.segments] == [SegmentRefused, SegmentRefused, SegmentTaken]


@pytest.mark.parametrize(
    ("status", "refusal", "error"),
    [
        (codes.ESME_RTHROTTLED, Refusal.THROTTLED, "ESME_RTHROTTLED"),
        (codes.ESME_RMSGQFUL, Refusal.THROTTLED, "ESME_RMSGQFUL"),
        (codes.ESME_RSYSERR, Refusal.TEMPORARY, "ESME_RSYSERR"),
        (codes.ESME_RINVDSTADR, Refusal.PERMANENT, "ESME_RINVDSTADR"),
        (0x00000401, Refusal.TEMPORARY, "ESME_R0x00000401"),
    ],
)
def test_tells_refusals_apart(status: int, refusal: Refusal, error: str) -> None:
    out, session = outgoing(), bound_session()
    put(out, SUBMISSION)
    out.fill(session, AT, 0)
    (report,) = answer(session, out, [status])
    assert report.segments == (SegmentRefused(number=1, refusal=refusal, error=error, submitted_at=AT),)


def test_a_refused_segment_keeps_the_rest_from_being_sent() -> None:
    out, session = outgoing(), bound_session()
    put(out, LONG, SUBMISSION)
    out.fill(session, AT, 0)
    (report,) = answer(session, out, [codes.ESME_RINVDSTADR, 0])
    assert report.segments[0] == SegmentRefused(
        number=1, refusal=Refusal.PERMANENT, error="ESME_RINVDSTADR", submitted_at=AT
    )
    assert isinstance(report.segments[1], SegmentTaken)
    assert report.segments[2] == SegmentRefused(number=3, refusal=Refusal.NOT_SENT, error="ESME_RINVDSTADR")
    session.take_octets()
    out.fill(session, AT, 0)
    assert [message.user_data for message in sent(session)] == [b"Ho so"]


def test_rests_when_throttled_and_longer_each_time() -> None:
    out, session = outgoing(), bound_session()
    put(out, *[replace(SUBMISSION, outbound_id=number) for number in range(6)])
    out.fill(session, AT, 0)
    answer(session, out, [codes.ESME_RTHROTTLED, codes.ESME_RTHROTTLED])
    assert out.paused(0)
    out.fill(session, AT, 0)
    assert session.in_flight == 0
    assert out.next_due(0) == FIRST_PAUSE
    out.fill(session, AT, FIRST_PAUSE)
    assert session.in_flight == 2
    answer(session, out, [codes.ESME_RTHROTTLED, 0], 1)
    assert out.next_due(1) == 1 + 2 * FIRST_PAUSE
    out.fill(session, AT, 2)
    answer(session, out, [codes.ESME_RTHROTTLED], 2)
    assert out.paused(2 + FIRST_PAUSE / 2)
    assert not out.paused(2 + FIRST_PAUSE)  # the good answer began the pauses anew


def test_pauses_double_while_nothing_is_taken() -> None:
    out, session = outgoing(), bound_session()
    put(out, *[replace(SUBMISSION, outbound_id=number) for number in range(6)])
    now = 0.0
    pauses = []
    for _ in range(3):
        out.fill(session, AT, now)
        answer(session, out, [codes.ESME_RTHROTTLED], now)
        until = out.next_due(now)
        assert until is not None
        pauses.append(until - now)
        now = until
    assert pauses == pytest.approx([0.1, 0.2, 0.4])


def test_keeps_the_rate_in_segments() -> None:
    out, session = outgoing(rate=4, window=100), bound_session()
    session.terms = replace(session.terms, window=100)
    put(out, replace(SUBMISSION, body="a" * 153 * 20))
    sent_by = []
    for tenth in range(31):
        out.fill(session, AT, tenth / 10)
        sent_by.append(session.in_flight)
    assert sent_by[0] == 1
    assert sent_by[10] == pytest.approx(5, abs=1)
    assert sent_by[30] == pytest.approx(13, abs=1)
    assert out.next_due(3.0) == pytest.approx(3.25, abs=0.3)


def test_does_not_send_what_has_expired() -> None:
    out, session = outgoing(), bound_session()
    put(out, SUBMISSION)
    (report,) = out.fill(session, SUBMISSION.expires_at, 0)
    assert report.segments == (SegmentRefused(number=1, refusal=Refusal.NOT_SENT, error="expired"),)
    assert session.take_octets() == b""


def test_refuses_for_good_what_is_too_long() -> None:
    out, session = outgoing(), bound_session()
    put(out, replace(SUBMISSION, body="ạ" * 20000))
    (report,) = out.fill(session, AT, 0)
    assert report.segments == (SegmentRefused(number=1, refusal=Refusal.PERMANENT, error="more than 255 segments"),)


def test_refuses_for_good_what_goes_to_no_telephone_number() -> None:
    out, session = outgoing(), bound_session()
    put(out, replace(SUBMISSION, recipient=Address("chat:84905000001")))
    (report,) = out.fill(session, AT, 0)
    assert report.segments == (SegmentRefused(number=1, refusal=Refusal.PERMANENT, error="no telephone number"),)
    assert session.take_octets() == b""


@pytest.mark.parametrize(
    ("life", "validity"),
    [
        (timedelta(seconds=-5), "000000000001000R"),
        (timedelta(minutes=1), "000000000100000R"),
        (timedelta(hours=25, seconds=1), "000001010001000R"),
        (timedelta(days=90), "000030000000000R"),
    ],
)
def test_writes_the_validity_as_time_from_now(life: timedelta, validity: str) -> None:
    sending = outgoing(validity_minutes=43200).prepare(replace(SUBMISSION, expires_at=AT + life), AT)
    message = decode_short_message(sending.to_write[0][1])
    assert message is not None
    assert message.validity_period == validity


def test_a_token_of_somebody_else_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        outgoing().close(Unanswered(token="?"), AT, 0)


@pytest.mark.parametrize(("minutes", "validity"), [(5, "000000000500000R"), (1440, "000000001500000R"), (0, "")])
def test_a_carrier_may_want_a_shorter_validity_or_none(minutes: int, validity: str) -> None:
    out = outgoing(validity_minutes=minutes, priority=2)
    sending = out.prepare(replace(SUBMISSION, expires_at=AT + timedelta(minutes=15)), AT)
    message = decode_short_message(sending.to_write[0][1])
    assert message is not None
    assert (message.validity_period, message.priority, message.user_data) == (validity, 2, b"Ho so")


def test_takes_a_carriers_statuses_as_its_settings_say() -> None:
    out, session = outgoing(permanent=["ESME_RSYSERR"], throttling=["0x401"], window=2), bound_session()
    put(out, SUBMISSION, replace(SUBMISSION, outbound_id=2))
    out.fill(session, AT, 0)
    refusals = [report.segments[0] for report in answer(session, out, [0x08, 0x401])]
    assert [each.refusal for each in refusals if isinstance(each, SegmentRefused)] == [
        Refusal.PERMANENT,
        Refusal.THROTTLED,
    ]
    assert out.paused(0)


def test_binds_share_one_rate() -> None:
    pace = SendRate(10)
    assert [pace.take(5, 0.0), pace.take(5, 0.0), pace.take(5, 0.1), pace.take(5, 0.1)] == [1, 0, 1, 0]
    pace.give_back(1)
    assert pace.take(5, 0.1) == 1
    assert pace.next_due(0.1, waiting=True) == pytest.approx(0.2, abs=0.05)
    assert pace.next_due(0.1, waiting=False) is None
