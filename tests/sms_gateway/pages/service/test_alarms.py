"""Alarms on the pages: who was told, who knows of it, and whether a way works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from db.processes.channel_states import ChannelState
from db.schema import OperatorRole
from db.store.engine import Database
from sms_gateway.alarms.ways import ways_of
from sms_gateway.settings.alarm_model import AlarmEmailSettings, AlarmLimits, AlarmSettings
from sms_gateway.settings.services import is_on
from sms_gateway.settings.switches import ALARMS
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.alarms.house import House
from tests.sms_gateway.alarms.mail_double import PASSWORD, USER, MailDouble, mail_server
from tests.sms_gateway.conftest import NAME, Clock
from tests.sms_gateway.pages.acting import act, did, get, post

PLACE = "/admin/alarms"


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailDouble]:
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def parts(parts: WebDependencies, mail: MailDouble) -> WebDependencies:
    email = AlarmEmailSettings(
        host="localhost",
        port=mail.port,
        user=USER,
        password=SecretStr(PASSWORD),
        sender="sms@city.example",
        recipients=["duty@city.example"],
        ca_file=mail.authority.file,
    )
    limits = AlarmLimits(certificate_days=1)  # those of tests are valid for a day
    return replace(
        parts, settings=parts.settings.model_copy(update={"alarms": AlarmSettings(email=email, limits=limits)})
    )


@pytest.fixture
def house(parts: WebDependencies, database: Database, clock: Clock, links: list[ChannelState]) -> House:
    """The alarms of the service that the pages show: its link is down, and was told."""
    made = House(
        database=database,
        ways=ways_of(parts.settings, now=clock),
        settings=parts.settings,
        clock=clock,
        links=links,
    )
    made.go_down()
    made.rounds(seconds=80)
    return made


def test_an_open_alarm_shows_who_was_told_and_an_operator_acknowledges_it(
    logged_in: FlaskClient, database: Database, house: House, make: Callable[[OperatorRole], None]
) -> None:
    page = get(logged_in, PLACE).text
    assert "Link viettel has been down since 22/11/2026 12:00 (connection closed)." in page
    assert "Since 22/11/2026 12:00. Told by e-mail, last at 22/11/2026 12:01." in page
    assert "took a notice at 22/11/2026 12:01" in page
    today = get(logged_in, "/admin").text
    assert 'class="alarm" id="alarm-link_down-viettel"' in today
    path = page.split("/acknowledge")[0].rsplit('"', 1)[1] + "/acknowledge"
    make(OperatorRole.VIEWER)
    assert "/acknowledge" not in get(logged_in, PLACE).text
    assert post(logged_in, path).status_code == 403
    make(OperatorRole.OPERATOR)
    done = act(logged_in, path, note="<b>the carrier knows</b>").text
    assert "You acknowledged the alarm." in done
    assert f"Acknowledged by {NAME} at 22/11/2026 12:01. – &lt;b&gt;the carrier knows&lt;/b&gt;" in done
    assert "somebody acknowledged it before" in act(logged_in, path).text
    assert post(logged_in, f"{PLACE}/7/acknowledge").status_code == 404
    today = get(logged_in, "/admin").text
    assert 'class="alarm is-known" id="alarm-link_down-viettel"' in today
    assert f"Acknowledged by {NAME}." in today
    assert [action for action, _ in did(database)] == ["alarm_acknowledged"]
    house.come_up()
    house.rounds(seconds=80)
    page = get(logged_in, PLACE).text
    assert "No alarm is open." in page
    assert f"{NAME}: &lt;b&gt;the carrier knows&lt;/b&gt;" in page.split('id="ended-title"')[1]
    assert "viettel mất từ" in logged_in.get(PLACE, headers={"Accept-Language": "vi"}).text


def test_an_administrator_tries_a_way_and_sees_whether_it_was_accepted(
    logged_in: FlaskClient, database: Database, mail: MailDouble, make: Callable[[OperatorRole], None]
) -> None:
    assert post(logged_in, f"{PLACE}/test/email").status_code == 403
    make(OperatorRole.ADMINISTRATOR)
    assert "The test by e-mail was accepted." in act(logged_in, f"{PLACE}/test/email").text
    assert ["THỬ" in str(one["Subject"]) for one in mail.taken] == [True]
    assert post(logged_in, f"{PLACE}/test/sms").status_code == 404, "it is not set"
    mail.says = {"RCPT": "550 5.1.1 no such mailbox"}
    assert "The test by e-mail was not accepted: " in act(logged_in, f"{PLACE}/test/email").text
    assert did(database)[-1] == ("alarm_tested", "way:email")


def test_without_a_way_there_is_no_page_and_no_entry(
    app: Flask, parts: WebDependencies, logged_in: FlaskClient
) -> None:
    assert f'href="{PLACE}"' in get(logged_in, "/admin/links").text
    quiet = parts.settings.model_copy(update={"alarms": AlarmSettings()})
    assert not is_on(quiet, parts.vocabulary)(ALARMS)
    assert is_on(parts.settings, parts.vocabulary)(ALARMS)
