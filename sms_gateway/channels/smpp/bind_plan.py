"""Where and how a bind is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_gateway.channels.smpp.session.terms import SessionTerms
from sms_gateway.channels.smpp.session.tls import TlsTerms
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.settings.link_model import Alphabet


@dataclass(frozen=True, kw_only=True, slots=True)
class BindPlan:
    """Where and how to bind."""

    link: str
    host: str
    port: int
    terms: SessionTerms
    first_wait: float  # seconds before the second attempt
    alphabet: Alphabet  # of data_coding 0
    short_codes: ShortCodes = field(default_factory=ShortCodes)
    tls: TlsTerms | None = None
