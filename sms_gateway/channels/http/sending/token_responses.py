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
_LONGEST_CODE = 40

_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokensDeclined:
    """The provider gave no tokens. What was sent to it is spent, or may be taken at another try."""

    is_spent: bool
    error: str  # free of secrets and personal data
    code: str = ""  # the provider's own, of a refusal that is no trouble of the server


def read_token_response(
    response: ProviderResponse, terms: TokenTerms, now: datetime, *, before: TokenPair | None = None
) -> TokenPair | TokensDeclined:
    """Return the tokens in a response. One without a refresh token leaves that of `before` valid (RFC 6749 §6)."""
    fields = read_any_json(response.body)
    access, refresh = _token(fields, "access_token"), _token(fields, "refresh_token")
    if not access or (not refresh and before is None):
        return _declined(response, fields, terms)
    life = _seconds(fields, "expires_in") or USUAL_LIFE
    refresh_life = _seconds(fields, "refresh_token_expires_in") or terms.refresh_seconds
    keeps = before is not None and not refresh
    return TokenPair(
        access=access,
        refresh=before.refresh if before is not None and keeps else refresh,
        access_until=now + timedelta(seconds=life),
        refresh_until=before.refresh_until if before is not None and keeps else now + timedelta(seconds=refresh_life),
    )


def _declined(response: ProviderResponse, fields: Fields, terms: TokenTerms) -> TokensDeclined:
    """Tell a code that is spent from any other refusal: a proxy, a limit and a wrong password name errors too."""
    is_later = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _LATER
    code = fields.get("error", b"").decode("utf-8", "replace")
    shown = code if code.lstrip("-").replace("_", "").isalnum() and code.isascii() else ""
    error = f"HTTP {response.status}" + (f" code {shown}"[:40] if shown else "")
    own = "" if is_later else code[:_LONGEST_CODE]
    return TokensDeclined(is_spent=own in terms.spent, error=error, code=own)


def _token(fields: Fields, name: str) -> str:
    """Return a token that can be sent in a header; nothing for any other value."""
    token = fields.get(name, b"").decode("utf-8", "replace")
    return token if len(token) <= LONGEST_TOKEN and HEADER_VALUE.fullmatch(token) else ""


def _seconds(fields: Fields, name: str) -> int:
    """Return a number of seconds, which some providers write as a text; 0 for any other value."""
    written = fields.get(name, b"")
    return min(int(written), LONGEST_LIFE) if written.isdigit() and len(written) <= _MOST_DIGITS else 0
