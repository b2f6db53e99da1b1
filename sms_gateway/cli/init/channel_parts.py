"""The parts of `init` about the ways in and out: a carrier by SMPP, an aggregator by HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import click

from sms_gateway.channels.http.network import Network
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.init.service_parts import public_address
from sms_gateway.cli.init.settings_file import Section, Sections
from sms_gateway.cli.init.setup import Part, Setup
from sms_gateway.cli.init.tries import host_fault
from sms_gateway.cli.service.check_channels import try_link, try_sender
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.settings.catalogue import settings_of
from sms_gateway.settings.link_model import DEFAULT_URL, ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms

LINKS, CHANNELS = "links.", "channels."
NONE = "none"

_SECRETS = {"secret": "aggregator_secret_file", "password": "aggregator_password_file", "path_secret": ""}
"""By a channel's secret: the option that names its file; none for one that we make ourselves."""


def _ask_carrier(setup: Setup) -> Sections:
    known = _names(setup.sections, LINKS)
    name = setup.asker.ask(
        "carrier",
        f"Name of the carrier's SMPP link ({NONE}: no carrier)",
        default=known[0] if known else ("carrier" if "smpp_host" in setup.asker.given or setup.asker.asks else NONE),
        check=lambda typed: _name_fault(setup, LINKS, typed),
    )
    others = {LINKS + one: setup.section(LINKS + one) for one in known[1:]}
    if name == NONE:
        return others
    section = setup.section(LINKS + (known[0] if known else name))
    while True:
        section = _link(setup, name, section)
        found = {LINKS + name: section}
        loaded = setup.loaded(found)
        if not isinstance(loaded, Settings):
            raise Stop("\n".join(map(str, loaded)))
        if not setup.tries or _goes_on(setup, partial(try_link, name, loaded.links[name])):
            return found | others


def _link(setup: Setup, name: str, section: Section) -> Section:
    place = LINKS + name

    def host_wrong(typed: str) -> str | None:
        return setup.fault_of(place, "host", typed) or (host_fault(typed) if setup.tries else None)

    section["host"] = setup.asker.ask(
        "smpp_host", "Host of its SMSC", default=_default(section, "host"), check=host_wrong
    )
    port = setup.asker.ask(
        "smpp_port",
        "Port",
        default=str(section.get("port", 2775)),
        check=lambda typed: setup.fault_of(place, "port", int(typed) if typed.isdecimal() else typed),
    )
    section["port"] = int(port)
    section["system_id"] = setup.asker.ask(
        "system_id",
        "system_id, our name at the carrier",
        default=_default(section, "system_id"),
        check=lambda typed: setup.fault_of(place, "system_id", typed),
    )
    kept = " (empty: as it is)" if "password_file" in section else " (empty: the carrier wants none)"
    password = setup.asker.ask_secret("smpp_password_file", f"Password{kept}")
    if password:
        section["password_file"] = setup.keep_secret(name, password)
    return section


def _ask_aggregator(setup: Setup) -> Sections:
    known = _names(setup.sections, CHANNELS)
    before = setup.section(CHANNELS + known[0]) if known else {}
    network = setup.asker.ask(
        "network",
        f"Network of an aggregator ({NONE}, or one of {', '.join(NETWORKS)})",
        default=str(before.get("network", "plain")) if known else NONE,
        check=lambda typed: (
            None
            if typed == NONE or typed in NETWORKS
            else f"there is no such network; fix: write {NONE}, or one of {', '.join(NETWORKS)}"
        ),
    )
    others = {CHANNELS + one: setup.section(CHANNELS + one) for one in known[1:]}
    if network == NONE:
        return others
    name = setup.asker.ask(
        "aggregator",
        "Name of its channel; its address is /mo/NAME",
        default=known[0] if known else "aggregator",
        check=lambda typed: _name_fault(setup, CHANNELS, typed),
    )
    section: Section = (before if before.get("network") == network else {}) | {"network": network}
    section = _channel(setup, name, section, NETWORKS[network])
    found = {CHANNELS + name: section}
    loaded = setup.loaded({heading: one for heading, one in setup.sections.items() if heading[:6] == LINKS} | found)
    if not isinstance(loaded, Settings):
        raise Stop("\n".join(map(str, loaded)))
    terms = sender_terms(name, loaded.channels[name], NETWORKS[network])
    if (
        setup.tries
        and terms is not None
        and not _goes_on(setup, lambda: try_sender(f"channel {name}", terms, terms.departure.probe))
    ):
        raise Stop("nothing was kept of this aggregator; fix: run it again with other answers, or with --no-try")
    return found | others


