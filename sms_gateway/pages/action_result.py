"""What a form did: one line on the page that follows it, and what is shown only once.

Every POST ends in a redirect (303), so Back and reload never send a form again. The line travels in a cookie that is
sealed, names one of our own sentences, ends after a minute and is taken away by the page that shows it. What only this
session may see (a one-time password, the right to see one row clear) travels with it and names the session.
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
"""A browser follows a redirect at once; a cookie that was stolen later tells nothing."""

_PLACE = "web.done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What the form before this page did."""

    message: LocalisedMessage
    reveals: str = ""
    """The row that this page may show clear, as the audit log names it: the act was written down."""
    secrets: Sequence[str] = ()
    """What is shown this once: a one-time password, recovery codes."""


def done(address: str, key: str, *, reveals: str = "", secrets: Sequence[str] = (), **values: str | int) -> Response:
    """Lead to a page that says what was done; `values` must hold no personal data."""
    told = {
        "message": message_to_plain(page_message(key, **values)),
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
    """Lead to a page that shows a row clear, once; the caller wrote down who looks."""
    return done(address, "message.revealed", reveals=subject)


def what_was_done() -> Done | None:
    """Return what the form before this page did; the page that asks shows it, and no page after it."""
    if "done" not in g:
        g.done = None if request.method != "GET" or is_renewal() else _read(read_cookie(COOKIE) or "")
    found = g.done
    return found if isinstance(found, Done) else None


def reveals(subject: str) -> bool:
    """Return whether this page may show a row clear: the form before it asked for that and was written down."""
    told = what_was_done()
    return told is not None and told.reveals == subject


def forget_done(response: Response) -> Response:
    """Take the cookie away once a page has shown what it says."""
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
