"""Ways of alarms in the settings: every fault is reported at once, and without a way alarms are off."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from sms_gateway.settings.alarm_model import AlarmSettings
from sms_gateway.settings.checks.alarms import alarm_faults, unwise_alarms
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.load import load_settings
from sms_gateway.settings.model import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EMAIL = {"host": "mail.example", "sender": "sms@city.example", "recipients": ["duty@city.example"]}
LINKS = {"main": {"host": "smsc.example", "system_id": "city", "password": SecretStr("passwd")}}


def found(**sections: object) -> list[str]:
    settings = Settings.model_validate({"links": LINKS, **sections})
    return [fault.where for fault in alarm_faults(settings)]


def test_each_fault_of_mail_names_its_setting() -> None:
    for given, expected in (
        ({}, []),
        ({"host": "", "sender": "", "recipients": []}, []),
        ({"host": ""}, ["host"]),
        ({"host": "mail..example"}, ["host"]),
        ({"sender": ""}, ["sender"]),
        ({"recipients": []}, ["recipients"]),
        ({"recipients": ["duty@city.example", "Duty@city.example"]}, ["recipients"]),
        ({"user": "sms"}, ["password"]),
        ({"password": "sesame-open"}, ["user"]),
        ({"user": "sms", "password": "sesame-open"}, []),
        ({"user": "sms", "password": "mật khẩu"}, ["password"]),
        ({"security": "none"}, ["security"]),
        ({"security": "none", "host": "127.0.0.1"}, []),
        ({"ca_file": Path("/nowhere.pem")}, ["ca_file"]),
        ({"sender": "", "recipients": [], "user": "sms"}, ["sender", "recipients", "password"]),
    ):
        assert found(alarms={"email": EMAIL | given}) == [f"alarms.email.{name}" for name in expected], given


def test_each_fault_of_the_other_ways_and_of_the_heartbeat_names_its_setting() -> None:
    for given, expected in (
        ({"alarms": {"webhook": {"url": "https://monitor.example/", "secret": SECRET}}}, []),
        ({"alarms": {"webhook": {"url": "https://monitor.example/"}}}, ["alarms.webhook.secret"]),
        ({"alarms": {"webhook": {"secret": SECRET}}}, ["alarms.webhook.url"]),
        ({"alarms": {"webhook": {"url": "https://-bad-/", "secret": SECRET}}}, ["alarms.webhook.url"]),
        ({"alarms": {"sms": {"numbers": ["0905123456", "+84 905 654 321"]}}}, []),
        ({"alarms": {"sms": {"numbers": ["0905123456", "84905123456"]}}}, ["alarms.sms.numbers"]),
        ({"alarms": {"sms": {"numbers": ["1900 123456"]}}}, ["alarms.sms.numbers item 1"]),
        ({"alarms": {"sms": {"numbers": ["0905123456"]}}, "links": {}}, ["alarms.sms.numbers"]),
        ({"heartbeat": {"url": "https://monitor.example/ping"}}, []),
        ({"heartbeat": {"url": "https://monitor.example:99999/"}}, ["heartbeat.url"]),
        ({"heartbeat": {"ca_file": Path("/nowhere.pem")}}, ["heartbeat.ca_file"]),
    ):
        assert found(**given) == expected, given


def test_what_others_can_read_and_a_single_way_by_sms_are_cautions() -> None:
    for given, expected in (
        ({"heartbeat": {"url": "http://monitor.example/ping"}}, ["heartbeat.url"]),
        ({"heartbeat": {"url": "http://127.0.0.1:9/ping"}}, []),
        ({"alarms": {"webhook": {"url": "http://10.0.0.7/", "secret": SECRET}}}, ["alarms.webhook.url"]),
        ({"alarms": {"sms": {"numbers": ["0905123456"]}}}, ["alarms.sms.numbers"]),
        ({"alarms": {"sms": {"numbers": ["0905123456"]}, "email": EMAIL}}, []),
        ({"alarms": {"limits": {"disks": ["/", "/no/such/place"]}}}, ["alarms.limits.disks"]),
        ({"alarms": {"limits": {"backup_directory": "/no/such"}}}, ["alarms.limits.backup_directory"]),
    ):
        assert [one.where for one in unwise_alarms(Settings.model_validate({"links": LINKS, **given}))] == expected


def test_ways_and_quiet_hours_are_read_from_the_sections(tmp_path: Path) -> None:
    assert AlarmSettings().ways == ()
    assert AlarmSettings().quiet_hours == (time(22), time(6))
    assert AlarmSettings(quiet_from="06:00").quiet_hours is None
    (tmp_path / "password").write_text("sesame-open\n", "utf-8")
    (tmp_path / "gateway.toml").write_text(
        f"""[alarms]\nlanguage = "en"\n[alarms.email]\nhost = "mail.example"\nsender = "sms@city.example"
        user = "sms"\npassword_file = "{tmp_path}/password"\n""",
        "utf-8",
    )
    variables = {
        "SMS_GATEWAY_ALARMS__EMAIL__RECIPIENTS": "duty@city.example,head@city.example",
        "SMS_GATEWAY_ALARMS__WEBHOOK__SECRET": SECRET,
        "SMS_GATEWAY_ALARMS__WEBHOOK__URL": "https://monitor.example/",
    }
    alarms = load_settings(tmp_path / "gateway.toml", variables).alarms
    assert alarms.ways == ("email", "webhook")
    assert (alarms.language, alarms.email.password.get_secret_value(), alarms.email.at_port) == (
        "en",
        "sesame-open",
        465,
    )
    assert alarms.email.recipients == ["duty@city.example", "head@city.example"]
    assert "sesame-open" not in repr(alarms)
    assert "monitor.example" not in repr(alarms)


def test_wrong_sections_inside_alarms_are_faults_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(
        """[alarms]\nemail = 7\nquiet_from = "25:00"\n[alarms.mail]\nhost = "x"\n[alarms.webhook]\nsecret = "open"
        urll = "x"\n""",
        "utf-8",
    )
    with pytest.raises(SettingsFaultyError) as error:
        load_settings(tmp_path / "gateway.toml", {"SMS_GATEWAY_ALARMS__HOST": "mail.example"})
    told = {fault.where: str(fault) for fault in error.value.faults}
    assert "write [alarms.email]" in told["alarms.email"]
    assert 'write a time of day such as "22:00"' in told["alarms.quiet_from"]
    assert "did you mean email?" in told["alarms.mail"]
    assert "a secret stands in the settings file" in told["alarms.webhook.secret"]
    assert "SMS_GATEWAY_ALARMS__WEBHOOK__SECRET" in told["alarms.webhook.secret"]
    assert "did you mean url?" in told["alarms.webhook.urll"]
    assert "there is no setting for this variable" in told["SMS_GATEWAY_ALARMS__HOST"]
