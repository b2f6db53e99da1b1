"""Where `init` puts its files: where it is told to, where the units of the package expect them, or beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

INSTALLED = Path("/etc/sms-gateway")
"""Is there where the package is installed, or where operating.md was followed."""

_UNIT_STATE = Path("/var/lib/sms-gateway")
_UNIT_USER = "sms-gateway"
SETTINGS, KEYS = INSTALLED / "gateway.toml", INSTALLED / "keys"
"""What the units read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The settings file, the folder of an SQLite file, the key file, and the user who gets them; None: not told."""

    config: Path | None
    state: Path | None = None
    keys: Path | None = None
    owner: str | None = None


def as_units_expect(told: Places, installed: Path = INSTALLED) -> Places | None:
    """Complete the places as the units read them; None where those are not meant.

    They are meant by root, where the folder of the package is there and no other settings file is named.
    """
    config = installed / SETTINGS.name
    is_other = told.config is not None and told.config.absolute() != config
    if os.geteuid() != 0 or not installed.is_dir() or is_other:
        return None
    return Places(
        config=config,
        state=told.state or _UNIT_STATE,
        keys=told.keys or installed / KEYS.name,
        owner=told.owner or _UNIT_USER,
    )
