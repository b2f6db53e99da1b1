"""An operator's session: a random token in a cookie, and in the database its mark with everything else."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import abort, g, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from db.operator_sessions import OperatorSession, close_session, find_session, open_session, touch_session
from sms_gateway.web.forms import by_https, current_session_or_none, set_cookie
from sms_gateway.web.parts import current_parts

TOKEN_OCTETS = 32
TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last use is known; a write for each polled page would cost more than it tells."""


def cookie_name() -> str:
    """Return the cookie's name; by https the `__Host-` prefix keeps neighbours from planting one."""
    return "__Host-session" if by_https() else "session"


def load_session() -> None:
    """Find the operator of this request, if any, before a page is chosen."""
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "static":
        return
    parts = current_parts()
    now = parts.now()
    with parts.database.read() as connection:
        found = find_session(connection, token, now)
    if found is not None:
        g.operator_session = found
        _touch(token, found, now)


def current_session() -> OperatorSession:
    """Return the session of a page that demands one."""
    found = current_session_or_none()
    if found is None:
        abort(401)
    return found


def own_mark() -> str:
    """Return the name under which this session stands in the list of sessions."""
    return current_session().mark


def start_session(connection: Connection, operator_id: int, now: datetime) -> str:
    """Open a session with a token of its own (never one that the browser brought) and return the token."""
    token = secrets.token_urlsafe(TOKEN_OCTETS)
    end_session(connection)
    open_session(
        connection,
        token=token,
        operator_id=operator_id,
        csrf=secrets.token_urlsafe(TOKEN_OCTETS),
        address=request.remote_addr,
        now=now,
        expires_at=now + timedelta(hours=current_parts().settings.web.session_hours),
    )
    return token


def end_session(connection: Connection) -> None:
    """Close the session that this browser brought, if any."""
    token = request.cookies.get(cookie_name())
    if token:
        close_session(connection, token)


def hand_over(response: Response, token: str) -> Response:
    """Give the browser its token."""
    hours = current_parts().settings.web.session_hours
    set_cookie(response, cookie_name(), token, max_age=hours * 3600)
    return response


def forget(response: Response) -> Response:
    """Take the token away from the browser."""
    set_cookie(response, cookie_name(), "", max_age=0)
    return response


def _touch(token: str, found: OperatorSession, now: datetime) -> None:
    if now - found.seen_at < TOUCH_EVERY:
        return
    try:
        with current_parts().database.write() as connection:
            touch_session(connection, token, now)
    except SQLAlchemyError:
        # The last use is only told to people; a full disk must not shut out who came to see about it.
        return
