"""`sms-gateway check` tries each way of alarms and the heartbeat, and sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sms_gateway.alarms.mail_double import PASSWORD, mail_server
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.cli.service.test_alarm import configure, mail_section, webhook_section
from tests.sms_gateway.cli.surroundings import run

DEAD = "http://127.0.0.1:9/canary-path"  # the port "discard", on which nothing listens


def told(*words: str) -> list[str]:
    lines = run("check", *words).stdout.splitlines()
    return [line for line in lines if line[10:].startswith(("alarms by", "heartbeat"))]


def test_each_way_is_connected_to_and_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD", "passwd")
    sms = '[links.main]\nhost = "127.0.0.1"\nport = 9\nsystem_id = "we"\n[alarms.sms]\nnumbers = ["0905123456"]\n'
    with mail_server(tmp_path) as double, provider(lambda _: Say()) as receiver:
        beat = f'[heartbeat]\nurl = "{receiver.url}"\n'
        configure(mail_section(double), webhook_section(receiver), sms, beat)
        run("db", "upgrade")
        place = receiver.url.removesuffix("/send")
        assert told() == [
            f"OK        alarms by email: connected to localhost port {double.port}",
            f"OK        alarms by webhook: connected to {place}",
            "LEFT OUT  alarms by sms: numbers: 1; no channel is up now",
            f"OK        heartbeat: connected to {place}",
        ]
        left_out = told("--no-bind")
        assert [line[:8] for line in left_out] == ["LEFT OUT"] * 4
        assert (double.taken, receiver.seen) == ([], [])
        monkeypatch.delenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD")
        double.says = {"AUTH": "535 5.7.8 no"}
        configure(
            mail_section(double),
            webhook_section(receiver).replace(receiver.url, DEAD),
            f'[heartbeat]\nurl = "{DEAD}"\n',
        )
        faults = told()
    assert [line.partition(";")[0] for line in faults] == [
        f"FAULT     alarms by email: not connected: localhost port {double.port}: the log-in is refused (535 5.7.8)",
        "FAULT     alarms by webhook: not connected: 127.0.0.1 port 9: Connection refused",
        "FAULT     heartbeat: not connected: 127.0.0.1 port 9: Connection refused",
    ]
    for secret in ("canary", PASSWORD):
        assert secret not in "".join(faults)
