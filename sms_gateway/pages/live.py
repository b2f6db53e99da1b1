"""Requests of our own script, which renews a page that is open."""

from __future__ import annotations

from flask import request

LIVE_HEADER = "X-Live"


def is_renewal() -> bool:
    """Tell whether our script looks for news: it wants to hear 401 instead of the log-in page, and what can change."""
    return bool(request.headers.get(LIVE_HEADER))
