"""What happens at the HTTP endpoints, counted in the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from sms_gateway.channels.http.ports import EndpointRefusal
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.ports import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedEndpoints:
    """Counts what happens at the HTTP endpoints."""

    metrics: Metrics

    def taken(self, channel: str, verdict: Verdict) -> None:
        """Texts are counted where they are stored."""

    def refused(self, channel: str, reason: EndpointRefusal) -> None:
        """Count a refusal."""
        self.metrics.endpoint_refused(channel, reason.value)

    def ignored(self, channel: str) -> None:
        """Count a request that holds nothing to store."""
        self.metrics.endpoint_ignored(channel)

    def unknown_states(self, channel: str, count: int) -> None:
        """Count delivery reports whose state is in no table."""
        self.metrics.receipt_states_unknown(channel, count)

    def watched(self, channel: str) -> None:
        """Count a request whose signature is only watched."""
        self.metrics.signature_watched(channel)
