from __future__ import annotations

import os
from pathlib import Path

import pytest

from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.link_model import Alphabet, BindMode, ReplyWay
from sms_gateway.settings.load import config_path, environment, load_settings
from sms_gateway.settings.model import Settings

CANARY = "hunter2-canary"
SECRET = "a-secret-of-length"
LINK = '[links.main]\nhost = "smsc"\nsystem_id = "we"\n'
CHANNEL_SECRET = {"SMS_GATEWAY_CHANNELS__AGG__SECRET": SECRET}


def load(text: str, variables: dict[str, str] | None = None, *, directory: Path) -> Settings:
    path = directory / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, variables or {})


def faults(text: str, variables: dict[str, str] | None = None, *, directory: Path) -> list[str]:
    with pytest.raises(SettingsFaultyError) as caught:
        load(text, variables, directory=directory)
    return str(caught.value).replace(str(directory), "DIR").splitlines()


def test_needs_neither_file_nor_variable() -> None:
    settings = load_settings(None, {})
    assert (settings.web.port, settings.service.short_codes, settings.links) == (8188, ["8188"], {})


def test_reads_every_kind_of_value_from_the_file(tmp_path: Path) -> None:
    settings = load(
        LINK + 'mode = "pair"\nalphabet = "latin1"\nrate = 12.5\n[web]\nsecure_cookie = true\n'
        '[database]\nkey_file = "k"\n[service]\nshort_codes = ["8188", "8388"]\n',
        directory=tmp_path,
    )
    link = settings.links["main"]
    assert (link.mode, link.alphabet, link.rate) == (BindMode.PAIR, Alphabet.LATIN1, 12.5)
    assert settings.web.secure_cookie
    assert settings.database.key_file == Path("k")
    assert settings.service.short_codes == ["8188", "8388"]


def test_variables_go_before_the_file_and_can_stand_alone(tmp_path: Path) -> None:
    variables = {
        "SMS_GATEWAY_WEB__PORT": "9000",
        "SMS_GATEWAY_WEB__SECURE_COOKIE": "true",
        "SMS_GATEWAY_SERVICE__SHORT_CODES": "8188, 8388,",
        "SMS_GATEWAY_LINKS__MAIN__PASSWORD": "secret",
        "SMS_GATEWAY_LINKS__SPARE__ONE__HOST": "other",
        "SMS_GATEWAY_LINKS__SPARE__ONE__SYSTEM_ID": "we",
        "SMS_GATEWAY_CHANNELS__AGG__SECRET": SECRET,
        "SMS_GATEWAY_CHANNELS__AGG__REPLY": "body",
    }
    settings = load(LINK + "[web]\nport = 1\n", variables, directory=tmp_path)
    assert (settings.web.port, settings.web.secure_cookie) == (9000, True)
    assert settings.service.short_codes == ["8188", "8388"]
    assert settings.links["main"].password.get_secret_value() == "secret"
    assert settings.links["spare__one"].host == "other"
    assert settings.channels["agg"].reply is ReplyWay.BODY


def test_an_empty_variable_and_those_of_others_count_as_not_set(tmp_path: Path) -> None:
    variables = {
        "SMS_GATEWAY_WEB__PORT": " ",
        "SMS_GATEWAY_CONFIG": "x",
        "SMS_GATEWAY_TEST_LONG": "1",
        "SMS_GATEWAYS": "1",
        "PATH": "/bin",
    }
    assert load("", variables, directory=tmp_path) == Settings()


def test_the_settings_file_is_the_named_one_or_the_one_that_is_there(tmp_path: Path) -> None:
    there = tmp_path / "gateway.toml"
    assert config_path({}, there) is None
    there.touch()
    assert config_path({}, there) == there
    assert config_path({"SMS_GATEWAY_CONFIG": "other.toml"}, there) == Path("other.toml")


def test_the_environment_is_the_process_s() -> None:
    assert environment() == os.environ


def test_an_ipv6_address_is_read_with_and_without_the_brackets_of_urls(tmp_path: Path) -> None:
    settings = load(
        '[links.main]\nhost = "[2001:db8::7]"\nsystem_id = "we"\ntls = true\n[web]\nhost = "[::1]"\n',
        directory=tmp_path,
    )
    assert (settings.links["main"].host, settings.web.host) == ("2001:db8::7", "::1")


def test_an_empty_address_to_listen_on_is_a_fault_like_the_others(tmp_path: Path) -> None:
    wrong = 'web.host: is too short; fix: write a text that is not empty, or leave it out for "127.0.0.1"'
    assert wrong in faults('[web]\nhost = ""\n', directory=tmp_path)
