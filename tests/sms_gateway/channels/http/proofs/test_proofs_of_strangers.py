"""Requests of strangers: no octets and no header make a proof fail or fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sms_gateway.channels.http.proofs.proof import Proof, nobody
from sms_gateway.channels.http.proofs.shared_secret import SecretField
from sms_gateway.channels.http.proofs.sorted_pairs import SortedPairs
from sms_gateway.channels.http.proofs.standard_webhooks import StandardWebhook
from sms_gateway.channels.http.proofs.url_and_form import UrlAndForm
from sms_gateway.channels.http.request import IncomingRequest, Way

NOW = datetime.fromtimestamp(1_790_000_000, tz=UTC)
SECRET = "canary-of-strangers"
HEADERS = ("x-signature", "x-settings", "webhook-id", "webhook-timestamp", "webhook-signature", "content-encoding")


def proofs(secret: str) -> list[Proof]:
    return [
        nobody,
        SecretField(path="Password|password", secret=secret),
        SortedPairs(secret=secret, digest="sha256", seconds=300),
        StandardWebhook(secret=secret, seconds=300),
        UrlAndForm(secret=secret, header="X-Signature", settings_header="X-Settings"),
    ]


PIECES = st.sampled_from(
    [b"sig=", b"&", b"timestamp=1790000000", b"<Password>", b"</Password>", b'{"sig":"', b'\\ud800":""}', b"%", b"\xff"]
)


@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=8).map(b"".join)),
    headers=st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=30), max_size=6),
    method=st.sampled_from(["GET", "POST"]),
    content_type=st.sampled_from(["", "application/json", "text/xml", "multipart/form-data; boundary=b"]),
    url=st.sampled_from(["", "https://sms.example/mo/a", "https://[::1]:8188/mo/a", "https://sms.example:x/"]),
)
@example(body=b'{"\\ud800":"","sig":"\\udfff"}', headers={}, method="POST", content_type="application/json", url="")
@example(body=b"sig=&timestamp=1790000000", headers={}, method="GET", content_type="", url="")
def test_no_stranger_makes_a_proof_fail_or_fit(
    *, body: bytes, headers: Mapping[str, str], method: str, content_type: str, url: str
) -> None:
    request = IncomingRequest(
        way=Way.TEXTS,
        method=method,
        content_type=content_type,
        query=body,
        header=lambda name: headers.get(name.lower(), ""),
        read_body=lambda: body,
        read_password=str,
        url=url,
    )
    for secret in (SECRET, ""):
        for proof in proofs(secret):
            assert proof(request, NOW) is None, proof
            assert SECRET not in repr(proof)
