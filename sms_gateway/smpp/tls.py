"""TLS towards the SMSC: its certificate and name are always verified; ours is shown when the carrier asks for one."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from sms_gateway.settings.model import LinkSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class TlsTerms:
    """With whom TLS is spoken and by which files; they are read at each connection, so that renewed ones count."""

    name: str  # that the SMSC's certificate must be for
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises OSError (ssl.SSLError is one) when they cannot be used."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.cert_file is not None:
            context.load_cert_chain(self.cert_file, self.key_file, password="")
        return context


def tls_terms(settings: LinkSettings) -> TlsTerms | None:
    """Return the terms of a link, or None when it speaks without TLS."""
    if not settings.tls:
        return None
    return TlsTerms(
        name=settings.tls_name or settings.host,
        ca_file=settings.tls_ca_file,
        cert_file=settings.tls_cert_file,
        key_file=settings.tls_key_file,
    )
