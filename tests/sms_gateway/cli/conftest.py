from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sms_gateway.cli.surroundings import logging_kept


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run each test in an empty directory, without settings of the machine, and put logging back."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SMS_GATEWAY_")]:
        monkeypatch.delenv(name)
    with logging_kept():
        yield
