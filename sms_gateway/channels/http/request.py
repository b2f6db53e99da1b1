"""A request of an aggregator, without the web framework, and what a network says to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from xml.sax.saxutils import escape

from db.store.record import record

JSON = "application/json"
PLAIN_TEXT = "text/plain; charset=utf-8"

RETRY_SECONDS = 5
"""When an aggregator may send again what could not be stored."""

_ASKS_FOR_PASSWORD = {"WWW-Authenticate": 'Basic realm="sms-gateway", charset="UTF-8"'}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Way(Enum):
    """The HTTP endpoint that was called."""

    TEXTS = "mo"  # /mo/CHANNEL
    RECEIPTS = "dlr"  # /dlr/CHANNEL


@record
class IncomingRequest:
    """A request as it came. Its repr holds nothing that proves who sent it."""

    way: Way
    method: str  # GET or POST
    content_type: str
    query: bytes = field(repr=False)
    header: Callable[[str], str] = field(repr=False)  # by its name in any case; empty when there is none
    read_body: Callable[[], bytes] = field(repr=False)  # as it came, so perhaps packed; raises when it is too large
    read_password: Callable[[], str] = field(repr=False)  # of HTTP Basic; empty when there is none
    path_secret: str = field(default="", repr=False)  # what follows the channel's name in the path
    url: str = field(default="", repr=False)
    """The address that the aggregator called: the setting `public_url`, the path and the query as received.

    For proofs that cover it. It is never made from Host or X-Forwarded-*, which a stranger can write. Empty where
    `public_url` is not set; then such a proof proves nothing.
    """

    @property
    def content(self) -> bytes:
        """Return the octets that a proof covers: the query of a GET, else the body."""
        return self.query if self.method == "GET" else self.read_body()


class RequestOutcome(Enum):
    """What became of a request."""

    STORED = "stored"  # committed
    DUPLICATE = "duplicate"  # known already; nothing was done twice
    IGNORED = "ignored"  # an event that is neither a text nor a receipt
    TRY_LATER = "try_later"  # could not be stored now
    BAD_REQUEST = "bad_request"  # a field is missing or cannot be read
    WRONG_PROOF = "wrong_proof"  # it does not prove who sent it
    TOO_LARGE = "too_large"  # the body is larger than any text


TAKEN = frozenset({RequestOutcome.STORED, RequestOutcome.DUPLICATE, RequestOutcome.IGNORED})
"""The outcomes after which an aggregator must not send the request again."""


@record
class Said:
    """What a network words its response from."""

    outcome: RequestOutcome
    method: str
    options: Mapping[str, str] = field(default_factory=dict)  # of the channel (`Network.options`)
    answers_in_response: bool = False  # the channel has `reply = "body"`
    answer: str | None = None  # the answer to the citizen, where it goes in the response
    sender: str | None = field(default=None, repr=False)  # of the text, as it came
    field: str | None = None  # of a bad request: the field that is wrong
    advice: str = ""  # of a bad request: the fix
    provider_id: str | None = None  # the provider's id of the text


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """A response to an aggregator."""

    status: int
    body: str = ""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


Acknowledge = Callable[[Said], Acknowledgement]


def json_acknowledgement(
    code: int, headers: Mapping[str, str] | None = None, /, **fields: str | None
) -> Acknowledgement:
    r"""Return a response with a JSON object.

    >>> json_acknowledgement(200, status="stored").body
    '{"status":"stored"}\n'
    """
    body = json.dumps(fields, separators=(",", ":"), sort_keys=True) + "\n"
    return Acknowledgement(status=code, body=body, headers=headers or {})


def fixed(table: Mapping[RequestOutcome, Acknowledgement]) -> Acknowledge:
    """Return what says the same to every request with one outcome. Raises ValueError when an outcome is missing."""
    missing = [outcome.value for outcome in RequestOutcome if outcome not in table]
    if missing:
        raise ValueError(f"no response for {', '.join(missing)}")
    return lambda said: table[said.outcome]


def refuse(said: Said) -> Acknowledgement:
    """Return the response to what was not taken, for networks that want none of their own: a status that says why.

    A channel that does not exist says the same, so that nobody learns which channels exist.
    """
    match said.outcome:
        case RequestOutcome.TRY_LATER:
            error = "the text could not be stored; send it again"
            return json_acknowledgement(503, {"Retry-After": str(RETRY_SECONDS)}, error=error)
        case RequestOutcome.WRONG_PROOF:
            return json_acknowledgement(401, _ASKS_FOR_PASSWORD, error="the channel's secret is missing or wrong")
        case RequestOutcome.TOO_LARGE:
            return json_acknowledgement(413, error="Request Entity Too Large")
        case _ if said.field is None:
            return json_acknowledgement(400, error=said.advice)
        case _:
            return json_acknowledgement(400, error=f'field "{said.field}": {said.advice}', field=said.field)


def xml_text(words: str) -> str:
    r"""Return words as XML holds them, without the characters that XML cannot hold (XML 1.0 §2.2).

    >>> xml_text("a < b & c\x00")
    'a &lt; b &amp; c'
    """
    return escape(_NOT_IN_XML.sub("", words))
