"""Requests of our own script, which updates an open page."""

from __future__ import annotations

from flask import request

LIVE_HEADER = "X-Live"


def is_renewal() -> bool:
    """Return whether our script asks: it expects 401 instead of the log-in page."""
    return bool(request.headers.get(LIVE_HEADER))
