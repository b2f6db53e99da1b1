"""What the HTTP endpoints of aggregators are given: settings, where texts go, and where answers come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sms_gateway.channels.http.network import HttpChannel
from sms_gateway.channels.http.refusals import Refusals
from sms_gateway.clock import Now
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.pipeline.ports import DeliveryReceipt, InboundPart, InboundText, Verdict

Content = InboundText | InboundPart | DeliveryReceipt
"""What one item of a request is."""


class TextIntake(Protocol):
    """Where the HTTP endpoints put texts, parts of texts and delivery reports; called from any thread."""

    def take(self, *contents: Content) -> Verdict:
        """Store what one request holds; return the verdict on all of it (`verdict_on_all`).

        Returns once everything is committed, or with TRY_LATER at a deadline. Then the aggregator sends all of it
        again, and what is stored already is found. Safe to repeat.
        """


class AnswerSource(Protocol):
    """Where the answers of channels with `reply = "body"` come from."""

    def collect(self, channel: str, sender: str, inbound: InboundText, timeout: float) -> str | None:
        """Wait for the answer to this text, at most `timeout` seconds, and settle it as sent: it is returned once.

        None when none came in time; at once when it was returned before, or when the text gets no answer.
        """


class EndpointRefusal(StrEnum):
    """Why an HTTP endpoint took nothing."""

    WRONG_SECRET = "wrong_secret"  # noqa: S105 - a reason, no secret: unknown channel or wrong secret
    BAD_REQUEST = "bad_request"  # a field is missing or cannot be read
    TOO_LARGE = "too_large"  # the body is larger than any text
    TRY_LATER = "try_later"  # the database could not take it


class EndpointCounters(Protocol):
    """Counts what happens at the HTTP endpoints; called from any thread."""

    def taken(self, channel: str, verdict: Verdict) -> None:
        """Count a text that was stored or known already."""

    def refused(self, channel: str, reason: EndpointRefusal) -> None:
        """Count a refusal; an unknown channel is counted under `unknown`, so that strangers cannot make up names."""

    def ignored(self, channel: str) -> None:
        """Count a request that holds nothing to store: other events, such as "follow"."""

    def unknown_states(self, channel: str, count: int) -> None:
        """Count delivery reports whose state no table of the network names."""

    def watched(self, channel: str) -> None:
        """Count a request that was taken without a fitting signature: the channel has `proof = "watch"`."""


class Uncounted:
    """EndpointCounters that keep no count, for tests and for a web tier without metrics."""

    def taken(self, channel: str, verdict: Verdict) -> None:
        """Keep no count."""

    def refused(self, channel: str, reason: EndpointRefusal) -> None:
        """Keep no count."""

    def ignored(self, channel: str) -> None:
        """Keep no count."""

    def unknown_states(self, channel: str, count: int) -> None:
        """Keep no count."""

    def watched(self, channel: str) -> None:
        """Keep no count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointParts:
    """Everything that the endpoints use."""

    channels: Mapping[str, HttpChannel]
    nobody: HttpChannel  # takes the requests to a channel that does not exist; no secret matches it
    short_codes: ShortCodes
    now: Now
    text_intake: TextIntake
    answers: AnswerSource
    counters: EndpointCounters
    refusals: Refusals  # summed up for the log
    watched: Refusals = field(default_factory=Refusals)  # what `proof = "watch"` took, likewise
    unreadable: Refusals = field(default_factory=Refusals)  # proven, and without what a text or a report needs
