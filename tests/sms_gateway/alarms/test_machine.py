"""Files and disks of the machine: what blocks is not opened, and what is half written does not count."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from sms_gateway.alarms.machine import certificate_conditions
from sms_gateway.settings.alarm_model import AlarmLimits, AlarmSettings
from sms_gateway.settings.model import Settings

NOW = datetime(2026, 11, 29, 14, tzinfo=UTC)


def test_a_pipe_in_place_of_a_certificate_is_reported_and_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "proxy.pem"
    os.mkfifo(pipe)
    settings = Settings(alarms=AlarmSettings(limits=AlarmLimits(certificates=[pipe])))
    (found,) = certificate_conditions(settings, NOW)
    assert found.title.key == "alarm.certificate_unread"
