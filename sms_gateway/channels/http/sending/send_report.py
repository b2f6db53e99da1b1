"""What a try to send by HTTP begins with, and what the pipeline is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from db.store.address import value_of
from sms_gateway.channels.http.sending.departure import OutgoingText
from sms_gateway.channels.smpp.coding.text import Encoding, split_text
from sms_gateway.pipeline.ports import SegmentRefused, SegmentTaken, SendReport, Submission


def outgoing_text(submission: Submission, at: datetime, receipt_url: str, token: str) -> OutgoingText:
    """Return an answer as a network makes a request of it."""
    return OutgoingText(
        key=str(submission.outbound_id),
        sender=submission.sender,
        recipient=value_of(submission.recipient),
        body=submission.body,
        valid_seconds=max(1, int((submission.expires_at - at).total_seconds())),
        is_unicode=encoding_of(submission.body) is not Encoding.GSM,
        receipt_url=receipt_url,
        access_token=token,
    )


def report_of(submission: Submission, segments: Sequence[SegmentTaken | SegmentRefused], at: datetime) -> SendReport:
    """Return the report of one try: a segment for each id that the provider gave, or one that was refused."""
    return SendReport(
        outbound_id=submission.outbound_id,
        data_coding=encoding_of(submission.body).value,
        total=len(segments),
        segments=tuple(segments),
        at=at,
    )


def encoding_of(body: str) -> Encoding:
    """Return the alphabet that the provider's carrier most likely uses: GSM 03.38 if it has every character."""
    try:
        return split_text(body, 0).encoding
    except ValueError:  # more than 255 segments
        return Encoding.UCS2
