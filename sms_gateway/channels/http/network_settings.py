"""The settings of channels against their networks: what does not match, and what each network needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import SecretStr

from db.store.address import TEL
from sms_gateway.channels.http.network import Network, Networks, with_options
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.proofs.standard_webhooks import StandardWebhook, key_of
from sms_gateway.channels.http.proofs.watched import can_be_watched
from sms_gateway.channels.http.sending.departure import OutgoingText
from sms_gateway.settings.catalogue import settings_of
from sms_gateway.settings.checks.conflicts import SHORTEST_OF_ALL
from sms_gateway.settings.checks.host_names import url_fault
from sms_gateway.settings.faults import Fault, did_you_mean
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings
from sms_gateway.settings.model import Settings

_ANSWER = OutgoingText(key="1", sender="8188", recipient="84905123456", body="Xin chao", valid_seconds=900)


def network_faults(settings: Settings, networks: Networks) -> Iterator[Fault]:
    """Find channels whose network does not exist, needs something else, or does not know the addresses of another."""
    kinds = kinds_of_senders(settings, networks)
    for name, channel in settings.channels.items():
        place = f"channels.{name}"
        network = networks.get(channel.network)
        if network is None:
            near = did_you_mean(channel.network, networks)
            fix = f"did you mean {near}?" if near else f"write one of {', '.join(sorted(networks))}"
            yield Fault(where=f"{place}.network", wrong="there is no such network", fix=fix)
        else:
            faults = list(_of_network(place, channel, network))
            yield from faults or _of_whole(place, channel, network)
            yield from _of_reply(settings, name, network, kinds)
    for name, (by, _) in settings.fallbacks.items():
        own = kinds.get(name, TEL)
        if kinds.get(by, own) != own:
            others = {other: kind for other, kind in kinds.items() if other != name}
            place = "links" if name in settings.links else "channels"
            yield _of_another_kind(f"{place}.{name}.fallback", own, others, otherwise="remove it")


def kinds_of_senders(settings: Settings, networks: Networks) -> Mapping[str, str]:
    """Return the kind of address to which each channel sends, by the channel's name; links first."""
    by_http = {
        name: networks[channel.network].sender_kind.name
        for name, channel in settings.channels.items()
        if channel.can.send and channel.network in networks
    }
    return dict.fromkeys(settings.links, TEL) | by_http


