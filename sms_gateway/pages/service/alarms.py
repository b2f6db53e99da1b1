"""Alarms: what is open and who was told, what has ended; acknowledge one, try a way."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from db.processes.alarm_notices import accepted_ways, way_states
from db.processes.alarms import MOST_NOTE, acknowledge, find_alarm, find_ended, find_open
from db.staff.audit import Action
from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.alarms.systems import WAYS_LOOKED_AT
from sms_gateway.alarms.ways import ways_of
from sms_gateway.alarms.ways.sms import SmsParts
from sms_gateway.alarms.ways.words import notice_of_test
from sms_gateway.log import event, logger_of
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.service.link_down_causes import shown_cause
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import chosen_language, say

ENDED_SHOWN = 50

_LOG = logger_of(__name__)


def alarms() -> str:
    """Show the open alarms, by which ways people on duty were told, and the last ones that ended."""
    parts = dependencies()
    with parts.database.read() as connection:
        is_open, ended = find_open(connection), find_ended(connection, limit=ENDED_SHOWN)
        told = accepted_ways(connection, [one.id for one in (*is_open, *ended)])
        now = parts.now()
        states = way_states(connection, since=now - WAYS_LOOKED_AT, now=now)
    language = chosen_language()
    return render_template(
        "service/alarms.html",
        open_alarms=is_open,
        ended=ended,
        words={one.id: one.words[language] for one in (*is_open, *ended)},
        told={key: ", ".join(say(f"alarms.way_{way}") for way in one.ways) for key, one in told.items()},
        told_at={key: one.last_at for key, one in told.items()},
        ways=[(way, states.get(way)) for way in parts.settings.alarms.ways],
        settings=parts.settings.alarms,
        repeat=timedelta(minutes=parts.settings.alarms.repeat_minutes),
        most_note=MOST_NOTE,
        shown_cause=shown_cause,
    )


def acknowledge_alarm(alarm_id: int) -> Response:
    """Note that the operator knows of an alarm: it is told no more until it ends. Safe to repeat."""
    parts = dependencies()
    name = current_session().operator.name
    written = short_field("note").strip()[:MOST_NOTE]
    with parts.database.write() as connection:
        alarm = find_alarm(connection, alarm_id)
        if alarm is None:
            abort(404)
        changed = acknowledge(connection, alarm_id, operator=name, note=written, now=parts.now())
        if changed:
            note(connection, Action.ALARM_ACKNOWLEDGED, f"alarm:{alarm_id}", alarm.name)
    back = url_for("admin.alarms")
    return done(back, "done.alarm_acknowledged" if changed else "done.alarm_not_acknowledged")


def test_way(way: str) -> Response:
    """Send a test notice by one way, and wait until it was accepted or refused."""
    parts = dependencies()
    sms = SmsParts(database=parts.database, replies=parts.replies, senders=parts.phone_senders, states=parts.links)
    found = {one.name: one for one in ways_of(parts.settings, sms, now=parts.now)}
    if way not in found:
        abort(404)
    given = parts.settings
    notice = notice_of_test(str(uuid4()), given.service.short_codes[0], given.alarms.language, now=parts.now())
    with parts.database.write() as connection:
        note(connection, Action.ALARM_TESTED, f"way:{way}")
    back, shown = url_for("admin.alarms"), say(f"alarms.way_{way}")
    try:
        found[way].deliver(notice)
    except NotDelivered as error:
        event(_LOG, "alarm_test_failed", level="warning", way=way)
        return done(back, "done.way_failed", way=shown, error=shown_cause(error.reason))
    event(_LOG, "alarm_test_delivered", way=way)
    return done(back, "done.way_accepted", way=shown)
