"""A link that an operator stopped is no alarm about the carrier: Today and Links say who stopped it, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from db.processes.channel_states import ENDED, ChannelState, write_states
from db.staff.audit import Action, append
from db.store.engine import Database
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import get

ROW = ChannelState(name="vinaphone", up=False, since=NOON, wanted=1, window=10, last_error=ENDED)
BEFORE = NOON - timedelta(hours=3)


@pytest.fixture
def parts(parts: WebDependencies) -> WebDependencies:
    links = {"vinaphone": LinkSettings(host="smsc.example", system_id="hue")}
    return replace(parts, settings=parts.settings.model_copy(update={"links": links}))


@pytest.mark.parametrize(
    ("label", "row", "minutes_ago", "done", "stopped"),
    [
        ("stopped", ROW, 0, [(Action.LINK_STOPPED, 0)], True),
        ("stopped while it was down", replace(ROW, since=BEFORE), 0, [(Action.LINK_STOPPED, 0)], True),
        ("stopped, and long silent", ROW, 180, [(Action.LINK_STOPPED, 0)], True),
        ("started again, down by itself", ROW, 0, [(Action.LINK_STOPPED, -9), (Action.LINK_STARTED, -8)], False),
        ("its process ended long after", ROW, 0, [(Action.LINK_STOPPED, -60)], False),
        ("the carrier hung up", replace(ROW, last_error="connection closed"), 0, [(Action.LINK_STOPPED, 0)], False),
        ("its process ended", ROW, 0, [], False),
    ],
)
def test_a_link_that_we_stopped_names_who_did(  # noqa: PLR0917 - pytest asks for fixtures by name
    logged_in: FlaskClient,
    database: Database,
    label: str,
    row: ChannelState,
    minutes_ago: int,
    done: list[tuple[Action, int]],
    stopped: bool,  # noqa: FBT001 - a column of the table
) -> None:
    with database.write() as connection:
        write_states(connection, [row], holder="a", now=NOON - timedelta(minutes=minutes_ago))
        for action, minutes in done:
            at = NOON + timedelta(minutes=minutes)
            append(connection, at=at, operator="huy", action=action, subject="link:vinaphone")
    today, links = (get(logged_in, path).text for path in ("/admin", "/admin/links"))
    assert ("Link vinaphone was stopped by huy at 22/11/2026 12:00." in today) is stopped, label
    assert ("press Start on the page Links" in today) is stopped, label
    assert ("all the carrier if it is down" in today or "No process runs this link" in today) is not stopped, label
    assert ("by huy at 22/11/2026 12:00; press Start" in links) is stopped, label
