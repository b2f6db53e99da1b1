"""What the tests of `init` share: the settings file is named, so that none finds an installation of this machine."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _settings_in_the_test_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_CONFIG", "gateway.toml")
