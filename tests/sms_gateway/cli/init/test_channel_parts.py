"""init: every network of aggregators gets settings that the service takes, with a carrier and without one."""

from __future__ import annotations

from pathlib import Path

from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.init.asking import Asker
from sms_gateway.cli.init.channel_parts import AGGREGATOR
from sms_gateway.cli.init.owner import owner_of
from sms_gateway.cli.init.settings_file import Sections, written
from sms_gateway.cli.init.setup import Setup
from sms_gateway.settings.model import Settings

LINK: Sections = {"links.carrier": {"host": "smsc.example", "system_id": "city"}}
WEB: Sections = {"web": {"hosts": ["sms.example"], "secure_cookie": True}}


def test_every_network_gets_settings_that_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("a-secret-of-the-provider\n")
    for link in (LINK, {}):
        for name, network in NETWORKS.items():
            if not link and network.departure is None and not network.answers_in_response:
                continue  # soap-mo: its answers need a carrier
            setup = Setup(
                config=tmp_path / "gateway.toml",
                state=tmp_path,
                owner=owner_of(None),
                asker=Asker(given={"network": name, "aggregator_password_file": str(tmp_path / "given")}, asks=False),
                tries=False,
                sections={**link, **WEB},
                extra={"user": "city", "cp_code": "CITY", "app_id": "12345"}
                | (
                    {} if network.send_url or network.departure is None or link else {"send_url": "https://x.example/s"}
                ),
            )
            section = AGGREGATOR.ask(setup)
            loaded = setup.loaded(setup.sections | section)
            assert isinstance(loaded, Settings), (name, bool(link), loaded)
            assert loaded.channels["aggregator"].network == name
            assert "a-secret" not in written(section), name
            made = [line for line in setup.shown_once if line.startswith(("secret", "path_secret"))]
            channel = loaded.channels["aggregator"]
            needs = {*network.needed(channel), *(network.needs_to_send if channel.can.send else ())}
            assert len(made) == len({"secret", "path_secret"} & needs), name
