"""An operator's session: a random token in a cookie. The database holds its keyed hash and all other data."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import abort, g, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from db.staff.sessions import (
    OperatorSession,
    close_session,
    close_sessions_of,
    find_session,
    open_session,
    touch_session,
)
from sms_gateway.pages.live import is_renewal
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import current_session_or_none, read_cookie, set_cookie

COOKIE = "session"
TOKEN_OCTETS = 32
TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last use is known. A write for each polled page would cost more than it is worth."""


def load_session() -> None:
    """Find the operator of this request, if any, before a page is chosen."""
    token = read_cookie(COOKIE)
    if not token or request.endpoint == "static":
        return
    parts = dependencies()
    now = parts.now()
    with parts.database.read() as connection:
        found = find_session(connection, token, now, used_since=now - idle_time())
    if found is not None:
        g.operator_session = found
        _touch(token, found, now)


def idle_time() -> timedelta:
    """Return how long a session lasts without use."""
    return timedelta(minutes=dependencies().settings.web.idle_minutes)


def current_session() -> OperatorSession:
    """Return the session of a page that needs one."""
    found = current_session_or_none()
    if found is None:
        abort(401)
    return found


def own_mark() -> str:
    """Return the name of this session in the list of sessions."""
    return current_session().mark


def start_session(connection: Connection, operator_id: int, now: datetime) -> str:
    """Open a session with a new token (never one that the browser sent) and return the token."""
    token = secrets.token_urlsafe(TOKEN_OCTETS)
    end_session(connection)
    open_session(
        connection,
        token=token,
        operator_id=operator_id,
        csrf=secrets.token_urlsafe(TOKEN_OCTETS),
        address=request.remote_addr,
        now=now,
        expires_at=now + timedelta(hours=dependencies().settings.web.session_hours),
    )
    return token


def renew_session(connection: Connection, operator_id: int) -> str:
    """End every session of an operator who proved again who they are, and open a new one for this browser."""
    now = dependencies().now()
    close_sessions_of(connection, operator_id)
    token = start_session(connection, operator_id, now)
    g.operator_session = find_session(connection, token, now, used_since=now - idle_time())
    return token


def end_session(connection: Connection) -> None:
    """Close the session of this browser, if any."""
    token = read_cookie(COOKIE)
    if token:
        close_session(connection, token)


def hand_over(response: Response, token: str) -> Response:
    """Return the browser its token."""
    hours = dependencies().settings.web.session_hours
    set_cookie(response, COOKIE, token, max_age=hours * 3600)
    return response


def forget(response: Response) -> Response:
    """Take the token away from the browser."""
    set_cookie(response, COOKIE, "", max_age=0)
    return response


def _touch(token: str, found: OperatorSession, now: datetime) -> None:
    """Note that the session is used, and that a page is open; a script that polls keeps no session alive."""
    used_at = now if not is_renewal() and now - found.seen_at >= TOUCH_EVERY else None
    is_noted = found.open_at is not None and now - found.open_at < TOUCH_EVERY
    open_at = None if is_noted or not dependencies().is_on(CONVERSATION) else now
    if used_at is None and open_at is None:
        return
    try:
        with dependencies().database.write() as connection:
            touch_session(connection, token, used_at=used_at, open_at=open_at)
    except SQLAlchemyError:
        # The last use is only for information: a full disk must not lock out the operator who wants to look into it.
        return
