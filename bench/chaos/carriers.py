"""The carriers of a rig: a simulated SMSC, or a simulated provider of a network by HTTP. Each can also be away."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from bench.carrier import free_port
from db.store.engine import Database
from sms_gateway.channels.http.network import with_options
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.clock import utc_now
from sms_gateway.demo.provider import ProviderFaults, SimulatedProvider
from sms_gateway.demo.provider.first_tokens import authorise
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.demo.simulator import CitizenNetwork, Simulator
from sms_gateway.settings.link_model import ChannelSettings

CHANNEL = "main"

_SECRETS = {"secret": "chaos-secret-of-a-text", "password": "chaos-password", "path_secret": "chaos-secret-of-a-path"}
_MORE = {"user": "city", "public_url": "https://sms.example"}
_OPTIONS: Mapping[str, Mapping[str, str]] = {"zalo": {"app_id": "1234567890"}}
"""Options of networks that need some."""


class RigCarrier(CitizenNetwork, Protocol):
    """What a rig needs of a carrier."""

    def web_port(self, process: int) -> int:
        """Return the port at which this process of the gateway listens; 0: any."""

    def section(self, directory: Path, window: int) -> str:
        """Return the sections of the gateway's settings; secrets go into files in this directory."""

    def prepare(self, database: Database) -> None:
        """Store what the gateway needs before it starts."""

    def start(self) -> None:
        """Begin to carry."""

    def stop(self) -> None:
        """End."""

    def await_gateway(self, seconds: float) -> None:
        """Wait until the gateway can be reached; raises TimeoutError."""

    def drop_connections(self) -> None:
        """Break every connection."""

    def freeze(self) -> None:
        """Let the connections hang, half open."""

    def leave(self) -> None:
        """Be away: keep what is there, but let nobody connect."""

    def come_back(self) -> None:
        """Be there again."""


class SmppCarrier(Simulator):
    """The simulated SMSC."""

    def web_port(self, process: int) -> int:
        """Return none: the carrier is not told."""
        del process
        return 0

    def section(self, directory: Path, window: int) -> str:
        """Return the section of the link."""
        del directory
        return (
            f'[links.{CHANNEL}]\nhost = "127.0.0.1"\nport = {self.port}\nsystem_id = "chaos"\n'
            f"window = {window}\nresponse_seconds = 3\nenquire_seconds = 2\nreconnect_seconds = 0.2\n"
        )

    def prepare(self, database: Database) -> None:
        """Store nothing."""

    def await_gateway(self, seconds: float) -> None:
        """Wait until there is a bind."""
        self.wait_bound(1, seconds)

    def leave(self) -> None:
        """Drop every connection and take no bind until told otherwise."""
        self._smsc.credentials = type(self._smsc.credentials)(system_id="nobody", password="")
        self.drop_connections()

    def come_back(self) -> None:
        """Take binds again."""
        self._smsc.credentials = type(self._smsc.credentials)(system_id=None, password=None)


class HttpCarrier(SimulatedProvider):
    """The simulated provider of a network."""

    def __init__(
        self, network: str, faults: ProviderFaults, *, channel: str = CHANNEL, web_port: int = 0, connections: int = 8
    ) -> None:
        secrets = {name: SecretStr(value) for name, value in _SECRETS.items()}
        settings = ChannelSettings(network=network, options=dict(_OPTIONS.get(network, {}))).model_copy(
            update=secrets | _MORE
        )
        settings = with_options(settings, NETWORKS[network])
        counterpart = COUNTERPARTS[network](settings)
        super().__init__(channel, counterpart, faults=faults, connections=connections)
        self._channel = channel
        self._settings = counterpart.at(self.url, settings)
        self.has_key = counterpart.accept_known is not None
        self._web_ports = {1: web_port} if web_port else {}
        self._aim()

    def _aim(self) -> None:
        self.aim(*(f"http://127.0.0.1:{port}" for port in self._web_ports.values()))

    def web_port(self, process: int) -> int:
        """Return the port of a process, and bring texts there too."""
        if process not in self._web_ports:
            self._web_ports[process] = free_port()
            self._aim()
        return self._web_ports[process]

    def section(self, directory: Path, window: int) -> str:
        """Return the section of the channel."""
        lines = [
            f"[channels.{self._channel}]",
            f'network = "{self._settings.network}"',
            f'send_url = "{self._settings.send_url}"',
            *(f'{name} = "{value}"' for name, value in _MORE.items()),
            f"window = {window}\nanswer_seconds = 3\nreconnect_seconds = 0.2",
        ]
        for name, value in _SECRETS.items():
            path = directory / f"{self._channel}-{name}.secret"
            path.touch(mode=0o600)
            path.write_text(f"{value}\n", encoding="ascii")
            lines.append(f'{name}_file = "{path}"')
        written = ", ".join(f'{name} = "{value}"' for name, value in self._settings.options.items())
        return "\n".join([*lines, f"options = {{ {written} }}"]) + "\n"

    def prepare(self, database: Database) -> None:
        """Store a first token, where the network needs tokens."""
        with database.write() as connection:
            authorise(connection, {self._channel: self._settings}, utc_now())

    def await_gateway(self, seconds: float) -> None:
        """Wait until a process of the gateway listens."""
        deadline = time.monotonic() + seconds
        while not any(map(_listens, self._web_ports.values())):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the gateway does not listen after {seconds} s")
            time.sleep(0.05)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
