from __future__ import annotations

import re
import tomllib
from pathlib import Path

from sms_gateway.settings.catalogue import NAMED_SECTIONS, catalogue, section_of, settings_of
from sms_gateway.settings.explain import explain
from sms_gateway.settings.load import load_settings
from sms_gateway.settings.model import Settings

ROOT = Path(__file__).parents[3]
SECRETS = {
    "SMS_GATEWAY_LINKS__MAIN__PASSWORD": "passwd",
    "SMS_GATEWAY_CHANNELS__AGGREGATOR__SECRET": "0123456789abcdef",
}


def test_docs_settings_is_what_the_command_prints() -> None:
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert told == explain(), "renew it: sms-gateway check --explain > docs/settings.md"


def test_every_setting_is_told_with_its_variable_and_a_description() -> None:
    text = explain()
    count = 0
    for section in catalogue():
        assert section.purpose in text
        for setting in section.settings:
            count += 1
            assert f"**{setting.name}**: {setting.description}\n  - {setting.form}" in text
            assert f"`{setting.variable()}`" in text
    assert count == text.count("\n- **")


def test_the_catalogue_holds_the_whole_model() -> None:
    found = {section.name for section in catalogue()}
    assert {name for name in found if "." not in name} == set(Settings.model_fields)
    assert {name for name in found if "." in name} >= {"alarms.email", "alarms.webhook", "alarms.sms"}
    assert settings_of("nothing") == {}


def test_the_example_is_whole_and_shows_the_true_defaults() -> None:
    text = re.sub(r"^#(?=[a-z])", "", (ROOT / "gateway.example.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    document = tomllib.loads(text)
    for section in catalogue():
        outer, _, name = section.name.partition(".")
        table = document[outer][name] if name else document[outer]
        inner = next(iter(table.values())) if section.name in NAMED_SECTIONS else table
        inside = {key for key in table if section_of((section.name, key)) != section.name}
        assert set(inner) - inside == {setting.name for setting in section.settings if not setting.is_secret}
        for setting in section.settings:
            if setting.default not in {None, "none"} and not setting.is_secret:
                assert tomllib.loads(f"x = {setting.default}")["x"] == inner[setting.name], setting.name


def test_the_example_can_be_used_once_the_secrets_are_given() -> None:
    settings = load_settings(ROOT / "gateway.example.toml", SECRETS)
    assert settings.channels["aggregator"].reply_link == "main"
    assert settings.service == Settings().service
