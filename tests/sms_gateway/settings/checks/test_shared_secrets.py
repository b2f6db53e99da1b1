"""Two channels with one secret."""

from __future__ import annotations

from pydantic import SecretStr

from sms_gateway.settings.checks.shared_secrets import shared_secrets
from sms_gateway.settings.link_model import ChannelSettings


def test_a_secret_of_two_channels_is_a_fault_and_an_empty_one_is_none() -> None:
    secret, path = SecretStr("canary-secret-01"), SecretStr("canary-path-0001")
    channels = {
        "one": ChannelSettings(secret=secret, path_secret=path),
        "two": ChannelSettings(secret=secret),
        "three": ChannelSettings(path_secret=path),
        "four": ChannelSettings(),
        "five": ChannelSettings(),
    }
    assert [fault.where for fault in shared_secrets(channels)] == ["channels.two.secret", "channels.three.path_secret"]
    assert "canary" not in "".join(map(str, shared_secrets(channels)))
