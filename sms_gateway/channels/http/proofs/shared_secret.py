"""Proofs by a secret that comes with each request: in a header, as a password, in the path, or in a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sms_gateway.channels.http.fields import value_at
from sms_gateway.channels.http.proofs.covered import fields_of
from sms_gateway.channels.http.proofs.proof import Proved, fits
from sms_gateway.channels.http.request import IncomingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedHeader:
    """The secret is the value of a header."""

    header: str
    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.header(self.header), self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class BasicPassword:
    """The secret is the password of HTTP Basic (RFC 7617); any user name is taken."""

    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.read_password(), self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class PathSecret:
    """The secret is in the URL, after the channel's name: for networks that have no other proof."""

    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.path_secret, self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretField:
    """The secret is a field of the request, such as an element of a SOAP header; `a|b` where it has several names."""

    path: str
    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        given = value_at(fields_of(request), self.path) or b""
        return Proved() if fits(given.decode("utf-8", "surrogateescape"), self.secret) else None
