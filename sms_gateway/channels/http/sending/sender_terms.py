"""How one channel sends by HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from db.store.address import TEL
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.departure import Departure

PROBE_SECONDS = 300.0
"""How long nothing is heard of a provider before it is asked by a call that costs nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderTerms:
    """How one channel sends."""

    departure: Departure
    connection: ConnectionTerms
    window: int  # requests without a response, at most; each has a thread and a connection of its own
    rate: float  # answers a second; 0 is no limit
    reconnect_seconds: float  # the first wait after a failure; doubles
    address_kind: str = TEL  # the kind of addresses that the provider knows
    receipt_url: str = ""  # of the channel's delivery reports; empty when it is not set
    probe_seconds: float = PROBE_SECONDS
