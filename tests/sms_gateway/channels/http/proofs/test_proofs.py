"""Proofs: what each accepts, and that an empty secret fits nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sms_gateway.channels.http.proofs.proof import Proof, Proved
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret, SharedHeader
from sms_gateway.channels.http.proofs.signature import sign
from sms_gateway.channels.http.proofs.stamped import StampedSignature
from sms_gateway.channels.http.request import IncomingRequest, Way

SECRET = "canary-proof-secret"
NOW = datetime.fromtimestamp(1_790_000_000, tz=UTC)
STAMP = "1790000000"
BODY = b'{"text":"HD"}'
SIGNATURE = sign(secret=SECRET, stamp=STAMP, content=BODY)


def request(
    *, password: str = "", path_secret: str = "", body: bytes = BODY, method: str = "POST", **headers: str
) -> IncomingRequest:
    return IncomingRequest(
        way=Way.TEXTS,
        method=method,
        content_type="application/json",
        query=b"text=HD",
        header=lambda name: headers.get(name.lower().replace("-", "_"), ""),
        read_body=lambda: body,
        read_password=lambda: password,
        path_secret=path_secret,
    )


PROVEN = [
    ("header", SharedHeader(header="X-Key", secret=SECRET), request(x_key=SECRET), Proved()),
    ("basic", BasicPassword(secret=SECRET), request(password=SECRET), Proved()),
    ("path", PathSecret(secret=SECRET), request(path_secret=SECRET), Proved()),
    (
        "signature",
        StampedSignature(secret=SECRET, seconds=300),
        request(x_timestamp=STAMP, x_signature=f"sha256={SIGNATURE.upper()}"),
        Proved(signature=SIGNATURE),
    ),
    (
        "signature of a query",
        StampedSignature(secret=SECRET, seconds=300),
        request(method="GET", x_timestamp=STAMP, x_signature=sign(secret=SECRET, stamp=STAMP, content=b"text=HD")),
        Proved(signature=sign(secret=SECRET, stamp=STAMP, content=b"text=HD")),
    ),
]


@pytest.mark.parametrize(("proof", "given", "proved"), [case[1:] for case in PROVEN], ids=[case[0] for case in PROVEN])
def test_what_proves_the_sender(proof: Proof, given: IncomingRequest, proved: Proved) -> None:
    assert proof(given, NOW) == proved
    assert proof(request(), NOW) is None
    assert SECRET not in repr(given) + repr(proof)


REFUSED = [
    (
        "another body",
        StampedSignature(secret=SECRET, seconds=300),
        request(body=b"{}", x_timestamp=STAMP, x_signature=SIGNATURE),
    ),
    (
        "an old copy",
        StampedSignature(secret=SECRET, seconds=300),
        request(x_timestamp="1789999699", x_signature=sign(secret=SECRET, stamp="1789999699", content=BODY)),
    ),
    ("a secret elsewhere", PathSecret(secret=SECRET), request(password=SECRET, x_key=SECRET)),
    ("letters of another case", BasicPassword(secret=SECRET), request(password=SECRET.upper())),
    ("half a surrogate", SharedHeader(header="X-Key", secret=SECRET), request(x_key="\ud800")),
    ("no secret is set: header", SharedHeader(header="X-Key", secret=""), request(x_key="")),
    ("no secret is set: basic", BasicPassword(secret=""), request(password="")),
    ("no secret is set: path", PathSecret(secret=""), request(path_secret="")),
    (
        "no secret is set: signature",
        StampedSignature(secret="", seconds=300),
        request(x_timestamp=STAMP, x_signature=sign(secret="", stamp=STAMP, content=BODY)),
    ),
]


@pytest.mark.parametrize(("proof", "given"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_proves_nothing(proof: Proof, given: IncomingRequest) -> None:
    assert proof(given, NOW) is None