def _channel(setup: Setup, name: str, section: Section, network: Network) -> Section:
    options = _options(setup, section, network)
    section |= {"options": options} if options else {}
    links = _names(setup.sections, LINKS)
    must_send = not links and (bool(network.send_url) or not network.answers_in_response)
    needs = network.needed(ChannelSettings(network=network.name, options=options))
    is_given = "send_url" in needs or "send_url" in setup.extra
    sends = network.departure is not None and (
        is_given or setup.asker.agrees("Do answers go out by it too?", default=must_send)
    )
    if sends:
        default = str(section.get("send_url", DEFAULT_URL if network.send_url else "")) or None
        section["send_url"] = _extra(setup, section, "send_url", default)
    elif links:
        section["reply_link"] = links[0]
    elif network.answers_in_response:
        section["reply"] = "body"
    for needed in dict.fromkeys((*needs, *(network.needs_to_send if sends else ()))):
        if needed in _SECRETS:
            _give_secret(setup, name, section, needed, at_least=network.shortest_secret)
        elif needed != "send_url":
            default = public_address(setup.section("web")) or None if needed == "public_url" else None
            section[needed] = _extra(setup, section, needed, _default(section, needed) or default)
    return section


def _options(setup: Setup, section: Section, network: Network) -> dict[str, str]:
    """Return the options of a network: those there are, those that must be given, and those that --set names."""
    given = section.get("options")
    options = {name: str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    for option, about in network.options.items():
        if about.default is None or option in setup.extra:
            options[option] = _extra(setup, section, option, options.get(option), about.description)
    return options


def _give_secret(setup: Setup, name: str, section: Section, which: str, *, at_least: int) -> None:
    """Store a secret of a channel: one that is given, or for the shared one a new one, which is shown once."""
    option = _SECRETS[which]
    is_kept = f"{which}_file" in section
    question = f"{which} of this channel (empty: {'as it is' if is_kept else 'make one for the aggregator'})"
    secret = setup.asker.ask_secret(option, question) if option else ""
    if not secret and is_kept:
        return
    if not secret and which == "password":
        raise Stop(f"the network needs the password that the provider gave you; fix: give --{option.replace('_', '-')}")
    if not secret:
        secret = secrets.token_urlsafe(max(24, at_least))
        setup.shown_once.append(f"{which} of {name}, for the aggregator:  {secret}")
    section[f"{which}_file"] = setup.keep_secret(name if which == "secret" else f"{name}-{which}", secret)


def _extra(setup: Setup, section: Section, setting: str, default: str | None, about: str | None = None) -> str:
    """Return a setting or an option of a channel that only some networks need: from --set, or asked for."""
    asker = replace(setup.asker, given=setup.extra)
    is_setting, network = setting in settings_of("channels"), {"network": section["network"]}
    told = about or settings_of("channels")[setting].description.partition(";")[0]
    try:
        return asker.ask(
            setting,
            f"{setting}: {told}",
            default=default,
            check=lambda typed: (
                setup.fault_of(f"{CHANNELS}aggregator", setting, typed, network) if is_setting else None
            ),
        )
    except click.BadParameter as error:
        raise click.BadParameter(error.message, param_hint=f"--set {setting}=VALUE") from error


def _goes_on(setup: Setup, attempt: Callable[[], Verdict]) -> bool:
    """Try a channel; return whether it works, or a person goes on all the same. Raises Stop where nobody is asked."""
    click.echo("  Trying …", err=True)
    verdict = attempt()
    click.echo(f"  {verdict}", err=True)
    if verdict.mark is not Mark.FAULT:
        return True
    if not setup.asker.asks:
        raise Stop(f"{verdict.subject}: {verdict.text}; or say --no-try")
    return setup.asker.agrees("Keep these answers all the same?", default=False)


def _name_fault(setup: Setup, kind: str, name: str) -> str | None:
    if name == NONE and kind == LINKS:
        return None
    other = CHANNELS if kind == LINKS else LINKS
    if other + name in setup.sections:
        return "is the name of another channel already; fix: choose another name"
    if not (name.isascii() and name.replace("_", "").isalnum() and name.islower() and name[0].isalpha()):
        return "is no name; fix: write at most 31 lower-case letters, digits and _, a letter first"
    return None


def _names(sections: Sections, kind: str) -> list[str]:
    return [heading.removeprefix(kind) for heading in sections if heading.startswith(kind)]


def _default(section: Section, name: str) -> str | None:
    return str(section[name]) if name in section else None


def _told_carrier(sections: Sections) -> str:
    told = []
    for name in _names(sections, LINKS):
        link = sections[LINKS + name]
        told.append(f"{name} at {link.get('host')} port {link.get('port', 2775)} as {link.get('system_id')}")
    return "; ".join(told) or NONE


def _told_aggregator(sections: Sections) -> str:
    names = _names(sections, CHANNELS)
    return "; ".join(f"{name} by {sections[CHANNELS + name].get('network', 'plain')}" for name in names) or NONE


CARRIER = Part(
    name="carrier",
    options=("carrier", "smpp_host", "smpp_port", "system_id", "smpp_password_file"),
    ask=_ask_carrier,
    told=_told_carrier,
    owns=lambda heading: heading.startswith(LINKS),
)
AGGREGATOR = Part(
    name="aggregator",
    options=("network", "aggregator", *filter(None, _SECRETS.values()), "set"),
    ask=_ask_aggregator,
    told=_told_aggregator,
    owns=lambda heading: heading.startswith(CHANNELS),
)
