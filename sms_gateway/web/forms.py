"""Forms: bounded fields, cookies, and the token in every form that a foreign site cannot know (CSRF)."""

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
"""An address that holds a citizen's number opens for so long: in a history or a chat it is of no use to others."""


def short_field(name: str) -> str:
    """Return a form field, blanks around it dropped; empty when missing, 400 when longer than anybody types."""
    value = request.form.get(name, "").strip()
    if len(value) > MAX_FIELD_CHARACTERS:
        abort(400)
    return value


def holds_nul() -> bool:
    """Return whether the address, the query or the form holds a NUL: nobody types one, and PostgreSQL stores none."""
    fields = [*request.args.items(multi=True), *request.form.items(multi=True)]
    return "\0" in request.path or any("\0" in part for field in fields for part in field)


def form_token() -> str:
    """Return the token for the forms of this page: the session's own, or for a visitor one tied to a cookie."""
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
    """Return the operator's session, once `admin.session` has found one for this request."""
    found = g.get("operator_session")
    return found if isinstance(found, OperatorSession) else None


def give_visitor_cookie(response: Response) -> Response:
    """Set the cookie that a visitor's forms are tied to, when this page made one."""
    fresh = g.get("fresh_visitor")
    if isinstance(fresh, str):
        set_cookie(response, VISITOR_COOKIE, fresh)
    return response


def cookie_name(name: str) -> str:
    """Return a cookie's full name; by https the `__Host-` prefix keeps neighbours from planting one."""
    return f"__Host-{name}" if by_https() else name


def read_cookie(name: str) -> str | None:
    """Return a cookie that `set_cookie` set, if the browser brought it."""
    return request.cookies.get(cookie_name(name))


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie that scripts cannot read and other sites neither send along nor, by https, plant."""
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, httponly=True, samesite="Lax", secure=by_https(), path="/"
    )


def by_https() -> bool:
    """Return whether operators come by https: the settings say so, or a trusted proxy does of this request."""
    return dependencies().settings.web.secure_cookie or request.is_secure


def safe_return(path: str) -> str | None:
    """Return a path of this site; None for anything else (an open redirect helps forgers)."""
    fine = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if fine and "\\" not in path else None


def seal_value(value: str, place: str) -> str:
    """Seal what a reader typed, so that it can travel in a URL or cookie and tell nothing."""
    sealed = dependencies().database.keyring.seal(value.encode(), place.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def seal_for_operator(value: str, place: str) -> str:
    """Seal what travels in an address or a form, for the operator of this request and `SEALED_FOR`."""
    until = dependencies().now() + SEALED_FOR
    return seal_value(f"{until.isoformat()} {value}", _place_of_operator(place))


def open_for_operator(token: str, place: str) -> str | None:
    """Open what `seal_for_operator` made; None when it was made for another operator, is too old, or is made up."""
    until, _, value = (open_value(token, _place_of_operator(place)) or "").partition(" ")
    return value if until and datetime.fromisoformat(until) > dependencies().now() else None


def open_value(token: str, place: str) -> str | None:
    """Open what `seal_value` made; None for anything else."""
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
