"""The responses of a provider's token endpoint (OAuth 2.0, RFC 6749 §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from db.processes.access_tokens import TokenPair
from sms_gateway.channels.http.fields import Fields, read_any_json
from sms_gateway.channels.http.sending.departure import HEADER_VALUE, ProviderResponse, TokenTerms

LONGEST_TOKEN = 4096
LONGEST_LIFE = 366 * 24 * 3600
USUAL_LIFE = 3600
"""Seconds that an access token lives when the response does not say it; one that ends sooner is refused and renewed."""

_MOST_DIGITS = 12

_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokensDeclined:
    """The provider gave no tokens. It refused what was sent to it, or says nothing about that."""

    is_refused: bool
    error: str  # free of secrets and personal data


def read_token_response(
    response: ProviderResponse, terms: TokenTerms, now: datetime, *, before: TokenPair | None = None
) -> TokenPair | TokensDeclined:
    """Return the tokens in a response. One without a refresh token leaves that of `before` valid (RFC 6749 §6)."""
    fields = read_any_json(response.body)
    access, refresh = _token(fields, "access_token"), _token(fields, "refresh_token")
    if not access or (not refresh and before is None):
        return _declined(response, fields)
    life = _seconds(fields, "expires_in") or USUAL_LIFE
    refresh_life = _seconds(fields, "refresh_token_expires_in") or terms.refresh_seconds
    keeps = before is not None and not refresh
    return TokenPair(
        access=access,
        refresh=before.refresh if before is not None and keeps else refresh,
        access_until=now + timedelta(seconds=life),
        refresh_until=before.refresh_until if before is not None and keeps else now + timedelta(seconds=refresh_life),
    )


def _declined(response: ProviderResponse, fields: Fields) -> TokensDeclined:
    """Tell a refusal from a provider that is out of order: only the first names an error, and is not of the server."""
    is_later = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _LATER
    code = fields.get("error", b"").decode("utf-8", "replace")
    shown = code if code.lstrip("-").replace("_", "").isalnum() and code.isascii() else ""
    error = f"HTTP {response.status}" + (f" code {shown}"[:40] if shown else "")
    return TokensDeclined(is_refused=bool(code) and not is_later, error=error)


def _token(fields: Fields, name: str) -> str:
    """Return a token that can be sent in a header; nothing for any other value."""
    token = fields.get(name, b"").decode("utf-8", "replace")
    return token if len(token) <= LONGEST_TOKEN and HEADER_VALUE.fullmatch(token) else ""


def _seconds(fields: Fields, name: str) -> int:
    """Return a number of seconds, which some providers write as a text; 0 for any other value."""
    written = fields.get(name, b"")
    return min(int(written), LONGEST_LIFE) if written.isdigit() and len(written) <= _MOST_DIGITS else 0
