"""The result of a form: one line on the next page, and values that are shown only once.

Every POST ends in a redirect (303), so Back and reload never send a form again. The line is in an encrypted cookie,
which holds a key of our own messages. It is valid for a minute, and the page that shows it deletes it. Values for this
session alone (a one-time password, the right to see one row unmasked) are in the cookie too, with the name of the
session.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, redirect, request
from werkzeug.wrappers import Response

from parsers.localised_message import LocalisedMessage, message_from_plain, message_to_plain
from sms_gateway.pages.live import is_renewal
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import current_session_or_none, open_value, read_cookie, seal_value, set_cookie
from sms_gateway.web.language import page_message

COOKIE = "done"
SHOWN_WITHIN = timedelta(minutes=1)
"""A browser follows a redirect at once; a cookie that is stolen later is useless."""

_PLACE = "web.done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What the form before this page did."""

    message: LocalisedMessage
    reveals: str = ""
    """The row that this page may show unmasked, by its name in the audit log, where the reveal is already recorded."""
    secrets: Sequence[str] = ()
    """Values that are shown this once: a one-time password, recovery codes."""


def done(address: str, key: str, *, reveals: str = "", secrets: Sequence[str] = (), **values: str | int) -> Response:
    """Redirect to a page that shows what was done; `values` must hold no personal data."""
    return report(address, page_message(key, **values), reveals=reveals, secrets=secrets)


def report(address: str, message: LocalisedMessage, *, reveals: str = "", secrets: Sequence[str] = ()) -> Response:
    """Redirect to a page that shows a message of another room; it must hold no personal data."""
    told = {
        "message": message_to_plain(message),
        "reveals": reveals,
        "secrets": list(secrets),
        "session": _session() if reveals or secrets else "",
        "until": (dependencies().now() + SHOWN_WITHIN).isoformat(),
    }
    response = redirect(address, code=303)
    token = seal_value(json.dumps(told, separators=(",", ":")), _PLACE)
    set_cookie(response, COOKIE, token, max_age=int(SHOWN_WITHIN.total_seconds()))
    return response


def reveal(address: str, subject: str) -> Response:
    """Redirect to a page that shows a row unmasked, once; the caller has recorded it in the audit log."""
    return done(address, "message.revealed", reveals=subject)


def what_was_done() -> Done | None:
    """Return what the form before this page did; only the page that asks shows it."""
    if "done" not in g:
        g.done = None if request.method != "GET" or is_renewal() else _read(read_cookie(COOKIE) or "")
    found = g.done
    return found if isinstance(found, Done) else None


def reveals(subject: str) -> bool:
    """Return whether this page may show a row unmasked: the form before it asked for that, and it is recorded."""
    told = what_was_done()
    return told is not None and told.reveals == subject


def forget_done(response: Response) -> Response:
    """Delete the cookie once a page has shown it."""
    if g.get("done") is not None:
        set_cookie(response, COOKIE, "", max_age=0)
    return response


def _read(token: str) -> Done | None:
    opened = open_value(token, _PLACE) if token else None
    if opened is None:
        return None
    told = json.loads(opened)
    if dependencies().now() > datetime.fromisoformat(told["until"]):
        return None
    if told["session"] and told["session"] != _session():
        return None
    return Done(message=message_from_plain(told["message"]), reveals=told["reveals"], secrets=told["secrets"])


def _session() -> str:
    session = current_session_or_none()
    return "" if session is None else session.mark
