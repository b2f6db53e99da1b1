"""Every network of the table: it has a response to every outcome, and its parts can be made from plain settings."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from sms_gateway.channels.http.network import Network, table_of, with_options
from sms_gateway.channels.http.network_reference import reference_of
from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS, plain
from sms_gateway.channels.http.request import Acknowledgement, RequestOutcome, Said, fixed, refuse
from sms_gateway.channels.http.sending.departure import OutgoingText, ProviderResponse
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings

EVERY = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
NETWORKS_PAGE = Path(__file__).parents[5] / "docs" / "networks.md"
SECRET = "canary-secret-of-networks"
SETTINGS = ChannelSettings(
    secret=SecretStr(SECRET), send_url="https://sms.example/send", password=SecretStr("canary-send-password")
)
TEXT = OutgoingText(key="7", sender="8188", recipient="84905123456", body="Xin chao", valid_seconds=900)


@EVERY
@pytest.mark.parametrize("outcome", RequestOutcome)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_says_something_to_every_outcome(network: Network, outcome: RequestOutcome, method: str) -> None:
    said = network.acknowledge(Said(outcome=outcome, method=method, advice="it is missing", field="text"))
    assert said.content_type
    assert 200 <= said.status < 600
    assert SECRET not in said.body


@EVERY
def test_success_is_told_from_trouble(network: Network) -> None:
    bodies = {
        outcome: network.acknowledge(Said(outcome=outcome, method="POST"))
        for outcome in (RequestOutcome.STORED, RequestOutcome.TRY_LATER)
    }
    stored, later = bodies.values()
    assert stored.status == 200
    assert (stored.status, stored.body) != (later.status, later.body)


@EVERY
def test_no_repr_holds_a_secret_or_a_text(network: Network) -> None:
    needed = {name: "7" for name, option in network.options.items() if option.default is None}
    settings = with_options(SETTINGS.model_copy(update={"options": needed}), network)
    shown = repr(network.arrivals(settings))
    if network.departure is not None:
        departure = network.departure(settings)
        shown += repr(departure) + repr(departure.build(TEXT)) + repr(TEXT)
        departure.read(ProviderResponse(status=500))
    for canary in (SECRET, "canary-send-password", "Xin chao", "84905123456"):
        assert canary not in shown


def test_a_wrong_secret_shows_of_no_channel_that_it_exists() -> None:
    for name, network in NETWORKS.items():
        if name != "vcom":  # its paper wants HTTP 200 for errors too
            said = Said(outcome=RequestOutcome.WRONG_PROOF, method="POST")
            assert network.acknowledge(said) == refuse(said), name


EXAMPLE = re.compile(r"^```toml\n(\[channels\..*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page_name_what_each_network_needs() -> None:
    examples = EXAMPLE.findall(NETWORKS_PAGE.read_text("utf-8"))
    assert examples
    for example in examples:
        channels = {
            name: ChannelSettings.model_validate(
                channel | {key.removesuffix("_file"): "x" * 16 for key in channel if key.endswith("_file")}
            )
            for name, channel in tomllib.loads(example)["channels"].items()
        }
        assert list(network_faults(Settings(channels=channels), NETWORKS)) == [], example


@EVERY
def test_its_reference_says_how_it_was_checked_and_holds_no_secret(network: Network) -> None:
    reference = reference_of(network)
    assert network.sources, "write where its facts come from"
    assert "\n" not in network.sources
    assert network.sources in reference.replace("\\|", "|")
    assert network.checked.value in reference
    assert all(f"| {outcome.value}" in reference or f", {outcome.value}" in reference for outcome in RequestOutcome)
    assert "SECRET-OF-EXAMPLES" not in reference
    assert "Xin chao" not in reference


def test_a_table_of_responses_must_be_whole() -> None:
    most = dict.fromkeys(RequestOutcome, Acknowledgement(status=200))
    del most[RequestOutcome.IGNORED]
    with pytest.raises(ValueError, match="no response for ignored"):
        fixed(most)


def test_two_networks_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two networks are called 'plain'"):
        table_of([plain.NETWORK, plain.NETWORK])


@pytest.mark.parametrize("name", ["Plain", "pl ain", "", "a_b", "đ"])
def test_a_name_that_no_setting_can_hold_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="the name of a network"):
        replace(plain.NETWORK, name=name)