def _of_reply(settings: Settings, name: str, network: Network, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """Find a channel whose answers would go to addresses that the sending channel does not know."""
    channel, kind = settings.channels[name], network.sender_kind.name
    if channel.can.answer_in_response or channel.reply_link is None:
        return
    if kinds.get(channel.reply_link, kind) != kind:
        otherwise = "remove it" if channel.can.send else 'write send_url and remove it, or write reply = "body"'
        yield _of_another_kind(f"channels.{name}.reply_link", kind, kinds, otherwise=otherwise)


def _of_another_kind(where: str, kind: str, kinds: Mapping[str, str], *, otherwise: str) -> Fault:
    fitting = ", ".join(name for name, other in kinds.items() if other == kind)
    wrong = f"names a channel that sends to another kind of address than {kind}"
    return Fault(where=where, wrong=wrong, fix=f"name one of {fitting}, or {otherwise}" if fitting else otherwise)


def _of_network(place: str, channel: ChannelSettings, network: Network) -> Iterator[Fault]:
    if channel.can.send and network.departure is None:
        wrong = f"the network {network.name} cannot send"
        yield Fault(where=f"{place}.send_url", wrong=wrong, fix="remove it, and name a link in reply_link")
    if channel.send_url == DEFAULT_URL and not network.send_url:
        wrong = f"the network {network.name} has no address of its own"
        yield Fault(where=f"{place}.send_url", wrong=wrong, fix="write the address that the provider gave you")
    if SHORTEST_OF_ALL <= len(channel.secret.get_secret_value()) < network.shortest_secret:
        fix = f"put {network.shortest_secret} random characters or more into it"
        yield Fault(where=f"{place}.secret", wrong=f"is shorter than {network.shortest_secret} characters", fix=fix)
    if channel.can.answer_in_response and not network.answers_in_response:
        wrong = f"the network {network.name} has no place for an answer in a response"
        yield Fault(where=f"{place}.reply", wrong=wrong, fix="remove it, and name a link or channel in reply_link")
    for name in dict.fromkeys((*network.needed(channel), *(network.needs_to_send if channel.can.send else ()))):
        if not _is_given(channel, name):
            setting = settings_of("channels")[name]
            by_file = f"set {setting.variable(place.partition('.')[2])} or {name}_file"
            fix = by_file if setting.is_secret else f"write {setting.form}"
            wrong = f"is missing, and the network {network.name} needs it"
            yield Fault(where=f"{place}.{name}", wrong=wrong, fix=fix)
    yield from _of_options(place, channel, network)


def _of_options(place: str, channel: ChannelSettings, network: Network) -> Iterator[Fault]:
    for name in sorted(channel.options.keys() - network.options.keys()):
        near = did_you_mean(name, network.options)
        known = f"remove it; there are {', '.join(sorted(network.options))}" if network.options else "remove it"
        fix = f"did you mean {near}?" if near else known
        yield Fault(where=f"{place}.options", wrong=f"entry {_shown(channel, name)} is none of this network", fix=fix)
    for name, option in network.options.items():
        if name in channel.options and re.fullmatch(option.pattern, channel.options[name]) is None:
            yield Fault(where=f"{place}.options", wrong=f"{name} cannot be read", fix=f"write {option.description}")
        if option.default is None and not channel.options.get(name):
            fix = f'write options = {{ {name} = "…" }}: {option.description}'
            yield Fault(where=f"{place}.options", wrong=f"{name} is missing", fix=fix)
        elif option.is_address and channel.options.get(name):
            wrong = url_fault(channel.options[name])
            if wrong is not None:
                fix = f"write {option.description}, such as https://sms.example/path"
                yield Fault(where=f"{place}.options", wrong=f"{name} {wrong}", fix=fix)
        elif option.choices and channel.options.get(name, option.default) not in option.choices:
            fix = f"write one of {', '.join(option.choices)} ({option.description})"
            yield Fault(where=f"{place}.options", wrong=f"{name} has a value that this network does not know", fix=fix)


def _of_whole(place: str, channel: ChannelSettings, network: Network) -> Iterator[Fault]:
    """Find what shows only when the network reads the settings, which it can when nothing is missing."""
    yield from _of_arrivals(place, channel, network)
    settings = with_options(channel, network)
    if network.departure is None or not channel.can.send or url_fault(settings.send_url) is not None:
        return
    try:
        departure = network.departure(settings)
        departure.build(_ANSWER)
        if departure.tokens is not None:
            departure.tokens.renew("")
            departure.tokens.redeem("", "")
    except ValueError:  # OutgoingRequest says which; a codec's words may hold what was written
        fix = "remove blanks, line ends and accents from user, password, send_url and options"
        yield Fault(where=place, wrong="its settings make a request that HTTP cannot carry", fix=fix)


def _of_arrivals(place: str, channel: ChannelSettings, network: Network) -> Iterator[Fault]:
    """Find parts whose answer has no response to go into, and a proof that fits no secret or cannot be tried out."""
    arrivals = network.arrivals(with_options(channel, network))
    if arrivals.text.part is not None and channel.can.answer_in_response:
        wrong = "is body, and long texts come in parts: no response is that of the whole text"
        yield Fault(where=f"{place}.reply", wrong=wrong, fix='write reply = "mt"')
    if isinstance(arrivals.proof, StandardWebhook) and key_of(arrivals.proof.secret) is None:
        fix = "copy it as the provider shows it: whsec_ and Base64"
        yield Fault(where=f"{place}.secret", wrong="is no Base64", fix=fix)
    by_path = [proof for proof in (arrivals.proof, arrivals.receipt_proof) if isinstance(proof, PathSecret)]
    if any("/" in proof.secret for proof in by_path):
        fix = "make a random one: openssl rand -hex 24"
        yield Fault(where=f"{place}.secret", wrong="holds a slash, which ends a part of an address", fix=fix)
    if channel.proof != "watch":
        return
    if not can_be_watched(arrivals.proof):
        wrong = "is watch, and the channel has no signature that could be tried out"
        yield Fault(where=f"{place}.proof", wrong=wrong, fix="remove it")
    elif not channel.path_secret.get_secret_value():
        fix = "set path_secret, and give the aggregator the address /mo/NAME/SECRET"
        yield Fault(where=f"{place}.proof", wrong="is watch, and anyone could write texts without path_secret", fix=fix)


def _is_given(channel: ChannelSettings, name: str) -> bool:
    value: object = getattr(channel, name)
    if not isinstance(value, SecretStr):
        return bool(value)
    file: object = getattr(channel, f"{name}_file", None)
    return bool(value.get_secret_value() or file)  # of a file without a secret there is another fault


def _shown(channel: ChannelSettings, name: str) -> int:
    """Return the number of an entry, since a fault quotes nothing that was written."""
    return list(channel.options).index(name) + 1
