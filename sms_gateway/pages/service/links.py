"""Links: the state of each SMPP link; an administrator stops, drains and starts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.messages.receipt_matching import learned
from db.messages.receipts import count_strays
from db.staff.audit import Action
from sms_gateway.channels.http.network import send_place
from sms_gateway.channels.ports import ChannelControl
from sms_gateway.channels.status import channel_statuses
from sms_gateway.log import event, logger_of
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

_LOG = logger_of(__name__)

_ACTIONS: Mapping[str, tuple[Action, Callable[[ChannelControl, str], None]]] = {
    "start": (Action.LINK_STARTED, lambda control, name: control.start_channel(name)),
    "stop": (Action.LINK_STOPPED, lambda control, name: control.stop_channel(name)),
    "drain": (Action.LINK_DRAINED, lambda control, name: control.drain_channel(name)),
}


def links() -> str:
    """Show the state of the links, their settings, and what their receipts have taught."""
    parts = dependencies()
    with parts.database.read() as connection:
        standings = channel_statuses(connection, names=parts.settings.senders, here=parts.links(), now=parts.now())
        rules = learned(connection)
        strays = count_strays(connection)
    control = parts.control
    return render_template(
        "service/links.html",
        links=standings,
        settings={name: parts.settings.every_channel[name] for name in parts.settings.senders},
        channels=parts.settings.channels,
        networks=parts.networks,
        places={
            name: send_place(channel, parts.networks[channel.network])
            for name, channel in parts.settings.channels.items()
        },
        running=[link.name for link in standings if link.here],
        startable=[link.name for link in standings if not link.state.up or link.drained],
        ours=[name for name in parts.settings.senders if control is not None and control.is_ours(name)],
        strays=strays,
        learned={name: [each for each in rules if each.link == name] for name in parts.settings.senders},
    )


def control_link(name: str) -> Response | str:
    """Ask; then stop, drain or start a link of this process. A start needs no question."""
    parts = dependencies()
    wanted = request.args.get("action", "") if request.method == "GET" else short_field("action")
    if parts.control is None or name not in parts.settings.senders or wanted not in _ACTIONS:
        abort(404)
    if wanted == "drain" and not parts.settings.every_channel[name].can.drain:
        abort(404)
    if not parts.control.is_ours(name):  # another process would bind beside us
        abort(404)
    if request.method == "GET":
        return _ask(name, wanted)
    action, act = _ACTIONS[wanted]
    with parts.database.write() as connection:
        note(connection, action, f"link:{name}")
    act(parts.control, name)
    event(_LOG, "link_controlled", link=name, action=wanted)
    return done(url_for("admin.links"), f"done.{action}", link=name)


def _ask(name: str, wanted: str) -> str:
    return ask(
        Question(
            title=say("links.ask_title", action=say(f"links.{wanted}"), link=name),
            leads=[say(f"links.ask_{wanted}")],
            button=say(f"links.{wanted}"),
            back=url_for("admin.links"),
            fields={"action": wanted},
        )
    )
