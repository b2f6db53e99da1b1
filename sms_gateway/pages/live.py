"""Requests of our own script, which renews a page that is open."""

from __future__ import annotations

from flask import request

LIVE_HEADER = "X-Live"


def is_renewal() -> bool:
    """Return whether our script looks for news: it expects 401 instead of the log-in page."""
    return bool(request.headers.get(LIVE_HEADER))
