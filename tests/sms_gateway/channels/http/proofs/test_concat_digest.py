"""Digests over values and a secret: published and computed vectors, both ways to write one, and what proves nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from urllib.parse import urlencode

from sms_gateway.channels.http.proofs.concat_digest import ConcatDigest, Piece, octets_of
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.request import IncomingRequest, Way

NOW = datetime.fromtimestamp(1606200000, tz=UTC)

ESMS = ConcatDigest(
    algorithm="md5",
    over=("cpid", "smsid", "content", "receiverTime", Piece.SECRET),
    secret="17417a0d20114d36a902e49cad0e97f3",
    digest_field="sign",
)
TEXT = {"cpid": "CP1", "smsid": "9f8e", "content": "DVC 1", "receiverTime": "20261122100000"}
HEX, BASE64 = "a5504eb046c0b4e05f3e6028051c159a", "pVBOsEbAtOBfPmAoBRwVmg=="

VCOM = ConcatDigest(
    algorithm="sha256",
    over=("client_id", "request_id", "phone", Piece.SECRET, "time"),
    secret="5fdc57e97198o1",
    digest_field="checksum",
    stamp_field="time",
    seconds=300,
)
VCOM_TEXT = {
    "client_id": "demo",
    "request_id": 1297875832,
    "phone": "84901234567",
    "time": 1606200000,
    "checksum": "fGsEUmTr1dOg7bFuvFKEjiCcXbTOb5/f9X6RduMKiPY=",
}

ZALO = ConcatDigest(
    algorithm="sha256",
    over=("app_id", Piece.BODY, "timestamp", Piece.SECRET),
    secret="OASECRET",
    digest_header="X-ZEvent-Signature",
    prefix="mac=",
    stamp_field="timestamp",
    stamp_in_milliseconds=True,
    seconds=3600,
)
ZALO_NOW = datetime.fromtimestamp(1699003881, tz=UTC)
ZALO_BODY = (
    b'{"app_id":"1234567890","sender":{"id":"6142494823000001"},"recipient":{"id":"3662729599332560487"},'
    b'"event_name":"user_send_text","message":{"text":"DVC 000.00.12.H17-230815-0007",'
    b'"msg_id":"cb31dff1c39642cc1b83"},"timestamp":"1699003881354"}'
)
ZALO_MAC = "mac=29042c064ab4a876ed5de501076a9ad445e2887d48d8b7b1aa5388db4dfd00a4"


def query(**fields: str) -> IncomingRequest:
    return request(method="GET", query=urlencode(fields).encode())


def request(*, method: str = "POST", query: bytes = b"", body: bytes = b"", header: str = "") -> IncomingRequest:
    return IncomingRequest(
        way=Way.TEXTS,
        method=method,
        content_type="application/json",
        query=query,
        header=lambda name: header if name == "X-ZEvent-Signature" else "",
        read_body=lambda: body,
        read_password=lambda: "",
    )


def posted(**changes: object) -> IncomingRequest:
    return request(body=json.dumps(VCOM_TEXT | changes).encode())


def test_digests_of_the_providers_papers_are_proofs() -> None:
    # The words of eSMS's paper: Base64 of the raw MD5. The second pair was computed from its example.
    assert octets_of("buqbfvGReaBpVO3Q9sBc6w==", 16) == md5(b"qwertyuiop", usedforsecurity=False).digest()
    assert octets_of("O85nc2XByOhTm8a8t2rYKA==", 16).hex() == "3bce677365c1c8e8539bc6bcb76ad828"
    cases: Mapping[str, tuple[ConcatDigest, IncomingRequest, datetime, str]] = {
        "eSMS in Base64": (ESMS, query(**TEXT, sign=BASE64), NOW, HEX),
        "eSMS in hexadecimal": (ESMS, query(**TEXT, sign=HEX.upper()), NOW, HEX),
        "V-COM": (VCOM, posted(), NOW, octets_of(str(VCOM_TEXT["checksum"]), 32).hex()),
        "Zalo": (ZALO, request(body=ZALO_BODY, header=ZALO_MAC), ZALO_NOW, ZALO_MAC.removeprefix("mac=")),
    }
    for label, (proof, given, now, signature) in cases.items():
        assert proof(given, now) == Proved(signature=signature), label
        assert replace(proof, secret="")(given, now) is None, label
        assert replace(proof, secret=proof.secret + "1")(given, now) is None, label
        assert proof.secret not in repr(proof) + repr(given), label


def test_a_plus_that_was_not_percent_encoded_is_read() -> None:
    text = urlencode(TEXT | {"smsid": "9f8e3"})
    assert ESMS(request(method="GET", query=f"{text}&sign=d/bh5TG+yQe+H5FLqIX3ZQ==".encode()), NOW) is not None


def test_what_proves_nothing() -> None:
    without_id = {name: value for name, value in VCOM_TEXT.items() if name != "request_id"}
    empty_secret = "".join(TEXT.values()).encode()
    cases: Mapping[str, tuple[ConcatDigest, IncomingRequest, datetime]] = {
        "no digest": (ESMS, query(**TEXT), NOW),
        "half a digest": (ESMS, query(**TEXT, sign=HEX[:16]), NOW),
        "no hexadecimal": (ESMS, query(**TEXT, sign="z" * 32), NOW),
        "no Base64": (ESMS, query(**TEXT, sign="=" * 24), NOW),
        "other characters": (ESMS, query(**TEXT, sign="đ" * 24), NOW),
        "another text": (ESMS, query(**TEXT | {"content": "DVC 2"}, sign=BASE64), NOW),
        "a missing field": (VCOM, request(body=json.dumps(without_id).encode()), NOW),
        "another telephone": (VCOM, posted(phone="84901234568"), NOW),
        "too old": (VCOM, posted(), NOW + timedelta(seconds=301)),
        "of the future": (VCOM, posted(), NOW - timedelta(seconds=301)),
        "no JSON": (VCOM, request(body=b"{"), NOW),
        "nothing at all": (VCOM, request(), NOW),
        "an old event": (ZALO, request(body=ZALO_BODY, header=ZALO_MAC), ZALO_NOW + timedelta(hours=2)),
        "another body": (ZALO, request(body=ZALO_BODY + b" ", header=ZALO_MAC), ZALO_NOW),
        "no secret is set": (
            replace(ESMS, secret=""),
            query(**TEXT, sign=md5(empty_secret, usedforsecurity=False).hexdigest()),
            NOW,
        ),
    }
    for label, (proof, given, now) in cases.items():
        assert proof(given, now) is None, label
