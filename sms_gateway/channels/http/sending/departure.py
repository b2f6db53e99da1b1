"""How answers go out by a network: the request that sends one, and how the provider's response is read."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from sms_gateway.pipeline.ports import Refusal

TARGET = re.compile(r"[!-~]+")
HEADER_VALUE = re.compile(r"[\t -~\x80-\xff]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingText:
    """An answer to send. Its repr holds neither the number nor the text."""

    key: str  # ours, the same at each try: a provider with an idempotency key recognises a repetition by it
    sender: str  # our short code
    recipient: str = field(repr=False)  # the citizen's number, digits only; of another kind of address, its value
    body: str = field(repr=False)
    valid_seconds: int  # for how long the provider may try; at least 1
    is_unicode: bool = False  # a character of it is not in GSM 03.38
    request: Mapping[str, str] = field(default_factory=dict, repr=False)  # that brought its text: `needs_request`
    receipt_url: str = field(default="", repr=False)  # where it may report; empty without the setting `public_url`
    access_token: str = field(default="", repr=False)  # of a network with `tokens`


@dataclass(frozen=True, kw_only=True, slots=True)
class OutgoingRequest:
    """A request to the provider. Its repr holds neither the text nor a secret."""

    method: str
    target: str = field(repr=False)  # path and query
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what HTTP cannot carry (RFC 9112 §3.2, RFC 9110 §5.5): no try would ever write it."""
        if TARGET.fullmatch(self.target) is None:
            raise ValueError("the path and query of a request hold visible ASCII characters only")
        for name, value in self.headers.items():
            if HEADER_VALUE.fullmatch(value) is None:
                raise ValueError(f"the header {name} holds a character that is not in Latin-1, or a control character")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderResponse:
    """What the provider said to a request."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # names in lower case
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedText:
    """The provider took the text. It has one id for each segment, or one for the text, or none."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclinedText:
    """The provider did not take the text, or nobody knows (`Refusal.UNANSWERED`)."""

    refusal: Refusal
    error: str  # at most 64 characters, no personal data
    wait_seconds: float | None = None  # how long the provider asks us to wait
    declines_all: bool = False  # every text would be refused: a wrong password, no money, a wrong address
    token_refused: bool = False  # the access token is no longer valid; the text may be taken with a new one


ReadResponse = Callable[[ProviderResponse], AcceptedText | DeclinedText]


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenTerms:
    """How the access tokens of a network are got and renewed (OAuth 2.0, RFC 6749, with PKCE, RFC 7636)."""

    url: str = field(repr=False)  # where a code or a refresh token is exchanged for a new pair
    renew: Callable[[str], OutgoingRequest]  # makes the request with a refresh token
    redeem: Callable[[str, str], OutgoingRequest]  # makes the request with a code and its PKCE verifier
    permission_url: Callable[[str, str], str]  # where the account's owner allows it, by PKCE challenge and state
    refresh_seconds: int  # how long a refresh token lives where the response does not say it
    spent: frozenset[str] = frozenset({"invalid_grant"})  # values of `error`: the refresh token opens nothing any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """How answers go out by a channel."""

    url: str = field(repr=False)  # of the provider: scheme, host and port decide where we connect
    build: Callable[[OutgoingText], OutgoingRequest | DeclinedText]  # what cannot be sent is declined
    read: ReadResponse
    probe: OutgoingRequest | None = None  # costs nothing, and is refused with a wrong password; `check` sends it
    read_probe: ReadResponse | None = None  # takes the response of a provider that knows us; None: any but a page
    token_probe: Callable[[str], OutgoingRequest] | None = None  # of a network with `tokens`, by the access token
    needs_request: tuple[str, ...] = ()
    """Fields of the request that brought a text, without which its answer cannot be sent: `OutgoingText.request`."""

    has_idempotency_key: bool = False
    """The provider documents that it sends a text once, however often it comes with the same `key`.

    Then a request without a response is repeated, and nothing is unsure as long as it goes to the same provider.
    """
    tokens: TokenTerms | None = None  # each request needs an access token, which is renewed while the service runs

    @property
    def is_probed(self) -> bool:
        """Whether a call that costs nothing shows that the provider knows us."""
        return self.probe is not None or self.token_probe is not None


def within(departure: Departure, longest: int | None) -> Departure:
    """Return a departure that declines a text of more characters than one message has; itself without such a limit."""
    if longest is None:
        return departure
    most = longest

    def build(text: OutgoingText) -> OutgoingRequest | DeclinedText:
        if len(text.body) > most:
            return DeclinedText(refusal=Refusal.PERMANENT, error=f"longer than {most} characters")
        return departure.build(text)

    return replace(departure, build=build)


def target_of(url: str, query: Mapping[str, str] | None = None) -> str:
    """Return path and query of a URL, with more fields in its query.

    >>> target_of("https://sms.example/api?v=1", {"to": "84905123456", "text": "a b"})
    '/api?v=1&to=84905123456&text=a+b'
    """
    parts = urlsplit(url)
    queries = [part for part in (parts.query, urlencode(query or {})) if part]
    return (parts.path or "/") + ("?" + "&".join(queries) if queries else "")


def post_json(url: str, fields: Mapping[str, object], headers: Mapping[str, str] | None = None) -> OutgoingRequest:
    """Return a POST of a JSON object."""
    body = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    return OutgoingRequest(
        method="POST", target=target_of(url), headers={"Content-Type": "application/json", **(headers or {})}, body=body
    )


def post_form(url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> OutgoingRequest:
    """Return a POST of a form in UTF-8."""
    declared = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return OutgoingRequest(
        method="POST", target=target_of(url), headers=declared | dict(headers or {}), body=urlencode(fields).encode()
    )


def get_query(url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> OutgoingRequest:
    """Return a GET with the fields in its query."""
    return OutgoingRequest(method="GET", target=target_of(url, fields), headers=headers or {})


def basic_authorization(user: str, password: str) -> str:
    """Return the value of the header Authorization for HTTP Basic (RFC 7617).

    >>> basic_authorization("Aladdin", "open sesame")
    'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
    """
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
