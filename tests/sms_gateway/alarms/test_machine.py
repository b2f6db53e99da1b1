"""Files and disks of the machine: what blocks is not opened, and what is half written does not count."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sms_gateway.alarms.machine import backup_conditions, certificate_conditions, certificate_files
from sms_gateway.settings.alarm_model import (
    AlarmEmailSettings,
    AlarmLimits,
    AlarmSettings,
    AlarmWebhookSettings,
    HeartbeatSettings,
)
from sms_gateway.settings.model import Settings

NOW = datetime(2026, 11, 29, 14, tzinfo=UTC)


def test_a_pipe_in_place_of_a_certificate_is_reported_and_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "proxy.pem"
    os.mkfifo(pipe)
    settings = Settings(alarms=AlarmSettings(limits=AlarmLimits(certificates=[pipe])))
    (found,) = certificate_conditions(settings, NOW)
    assert found.title.key == "alarm.certificate_unread"


def test_a_dump_that_grows_is_no_backup_yet(tmp_path: Path) -> None:
    limits = AlarmLimits(backup_hours=30, backup_directory=tmp_path)
    for name, minutes, size in (("old", 31 * 60, 9), ("dump", 4, 9), ("empty", 60, 0), (".draft", 60, 9)):
        written_at = (NOW - timedelta(minutes=minutes)).timestamp()
        (tmp_path / name).write_bytes(b"x" * size)
        os.utime(tmp_path / name, (written_at, written_at))
    assert len(list(backup_conditions(limits, None, NOW))) == 1
    assert list(backup_conditions(limits, None, NOW + timedelta(minutes=1))) == []


def test_the_certificates_of_every_section_are_watched() -> None:
    settings = Settings(
        alarms=AlarmSettings(
            email=AlarmEmailSettings(ca_file=Path("email.pem")), webhook=AlarmWebhookSettings(ca_file=Path("hook.pem"))
        ),
        heartbeat=HeartbeatSettings(ca_file=Path("heartbeat.pem")),
    )
    assert {str(one.path) for one in certificate_files(settings) if one.is_trusted} == {
        "email.pem",
        "hook.pem",
        "heartbeat.pem",
    }
