"""The signature of SMS Gateway for Android: the body, then the timestamp; that of this project is another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sms_gateway.channels.http.proofs.body_then_stamp import BodyThenStamp, sign
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.signature import sign as sign_as_ours
from sms_gateway.channels.http.request import IncomingRequest, Way

PROOF = BodyThenStamp(secret="canary-signing-key", seconds=300)
NOW = datetime.fromtimestamp(1_790_000_000, tz=UTC)
STAMP = "1790000000"
BODY = b'{"event":"sms:received"}'
SIGNATURE = "173289b4c5864005423b4715dcb15a3882eac161ebccdbc924659f13a59626db"


def request(stamp: str = STAMP, signature: str = "", body: bytes = BODY) -> IncomingRequest:
    headers = {"X-Timestamp": stamp, "X-Signature": signature}
    return IncomingRequest(
        way=Way.TEXTS,
        method="POST",
        content_type="application/json",
        query=b"",
        header=lambda name: headers.get(name, ""),
        read_body=lambda: body,
        read_password=lambda: "",
    )


def test_the_body_and_then_the_timestamp_are_signed() -> None:
    assert PROOF(request(signature=SIGNATURE), NOW) == Proved(signature=SIGNATURE)
    assert PROOF(request(signature=SIGNATURE.upper()), NOW + timedelta(seconds=300)) == Proved(signature=SIGNATURE)
    assert PROOF.secret not in repr(PROOF)


def test_what_proves_nothing() -> None:
    old = "1789999699"
    cases = {
        "no signature": (PROOF, request()),
        "another body": (PROOF, request(signature=SIGNATURE, body=BODY + b" ")),
        "another time": (PROOF, request("1790000001", SIGNATURE)),
        "an old copy": (PROOF, request(old, sign(secret=PROOF.secret, content=BODY, stamp=old))),
        "no time": (PROOF, request("", sign(secret=PROOF.secret, content=BODY, stamp=""))),
        "the signature of this project": (
            PROOF,
            request(signature=sign_as_ours(secret=PROOF.secret, stamp=STAMP, content=BODY)),
        ),
        "other characters": (PROOF, request(signature="đ" * 64)),
        "no secret is set": (replace(PROOF, secret=""), request(signature=sign(secret="", content=BODY, stamp=STAMP))),
    }
    for label, (proof, given) in cases.items():
        assert proof(given, NOW) is None, label
