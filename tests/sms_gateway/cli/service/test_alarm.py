"""`sms-gateway alarm`: a TEST notice is accepted by every way or the exit code says so; a failed unit is reported."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from db.processes.channel_states import ChannelState, write_states
from db.schema import OutboundState, outbound
from db.store.engine import Database, open_database
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from sms_gateway.settings.alarm_model import MailSecurity
from tests.sms_gateway.alarms.mail_double import PASSWORD, USER, MailDouble, mail_server
from tests.sms_gateway.channels.http.provider import Provider, Say, provider
from tests.sms_gateway.cli.surroundings import run

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def mail_section(double: MailDouble) -> str:
    Path("password").write_text(f"{PASSWORD}\n", "utf-8")
    Path("password").chmod(0o600)
    return (
        f'[alarms.email]\nhost = "localhost"\nport = {double.port}\nsecurity = "{double.security.value}"\n'
        f'user = "{USER}"\npassword_file = "password"\nsender = "sms@city.example"\n'
        f'recipients = ["duty@city.example"]\nca_file = "{double.authority.file}"\n'
    )


def webhook_section(receiver: Provider) -> str:
    Path("secret").write_text(f"{SECRET}\n", "utf-8")
    Path("secret").chmod(0o600)
    return f'[alarms.webhook]\nurl = "{receiver.url}"\nsecret_file = "secret"\n'


def configure(*sections: str) -> None:
    Path("gateway.toml").write_text("".join(sections), "utf-8")


def test_a_test_goes_by_every_way_or_by_the_one_that_is_named(tmp_path: Path) -> None:
    with mail_server(tmp_path, security=MailSecurity.STARTTLS) as double, provider(lambda _: Say()) as receiver:
        configure(mail_section(double), webhook_section(receiver))
        every = run("alarm", "test")
        assert (every.exit_code, every.stdout) == (0, "email: accepted\nwebhook: accepted\n")
        named = run("alarm", "test", "email")
        assert (named.exit_code, named.stdout) == (0, "email: accepted\n")
        assert run("alarm", "test", "link_down").exit_code == 0
        assert "THỬ" in double.taken[0]["Subject"]
        assert "link_down" in double.taken[2].get_content()
        receiver.answer = lambda _: Say(status=500)
        failed = run("alarm", "test")
        assert failed.exit_code == 1
        assert failed.stdout == "email: accepted\nwebhook: NOT DELIVERED: the receiver answered HTTP 500\n"
        wrong = run("alarm", "test", "sms")
        assert (wrong.exit_code, wrong.stderr) == (1, "Error: notices do not go by sms; fix: set [alarms.sms]\n")
        assert run("alarm", "test", "Link-Down!").exit_code == 2
    configure()
    none = run("alarm", "test")
    assert none.exit_code == 1
    assert "notices go out by no way; fix: set [alarms.email]" in none.stderr


def test_a_test_by_sms_waits_until_the_carrier_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD", "passwd")
    configure('[links.main]\nhost = "smsc.example"\nsystem_id = "we"\n[alarms.sms]\nnumbers = ["0905123456"]\n')
    assert "sms: NOT DELIVERED: key file var/keys: is not there" in run("alarm", "test").stdout
    run("db", "upgrade")
    down = run("alarm", "test", "sms")
    assert (down.exit_code, down.stdout) == (1, "sms: NOT DELIVERED: no channel that sends to telephones is up\n")
    database = open_database("sqlite:///var/gateway.db", keyfile.load(Path("var/keys")))
    with database.write() as connection:
        link = ChannelState(name="main", up=True, since=utc_now(), binds=1, wanted=1)
        write_states(connection, [link], holder="other:1", now=utc_now())
    for state, code, said in (
        (OutboundState.SENT, 0, "sms: accepted\n"),
        (OutboundState.FAILED, 1, "sms: NOT DELIVERED: the carrier did not take it; the page Messages has its error\n"),
    ):
        carrier = Thread(target=settle, args=(database, state))
        carrier.start()
        found = run("alarm", "test", "sms")
        carrier.join()
        assert (found.exit_code, found.stdout) == (code, said)
    database.close()


def settle(database: Database, state: OutboundState) -> None:
    """Do with the next text that waits what the service would."""
    changed = 0
    while not changed:
        with database.write() as connection:
            waits = outbound.c.state == OutboundState.QUEUED
            changed = connection.execute(outbound.update().where(waits).values(state=state)).rowcount


def test_a_failed_unit_is_reported_once_in_a_while_without_a_database_and_with_faulty_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(tmp_path) as double:
        configure("port = 7\n[web]\nport = true\n", mail_section(double))
        words = ("alarm", "failed", "sms-gateway", "--stamps", str(tmp_path))
        assert run(*words).stdout == "email: accepted\n"  # a crash: systemd starts it again
        assert "reported less than 30 minutes ago" in run(*words).stdout
        monkeypatch.setenv("MONITOR_SERVICE_RESULT", "exit-code")
        monkeypatch.setenv("MONITOR_EXIT_STATUS", "2")
        final = run(*words)  # systemd starts it no more: always reported
        assert (final.exit_code, final.stdout) == (0, "email: accepted\n")
        stamp = tmp_path / "sms-gateway.told"
        long_ago = stamp.stat().st_mtime - 3600
        os.utime(stamp, (long_ago, long_ago))
        monkeypatch.delenv("MONITOR_EXIT_STATUS")
        assert run(*words).exit_code == 0
        _, first_mail, second_mail = double.taken
        assert "sms-gateway đã dừng vì lỗi (exit-code)" in first_mail["Subject"]
        assert "sms-gateway check chỉ ra từng lỗi" in first_mail.get_content()
        assert "journalctl -u sms-gateway" in second_mail.get_content()
        double.says = {"RCPT": "550 no"}
        os.utime(stamp, (long_ago, long_ago))
        refused = run(*words)
        assert refused.exit_code == 1
        assert "no way accepted that sms-gateway failed" in refused.stderr
        assert stamp.stat().st_mtime == pytest.approx(long_ago)
        assert PASSWORD not in f"{final.output}{refused.output}"
    assert run("alarm", "failed", "a b; rm").exit_code == 2
    Path("gateway.toml").write_text("[alarms", "utf-8")
    assert run("alarm", "failed", "sms-gateway").exit_code == 2
    configure()
    assert "nobody is told that sms-gateway failed: no way is set" in run("alarm", "failed", "sms-gateway").stdout
