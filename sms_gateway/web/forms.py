"""Forms: bounded fields, cookies, and the token that protects each form from foreign sites (CSRF)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta

from flask import abort, g, request
from werkzeug.wrappers import Response

from db.staff.sessions import OperatorSession
from db.store.sealing import SealBrokenError
from sms_gateway.web.dependencies import dependencies

MAX_FIELD_CHARACTERS = 2000
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a form field
VISITOR_COOKIE = "visitor"
SEALED_FOR = timedelta(hours=1)
"""The lifetime of an address that holds a citizen's number: in a browser history or a chat it is soon useless."""


def short_field(name: str) -> str:
    """Return a form field without blanks around it: empty when missing, 400 when it is too long."""
    value = request.form.get(name, "").strip()
    if len(value) > MAX_FIELD_CHARACTERS:
        abort(400)
    return value


def holds_nul() -> bool:
    """Return whether the address, the query or the form holds a NUL. Nobody types one, and PostgreSQL stores none."""
    fields = [*request.args.items(multi=True), *request.form.items(multi=True)]
    return "\0" in request.path or any("\0" in part for field in fields for part in field)


def form_token() -> str:
    """Return the token for the forms of this page: the session's token, or for a visitor one tied to a cookie."""
    session = current_session_or_none()
    if session is not None:
        return session.csrf
    return _visitor_token(_visitor())


def form_is_ours() -> bool:
    """Return whether a POST came from a page of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    session = current_session_or_none()
    if session is None and read_cookie(VISITOR_COOKIE) is None:
        return False
    given = request.form.get(TOKEN_FIELD, "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), form_token().encode())


def current_session_or_none() -> OperatorSession | None:
    """Return the operator's session, once `admin.session` has found it for this request."""
    found = g.get("operator_session")
    return found if isinstance(found, OperatorSession) else None


def give_visitor_cookie(response: Response) -> Response:
    """Set the cookie that a visitor's forms are tied to, when this page made one."""
    fresh = g.get("fresh_visitor")
    if isinstance(fresh, str):
        set_cookie(response, VISITOR_COOKIE, fresh)
    return response


def cookie_name(name: str) -> str:
    """Return a cookie's full name; by HTTPS the prefix `__Host-` prevents that a sibling domain sets it."""
    return f"__Host-{name}" if by_https() else name


def read_cookie(name: str) -> str | None:
    """Return a cookie that `set_cookie` set, if the browser sent it."""
    return request.cookies.get(cookie_name(name))


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie that scripts cannot read, that other sites do not send, and that they cannot set by HTTPS."""
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, httponly=True, samesite="Lax", secure=by_https(), path="/"
    )


def by_https() -> bool:
    """Return whether operators come by HTTPS: by the settings, or as a trusted proxy reports of this request."""
    return dependencies().settings.web.secure_cookie or request.is_secure


def safe_return(path: str) -> str | None:
    """Return a path of this site; None for anything else, because forged mails use open redirects."""
    fine = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if fine and "\\" not in path else None


def seal_value(value: str, place: str) -> str:
    """Encrypt what a reader typed, so that it can be in a URL or a cookie and nobody can read it."""
    sealed = dependencies().database.keyring.seal(value.encode(), place.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def seal_for_operator(value: str, place: str) -> str:
    """Encrypt a value for an address or a form; it is valid for the operator of this request and for `SEALED_FOR`."""
    until = dependencies().now() + SEALED_FOR
    return seal_value(f"{until.isoformat()} {value}", _place_of_operator(place))


def open_for_operator(token: str, place: str) -> str | None:
    """Decrypt what `seal_for_operator` made; None when it was made for another operator, is too old or is forged."""
    until, _, value = (open_value(token, _place_of_operator(place)) or "").partition(" ")
    return value if until and datetime.fromisoformat(until) > dependencies().now() else None


def open_value(token: str, place: str) -> str | None:
    """Decrypt what `seal_value` made; None for anything else."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return dependencies().database.keyring.open(sealed, place.encode()).decode()
    except (binascii.Error, SealBrokenError, ValueError):
        return None


def _place_of_operator(place: str) -> str:
    session = current_session_or_none()
    return f"{place} {'' if session is None else session.operator.id}"


def _visitor() -> str:
    known = read_cookie(VISITOR_COOKIE) or g.get("fresh_visitor")
    if isinstance(known, str):
        return known
    g.fresh_visitor = secrets.token_urlsafe(24)
    return str(g.fresh_visitor)


def _visitor_token(visitor: str) -> str:
    return dependencies().database.keyring.mark(b"web.form", visitor.encode("utf-8", "replace")).hex()
