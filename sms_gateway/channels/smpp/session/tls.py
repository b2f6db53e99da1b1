"""TLS to the SMSC: its certificate and name are always verified; ours is sent when the carrier asks for one."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from sms_gateway.settings.link_model import LinkSettings

REFUSED = "certificate refused"
STRICT_RULE = ", a rule of RFC 5280 that tls_strict = false waives"

_STRICT_CODES = frozenset(range(79, 95))
"""What OpenSSL answers under X509_V_FLAG_X509_STRICT (x509_vfy.h): CAs of X.509 v1, and extensions that are missing or
not marked as RFC 5280 wants them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TlsTerms:
    """The peer of TLS and the files; they are read at each connection, so that renewed ones are used."""

    name: str  # that the SMSC's certificate must be for
    strict: bool  # every rule of RFC 5280 for certificates
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises OSError (ssl.SSLError is one) when they cannot be used."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # as Python 3.13 does alone
        if self.strict:
            context.verify_flags |= ssl.VERIFY_X509_STRICT
        else:
            context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file, password="")
        return context


def refusal(error: ssl.SSLCertVerificationError, terms: TlsTerms | None) -> str:
    """Say why a certificate is refused, and which setting accepts it where only a strict rule refuses it."""
    rule = terms is not None and terms.strict and error.verify_code in _STRICT_CODES
    return f"{REFUSED}: {error.verify_message}{STRICT_RULE if rule else ''}"


def tls_terms(settings: LinkSettings) -> TlsTerms | None:
    """Return the terms of a link, or None when it speaks without TLS."""
    if not settings.tls:
        return None
    return TlsTerms(
        name=settings.tls_name or settings.host,
        strict=settings.tls_strict,
        ca_file=settings.tls_ca_file,
        cert_file=settings.tls_cert_file,
        key_file=settings.tls_key_file,
    )
