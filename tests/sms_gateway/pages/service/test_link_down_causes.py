"""Why a link is down, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from db.processes.alarm_notices import WayState
from sms_gateway.alarms.systems import heartbeat_conditions, way_conditions
from sms_gateway.channels import smpp
from sms_gateway.channels.service_health import MonitorFailure
from sms_gateway.pages.service.link_down_causes import CAUSES, shown_cause
from sms_gateway.web.language import say
from sms_gateway.web.translations import LANGUAGES, find_words
from tests.sms_gateway.conftest import NOON

SAMPLES = {
    "what": "enquire_link",
    "codes.status_name(pdu.status)": "ESME_RBINDFAIL",
    "error.verify_message": "expired",
    "error": "too long",
}


def causes_of_links() -> set[str]:
    """Return every reason that the sources of the link give."""
    found = set[str]()
    for name in ("session/session.py", "bind.py", "session/wire.py"):
        text = (Path(smpp.__file__).parent / name).read_text("utf-8")
        found.update(re.findall(r'\.fall\(f?"(.*?)"', text))
        found.update(re.findall(r'(?:cause = f?|TimeoutError\(errno\.ETIMEDOUT, )"(.*?)"', text))
    return {re.sub(r"\{(.*?)\}", lambda value: SAMPLES[value[1]], one) for one in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words(language: str) -> None:
    assert [key for key in CAUSES if find_words(f"cause.{key}", language) is None] == []


def test_every_reason_that_a_link_gives_is_said_in_vietnamese(app: Flask) -> None:
    told = causes_of_links()
    assert len(told) >= 10
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        assert [one for one in told if shown_cause(one) == one] == []


@pytest.mark.parametrize(
    ("told", "vietnamese"),
    [
        ("smsc.example port 2775: Connection refused", "smsc.example cổng 2775: kết nối bị từ chối"),
        ("smsc.example: no such host (Name or service not known)", "smsc.example: không có máy này"),
        ("smsc..example: not the name of a host (label empty or too long)", "smsc..example: không phải tên máy"),
        (
            "smsc.example port 2775: Address family not supported by protocol; Connection refused",
            "smsc.example cổng 2775: máy này không dùng loại địa chỉ đó; kết nối bị từ chối",
        ),
        (
            "smsc.example: cannot be looked up (Too many open files)",
            "smsc.example: không tra được tên máy (hết số tệp được mở)",
        ),
        ("smsc.example port 2775: Too many open files", "smsc.example cổng 2775: hết số tệp được mở"),
        ("127.0.0.1 port 2580: no answer in 10 seconds", "127.0.0.1 cổng 2580: không có trả lời trong 10 giây"),
        ("no channel that sends to telephones is up", "không có kênh nào gửi được đến điện thoại"),
        ("the receiver answered HTTP 503", "HTTP 503"),
        ("bind refused: ESME_RINVPASWD", "từ chối bind: ESME_RINVPASWD"),
        ("an error of the system's own", "an error of the system's own"),
    ],
)
def test_hosts_and_statuses_stay_in_it(app: Flask, told: str, vietnamese: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        assert shown_cause(told) == vietnamese


def test_why_a_way_or_the_heartbeat_fails_is_said_in_vietnamese(app: Flask) -> None:
    way = WayState(failing_since=NOON, last_error="no channel that sends to telephones is up")
    monitor = MonitorFailure(since=NOON, error="127.0.0.1 port 2580: Connection refused")
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        titles = [say(one.title) for one in (*way_conditions({"sms": way}), *heartbeat_conditions(monitor))]
    assert "không có kênh nào gửi được đến điện thoại" in titles[0]
    assert "127.0.0.1 cổng 2580: kết nối bị từ chối" in titles[1]
