"""A gateway with one channel, and the simulated provider of its network on the other side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from db.schema import OutboundState, outbound
from db.store.engine import Database, open_database
from sms_gateway.channels.http.network import with_options
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.clock import utc_now
from sms_gateway.demo.provider import ProviderFaults, SimulatedProvider
from sms_gateway.demo.provider.first_tokens import authorise
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.demo.simulator import Bubble, Conversation, Direction
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade

CITIZEN = "84905123456"
CHANNEL = "agg"
SECONDS = 10.0
SECRETS = {
    "secret": SecretStr("canary-provider-secret"),
    "path_secret": SecretStr("canary-provider-path-s"),
    "password": SecretStr("canary-provider-pass"),
}


def channel_settings(network: str, **changes: object) -> ChannelSettings:
    """Return the settings of a channel of this network, without the provider's address."""
    given = {"reconnect_seconds": 0.05, "answer_seconds": 5.0, **SECRETS, **changes}
    settings = ChannelSettings(network=network).model_copy(update=given)
    return with_options(settings, NETWORKS[network])


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """Both sides."""

    providers: Mapping[str, SimulatedProvider]  # by channel
    gateway: Gateway
    database: Database

    @property
    def provider(self) -> SimulatedProvider:
        """The provider of the only channel."""
        (provider,) = self.providers.values()
        return provider

    def answer_to(self, text: str, *, citizen: str = CITIZEN) -> Bubble:
        """Send a text, wait until one answer more is there and reported on; return it."""
        return answer_to(self.provider, text, citizen=citizen)

    def states(self) -> list[tuple[OutboundState, bool]]:
        """Return the state of each answer, and whether it is unsure."""
        with self.database.read() as connection:
            columns = (outbound.c.state, outbound.c.unsure)
            return [(row.state, row.unsure) for row in connection.execute(select(*columns).order_by(outbound.c.id))]


def answer_to(provider: SimulatedProvider, text: str, *, citizen: str = CITIZEN, is_reported: bool = True) -> Bubble:
    """Send a text, wait until one answer more is there and, as a rule, reported on; return it."""
    before = len(answers(provider.conversation(citizen)))
    provider.send_text(citizen, "8188", text)

    def is_there(conversation: Conversation) -> bool:
        found = answers(conversation)[before:]
        return bool(found) and (found[-1].settled_at is not None or not is_reported)

    return answers(provider.wait_for(citizen, is_there, SECONDS))[before]


def answers(conversation: Conversation) -> list[Bubble]:
    return [bubble for bubble in conversation if bubble.direction is Direction.MT]


@contextmanager
def played(
    directory: Path, channels: Mapping[str, ChannelSettings], faults: ProviderFaults | None = None
) -> Iterator[Played]:
    """Run both sides of these channels."""
    database = DatabaseSettings(url=f"sqlite:///{directory / 'gateway.db'}", key_file=directory / "keys")
    made = open_database(database.url, keyfile.load_or_make(database.key_file))
    upgrade(made)
    made.close()
    providers, aimed = {}, {}
    for name, channel in channels.items():
        counterpart = COUNTERPARTS[channel.network](channel)
        provider = SimulatedProvider(name, counterpart, faults=faults)
        provider.start()
        providers[name] = provider
        aimed[name] = (
            channel if channel.can.answer_in_response or channel.reply_link else counterpart.at(provider.url, channel)
        )
    settings = Settings(database=database, web=WebSettings(port=0), channels=aimed)
    with opened(settings) as opened_database:
        with opened_database.write() as connection:
            authorise(connection, aimed, utc_now())
        gateway = Gateway(settings, opened_database)
        gateway.start()
        assert gateway.web is not None
        for provider in providers.values():
            provider.aim(f"http://127.0.0.1:{gateway.web.port}")
        try:
            yield Played(providers=providers, gateway=gateway, database=opened_database)
        finally:
            gateway.stop()
            for provider in providers.values():
                provider.stop()
