"""The headers that tell browsers what our pages never do."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from sms_gateway.web.forms import by_https

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}

STATIC_SECONDS = 3600
YEAR_SECONDS = 365 * 24 * 3600


def add_headers(response: Response) -> Response:
    """Add them to every response; a page is never kept by a cache, a static file for an hour."""
    response.headers.update(FIXED)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if by_https():
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return response
