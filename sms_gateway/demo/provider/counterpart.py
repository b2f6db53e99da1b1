"""A counterpart: what the other side of one network writes and reads. One value each, made from a channel's settings.

It is the network's value seen from the provider: how an arriving text and its proof are written, how a request that
sends an answer is read, what is responded, and how a delivery report is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from http import HTTPStatus

from db.schema import ReceiptState
from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.request import JSON, Way
from sms_gateway.settings.link_model import ChannelSettings

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class CitizenText:
    """A text of a citizen on its way to the gateway."""

    id: str
    sender: str = field(repr=False)  # as the network knows the citizen
    recipient: str
    body: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SentText:
    """An answer that the gateway asks the provider to send."""

    key: str  # the gateway's own id of it; empty when the network carries none
    sender: str
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    report_url: str = field(default="", repr=False)  # where its reports go, in networks that are told so with each


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A delivery report on its way to the gateway."""

    message_id: str
    state: ReceiptState
    of: SentText
    at: datetime


def unsigned(target: str) -> Mapping[str, str]:
    """Return no header: the proof, if there is one, does not cover the address."""
    del target
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedRequest:
    """A request to the gateway; the engine adds the address of the channel."""

    way: Way
    method: str = "POST"
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    path_secret: str = field(default="", repr=False)  # behind the channel's name
    signed: Callable[[str], Mapping[str, str]] = unsigned  # headers that prove it, from its path and query


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayResponse:
    """What the gateway said to it."""

    status: int
    body: bytes = field(default=b"", repr=False)


class Verdict(Enum):
    """What a response of the gateway means to this network."""

    TAKEN = "taken"
    AGAIN = "again"  # the network sends the same request again, later
    REFUSED = "refused"  # the network gives up


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedRequest:
    """A request of the gateway to the provider."""

    method: str
    path: str
    query: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A response of the provider."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(status: int, fields: Mapping[str, object]) -> Reply:
    """Return a response with a JSON object."""
    return Reply(status=status, body=json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode())


def verdict_of(response: GatewayResponse) -> Verdict:
    """Return what a status means to most networks.

    >>> [verdict_of(GatewayResponse(status=status)).value for status in (200, 401, 429, 503)]
    ['taken', 'refused', 'again', 'again']
    """
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict.TAKEN
    is_later = response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Verdict.AGAIN if is_later else Verdict.REFUSED


def no_answer(response: GatewayResponse) -> str | None:
    """Read no answer: the network sends answers by requests alone."""
    del response
    return None


def same(number: str) -> str:
    """Return the number itself: the network knows citizens by their telephone numbers."""
    return number


@dataclass(frozen=True, kw_only=True, slots=True)
class Counterpart:
    """The other side of one channel. Every function may be called from any thread."""

    push: Callable[[CitizenText], PushedRequest]
    read: Callable[[ReceivedRequest], SentText | Reply]  # a Reply to what is no answer to send, or may not be sent
    accept: Callable[[SentText, str], Reply]  # the answer was taken under this id
    accept_known: Callable[[SentText, str], Reply] | None = None
    """An answer with this key was taken before under this id. None: the network sends it as often as it comes."""
    report: Callable[[Report], PushedRequest] | None = None  # None: the network reports nothing
    verdict: Callable[[GatewayResponse], Verdict] = verdict_of
    answer: Callable[[GatewayResponse], str | None] = no_answer  # where the answer may be in the response to a text
    address: Callable[[str], str] = same  # how the network knows the citizen of a telephone number
    is_sms: bool = True  # False: texts have neither segments nor alphabets
    paths: Mapping[str, str] = field(default_factory=lambda: {"send_url": "/send"})
    """Settings and options of the channel that name addresses of the provider, and the paths of these."""
    brings_texts: bool = (
        True  # False: the network sends answers only, and texts come by another channel: `with_texts_of`
    )
    advice: str = ""  # what an operator has to do first; with {channel}

    def at(self, url: str, settings: ChannelSettings) -> ChannelSettings:
        """Return the settings of a channel whose provider is at this address."""
        addresses = {name: f"{url}{path}" for name, path in self.paths.items()}
        options = {name: address for name, address in addresses.items() if name != "send_url"}
        changes = {"send_url": addresses["send_url"], "options": settings.options | options}
        return settings.model_copy(update=changes)

    def with_texts_of(self, other: Counterpart) -> Counterpart:
        """Return a counterpart that brings texts as another does, and takes the answers itself."""
        return replace(self, push=other.push, verdict=other.verdict, answer=other.answer, brings_texts=True)


def nested(values: Mapping[str, object]) -> dict[str, object]:
    """Return the object whose values are at these paths.

    >>> nested({"payload.from": "84905123456", "payload.text": "HD", "id": "7"})
    {'payload': {'from': '84905123456', 'text': 'HD'}, 'id': '7'}
    """
    whole: dict[str, object] = {}
    for path, value in values.items():
        *names, last = path.split(".")
        place = whole
        for name in names:
            below = place.setdefault(name, {})
            if not isinstance(below, dict):
                raise TypeError(f"{path} is below a value")
            place = below
        place[last] = value
    return whole


def fields_of(read: Fields | BadField) -> Fields:
    """Return the fields of a form; none when it cannot be read."""
    return {} if isinstance(read, BadField) else read


def text_at(fields: Fields, path: str) -> str:
    """Return the value at a path as characters; empty when there is none."""
    return fields.get(path, b"").decode("utf-8", "replace")
