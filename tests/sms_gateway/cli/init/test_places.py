"""init: where its files go for root on a machine with the package, and for all others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sms_gateway.cli.init.places import KEYS, SETTINGS, Places, as_units_expect

FOLDER = Path(__file__).parents[4] / "deploy/systemd"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for the units")
def test_root_gets_the_places_of_the_units_where_no_other_settings_file_is_named(tmp_path: Path) -> None:
    config, keys, state = tmp_path / "gateway.toml", tmp_path / "keys", Path("/var/lib/sms-gateway")
    expected = Places(config=config, state=state, keys=keys, owner="sms-gateway")
    other = Path("/other")
    for told, found in (
        (Places(config=None), expected),
        (Places(config=config), expected),
        (Places(config=other), None),
        (
            Places(config=None, state=other, keys=other, owner="city"),
            Places(config=config, state=other, keys=other, owner="city"),
        ),
    ):
        assert as_units_expect(told, installed=tmp_path) == found, told
    assert as_units_expect(Places(config=None), installed=tmp_path / "nowhere") is None


def test_the_units_read_these_places() -> None:
    unit = (FOLDER / "sms-gateway.service").read_text("utf-8")
    for line in (
        f"Environment=SMS_GATEWAY_CONFIG={SETTINGS}",
        f"LoadCredential=keys:{KEYS}",
        "WorkingDirectory=/var/lib/sms-gateway",
        "User=sms-gateway",
    ):
        assert f"\n{line}\n" in unit, line
