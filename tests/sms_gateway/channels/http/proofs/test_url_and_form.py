"""Twilio's proof: the published signature, and the validator of their own library on generated requests."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.url_and_form import UrlAndForm
from sms_gateway.channels.http.request import IncomingRequest, Way

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HEADER, SETTINGS_HEADER = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
PUBLISHED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def checked(
    url: str,
    fields: Sequence[tuple[str, str]],
    signature: str,
    *,
    secret: str = "12345",
    method: str = "POST",
    algorithm: str = "",
) -> Proved | None:
    headers = {HEADER: signature, SETTINGS_HEADER: algorithm}
    request = IncomingRequest(
        way=Way.TEXTS,
        method=method,
        content_type="application/x-www-form-urlencoded",
        query=b"",
        header=lambda name: headers.get(name, ""),
        read_body=urlencode(fields).encode,
        read_password=str,
        url=url,
    )
    return UrlAndForm(secret=secret, header=HEADER, settings_header=SETTINGS_HEADER)(request, NOW)


def test_the_published_signature_fits_and_nothing_else() -> None:
    proved = Proved(signature=PUBLISHED)
    assert checked(URL, FIELDS, PUBLISHED) == proved
    assert checked(URL, FIELDS[::-1], PUBLISHED) == proved
    assert checked(URL, [*FIELDS, FIELDS[0]], PUBLISHED) == proved  # the same value twice counts once
    text = {
        "MessageSid": "SM11",
        "AccountSid": "AC11",
        "From": "+84905123456",
        "To": "+84236888188",
        "Body": "DVC 1 Đà Nẵng",
        "NumMedia": "0",
    }
    assert checked("https://sms.example/mo/tw", list(text.items()), "L/F2xs5yJq+Vtu2e2YjAvGuifLw=") is not None
    wrong = [
        ("another secret", checked(URL, FIELDS, PUBLISHED, secret="12346")),
        ("no secret", checked(URL, FIELDS, PUBLISHED, secret="")),
        ("no URL is set", checked("", FIELDS, PUBLISHED)),
        ("another URL", checked(URL + "3", FIELDS, PUBLISHED)),
        ("a field more", checked(URL, [*FIELDS, ("a", "b")], PUBLISHED)),
        ("a field less", checked(URL, FIELDS[1:], PUBLISHED)),
        ("far too many fields", checked(URL, FIELDS * 60, PUBLISHED)),
        ("no signature", checked(URL, FIELDS, "")),
        ("the fields of a GET are in its URL", checked(URL, FIELDS, PUBLISHED, method="GET")),
        ("an unknown digest", checked(URL, FIELDS, PUBLISHED, algorithm="key=k,algorithm=MD5")),
        ("another digest", checked(URL, FIELDS, PUBLISHED, algorithm="key=k,algorithm=HMAC_SHA256")),
    ]
    assert [label for label, found in wrong if found is not None] == []


def test_no_secret_is_not_the_empty_secret() -> None:
    signature = RequestValidator("").compute_signature(URL, dict(FIELDS))
    assert checked(URL, FIELDS, signature, secret="") is None


WORDS = st.text(max_size=12)
HOSTS = st.sampled_from(["sms.example", "a.b.example", "127.0.0.1"])
PORTS = st.sampled_from(["", ":443", ":80", ":8443"])
PATHS = st.sampled_from(["", "/mo/tw", "/mo/tw?a=1&b=%C4%90", "/mo/tw/"])


@settings(max_examples=60, deadline=None)
@given(
    scheme=st.sampled_from(["https", "http"]),
    host=HOSTS,
    ports=st.tuples(PORTS, PORTS),
    path=PATHS,
    fields=st.lists(st.tuples(WORDS, WORDS), max_size=6),
    algorithm=st.sampled_from(["", "HMAC_SHA1", "HMAC_SHA256"]),
    change=st.sampled_from(["", "", "secret", "value", "signature"]),
)
def test_their_validator_decides_the_same(
    *,
    scheme: str,
    host: str,
    ports: tuple[str, str],
    path: str,
    fields: list[tuple[str, str]],
    algorithm: str,
    change: str,
) -> None:
    signed_url, called_url = (f"{scheme}://{host}{port}{path}" for port in ports)
    signature = RequestValidator("12345").compute_signature(signed_url, MultiFields(fields), algorithm)
    secret = "12346" if change == "secret" else "12345"
    if change == "value":
        fields = [*fields, ("Body", "HD")]
    if change == "signature":
        signature = b64encode(signature.encode()).decode()
    theirs = RequestValidator(secret).validate(called_url, MultiFields(fields), signature, algorithm)
    settings_header = f"key=k, algorithm={algorithm}" if algorithm else ""
    ours = checked(called_url, fields, signature, secret=secret, algorithm=settings_header)
    assert (ours is not None) is theirs


class MultiFields(MultiDict[str, str]):
    """Fields as their validator reads them from a web framework."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__(fields)
