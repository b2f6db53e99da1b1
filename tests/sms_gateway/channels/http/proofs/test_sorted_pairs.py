"""Vonage's proof: published signatures, and the check of their own library on generated requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from vonage_http_client.auth import Auth

from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.sorted_pairs import SortedPairs, sign
from sms_gateway.channels.http.request import JSON, IncomingRequest, Way

STAMP = 1_234_567_890
NOW = datetime.fromtimestamp(STAMP, tz=UTC)
Digest = Literal["md5", "sha1", "sha256", "sha512"]


def checked(
    fields: Mapping[str, str],
    *,
    secret: str = "signature_secret",
    digest: str = "sha256",
    way: str = "query",
    now: datetime = NOW,
) -> Proved | None:
    words = json.dumps(dict(fields)) if way == "json" else urlencode(fields)
    request = IncomingRequest(
        way=Way.TEXTS,
        method="GET" if way == "query" else "POST",
        content_type=JSON if way == "json" else "application/x-www-form-urlencoded",
        query=words.encode() if way == "query" else b"",
        header=lambda _: "",
        read_body=words.encode,
        read_password=str,
    )
    return SortedPairs(secret=secret, digest=digest, seconds=300)(request, now)


FIELDS = {"param1": "value1", "param2": "value2", "timestamp": str(STAMP)}
SHA256 = "280c4320703dbc98bfa22db676655ed2acfbfe8792b062ff7622e67f1183c287"
JOINED = {"param1=value1&param2": "value2", "timestamp": str(STAMP), "sig": SHA256}
UNSTAMPED = sign({"a": b"1"}, secret="signature_secret", digest="sha256", without="sig")
PUBLISHED = [
    ("sha256", FIELDS, SHA256),
    ("md5", FIELDS, "724c2bf6ca423c36e20631b11d1c5753"),
    ("md5", FIELDS | {"param1": "value&1", "param2": "value=2"}, "2bbf0abafb2c55e5af6231513896a2ac"),
]


def test_the_published_signatures_fit_and_nothing_else() -> None:
    for digest, fields, signature in PUBLISHED:
        for way in ("query", "form", "json"):
            found = checked(fields | {"sig": signature.upper()}, digest=digest, way=way)
            assert found == Proved(signature=signature), (digest, way)
    signed = FIELDS | {"sig": SHA256}
    wrong = [
        ("another secret", checked(signed, secret="signature-secret")),
        ("no secret", checked(signed, secret="")),
        ("another digest", checked(signed, digest="sha512")),
        ("a field more", checked(signed | {"a": ""})),
        ("another value", checked(signed | {"param1": "value2"})),
        ("no signature", checked(FIELDS)),
        ("an old copy", checked(signed, now=NOW + timedelta(seconds=301))),
        (
            "two fields under one name",
            checked({"param1=value1&param2": "value2", "timestamp": str(STAMP)} | {"sig": SHA256}),
        ),
    ]
    assert [label for label, found in wrong if found is not None] == []


NAMES = st.text(st.characters(exclude_characters="&=", codec="utf-8"), min_size=1, max_size=8)
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    fields=st.dictionaries(NAMES.filter(lambda name: name not in {"sig", "timestamp"}), WORDS, max_size=6),
    digest=st.sampled_from(["md5", "sha1", "sha256", "sha512"]),
    way=st.sampled_from(["query", "form"]),
    change=st.sampled_from(["", "", "secret", "value", "signature"]),
)
def test_their_check_decides_the_same(*, fields: dict[str, str], digest: Digest, way: str, change: str) -> None:
    fields |= {"timestamp": str(STAMP)}
    signature = Auth(api_key="k", signature_secret="s", signature_method=digest).sign_params(dict(fields))
    if change == "value":
        fields["text"] = fields.get("text", "") + "HD"
    sent = fields | {"sig": signature[1:] if change == "signature" else signature}
    secret = "t" if change == "secret" else "s"
    theirs = Auth(api_key="k", signature_secret=secret, signature_method=digest).check_signature(dict(sent))
    assert (checked(sent, secret=secret, digest=digest, way=way) is not None) is theirs
