"""init: where the units are installed, the proxy connects to a socket, and no address is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_gateway.cli.init import service_parts
from sms_gateway.cli.init.asking import Asker
from sms_gateway.cli.init.owner import owner_of
from sms_gateway.cli.init.settings_file import Section
from sms_gateway.cli.init.setup import Setup


def pages(folder: Path, address: str, before: Section) -> Section:
    asker = Asker(given={"address": address, "port": "8188"}, asks=False)
    setup = Setup(
        config=folder / "gateway.toml",
        state=folder,
        owner=owner_of(None),
        asker=asker,
        tries=False,
        sections={"web": before},
        extra={},
    )
    return service_parts.PAGES.ask(setup)["web"]


def test_the_proxy_gets_a_socket_where_its_folder_is_and_else_a_trusted_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = str(tmp_path / "web.sock")
    cases: list[tuple[str, Path, str, Section, str | None, list[str]]] = [
        ("a folder", tmp_path, "https://sms.example", {}, socket, []),
        ("no folder", tmp_path / "none", "https://sms.example", {}, None, ["127.0.0.1"]),
        ("a proxy elsewhere", tmp_path, "https://sms.example", {"trusted_proxies": ["10.0.0.2"]}, None, ["10.0.0.2"]),
        ("pages on this machine only", tmp_path, "", {}, None, []),
    ]
    for name, folder, address, before, expected, trusted in cases:
        monkeypatch.setattr(service_parts, "SOCKET_FOLDER", folder)
        section = pages(tmp_path, address, before)
        assert (section.get("socket"), section["trusted_proxies"]) == (expected, trusted), name
