"""Channels whose network sends only answers to texts of its own: which settings do not match, and who is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sms_gateway.channels.http.network import Networks, with_options
from sms_gateway.channels.http.sending.request_of_text import ANSWERED_FOR_DAYS
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import Settings


def bound_senders(settings: Settings, networks: Networks) -> Collection[str]:
    """Return the channels that send only to citizens who have lately written by them (`Departure.needs_request`).

    Settings that a network cannot make a departure of are another fault.
    """
    bound: list[str] = []
    for name, channel in settings.channels.items():
        network = networks.get(channel.network)
        if network is None or network.departure is None or not channel.can.send:
            continue
        try:
            departure = network.departure(with_options(channel, network))
        except (KeyError, ValueError):
            continue
        if departure.needs_request:
            bound.append(name)
    return bound


def unasked_first(senders: Sequence[str], settings: Settings, networks: Networks) -> Sequence[str]:
    """Return those of these channels that send to citizens who have not written; all where there are none."""
    bound = bound_senders(settings, networks)
    return [name for name in senders if name not in bound] or senders


def request_faults(settings: Settings, networks: Networks) -> Iterator[Fault]:
    """Find channels whose answers would go by a channel that sends only answers to texts of its own."""
    bound = bound_senders(settings, networks)
    fitting = [name for name in settings.senders if name not in bound]
    for name, (by, _) in settings.fallbacks.items():
        if by in bound and by != name:
            place = "links" if name in settings.links else "channels"
            yield _fault(f"{place}.{name}.fallback", [one for one in fitting if one != name], "remove it")
    for name, channel in settings.channels.items():
        if channel.reply_link in bound and channel.reply_link != name and not channel.can.answer_in_response:
            otherwise = "remove it" if channel.can.send else 'write send_url and remove it, or write reply = "body"'
            yield _fault(f"channels.{name}.reply_link", fitting, otherwise)


def request_cautions(settings: Settings, networks: Networks) -> Iterator[Fault]:
    """Say of such channels to whom they send nothing."""
    bound = bound_senders(settings, networks)
    for name in bound:
        where = f"channels.{name}.send_url"
        reached = f"answers only citizens who texted by this channel in the last {ANSWERED_FOR_DAYS} days"
        if set(settings.senders) <= set(bound):
            missed = "so later answers, notices to others and calls to people on duty fail"
            yield Fault(
                where=where, wrong=f"{reached}, {missed}", fix="add a link or channel that sends to every phone"
            )
        elif settings.conversation.enabled and name not in settings.fallbacks:
            fitting = [one for one in settings.senders if one not in bound]
            fix = f"write channels.{name}.fallback with one of {', '.join(fitting)}, or answer in time"
            yield Fault(where=where, wrong=f"{reached}, so a later answer of staff is refused", fix=fix)


def _fault(where: str, fitting: Sequence[str], otherwise: str) -> Fault:
    wrong = "names a channel that sends only answers to texts of its own"
    fix = f"name one of {', '.join(fitting)}, or {otherwise}" if fitting else otherwise
    return Fault(where=where, wrong=wrong, fix=fix)
