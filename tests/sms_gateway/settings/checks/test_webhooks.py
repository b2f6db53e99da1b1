"""Receivers of events in the settings: every fault is reported, and a section without an address is off."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from db.schema import WebhookType
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.settings.checks.conflicts import cautions, conflicts
from sms_gateway.settings.checks.webhooks import webhook_faults
from sms_gateway.settings.model import Settings
from sms_gateway.settings.webhook_model import WebhookSettings

SECRET = SecretStr("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
GOOD = WebhookSettings(url="https://lgsp.example/hooks", secret=SECRET, events=[WebhookType.DOSSIER_CHANGED])


def faults(**changes: object) -> list[str]:
    one = WebhookSettings.model_validate(GOOD.model_dump() | changes)
    return [fault.where for fault in webhook_faults({"lgsp": one})]


def test_each_fault_names_its_setting() -> None:
    both = [WebhookType.DOSSIER_CHANGED] * 2
    for given, expected in (
        ({}, []),
        ({"url": ""}, []),
        ({"url": "https://lgsp.example:99999/"}, ["url"]),
        ({"url": "https://-bad-/"}, ["url"]),
        ({"secret": ""}, ["secret"]),
        ({"secret": "whsec_c2hvcnQ="}, ["secret"]),  # five octets
        ({"secret": SECRET.get_secret_value().removeprefix("whsec_")}, ["secret"]),
        ({"previous_secret": "changeme"}, ["previous_secret"]),
        ({"events": []}, ["events"]),
        ({"events": both}, ["events"]),
        ({"ca_file": Path("/nowhere.pem")}, ["ca_file"]),
    ):
        assert faults(**given) == [f"webhooks.lgsp.{name}" for name in expected], given


def test_who_wants_what_is_known_by_type_and_a_section_without_address_wants_nothing() -> None:
    off = WebhookSettings(events=[WebhookType.ACCOUNT_OPENED])
    settings = Settings(webhooks={"lgsp": GOOD, "off": off})
    assert settings.receivers == {WebhookType.DOSSIER_CHANGED: ("lgsp",)}
    assert Settings().receivers == {}


def test_events_in_clear_over_an_open_net_are_a_caution() -> None:
    open_net = GOOD.model_copy(update={"url": "http://lgsp.example/hooks"})
    inside = GOOD.model_copy(update={"url": "http://10.0.0.7/hooks"})
    found = {fault.where for fault in cautions(Settings(webhooks={"open": open_net, "inside": inside}))}
    assert "webhooks.open.url" in found
    assert "webhooks.inside.url" not in found


def test_accounts_are_released_only_where_their_use_is_reported() -> None:
    for given, is_fault in (
        (BackOfficeSettings(release_unused_after_days=90), True),
        (BackOfficeSettings(enabled=True, release_unused_after_days=90), True),
        (BackOfficeSettings(accounts=AccountMode.VERIFY, release_unused_after_days=90), True),
        (BackOfficeSettings(enabled=True, accounts=AccountMode.VERIFY, release_unused_after_days=90), False),
        (BackOfficeSettings(), False),
    ):
        found = [fault.where for fault in conflicts(Settings(back_office=given))]
        assert found == ["back_office.release_unused_after_days"] * is_fault, given
