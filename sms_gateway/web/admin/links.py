"""Links: how each SMPP link is; an administrator stops, drains and starts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from db.audit import Action
from sms_gateway.log import event, logger_of
from sms_gateway.web.admin.noted import note
from sms_gateway.web.forms import short_field
from sms_gateway.web.parts import LinkControl, current_parts

_LOG = logger_of(__name__)

_ACTIONS: Mapping[str, tuple[Action, Callable[[LinkControl, str], None]]] = {
    "start": (Action.LINK_STARTED, lambda control, name: control.start_link(name)),
    "stop": (Action.LINK_STOPPED, lambda control, name: control.stop_link(name)),
    "drain": (Action.LINK_DRAINED, lambda control, name: control.drain_link(name)),
}


def links() -> str:
    """Show the links with what they are set to."""
    parts = current_parts()
    running = {link.name: link for link in parts.links()}
    return render_template(
        "links.html",
        links=list(running.values()),
        settings=parts.settings.links,
        channels=parts.settings.channels,
        stopped=[name for name in parts.settings.links if name not in running],
        can_control=parts.control is not None,
    )


def control_link(name: str) -> Response:
    """Stop, drain or start a link of this process."""
    parts, wanted = current_parts(), short_field("action")
    if parts.control is None or name not in parts.settings.links or wanted not in _ACTIONS:
        abort(404)
    action, act = _ACTIONS[wanted]
    with parts.database.write() as connection:
        note(connection, action, f"link:{name}")
    act(parts.control, name)
    event(_LOG, "link_controlled", link=name, action=wanted)
    return redirect(url_for("admin.links"), code=303)
